"""What it costs a client to give accepted places up, on the policy and the bookings as they are now. Only reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Self

from django.db.models import Count

from orders import cutoffs
from orders.costing import ShiftCost, estimate
from orders.cutoffs import Terms
from orders.models import Assignment, Order, OrderPolicy, Shift
from orders.states import AssignmentStatus
from staffing.core.actors import Actor
from staffing.core.holidays import Overrides, is_holiday
from staffing.core.models import Role
from staffing.core.money import ZERO
from workers.models import PoolPolicy
from workers.pay.rates import UpliftPolicy
from workers.selectors import pool


def terms_of(policy: OrderPolicy) -> Terms:
    """The steps in force."""
    return Terms(
        policy.free_change_hours, policy.late_cancel_percent, policy.last_cancel_hours, policy.last_cancel_percent
    )


@dataclass(frozen=True, slots=True)
class Pricing:
    """All that prices a place, read once."""

    terms: Terms
    uplifts: UpliftPolicy
    holidays: Overrides

    @classmethod
    def current(cls, policy: OrderPolicy | None = None) -> Self:
        """As the administrators have set it."""
        uplifts = pool.uplift_policy(PoolPolicy.current())
        return cls(terms_of(policy or OrderPolicy.current()), uplifts, pool.holiday_overrides())

    def place(self, order: Order, start: datetime, end: datetime) -> Decimal:
        """What one place of these hours is planned to cost at the order's rate (CNY)."""
        return self.shifts(order, [ShiftCost(start, end, 1)])

    def shifts(self, order: Order, shifts: Sequence[ShiftCost]) -> Decimal:
        """The estimate of these shifts at the order's rate (CNY)."""
        return estimate(shifts, order.bill_rate, self.uplifts, partial(is_holiday, overrides=self.holidays)).total


@dataclass(frozen=True, slots=True)
class ShiftFee:
    """Giving up `people` accepted places of one shift: `percent` of what each was planned to cost; `amount` in CNY."""

    shift: Shift
    people: int
    place: Decimal
    percent: int
    amount: Decimal
    free_until: datetime


def of_places(
    order: Order, people: Mapping[int, int], shifts: Iterable[Shift], now: datetime, pricing: Pricing
) -> list[ShiftFee]:
    """The fee shift by shift; `people` are the accepted places that are given up, by shift."""
    return [_of_shift(order, shift, people.get(shift.pk, 0), now, pricing) for shift in shifts]


def _of_shift(order: Order, shift: Shift, people: int, now: datetime, pricing: Pricing) -> ShiftFee:
    place = pricing.place(order, shift.start_at, shift.end_at)
    one = cutoffs.fee(place, shift.start_at, now, pricing.terms)
    percent = cutoffs.percent(shift.start_at, now, pricing.terms)
    return ShiftFee(shift, people, place, percent, one * people, cutoffs.free_until(shift.start_at, pricing.terms))


def of_cancelling(order: Order, now: datetime, policy: OrderPolicy | None = None) -> list[ShiftFee]:
    """What calling the whole order off costs its client now, shift by shift."""
    works = Assignment.objects.filter(position__shift__order=order, status=AssignmentStatus.BOOKED).order_by()
    counted = works.values("position__shift").annotate(n=Count("pk")).values_list("position__shift", "n")
    return of_places(order, dict(counted), order.shifts.all(), now, Pricing.current(policy))


def total(fees: Iterable[ShiftFee]) -> Decimal:
    """All of them together (CNY)."""
    return sum((fee.amount for fee in fees), ZERO)


def owed_by(by: Actor) -> bool:
    """Whether the person's own decision costs something: what the agency calls off costs the client nothing."""
    return by.role == Role.CLIENT
