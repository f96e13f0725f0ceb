"""Orders with their shifts, places and proposal as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders.api.matches import planned_by
from orders.models import (
    Client,
    Order,
    OrderCertificate,
    OrderCourse,
    OrderLanguage,
    OrderSkill,
    Position,
    Shift,
    Site,
)
from orders.states import AssignmentStatus
from staffing.core.api.fields import CitySerializer, RoleFields
from staffing.core.models import Role
from workers.api.serializers import WorkerBriefSerializer

CLIENT_ONLY = frozenset({Role.CLIENT.value})


class ClientSerializer(serializers.ModelSerializer[Client]):
    """A client company."""

    class Meta:
        model = Client
        fields = ["id", "name"]


class SiteSerializer(serializers.ModelSerializer[Site]):
    """A place of service; coordinates in WGS-84 degrees, the fence in metres."""

    class Meta:
        model = Site
        fields = ["id", "name", "address", "latitude", "longitude", "fence_m"]


class OrderSkillSerializer(serializers.ModelSerializer[OrderSkill]):
    """A skill at this level of its scale or higher; `grade` is what the level is called."""

    code = serializers.CharField(source="skill.code", read_only=True)
    name = serializers.CharField(source="skill.name", read_only=True)
    grade = serializers.CharField(read_only=True)

    class Meta:
        model = OrderSkill
        fields = ["code", "name", "min_level", "grade"]


class OrderLanguageSerializer(serializers.ModelSerializer[OrderLanguage]):
    """A language at this level of its scale or higher; `grade` is what the level is called."""

    code = serializers.CharField(source="language.code", read_only=True)
    name = serializers.CharField(source="language.name", read_only=True)
    grade = serializers.CharField(read_only=True)

    class Meta:
        model = OrderLanguage
        fields = ["code", "name", "min_level", "grade"]


class OrderCertificateSerializer(serializers.ModelSerializer[OrderCertificate]):
    """A certificate, valid on the days served."""

    code = serializers.CharField(source="type.code", read_only=True)
    name = serializers.CharField(source="type.name", read_only=True)

    class Meta:
        model = OrderCertificate
        fields = ["code", "name"]


class OrderCourseSerializer(serializers.ModelSerializer[OrderCourse]):
    """A course that must have been passed, and still count on the days served."""

    code = serializers.CharField(source="course.code", read_only=True)
    name = serializers.CharField(source="course.name", read_only=True)

    class Meta:
        model = OrderCourse
        fields = ["code", "name"]


class BookingSerializer(serializers.Serializer[Any]):
    """Who has the place now."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=AssignmentStatus.choices)
    status_text = serializers.CharField(source="get_status_display")
    worker = WorkerBriefSerializer()


class PositionSerializer(RoleFields, serializers.ModelSerializer[Position]):
    """One place of a shift. Whom the engine chose and why is the agency's affair until somebody has said yes."""

    status_text = serializers.CharField(source="get_status_display", read_only=True)
    proposed_worker = WorkerBriefSerializer(read_only=True, allow_null=True)
    backup_worker = WorkerBriefSerializer(read_only=True, allow_null=True)
    assignment = serializers.SerializerMethodField()
    kept_from = dict.fromkeys(("proposed_worker", "backup_worker", "score", "chosen_by_hand"), CLIENT_ONLY)

    class Meta:
        model = Position
        fields = [
            "id",
            "number",
            "status",
            "status_text",
            "urgent",
            "score",
            "chosen_by_hand",
            "proposed_worker",
            "backup_worker",
            "assignment",
        ]
        extra_kwargs = {"chosen_by_hand": {"allow_null": True, "read_only": True}}

    @extend_schema_field(BookingSerializer(allow_null=True))
    def get_assignment(self, place: Position) -> Any:
        """The newest booking that was not lost."""
        now_there = place.current  # type: ignore[attr-defined]
        return BookingSerializer(now_there[0], context=self.context).data if now_there else None


class ShiftSerializer(serializers.ModelSerializer[Shift]):
    """`[start_at, end_at)` with its places."""

    positions = PositionSerializer(many=True, read_only=True)

    class Meta:
        model = Shift
        fields = ["id", "start_at", "end_at", "headcount", "positions"]


class ProposalSerializer(serializers.Serializer[Any]):
    """The newest matching of the whole order, alone or with others: people looked at, places of the order that nobody
    fits, and the time of the whole run."""

    run = serializers.IntegerField(source="pk")
    created_at = serializers.DateTimeField()
    pool_size = serializers.IntegerField()
    shortage = serializers.IntegerField(source="missing")
    duration_ms = serializers.IntegerField()


class OrderRowSerializer(serializers.ModelSerializer[Order]):
    """An order in a list. `headcount` are all its places, `filled` those that somebody has accepted."""

    client = ClientSerializer(read_only=True)
    city = CitySerializer(read_only=True)
    status_text = serializers.CharField(source="get_status_display", read_only=True)
    headcount = serializers.IntegerField(read_only=True)
    filled = serializers.IntegerField(read_only=True)

    class Meta:
        model = Order
        fields: Any = [
            "id",
            "number",
            "title",
            "client",
            "service_type",
            "remote",
            "city",
            "status",
            "status_text",
            "headcount",
            "filled",
            "bill_rate",
            "estimate",
            "created_at",
            "submitted_at",
            "proposed_at",
            "confirmed_at",
            "filled_at",
            "completed_at",
            "starts_at",
            "ends_at",
        ]


class OrderSerializer(OrderRowSerializer):
    """One order with everything that was asked for and how it stands."""

    site = SiteSerializer(read_only=True, allow_null=True)
    skills = OrderSkillSerializer(many=True, read_only=True)
    certificates = OrderCertificateSerializer(many=True, read_only=True)
    courses = OrderCourseSerializer(many=True, read_only=True)
    languages = OrderLanguageSerializer(many=True, read_only=True)
    shifts = ShiftSerializer(many=True, read_only=True)
    proposal = serializers.SerializerMethodField()

    class Meta(OrderRowSerializer.Meta):
        fields = [
            *OrderRowSerializer.Meta.fields,
            "site",
            "min_stars",
            "clearance",
            "notes",
            "readiness",
            "skills",
            "certificates",
            "courses",
            "languages",
            "proposal",
            "shifts",
        ]

    @extend_schema_field(ProposalSerializer(allow_null=True))
    def get_proposal(self, order: Order) -> Any:
        """None before matching has run."""
        run = planned_by(order.pk)
        return ProposalSerializer(run).data if run else None
