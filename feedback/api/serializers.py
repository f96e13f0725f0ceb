"""Reviews and cases as JSON, and what is sent to a case."""

from typing import Any, ClassVar

from rest_framework import serializers

from feedback.diagnosis import CODES
from feedback.models import CaseRound, Escalation, Evidence, Review, ReviewCase, WorkerRating
from feedback.states import Cause
from orders.api.serializers import CLIENT_ONLY, ClientSerializer
from staffing.core.actors import AGENCY_ROLES
from staffing.core.api.fields import Body, RoleFields, viewer
from staffing.core.models import Role, User


class PersonSerializer(serializers.ModelSerializer[User]):
    """Somebody of the agency."""

    class Meta:
        model = User
        fields = ["id", "name"]


class RatingSerializer(serializers.ModelSerializer[WorkerRating]):
    """Stars for one person who served."""

    worker = serializers.CharField(source="assignment.worker.user.name", read_only=True)

    class Meta:
        model = WorkerRating
        fields = ["assignment", "worker", "stars"]


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """The client's answer, 1 (very bad) to 5 (very good), and the case it opened."""

    client = ClientSerializer(read_only=True)
    order_number = serializers.CharField(source="order.number", read_only=True)
    ratings = RatingSerializer(many=True, read_only=True)
    case = serializers.PrimaryKeyRelatedField[ReviewCase](read_only=True, allow_null=True)

    class Meta:
        model = Review
        fields = [
            "id",
            "order",
            "order_number",
            "client",
            "overall",
            "attendance",
            "skill_match",
            "attitude",
            "solved",
            "order_again",
            "comment",
            "created_at",
            "ratings",
            "case",
        ]


class RoundSerializer(serializers.ModelSerializer[CaseRound]):
    """One 48-hour clock. Clients read cause and fix once they were reported, and never the agency's own note."""

    UNREPORTED: ClassVar[tuple[str, ...]] = ("cause", "cause_text", "fix", "fix_by")
    cause = serializers.ChoiceField(choices=Cause.choices, allow_blank=True, allow_null=True, read_only=True)
    cause_text = serializers.CharField(source="get_cause_display", allow_null=True, read_only=True)
    cause_note = serializers.CharField(allow_null=True, read_only=True)
    fix = serializers.CharField(allow_null=True, read_only=True)

    class Meta:
        model = CaseRound
        fields = [
            "number",
            "opened_at",
            "due_at",
            "cause",
            "cause_text",
            "cause_note",
            "fix",
            "fix_by",
            "report",
            "reported_at",
            "breached_at",
            "outcome",
            "outcome_note",
            "answered_at",
        ]

    def to_representation(self, instance: CaseRound) -> dict[str, Any]:
        """The round, without the agency's notes for a client."""
        shown = super().to_representation(instance)
        asking = viewer(self)
        if asking is None or asking.role == Role.CLIENT:
            shown["cause_note"] = None
            if instance.reported_at is None:
                shown |= dict.fromkeys(self.UNREPORTED)
        return shown


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """A fact gathered when the case opened."""

    data = serializers.DictField(read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Evidence
        fields = ["kind", "at", "data"]


class EscalationSerializer(serializers.ModelSerializer[Escalation]):
    """A call for help at so many hours of a round."""

    class Meta:
        model = Escalation
        fields = ["round", "level_hours", "role", "due_at", "sent_at", "dropped_at"]


class CaseRowSerializer(serializers.ModelSerializer[ReviewCase]):
    """A case in a list; `due_at` is the end of the running 48 hours."""

    client = ClientSerializer(read_only=True)
    order_number = serializers.CharField(read_only=True)
    status_text = serializers.CharField(source="get_status_display", read_only=True)
    owner = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ReviewCase
        fields: Any = [
            "id",
            "number",
            "review",
            "complaint",
            "order",
            "order_number",
            "client",
            "status",
            "status_text",
            "round",
            "owner",
            "opened_at",
            "due_at",
            "closed_at",
        ]


class CaseSerializer(RoleFields, CaseRowSerializer):
    """One case with its rounds; evidence and escalations are null for clients."""

    rounds = RoundSerializer(many=True, read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True, allow_null=True)
    escalations = EscalationSerializer(many=True, read_only=True, allow_null=True)
    kept_from = {"evidence": CLIENT_ONLY, "escalations": CLIENT_ONLY}

    class Meta(CaseRowSerializer.Meta):
        fields = [*CaseRowSerializer.Meta.fields, "rounds", "evidence", "escalations"]


class FindCauseBody(Body):
    """What went wrong, in one word and in more, and what is done about it by when."""

    cause = serializers.ChoiceField(choices=Cause.choices)
    note = serializers.CharField(max_length=2000)
    fix = serializers.CharField(max_length=2000)
    fix_by = serializers.DateField(required=False, allow_null=True, default=None)
    fix_owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(role__in=AGENCY_ROLES, is_active=True),
        required=False,
        allow_null=True,
        default=None,
        help_text="Somebody of the agency; without one the case's owner.",
    )
    checklist = serializers.ListField(
        child=serializers.ChoiceField(choices=list(CODES)),
        required=False,
        help_text="The signals that were found true.",
    )


class ReportBody(Body):
    """What the client is told."""

    text = serializers.CharField(max_length=4000)


class ConfirmBody(Body):
    """A word with the confirmation, if one likes."""

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NotSolvedBody(Body):
    """What is still wrong, and the round this answers to, so that a repeat opens no further one."""

    note = serializers.CharField(max_length=2000)
    round = serializers.IntegerField(min_value=1)
