"""Every figure counted once more in plain Python, each rule said again in other words."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from feedback.models import CaseRound, LoopPolicy, Review, ReviewCase, Survey, WorkerRating
from orders.models import Assignment, Client, Order, OrderPolicy, Position
from workers.models import Worker

SHANGHAI = ZoneInfo("Asia/Shanghai")
MICRO = timedelta(microseconds=1)


@dataclass(frozen=True)
class Fact:
    """One row of a figure: a whole number (microseconds for times), its order, client and person."""

    at: datetime
    value: int
    order: Order | None
    client: Client
    worker: Worker | None = None

    @property
    def day(self) -> date:
        return self.at.astimezone(SHANGHAI).date()


class Facts(defaultdict[str, list[Fact]]):
    """All facts of all time, by figure."""

    def __init__(self) -> None:
        super().__init__(list)

    def of_order(self, kpi: str, at: datetime, value: Any, order: Order, worker: Worker | None = None) -> None:
        self[kpi].append(Fact(at, int(value), order, order.client, worker))

    def of_case(self, kpi: str, at: datetime, value: Any, case: ReviewCase) -> None:
        self[kpi].append(Fact(at, int(value), case.order, case.client))


def recount(now: datetime) -> Facts:
    """What is known at `now`."""
    facts = Facts()
    policy, loop = OrderPolicy.current(), LoopPolicy.current()
    orders = list(Order.objects.select_related("client"))
    _orders(facts, orders, now, timedelta(minutes=policy.response_target_minutes))
    _comes_back(facts, orders, loop)
    _places(facts, now, timedelta(minutes=policy.no_show_minutes))
    _reviews(facts, loop.experienced_services)
    _surveys(facts, now)
    _cases(facts, now)
    for found in facts.values():
        found[:] = [one for one in found if one.at <= now]
    return facts


def _orders(facts: Facts, orders: list[Order], now: datetime, target: timedelta) -> None:
    for order in orders:
        if order.submitted_at is None:
            continue
        if order.proposed_at:
            took = order.proposed_at - order.submitted_at
            facts.of_order("response", order.submitted_at, took // MICRO, order)
            facts.of_order("response_share", order.submitted_at, took <= target, order)
        elif order.status != "cancelled" and order.submitted_at + target < now:
            facts.of_order("response_share", order.submitted_at, 0, order)
        if order.status != "cancelled":
            facts.of_order("fill_orders", order.starts_at, order.filled_at is not None, order)


def _comes_back(facts: Facts, orders: list[Order], loop: LoopPolicy) -> None:
    grace, cycle = timedelta(days=loop.repeat_days), timedelta(days=loop.renewal_days)
    submitted: dict[int, list[datetime]] = defaultdict(list)
    last: dict[tuple[int, int], Order] = {}
    for order in orders:
        if order.submitted_at:
            submitted[order.client_id].append(order.submitted_at)
    for order in orders:
        if order.status != "completed" or order.filled_at is None or order.submitted_at is None:
            continue
        until = order.ends_at + grace
        again = any(order.submitted_at < at <= until for at in submitted[order.client_id])
        facts.of_order("repeat", until, again, order)
        number = floor((order.ends_at - order.client.created_at) / cycle)
        known = last.get((order.client_id, number))
        if known is None or (order.ends_at, order.pk) > (known.ends_at, known.pk):
            last[order.client_id, number] = order
    for (client, number), order in last.items():
        closes = order.client.created_at + (number + 1) * cycle
        again = any(closes <= at < closes + cycle for at in submitted[client])
        facts.of_order("renewal", closes + cycle, again, order)


def _places(facts: Facts, now: datetime, grace: timedelta) -> None:
    for place in Position.objects.select_related("shift__order__client").prefetch_related("assignments"):
        start, order = place.shift.start_at, place.shift.order
        if order.submitted_at is None or place.status == "closed":
            continue
        facts.of_order("fill", start, place.status == "filled", order)
        works = list(place.assignments.all())
        if any(work.booked_at < start for work in works) and start + grace <= now:
            there = any(work.checked_in_at and work.checked_in_at <= start + grace for work in works)
            facts.of_order("arrived", start, there, order)
    for work in Assignment.objects.select_related("position__shift__order__client", "worker"):
        if work.status not in ("cancelled", "released") and work.start_at + grace <= now:
            facts.of_order("no_show", work.start_at, work.status == "no_show", work.position.shift.order, work.worker)


def _reviews(facts: Facts, services: int) -> None:
    names = {"satisfaction": "overall"} | {name: name for name in ("attendance", "skill_match", "attitude")}
    for review in Review.objects.select_related("order__client"):
        for kpi, field in names.items():
            facts.of_order(kpi, review.created_at, getattr(review, field), review.order)
    done: dict[int, list[datetime]] = defaultdict(list)
    for work in Assignment.objects.filter(status="completed"):
        done[work.worker_id].append(work.start_at)
    ratings = WorkerRating.objects.select_related("review__order__client", "assignment__worker")
    for one in ratings:
        work, at = one.assignment, one.review.created_at
        before = sum(start < work.start_at for start in done[work.worker_id])
        kind = "rating_experienced" if before >= services else "rating_novice"
        for kpi in ("rating", kind):
            facts.of_order(kpi, at, one.stars, one.review.order, work.worker)


def _surveys(facts: Facts, now: datetime) -> None:
    for survey in Survey.objects.select_related("order__client"):
        told = survey.answered_at is not None and survey.answered_at <= now
        facts.of_order("answered", survey.sent_at, told, survey.order)


def _cases(facts: Facts, now: datetime) -> None:
    for turn in CaseRound.objects.select_related("case__order", "case__client"):
        reported = turn.reported_at if turn.reported_at and turn.reported_at <= now else None
        if reported or turn.due_at < now:
            met = reported is not None and reported <= turn.due_at
            facts.of_case("compliance", turn.opened_at, met, turn.case)
        if turn.outcome and turn.answered_at:
            facts.of_case("reopened", turn.answered_at, turn.outcome == "not_solved", turn.case)
    for case in ReviewCase.objects.exclude(closed_at=None).select_related("order", "client"):
        if case.status in ("confirmed", "no_answer"):
            assert case.closed_at
            facts.of_case("confirmed", case.closed_at, case.status == "confirmed", case)


def between(facts: Iterable[Fact], first: date, last: date) -> list[Fact]:
    """The facts of these days, both included."""
    return [one for one in facts if first <= one.day <= last]


def _of_person(one: Fact) -> tuple[str, str]:
    assert one.worker
    return str(int(one.worker.stars or 0)), one.worker.source


MEMBER: dict[str, Callable[[Fact], Any]] = {
    "city": lambda one: one.order.city_id if one.order else None,
    "service": lambda one: one.order.service_type if one.order else None,
    "client": lambda one: one.client.pk,
    "industry": lambda one: one.client.industry,
    "day": lambda one: one.day,
    "week": lambda one: one.day - timedelta(days=one.day.weekday()),
    "star": lambda one: _of_person(one)[0],
    "source": lambda one: _of_person(one)[1],
}
