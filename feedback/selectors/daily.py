"""One day of every client in figures: a fixed number of set queries for all of them together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from feedback.models import InsightKind, InsightNote, ReviewCase, Revisit
from feedback.selectors.period import DAY, midnight
from feedback.states import RevisitStatus
from orders.models import Assignment, Position, Timesheet
from orders.selectors.boards import GRACE
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, OrderStatus, PositionStatus

# What a report says, in this order. Each is a count; `minutes` are those of the timesheets.
FIGURES = ("wanted", "promised", "arrived", "late", "absent", "replaced", "minutes")
INSIGHTS: Mapping[str, str] = {
    InsightKind.QUESTION: "questions",
    InsightKind.NEED: "needs",
    InsightKind.IDEA: "ideas",
}
SUMMED = (*FIGURES, *INSIGHTS.values())
EVERY = (*SUMMED, "open_cases")
Figures = dict[str, int]
SHIFT = "position__shift__order"


def of_day(day: date) -> dict[int, Figures]:
    """The figures of every client about whom there is anything to say; shifts belong to the day they begin on.

    Five queries. What is open is counted at the end of the day.
    """
    found: dict[int, Counter[str]] = {}
    for rows in (_places(day), _people(day), _hours(day), _insights(day), _cases(day)):
        for client, figures in rows:
            found.setdefault(client, Counter()).update(figures)
    return {client: {name: counted[name] for name in EVERY} for client, counted in found.items()}


def together(parts: Iterable[Mapping[str, int]]) -> Figures:
    """The sums of several clients, or of several days. What is open is no sum of days, see `over`."""
    whole: Counter[str] = Counter()
    for part in parts:
        whole.update(part)
    return {name: whole[name] for name in EVERY}


def over(days: Iterable[Mapping[str, int]]) -> Figures:
    """Several days of one client or of the house, the earliest first: sums, and what was open at the last one's end."""
    known = list(days)
    counted = together(known)
    return {name: counted[name] if name in SUMMED else number for name, number in known[-1].items()}


def overdue_revisits(now_day: date) -> int:
    """How many planned call-backs are behind their day. One query."""
    return Revisit.objects.filter(status=RevisitStatus.PLANNED, due_on__lt=now_day).count()


Rows = Iterable[tuple[int, Mapping[str, int]]]


def _places(day: date) -> Rows:
    """Wanted: places of shifts that were not called off. Promised: somebody had accepted before the shift began."""
    held = Assignment.objects.filter(position=OuterRef("pk"), booked_at__lte=F("start_at"))
    arrived = Assignment.objects.filter(position=OuterRef("pk"), checked_in_at__isnull=False)
    rows = Position.objects.filter(shift__start_at__gte=midnight(day), shift__start_at__lt=midnight(day + DAY))
    rows = rows.filter(shift__order__submitted_at__isnull=False).exclude(status=PositionStatus.CLOSED)
    rows = rows.exclude(shift__order__status=OrderStatus.CANCELLED)
    counted = (
        rows.annotate(held=Exists(held), came=Exists(arrived))
        .order_by()
        .values("shift__order__client")
        .annotate(
            wanted=Count("pk"), promised=Count("pk", filter=Q(held=True)), arrived=Count("pk", filter=Q(came=True))
        )
    )
    return (
        (row["shift__order__client"], {name: row[name] for name in ("wanted", "promised", "arrived")})
        for row in counted
    )


def _people(day: date) -> Rows:
    """Late: came after the start, not called in as a replacement. Replaced: somebody else took the place."""
    rows = Assignment.objects.filter(start_at__gte=midnight(day), start_at__lt=midnight(day + DAY))
    late = Q(status__in=ACTIVE_ASSIGNMENT, replaces__isnull=True, checked_in_at__gte=F("start_at") + GRACE)
    counted = (
        rows.order_by()
        .values(f"{SHIFT}__client")
        .annotate(
            late=Count("pk", filter=late),
            absent=Count("pk", filter=Q(status=AssignmentStatus.NO_SHOW)),
            replaced=Count("pk", filter=Q(replacement__found__isnull=False)),
        )
    )
    return ((row[f"{SHIFT}__client"], {name: row[name] for name in ("late", "absent", "replaced")}) for row in counted)


def _hours(day: date) -> Rows:
    rows = Timesheet.objects.filter(
        assignment__start_at__gte=midnight(day), assignment__start_at__lt=midnight(day + DAY)
    )
    client = f"assignment__{SHIFT}__client"
    counted = rows.order_by().values(client).annotate(minutes=Sum("actual_minutes"))
    return ((row[client], {"minutes": row["minutes"] or 0}) for row in counted)


def _insights(day: date) -> Rows:
    rows = InsightNote.objects.filter(at__gte=midnight(day), at__lt=midnight(day + DAY))
    counted = rows.order_by().values("group__client", "group__kind").annotate(n=Sum("count"))
    return ((row["group__client"], {INSIGHTS[row["group__kind"]]: row["n"]}) for row in counted)


def _cases(day: date) -> Rows:
    end = midnight(day + DAY)
    still = Q(closed_at__isnull=True) | Q(closed_at__gte=end)
    counted = ReviewCase.objects.filter(still, opened_at__lt=end).order_by().values("client").annotate(n=Count("pk"))
    return ((row["client"], {"open_cases": row["n"]}) for row in counted)
