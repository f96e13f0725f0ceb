"""Call-backs as pages need them."""

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from feedback.models import Revisit, RevisitCall
from feedback.states import RevisitStatus

GROUPS: dict[str, Q] = {
    "planned": Q(status=RevisitStatus.PLANNED),
    "done": Q(status=RevisitStatus.DONE),
}


def listed(group: str) -> QuerySet[Revisit]:
    """The planned ones by their day, so the overdue come first; the done ones newest first; with the last call."""
    calls = RevisitCall.objects.filter(revisit=OuterRef("pk")).order_by("-at", "-pk")
    rows = Revisit.objects.filter(GROUPS[group]).select_related("client")
    rows = rows.annotate(
        last_outcome=Subquery(calls.values("outcome")[:1]),
        last_note=Subquery(calls.values("note")[:1]),
        last_by=Subquery(calls.values("by__name")[:1]),
    )
    return rows.order_by("due_on", "pk") if group == "planned" else rows.order_by("-closed_at", "-pk")


def counts(today: date) -> dict[str, int]:
    """How many are planned, done, and overdue. One query."""
    sums = {name: Count("pk", filter=condition) for name, condition in GROUPS.items()}
    return Revisit.objects.aggregate(**sums, overdue=Count("pk", filter=GROUPS["planned"] & Q(due_on__lt=today)))


def overdue(today: date) -> QuerySet[Revisit]:
    """The planned ones that are behind their day, the oldest first."""
    return Revisit.objects.filter(GROUPS["planned"], due_on__lt=today).select_related("client").order_by("due_on", "pk")


def calls_of(client_id: int) -> QuerySet[RevisitCall]:
    """Every call to a client, newest first."""
    return RevisitCall.objects.filter(revisit__client=client_id).select_related("by").order_by("-at", "-pk")
