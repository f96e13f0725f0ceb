"""What the pool keeps about a worker."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from staffing.core import forgetting
from staffing.core.models import AuditEvent, User
from staffing.core.personal import Closing, Holder, Stored, Use, register
from workers import privacy_applications as privacy_applications
from workers import privacy_papers as privacy_papers
from workers import privacy_standing as privacy_standing
from workers import privacy_training as privacy_training
from workers.models import Commitment, Worker
from workers.models.consent import PositionConsent

# What says who somebody is or how they live; the row itself stays, for the hours that hang on it.
FORGOTTEN: dict[str, Any] = {
    "latitude": None,
    "longitude": None,
    "stars": None,
    "remote_ok": False,
    "weekly_cap_minutes": None,
    "status": Worker.Status.LEFT,
}
OWNED = (
    "skills",
    "certificates",
    "courses",
    "languages",
    "windows",
    "exceptions",
    "commitments",
    "position_consents",
    "training_tasks",
)


def stored() -> Sequence[Stored]:
    """Profile, availability, consent."""
    return [
        Stored(_("城市、住处坐标、技能、证书、培训、星级"), _("为您匹配合适的班次"), _("直到注销账号")),
        Stored(_("可用时间、例外日期、个人安排、接单偏好"), _("只在您有空时派单"), _("直到您删除，或注销账号")),
        Stored(_("位置授权的同意和撤回"), _("证明只在您同意时使用位置"), _("直到注销账号")),
    ]


def _levels(own: QuerySet[Worker], rows: str, kind: str) -> list[dict[str, Any]]:
    """Levels, how they came to be known, and until when they count."""
    columns = ("level", "source", "verified_on", "valid_until")
    found = own.filter(**{f"{rows}__isnull": False})
    return list(found.values(f"{rows}__{kind}__name_zh", *(f"{rows}__{column}" for column in columns)))


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Profile, what one can do, when one is free, what one consented to."""
    own = Worker.objects.filter(user=user)
    profile = own.values(
        "pk", "city__name_zh", "latitude", "longitude", "max_km", "remote_ok", "stars", "reliability",
        "services_done", "clearance", "clearance_until", "level", "contract", "weekly_cap_minutes",
        "min_rest_minutes", "status", "joined_on", "source",
    )  # fmt: skip
    return {
        "profile": list(profile),
        "skills": _levels(own, "skills", "skill"),
        "languages": _levels(own, "languages", "language"),
        "certificates": list(
            own.filter(certificates__isnull=False).values(
                "certificates__type__name_zh", "certificates__issuer", "certificates__expires_on"
            )
        ),
        "courses": list(
            own.filter(courses__isnull=False).values(
                "courses__course__name_zh", "courses__passed_on", "courses__valid_until", "courses__score"
            )
        ),
        "availability": list(
            own.filter(windows__isnull=False).values("windows__weekday", "windows__start_minute", "windows__end_minute")
        ),
        "exceptions": list(
            own.filter(exceptions__isnull=False).values(
                "exceptions__kind", "exceptions__start_at", "exceptions__end_at", "exceptions__note"
            )
        ),
        "commitments": list(
            Commitment.objects.filter(worker__user=user).values(
                "name", "weekdays", "start_minute", "end_minute", "first_day", "last_day"
            )
        ),
        "consents": list(_consents(user).values("version", "given_at", "withdrawn_at")),
    }


def _consents(user: User) -> Any:
    return PositionConsent.objects.filter(worker__user=user)


def uses(user: User) -> list[Use]:
    """When the position was consented to, and when that was taken back."""
    rows = list(_consents(user))
    given = [
        Use(row.given_at, text("您同意使用位置（条款第 %(version)s 版）") % {"version": row.version}) for row in rows
    ]
    return given + [Use(row.withdrawn_at, text("您撤回了位置授权")) for row in rows if row.withdrawn_at]


def erase(closing: Closing) -> None:
    """The person leaves the pool, and nothing that describes them stays."""
    worker = Worker.objects.get(user=closing.user)
    about = AuditEvent.objects.filter(subject_type=Worker._meta.model_name, subject_id=worker.pk)
    forgetting.in_audit(about, closing)
    forgetting.in_notices(Worker, [worker.pk], closing)
    for name in OWNED:
        getattr(worker, name).all().delete()
    for name, value in FORGOTTEN.items():
        setattr(worker, name, value)
    worker.save(update_fields=list(FORGOTTEN))


register(Holder(app="workers", stored=stored, tables=tables, uses=uses, erase=erase))
