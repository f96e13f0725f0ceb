"""A client's week once more, seven days later: the same shifts, requirements and, where they still suit, people."""

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import TextField, Value, prefetch_related_objects
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders import kept, needs, snapshot
from orders.costing import ShiftCost, estimate
from orders.matching import Need, Reason, Weights, reasons_against, score_of
from orders.models import Client, MatchWeights, Order, Position, Shift
from orders.needs import Terms, Times
from orders.pool import booking
from orders.services import locks, ordering, proposing
from orders.services.ordering import OrderSpec, ShiftSpec
from orders.states import OrderStatus, PositionStatus
from staffing.core import audit, notices
from staffing.core.actors import Actor
from staffing.core.bulk import together
from staffing.core.errors import Conflict, Invalid
from staffing.core.holidays import is_holiday
from staffing.core.models import PublicHoliday, User
from workers.models import Level, PoolPolicy, RateCard, Worker
from workers.selectors import pool

WEEK: Final = timedelta(days=7)
# Any will do that never changes: what an order's copy for a week is called, so that it is made once.
COPIES: Final = uuid.UUID("5b0c4e0e-6a55-5f0e-9d7a-8d2a4c1f7b31")
NOT_COPIED: Final = (OrderStatus.DRAFT, OrderStatus.CANCELLED)
TAKEN: Final = (PositionStatus.PROPOSED, PositionStatus.OFFERED, PositionStatus.FILLED)


@dataclass(frozen=True, slots=True)
class Again:
    """Somebody of the old shift: points if they may come again, or all that stands against them."""

    worker: Worker
    score: int | None
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift seven days later and who would be proposed for it."""

    start: datetime
    end: datetime
    headcount: int
    people: Sequence[Again]

    @property
    def kept(self) -> list[Again]:
        """Who may come again."""
        return [one for one in self.people if one.score is not None]

    @property
    def out(self) -> list[Again]:
        """Who may not."""
        return [one for one in self.people if one.score is None]


@dataclass(frozen=True, slots=True)
class OrderCopy:
    """What copying one order would make. `before` and `cost` in CNY for the same shifts then and now, None where the
    rate card has no price; `holidays`: days of the new shifts with the holiday uplift; `made`: the copy that exists."""

    order: Order
    shifts: Sequence[NewShift]
    before: Decimal | None
    cost: Decimal | None
    holidays: Sequence[date]
    holiday_percent: Decimal
    made: Order | None
    passed: bool

    @property
    def possible(self) -> bool:
        """Whether there is anything to copy that can still be served."""
        return self.made is None and not self.passed and self.cost is not None

    @property
    def kept(self) -> int:
        """How many people would be proposed again."""
        return sum(len(shift.kept) for shift in self.shifts)

    @property
    def out(self) -> int:
        """How many would not."""
        return sum(len(shift.out) for shift in self.shifts)


def form_key(order_id: int, monday: date) -> uuid.UUID:
    """The key of an order's copy for the week from `monday`."""
    return uuid.uuid5(COPIES, f"{order_id}:{monday.isoformat()}")


def plan(
    client: Client | int, start: datetime, now: datetime, *, only: Collection[int] | None = None
) -> list[OrderCopy]:
    """The client's orders with shifts that begin in the seven days from `start` (a Monday), each as it would be a week
    later; `only`: of these orders. People are judged in turn, so nobody is counted on for two shifts at once.

    A fixed number of queries.
    """
    shifts = _shifts(client, start, only)
    orders = {shift.order_id: shift.order for shift in shifts}
    valid = _InForce()
    judge = _Judge(_a_week_later(orders, shifts), _people(shifts), valid.weights, now)
    monday = timezone.localtime(start + WEEK).date()
    made = {o.form_key: o for o in Order.objects.filter(form_key__in=[form_key(pk, monday) for pk in orders])}
    prices = _Prices(valid)
    by_order: dict[int, list[Shift]] = defaultdict(list)
    for shift in shifts:
        by_order[shift.order_id].append(shift)
    return [_copy_of(orders[pk], of, judge, prices, made.get(form_key(pk, monday)), now) for pk, of in by_order.items()]


def _shifts(client: Client | int, start: datetime, only: Collection[int] | None) -> list[Shift]:
    found = Shift.objects.filter(order__client=client, start_at__gte=start, start_at__lt=start + WEEK)
    if only is not None:
        found = found.filter(order__in=only)
    whole = found.select_related(*(f"order__{part}" for part in ("client", "site", "city", "special_pool")))
    return list(whole.exclude(order__status__in=NOT_COPIED).order_by("order__starts_at", "order_id", "start_at", "id"))


def _a_week_later(orders: Mapping[int, Order], shifts: Iterable[Shift]) -> Mapping[int, Need]:
    """By shift: what it will ask for."""
    terms = {pk: Terms.of(order) for pk, order in orders.items()}
    moved = (Times(s.pk, s.order_id, s.start_at + WEEK, s.end_at + WEEK, s.headcount) for s in shifts)
    return needs.read(terms, moved)


def _people(shifts: Sequence[Shift]) -> Mapping[int, list[Worker]]:
    """By shift: who is booked, asked or proposed, in the order of the places."""
    taken = Position.objects.filter(shift__in=[shift.pk for shift in shifts], status__in=TAKEN)
    found: dict[int, list[Worker]] = defaultdict(list)
    for place in taken.select_related("proposed_worker__user").order_by("number", "id"):
        if place.proposed_worker is not None:
            found[place.shift_id].append(place.proposed_worker)
    return found


class _InForce:
    """Prices, holidays, the rule of night and holiday hours, and weights of today: one query for the four of them."""

    def __init__(self) -> None:
        newest = MatchWeights.objects.filter(pk__in=MatchWeights.objects.values("pk")[:1])
        rates, days, rules, weights = together(
            (RateCard.objects.filter(level=Level.JUNIOR), _texts("tier", "service_type", "bill_rate")),
            (PublicHoliday.objects.all(), _texts("day", "kind")),
            (PoolPolicy.objects.filter(pk=1), _texts("night_percent", "holiday_percent", "night_start", "night_end")),
            (newest, _texts("version", "values")),
        )
        self.rates = {(tier, kind): Decimal(rate) for tier, kind, rate, _end in rates}
        self.overrides = pool.overrides_of((date.fromisoformat(day), kind) for day, kind, *_rest in days)
        self.uplift = pool.uplift_policy(PoolPolicy(pk=1, **_rule(rules[0])) if rules else PoolPolicy(pk=1))
        values = json.loads(weights[0][1]) if weights else {}
        self.weights = Weights(version=weights[0][0], **values) if weights else Weights()


def _texts(*names: str) -> list[Cast | Value]:
    """Four columns of text."""
    missing = [Value("", TextField()) for _ in range(4 - len(names))]
    return [*(Cast(name, TextField()) for name in names), *missing]


def _rule(row: Sequence[str]) -> dict[str, Any]:
    night, holiday, start, end = row
    times = {"night_start": time.fromisoformat(start), "night_end": time.fromisoformat(end)}
    return {"night_percent": int(night), "holiday_percent": int(holiday), **times}


class _Judge:
    """Says who may come again; whoever may has that time taken from then on."""

    def __init__(
        self, needed: Mapping[int, Need], people: Mapping[int, Sequence[Worker]], weights: Weights, now: datetime
    ) -> None:
        self.needed, self.people, self.weights = needed, people, weights
        everybody = {who.pk for of in people.values() for who in of}
        self.known = snapshot.candidates(everybody, now, snapshot.available(now))

    def again(self, shift: Shift) -> list[Again]:
        need = self.needed[shift.pk]
        return [self._one(need, who) for who in self.people.get(shift.pk, ())]

    def _one(self, need: Need, who: Worker) -> Again:
        person = self.known.get(who.pk)
        if person is None:
            return Again(who, None, (Reason("inactive"),))
        against = tuple(reasons_against(need, person, weights=self.weights))
        if against:
            return Again(who, None, against)
        taken = booking(need.start, need.end, need.order_id, None if need.remote else need.site)
        self.known[who.pk] = replace(person, bookings=(*person.bookings, taken))
        return Again(who, score_of(need, person, self.weights))


class _Prices:
    """What shifts cost, with the rates and holidays of today."""

    def __init__(self, valid: _InForce) -> None:
        self.rates, self.overrides, self.uplift = valid.rates, valid.overrides, valid.uplift

    def cost(self, order: Order, shifts: Sequence[ShiftCost]) -> Decimal | None:
        rate = self.rates.get((str(order.city.tier), order.service_type))
        return None if rate is None else estimate(shifts, rate, self.uplift, self.holiday).total

    def holiday(self, day: date) -> bool:
        return is_holiday(day, self.overrides)

    def holidays(self, shifts: Sequence[ShiftCost]) -> list[date]:
        days = {_day(moment) for s in shifts for moment in (s.start, s.end - timedelta(microseconds=1))}
        return sorted(day for day in days if self.holiday(day))


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _copy_of(
    order: Order, shifts: Sequence[Shift], judge: _Judge, prices: _Prices, made: Order | None, now: datetime
) -> OrderCopy:
    then = [ShiftCost(s.start_at, s.end_at, s.headcount) for s in shifts]
    later = [ShiftCost(s.start + WEEK, s.end + WEEK, s.headcount) for s in then]
    passed = any(s.start <= now for s in later)
    # Whoever is on the copy already is not to be counted twice.
    people = [judge.again(shift) if made is None and not passed else [] for shift in shifts]
    return OrderCopy(
        order=order,
        shifts=[NewShift(s.start, s.end, s.headcount, who) for s, who in zip(later, people, strict=True)],
        before=prices.cost(order, then),
        cost=prices.cost(order, later),
        holidays=prices.holidays(later),
        holiday_percent=prices.uplift.holiday_percent,
        made=made,
        passed=passed,
    )


@transaction.atomic
def copy_week(client: Client, start: datetime, order_ids: Collection[int], *, by: Actor, now: datetime) -> list[Order]:
    """Submit these orders of the week from `start` again for the week after it, on the client's behalf.

    Who may come again is proposed by hand; the engine fills the rest. Repeating it makes nothing twice. Raises
    `Invalid` where nothing is chosen or an order could not be served.
    """
    if not order_ids:
        raise Invalid("nothing_chosen", _("请至少选择一张订单。"))
    locks.matching()
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    plans = plan(client, start, now, only=order_ids)
    if any(one.passed and one.made is None for one in plans):
        raise Conflict("in_the_past", _("下一周的班次开始时间已过，不能复制。"))
    prefetch_related_objects([one.order for one in plans], "skills", "certificates", "courses", "languages")
    monday = timezone.localtime(start + WEEK).date()
    return [one.made or _make(one, monday, by=by, now=now) for one in plans]


def _make(one: OrderCopy, monday: date, *, by: Actor, now: datetime) -> Order:
    source = one.order
    order = ordering.create(_spec(one, monday), source.client, by=by, now=now)
    audit.record(order, "copy", by=by, now=now, reason=_t("代客户复制上周的订单"), data={"from": source.pk})
    order = ordering.submit(order.pk, by=by, now=now)
    _propose_again(one, order, by=by, now=now)
    _tell(order, source, now)
    return order


def _spec(one: OrderCopy, monday: date) -> OrderSpec:
    shifts = [ShiftSpec(shift.start, shift.end, shift.headcount) for shift in one.shifts]
    return replace(kept.spec_of_order(one.order), shifts=shifts, form_key=form_key(one.order.pk, monday))


def _propose_again(one: OrderCopy, order: Order, *, by: Actor, now: datetime) -> None:
    """Before the engine looks at the order: places that have somebody are left to them."""
    free: dict[int, list[Position]] = defaultdict(list)
    for place in ordering.positions_of(order):
        place.shift.order = order
        free[place.shift_id].append(place)
    # Written in the order of the plan's shifts.
    for shift_id, shift in zip(sorted(free), one.shifts, strict=True):
        for place, again in zip(free[shift_id], shift.kept, strict=False):
            proposing.put(
                place, again.worker.pk, again.score, None, by=by, now=now, reason=_t("上周同一班次"), by_hand=True
            )


def _tell(order: Order, source: Order, now: datetime) -> None:
    notices.tell(
        User.objects.filter(membership__client=order.client_id, is_active=True),
        "order.copied",
        order,
        now=now,
        key=str(order.pk),
        data={"number": order.number, "title": order.title, "source": source.number},
        url=reverse("orders:client-order", args=[order.pk]),
    )
