"""Reviews and cases over HTTP: a client's own, or all for the agency."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from feedback.api.filters import CaseFilters, ReviewFilters
from feedback.api.serializers import (
    CaseRowSerializer,
    CaseSerializer,
    ConfirmBody,
    FindCauseBody,
    NotSolvedBody,
    ReportBody,
    ReviewSerializer,
)
from feedback.models import Review, ReviewCase
from feedback.permissions import cases_of_client
from feedback.services import cases
from staffing.core.actors import AGENCY_ROLES, Actor
from staffing.core.api.views import RoleViewSet, command
from staffing.core.models import Role, User

CLIENT = Role.CLIENT.value
Json = dict[str, Any]


class ReviewViewSet(RoleViewSet[Review]):
    """What clients said: a client's own, all for the agency."""

    access_roles = AGENCY_ROLES | {CLIENT}
    queryset = Review.objects.none()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilters
    ordering_fields = ("id", "created_at", "overall")

    def visible(self, user: User) -> QuerySet[Review]:
        """The client's own, or all."""
        rows = Review.objects.all()
        return rows if user.role in AGENCY_ROLES else rows.filter(client__members__user=user)

    def detailed(self, found: QuerySet[Review]) -> QuerySet[Review]:
        """With client, ratings and case."""
        joined = found.select_related("client", "order", "case")
        return joined.prefetch_related("ratings__assignment__worker__user")


class CaseViewSet(RoleViewSet[ReviewCase]):
    """Repairs of bad reviews: a client's own, all for the agency."""

    access_roles = AGENCY_ROLES | {CLIENT}
    queryset = ReviewCase.objects.none()
    serializer_class = CaseSerializer
    list_serializer_class = CaseRowSerializer
    filterset_class = CaseFilters
    ordering_fields = ("id", "due_at", "opened_at")

    def visible(self, user: User) -> QuerySet[ReviewCase]:
        """The client's own, or all."""
        return ReviewCase.objects.all() if user.role in AGENCY_ROLES else cases_of_client(user)

    def listed(self, found: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
        """With the names of a row."""
        return found.select_related("client", "order", "owner", "complaint")

    def detailed(self, found: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
        """With rounds, evidence and escalations."""
        return self.listed(found).prefetch_related("rounds", "evidence", "escalations")

    @command(*AGENCY_ROLES)
    def take(self, case: ReviewCase, body: Json, by: Actor, now: datetime) -> None:
        """Make the case one's own."""
        cases.take(case.pk, by=by, now=now)

    @command(*AGENCY_ROLES, takes=FindCauseBody)
    def find_cause(self, case: ReviewCase, body: Json, by: Actor, now: datetime) -> None:
        """Name the cause and the fix."""
        cases.find_cause(case.pk, by=by, now=now, **body)

    @command(*AGENCY_ROLES, takes=ReportBody)
    def report(self, case: ReviewCase, body: Json, by: Actor, now: datetime) -> None:
        """Tell the client what was done; the clock stops."""
        cases.report(case.pk, text=body["text"], by=by, now=now)

    @command(CLIENT, takes=ConfirmBody)
    def confirm(self, case: ReviewCase, body: Json, by: Actor, now: datetime) -> None:
        """Say that it is solved."""
        cases.confirm(case.pk, by=by, now=now, note=body["note"])

    @command(CLIENT, takes=NotSolvedBody)
    def not_solved(self, case: ReviewCase, body: Json, by: Actor, now: datetime) -> None:
        """Say that it is not solved: a new round with a fresh clock."""
        cases.not_solved(case.pk, by=by, now=now, note=body["note"], seen_round=body["round"])
