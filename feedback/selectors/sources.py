"""The rows behind each figure: one queryset per KPI, and the same for its number, its split and its list.

Every row carries `fact_at` (decides day and period), `fact_value` (1 or 0 for a share, else the number),
`fact_order`, `fact_city`, `fact_service`, `fact_client`. A row about which nothing can be said yet is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DurationField, ExpressionWrapper, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Extract

from feedback import sla
from feedback.models import CaseRound, Review, ReviewCase, Survey
from feedback.selectors.cases import clock_of
from feedback.states import CLOSED, CaseStatus
from orders.models import Assignment, Order, OrderPolicy, Position
from orders.states import AssignmentStatus, OrderStatus, PositionStatus

Rows = QuerySet[Any]
DUE_ASSIGNMENT = (
    AssignmentStatus.BOOKED,
    AssignmentStatus.CHECKED_IN,
    AssignmentStatus.COMPLETED,
    AssignmentStatus.NO_SHOW,
)


@dataclass(frozen=True, slots=True)
class Window:
    """`[start, end)`, seen at `now`: what lies after `now` is no fact yet."""

    start: datetime
    end: datetime
    now: datetime
    policy: OrderPolicy


def _facts(rows: Rows, window: Window, *, at: str, value: Any, order: str = "") -> Rows:
    """Annotate and cut to the window; `order` is the path from the row to its order."""
    path = f"{order}__" if order else ""
    annotated = rows.annotate(
        fact_at=F(at),
        fact_value=Cast(value, FloatField()),
        fact_order=F(f"{path}id"),
        fact_city=F(f"{path}city_id"),
        fact_service=F(f"{path}service_type"),
        fact_client=F(f"{path}client_id"),
    )
    inside = Q(fact_at__gte=window.start, fact_at__lt=window.end, fact_at__lte=window.now)
    return annotated.filter(inside, fact_value__isnull=False).order_by("-fact_at", "-pk")


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


def response(window: Window) -> Rows:
    """Orders with a complete proposal: minutes from submission to it."""
    took = ExpressionWrapper(F("proposed_at") - F("submitted_at"), output_field=DurationField())
    return _facts(Order.objects.all(), window, at="submitted_at", value=Extract(took, "epoch") / 60.0)


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
    rows = Position.objects.filter(shift__order__submitted_at__isnull=False).exclude(status=PositionStatus.CLOSED)
    value = _flag(Q(status=PositionStatus.FILLED))
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
    return _facts(rows, window, at="start_at", value=value, order="position__shift__order")


def rating(field: str) -> Callable[[Window], Rows]:
    """Reviews with one of their dimensions, 1–5."""

    def source(window: Window) -> Rows:
        return _facts(Review.objects.all(), window, at="created_at", value=F(field), order="order")

    return source


def answered(window: Window) -> Rows:
    """Surveys sent: answered, or not (yet)."""
    value = _flag(Q(answered_at__isnull=False, answered_at__lte=window.now))
    return _facts(Survey.objects.all(), window, at="sent_at", value=value, order="order")


def compliance(window: Window) -> Rows:
    """Rounds of which the 48-hour clock can tell: in time, or breached. One query more: the pure clock decides."""
    rounds = CaseRound.objects.filter(opened_at__gte=window.start, opened_at__lt=window.end)
    decided: dict[sla.Verdict, list[int]] = {verdict: [] for verdict in sla.Verdict}
    for turn in rounds.only("opened_at", "due_at", "reported_at"):
        decided[sla.verdict(clock_of(turn), window.now)].append(turn.pk)
    value = Case(
        When(pk__in=decided[sla.Verdict.IN_TIME], then=Value(1)),
        When(pk__in=decided[sla.Verdict.BREACHED], then=Value(0)),
        default=Value(None),
    )
    return _facts(CaseRound.objects.all(), window, at="opened_at", value=value, order="case__order")


def confirmed(window: Window) -> Rows:
    """Cases closed: by the client's word, or for want of one."""
    rows = ReviewCase.objects.filter(status__in=CLOSED)
    value = _flag(Q(status=CaseStatus.CONFIRMED))
    return _facts(rows, window, at="closed_at", value=value, order="order")


SOURCES: Mapping[str, Callable[[Window], Rows]] = {
    "response": response,
    "response_share": response_share,
    "fill": fill,
    "fill_orders": fill_orders,
    "no_show": no_show,
    "satisfaction": rating("overall"),
    "attendance": rating("attendance"),
    "skill_match": rating("skill_match"),
    "attitude": rating("attitude"),
    "answered": answered,
    "compliance": compliance,
    "confirmed": confirmed,
}
