"""What is sent to the order line, checked for form; the services check sense."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from orders import checklist
from orders.models import Client, GateProfile, Package, Site
from orders.services.attendance import Fix
from orders.services.ordering import OrderSpec, ShiftSpec
from staffing.core.actors import AGENCY_ROLES
from staffing.core.api.fields import Body, Moment, Reason, viewer
from staffing.core.models import City, Role
from staffing.core.money import ZERO
from workers.models import MOST_LEVEL, CertificateType, Clearance, Course, Language, ServiceType, Skill

MOST_SHIFTS = 200
LEVEL = [MinValueValidator(1), MaxValueValidator(MOST_LEVEL)]
Json = dict[str, Any]


class ShiftBody(Body):
    """`[start_at, end_at)` and how many people."""

    start_at = Moment()
    end_at = Moment()
    headcount = serializers.IntegerField(min_value=1, max_value=200)


def on_scale(attrs: Json) -> Json:
    """What was sent. Raises ValidationError for a level above the highest of the scale."""
    if attrs["min_level"] > attrs["code"].most_level:
        raise serializers.ValidationError({"min_level": _("没有这个等级。")})
    return attrs


class NeededSkillBody(Body):
    """A skill by its code, at this level or higher."""

    code = serializers.SlugRelatedField(slug_field="code", queryset=Skill.objects.filter(is_active=True))
    min_level = serializers.IntegerField(validators=LEVEL)

    def validate(self, attrs: Json) -> Json:
        """The level is one of the scale."""
        return on_scale(attrs)


class NeededLanguageBody(Body):
    """A language by its code, at this level or higher."""

    code = serializers.SlugRelatedField(slug_field="code", queryset=Language.objects.filter(is_active=True))
    min_level = serializers.IntegerField(validators=LEVEL, default=3)

    def validate(self, attrs: Json) -> Json:
        """The level is one of the scale."""
        return on_scale(attrs)


class OwnSite(serializers.PrimaryKeyRelatedField[Site]):
    """A client names their own sites; those of others do not exist for them."""

    def get_queryset(self) -> QuerySet[Site]:
        """All for the agency."""
        asking = viewer(self)
        own = asking is not None and asking.role == Role.CLIENT
        return Site.objects.filter(client__members__user=asking) if own else Site.objects.all()


class OrderBody(Body):
    """A new order. The agency names the client; a client orders for their own company.

    Without a `package` it is the client's usual one; `special_pool` brings its requirements with it.
    """

    client = serializers.PrimaryKeyRelatedField(queryset=Client.objects.filter(is_active=True), required=False)
    title = serializers.CharField(max_length=80)
    service_type = serializers.ChoiceField(choices=ServiceType.choices)
    city = serializers.SlugRelatedField(slug_field="code", queryset=City.objects.all())
    remote = serializers.BooleanField(default=False)
    site = OwnSite(queryset=Site.objects.all(), required=False, allow_null=True, default=None)
    shifts = ShiftBody(many=True, allow_empty=False, max_length=MOST_SHIFTS)  # type: ignore[call-arg]
    skills = NeededSkillBody(many=True, required=False, default=list)
    certificates = serializers.SlugRelatedField(
        slug_field="code",
        queryset=CertificateType.objects.all(),
        many=True,
        required=False,
        default=list,  # type: ignore[arg-type]
    )
    courses = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Course.objects.all(),
        many=True,
        required=False,
        default=list,  # type: ignore[arg-type]
    )
    languages = NeededLanguageBody(many=True, required=False, default=list)
    min_stars = serializers.DecimalField(
        max_digits=2, decimal_places=1, min_value=1, max_value=5, required=False, allow_null=True, default=None
    )
    clearance = serializers.ChoiceField(choices=Clearance.choices, default=Clearance.NONE)
    notes = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    readiness = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, default="", validators=[checklist.check]
    )
    package = serializers.ChoiceField(choices=Package.choices, required=False, allow_null=True, default=None)
    special_pool = serializers.PrimaryKeyRelatedField(
        queryset=GateProfile.objects.filter(industry="", is_active=True), required=False, allow_null=True, default=None
    )
    default_error_messages: ClassVar[Json] = {
        "client_needed": _("请注明客户。"),
        "client_not_own": _("只能为本公司下单。"),
        "twice": _("同一项要求只能填写一次。"),
    }

    def validate_skills(self, rows: list[Json]) -> list[Json]:
        """Each once."""
        return self._each_once(rows, [row["code"] for row in rows])

    def validate_languages(self, rows: list[Json]) -> list[Json]:
        """Each once."""
        return self._each_once(rows, [row["code"] for row in rows])

    def validate_certificates(self, rows: list[CertificateType]) -> list[CertificateType]:
        """Each once."""
        return self._each_once(rows, rows)

    def validate_courses(self, rows: list[Course]) -> list[Course]:
        """Each once."""
        return self._each_once(rows, rows)

    def _each_once(self, rows: list[Any], named: Sequence[Any]) -> list[Any]:
        if len(set(named)) < len(named):
            raise serializers.ValidationError(str(self.error_messages["twice"]), "twice")
        return rows

    def validate(self, attrs: Json) -> Json:
        """Settle whose order it is."""
        asking, named = viewer(self), attrs.get("client")
        assert asking is not None
        if asking.role in AGENCY_ROLES:
            return attrs if named else self._refuse("client_needed", "required")
        own = Client.objects.get(members__user=asking)
        if named not in (None, own):
            return self._refuse("client_not_own", "client_not_own")
        return attrs | {"client": own}

    def _refuse(self, message: str, code: str) -> Json:
        found = serializers.ErrorDetail(str(self.error_messages[message]), code)
        raise serializers.ValidationError({"client": [found]})


def spec_of(body: Json) -> OrderSpec:
    """The checked body as the service wants it."""
    return OrderSpec(
        title=body["title"],
        service_type=body["service_type"],
        city=body["city"],
        remote=body["remote"],
        site=body["site"],
        shifts=[ShiftSpec(s["start_at"], s["end_at"], s["headcount"]) for s in body["shifts"]],
        skills={row["code"].pk: row["min_level"] for row in body["skills"]},
        certificates=[kind.pk for kind in body["certificates"]],
        courses=[course.pk for course in body["courses"]],
        languages={row["code"].pk: row["min_level"] for row in body["languages"]},
        min_stars=body["min_stars"],
        clearance=body["clearance"],
        notes=body["notes"],
        readiness=body["readiness"],
        package=body["package"],
        special_pool=body["special_pool"],
    )


class PunchBody(Body):
    """Where the phone is (WGS-84 degrees, accuracy in metres), on site, or the `code` of the place, which changes every
    minute; the agency gives a reason instead."""

    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False)
    longitude = serializers.FloatField(min_value=-180, max_value=180, required=False)
    accuracy_m = serializers.FloatField(min_value=0, max_value=100_000, required=False)
    code = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    default_error_messages: ClassVar[Json] = {"partial": _("定位须同时包含纬度、经度与精度。")}

    def validate(self, attrs: Json) -> Json:
        """All of the position or nothing of it."""
        given = [name in attrs for name in ("latitude", "longitude", "accuracy_m")]
        if any(given) and not all(given):
            raise serializers.ValidationError(str(self.error_messages["partial"]), "partial")
        return attrs


def punch_of(body: Json) -> Json:
    """The arguments of a check-in or check-out."""
    located = "latitude" in body
    fix = Fix(body["latitude"], body["longitude"], body["accuracy_m"]) if located else None
    return {"fix": fix, "code": body["code"], "reason": body["reason"]}


class DisputeBody(Body):
    """What is wrong with the hours."""

    reason = serializers.CharField(max_length=300)


class CancelBody(Reason):
    """Why, and what it may cost at most (CNY): calling off late costs the client accepted places."""

    max_fee = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0, required=False, default=ZERO)
