"""The rows behind each figure: one queryset per KPI, and the same for its number, its split and its list.

Every row carries `fact_at` (decides day and period), `fact_value` (1 or 0 for a share, stars, or microseconds: whole
numbers, so that every sum is exact), `fact_order`, `fact_city`, `fact_service`, `fact_client`. A row about which
nothing can be said yet is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models import Window as WindowFunction
from django.db.models.functions import Cast, Extract, Floor, RowNumber

from feedback.models import CaseRound, LoopPolicy, Review, ReviewCase, Survey, WorkerRating
from feedback.selectors.cuts import Cut
from feedback.states import CLOSED, CaseStatus
from orders.models import Assignment, Client, Order, OrderPolicy, Position
from orders.states import AssignmentStatus, OrderStatus, PositionStatus

Rows = QuerySet[Any]
Span = tuple[datetime, datetime]
MICROSECONDS = 1_000_000
DUE_ASSIGNMENT = (
    AssignmentStatus.BOOKED,
    AssignmentStatus.CHECKED_IN,
    AssignmentStatus.COMPLETED,
    AssignmentStatus.NO_SHOW,
)


@dataclass(frozen=True)
class Days:
    """`[start, end)` and a part of the rows, seen at `now`: what lies after `now` is no fact yet."""

    start: datetime
    end: datetime
    now: datetime
    cut: Cut

    @property
    def parts(self) -> tuple[Span, ...]:
        """The spans that are looked at."""
        return ((self.start, self.end),)

    def holds(self, at: str, ahead: timedelta = timedelta(0)) -> Q:
        """Whether a column, so much later, lies within and has happened by now."""
        found = Q(pk__in=[])
        for start, end in self.parts:
            found |= Q(**{f"{at}__gte": start - ahead, f"{at}__lt": end - ahead})
        return found & Q(**{f"{at}__lte": self.now - ahead})


@dataclass(frozen=True)
class Window(Days):
    """The same with the numbers that the figures go by. `spans`: only these parts of it."""

    policy: OrderPolicy
    loop: LoopPolicy
    spans: tuple[Span, ...] | None = None

    @property
    def parts(self) -> tuple[Span, ...]:
        """The spans that are looked at."""
        return super().parts if self.spans is None else self.spans


def _facts(
    rows: Rows, window: Window, *, at: str, value: Any, order: str = "", client: str = "", worker: str = ""
) -> Rows:
    """Annotate and cut to the window. `order`, `client`, `worker`: the paths from the row to them."""
    path = f"{order}__" if order else ""
    annotated = rows.annotate(
        fact_at=F(at),
        fact_value=Cast(value, BigIntegerField()),
        fact_order=F(f"{path}id"),
        fact_city=F(f"{path}city_id"),
        fact_service=F(f"{path}service_type"),
        fact_client=F(client or f"{path}client_id"),
    )
    if worker:
        annotated = annotated.annotate(fact_worker=F(f"{worker}_id"))
    inside = annotated.filter(window.holds("fact_at"), fact_value__isnull=False)
    return _cut(inside, window.cut, worker).order_by("-fact_at", "-pk")


def _cut(rows: Rows, cut: Cut, worker: str) -> Rows:
    """The part asked for; a figure that is about no single person has no row for one level or source."""
    if cut.of_person:
        rows = rows.filter(cut.people(worker)) if worker else rows.none()
    chosen = cut.rows()
    if industry := chosen.pop("fact_industry", ""):
        rows = rows.filter(fact_client__in=Client.objects.filter(industry=industry).order_by().values("pk"))
    return rows.filter(**chosen)


def _flag(condition: Any) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


def response(window: Window) -> Rows:
    """Orders with a complete proposal: microseconds from submission to it."""
    took = ExpressionWrapper(F("proposed_at") - F("submitted_at"), output_field=DurationField())
    return _facts(Order.objects.all(), window, at="submitted_at", value=Extract(took, "epoch") * MICROSECONDS)


def response_share(window: Window) -> Rows:
    """Orders whose answer is known to be within the target, or not: one that still waits in time is left out."""
    target = timedelta(minutes=window.policy.response_target_minutes)
    waiting = Q(proposed_at__isnull=True) & (Q(status=OrderStatus.CANCELLED) | Q(submitted_at__gte=window.now - target))
    value = Case(
        When(waiting, then=Value(None)),
        When(proposed_at__lte=F("submitted_at") + target, then=Value(1)),
        default=Value(0),
    )
    return _facts(Order.objects.all(), window, at="submitted_at", value=value)


def fill(window: Window) -> Rows:
    """Places of shifts that have begun, of orders that were not called off: somebody stands on it, or not."""
    value = _flag(Q(status=PositionStatus.FILLED))
    return _facts(_wanted(), window, at="shift__start_at", value=value, order="shift__order")


def _wanted() -> Rows:
    return Position.objects.filter(shift__order__submitted_at__isnull=False).exclude(status=PositionStatus.CLOSED)


def arrived(window: Window) -> Rows:
    """Promised places whose grace has passed: somebody checked in by then, or not."""
    grace = timedelta(minutes=window.policy.no_show_minutes)
    latest = _moment(F("shift__start_at") + Value(grace, DurationField()))
    booked = Assignment.objects.filter(position=OuterRef("pk"))
    promised = Exists(booked.filter(booked_at__lt=OuterRef("shift__start_at")))
    rows = _wanted().filter(promised, shift__start_at__lte=window.now - grace).annotate(latest=latest)
    value = _flag(Exists(booked.filter(checked_in_at__lte=OuterRef("latest"))))
    return _facts(rows, window, at="shift__start_at", value=value, order="shift__order")


def fill_orders(window: Window) -> Rows:
    """Orders that have begun: every place was accepted at some time, or not."""
    rows = Order.objects.filter(submitted_at__isnull=False).exclude(status=OrderStatus.CANCELLED)
    return _facts(rows, window, at="starts_at", value=_flag(Q(filled_at__isnull=False)))


def no_show(window: Window) -> Rows:
    """Bookings whose grace has passed: did not come, or did."""
    grace = timedelta(minutes=window.policy.no_show_minutes)
    rows = Assignment.objects.filter(status__in=DUE_ASSIGNMENT, start_at__lte=window.now - grace)
    value = _flag(Q(status=AssignmentStatus.NO_SHOW))
    return _facts(rows, window, at="start_at", value=value, order="position__shift__order", worker="worker")


def stars(field: str) -> Callable[[Window], Rows]:
    """Reviews with one of their dimensions, 1–5."""

    def source(window: Window) -> Rows:
        return _facts(Review.objects.all(), window, at="created_at", value=F(field), order="order")

    return source


def rating(window: Window) -> Rows:
    """Stars of one person for one service, 1–5."""
    paths = {"order": "review__order", "worker": "assignment__worker"}
    return _facts(WorkerRating.objects.all(), window, at="review__created_at", value=F("stars"), **paths)


def rating_of(*, experienced: bool) -> Callable[[Window], Rows]:
    """The same, of people who had completed so many services before this one, or fewer."""

    def source(window: Window) -> Rows:
        before = Assignment.objects.filter(
            worker=OuterRef("assignment__worker"),
            status=AssignmentStatus.COMPLETED,
            start_at__lt=OuterRef("assignment__start_at"),
        ).order_by()
        last_needed = window.loop.experienced_services - 1
        known = Exists(before[last_needed : last_needed + 1])
        return rating(window).filter(known if experienced else ~known)

    return source


def answered(window: Window) -> Rows:
    """Surveys sent: answered, or not (yet)."""
    value = _flag(Q(answered_at__isnull=False, answered_at__lte=window.now))
    return _facts(Survey.objects.all(), window, at="sent_at", value=value, order="order")


def compliance(window: Window) -> Rows:
    """Rounds of which the 48-hour clock can tell: in time, or breached. The rule of `sla.verdict`, said in SQL."""
    value = Case(
        When(reported_at__lte=F("due_at"), then=Case(When(reported_at__lte=window.now, then=Value(1)))),
        When(Q(due_at__lt=window.now), then=Value(0)),
        default=Value(None),
    )
    return _facts(
        CaseRound.objects.all(), window, at="opened_at", value=value, order="case__order", client="case__client_id"
    )


def confirmed(window: Window) -> Rows:
    """Cases closed: by the client's word, or for want of one."""
    rows = ReviewCase.objects.filter(status__in=CLOSED)
    value = _flag(Q(status=CaseStatus.CONFIRMED))
    return _facts(rows, window, at="closed_at", value=value, order="order", client="client_id")


def reopened(window: Window) -> Rows:
    """Rounds that the client or the time has answered: not solved, or over."""
    rows = CaseRound.objects.exclude(outcome="")
    value = _flag(Q(outcome=CaseRound.Outcome.NOT_SOLVED))
    return _facts(rows, window, at="answered_at", value=value, order="case__order", client="case__client_id")


def _served() -> Rows:
    return Order.objects.filter(status=OrderStatus.COMPLETED, filled_at__isnull=False)


def _moment(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=DateTimeField())


def repeat(window: Window) -> Rows:
    """Orders served, once the days for the next one are over: the client had ordered again by then, or not."""
    after = timedelta(days=window.loop.repeat_days)
    until = _moment(F("ends_at") + Value(after, DurationField()))
    again = Order.objects.filter(
        client=OuterRef("client_id"), submitted_at__gt=OuterRef("submitted_at"), submitted_at__lte=OuterRef("until")
    )
    rows = _served().filter(window.holds("ends_at", after)).annotate(until=until)
    return _facts(rows, window, at="until", value=_flag(Exists(again)))


def renewal(window: Window) -> Rows:
    """Clients served in a cycle since their signing, once the next cycle is over: ordered in that one too, or not.

    The row is the cycle's last order served; its date is the end of the next cycle.
    """
    cycle = timedelta(days=window.loop.renewal_days)
    again = Order.objects.filter(
        client=OuterRef("client_id"), submitted_at__gte=OuterRef("closes"), submitted_at__lt=OuterRef("until")
    )
    rows = Order.objects.filter(pk__in=_last_of_cycles(window, cycle))
    rows = rows.annotate(closes=_end_of_cycle(cycle, 1), until=_end_of_cycle(cycle, 2))
    return _facts(rows, window, at="until", value=_flag(Exists(again)))


def _last_of_cycles(window: Window, cycle: timedelta) -> Rows:
    """The last order served in each client's cycle whose next cycle may end within the window."""
    served = _served().filter(ends_at__gte=window.start - 3 * cycle, ends_at__lt=window.end)
    place = WindowFunction(
        RowNumber(),
        partition_by=[F("client_id"), _end_of_cycle(cycle, 1)],
        order_by=[F("ends_at").desc(), F("pk").desc()],
    )
    return served.annotate(place=place).filter(place=1).order_by().values("pk")


def _end_of_cycle(cycle: timedelta, further: int) -> Any:
    """The end of the order's cycle since its client's signing, or of one `further` on (1: its own)."""
    signed, length = F("client__created_at"), Value(cycle, DurationField())
    since = ExpressionWrapper(F("ends_at") - signed, output_field=DurationField())
    number = Floor(Extract(since, "epoch", output_field=FloatField()) / Value(cycle.total_seconds(), FloatField()))
    return _moment(signed + ExpressionWrapper((number + Value(float(further))) * length, output_field=DurationField()))


SOURCES: Mapping[str, Callable[[Window], Rows]] = {
    "response": response,
    "response_share": response_share,
    "fill": fill,
    "arrived": arrived,
    "fill_orders": fill_orders,
    "no_show": no_show,
    "satisfaction": stars("overall"),
    "attendance": stars("attendance"),
    "skill_match": stars("skill_match"),
    "attitude": stars("attitude"),
    "rating": rating,
    "rating_novice": rating_of(experienced=False),
    "rating_experienced": rating_of(experienced=True),
    "answered": answered,
    "compliance": compliance,
    "confirmed": confirmed,
    "reopened": reopened,
    "repeat": repeat,
    "renewal": renewal,
}
# What is counted beforehand, day by day: of a day that is over for long enough, only a change of a row changes it.
COUNTED = (
    "response_share",
    "fill",
    "arrived",
    "fill_orders",
    "no_show",
    "satisfaction",
    "attendance",
    "skill_match",
    "attitude",
    "rating",
    "rating_novice",
    "rating_experienced",
    "answered",
    "repeat",
    "renewal",
)
# Its median needs every row.
RANKED = "response"
# How many of a row's whole numbers make one unit of the figure.
SCALE: Mapping[str, int] = {"response": 60 * MICROSECONDS}
