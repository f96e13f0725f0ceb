"""All shifts of today and those still running: who has come, who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When

from orders.models import Assignment, OrderPolicy, Replacement, Shift
from orders.selectors.desk import trouble
from orders.selectors.desk.figures import day_of
from orders.selectors.desk.proposal import CAME
from orders.states import AssignmentStatus, OrderStatus, PositionStatus
from staffing.core.bulk import among

BOOKED = AssignmentStatus.BOOKED
UNCONFIRMED = (PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED)
# What of a shift needs a dispatcher: name in the query string → condition on the annotated row.
KINDS = {
    "unconfirmed": Q(unconfirmed__gt=0),
    "late": Q(late__gt=0),
    "no_show": Q(absent__gt=0),
    "replacing": Q(replacing__gt=0),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """People and places of the day."""

    places: int
    arrived: int
    unconfirmed: int
    late: int
    absent: int
    replacing: int


def shifts(now: datetime) -> QuerySet[Shift]:
    """Today's and running shifts with their counts, those in trouble first, in a fixed number of queries."""
    start, end = day_of(now)
    works = "positions__assignments"
    late = Q(**{f"{works}__status": BOOKED, f"{works}__start_at__lte": now})
    seeking = Q(positions__replacements__found__isnull=True, positions__replacements__failed_at__isnull=True)
    found = (
        Shift.objects.filter(start_at__lt=end, end_at__gt=start)
        .exclude(order__status__in=(OrderStatus.DRAFT, OrderStatus.CANCELLED))
        .select_related("order__client", "order__site", "order__city")
        .annotate(
            unconfirmed=_count("positions", Q(positions__status__in=UNCONFIRMED)),
            arrived=_count(works, Q(**{f"{works}__status__in": CAME})),
            late=_count(works, late),
            absent=_count(works, Q(**{f"{works}__status": AssignmentStatus.NO_SHOW})),
            replacing=_count("positions__replacements", seeking & Q(positions__replacements__id__isnull=False)),
        )
    )
    troubled = Q(late__gt=0) | Q(replacing__gt=0) | Q(unconfirmed__gt=0)
    over = Case(When(end_at__lte=now, then=Value(2)), When(troubled, then=Value(0)), default=Value(1))
    return found.annotate(turn=over).order_by("turn", "start_at", "id").prefetch_related(*_people(now))


def _count(path: str, condition: Q) -> Count:
    return Count(path, filter=condition, distinct=True)


def _people(now: datetime) -> Sequence["Prefetch[Any]"]:
    """The people behind the numbers: late, absent, and places being replaced."""
    waiting = Q(status=BOOKED, start_at__lte=now) | Q(status=AssignmentStatus.NO_SHOW)
    works = Assignment.objects.filter(waiting).select_related("worker__user").order_by("id")
    seeking = Replacement.objects.filter(found__isnull=True, failed_at__isnull=True)
    return (
        Prefetch("positions__assignments", works, to_attr="missing"),
        Prefetch("positions__replacements", seeking, to_attr="seeking"),
    )


def of_kind(found: QuerySet[Shift], kind: str, now: datetime) -> QuerySet[Shift]:
    """Only shifts with one kind of trouble; all for an unknown kind."""
    if kind == "at_risk":
        risky = (row for row in trouble.rows(now, OrderPolicy.current()) if kind in row.kinds)
        return found.filter(among("pk", {row.place.shift_id for row in risky}))
    return found.filter(KINDS[kind]) if kind in KINDS else found


def totals(found: "QuerySet[Any]") -> Totals:
    """The sums of the day, one query."""
    rows = list(
        found.prefetch_related(None).values_list("headcount", "arrived", "unconfirmed", "late", "absent", "replacing")
    )
    sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * 6
    return Totals(*sums)
