"""What a client's change of a submitted order would do, place by place, before anything is done. Only reads.

A change says how the order shall be: its title, its notes and all its shifts. A shift that is to begin or end at
another time is taken out and put in anew, since whoever said yes said it to other hours. Fewer people on a shift means
that places are given up: first those without anybody, then proposed, then asked, at last accepted ones, of each the
lowest score first.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from orders.costing import ShiftCost
from orders.models import Assignment, Order, OrderPolicy, Position, Shift
from orders.services import fees, ordering
from orders.services.fees import Pricing
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus, PositionStatus
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent
from staffing.core.money import ZERO
from staffing.core.transitions import find

MOST_SHIFTS = 30
MOST_PEOPLE = 200
GIVEN_UP = {
    PositionStatus.OPEN: 0,
    PositionStatus.LAPSED: 0,
    PositionStatus.PROPOSED: 1,
    PositionStatus.OFFERED: 2,
    PositionStatus.FILLED: 3,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift as it shall be; `shift` is the id of the one it was, None for a new one."""

    start: datetime
    end: datetime
    headcount: int
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """The order as it shall be. `form_key` makes a repeat harmless; `seen`: the last change its writer knew of."""

    title: str
    notes: str
    shifts: Sequence[Wanted]
    form_key: uuid.UUID
    seen: int


@dataclass(frozen=True, slots=True)
class Line:
    """One shift: people before and after, the places given up, and who is released; `fee` in CNY.

    `shift` is None for a new one; `moved`: it takes the place of another, or another takes its place.
    """

    shift: Shift | None
    start: datetime
    end: datetime
    before: int
    after: int
    moved: bool = False
    dropped: Sequence[Position] = ()
    released: Sequence[Assignment] = ()
    fee: Decimal = ZERO

    @property
    def changed(self) -> bool:
        """Whether anything happens to it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """All that would happen; `estimate` is the order's new one (CNY)."""

    order: Order
    lines: Sequence[Line]
    retitled: bool
    renoted: bool
    estimate: Decimal

    @property
    def fee(self) -> Decimal:
        """What giving accepted places up costs (CNY)."""
        return sum((line.fee for line in self.lines), ZERO)

    @property
    def difference(self) -> Decimal:
        """How much more (or less) the service costs than before (CNY)."""
        return self.estimate - self.order.estimate

    @property
    def changes(self) -> list[Line]:
        """The shifts to which something happens."""
        return [line for line in self.lines if line.changed]

    @property
    def released(self) -> list[Assignment]:
        """Who is told not to come."""
        return [work for line in self.lines for work in line.released]

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.changes or self.retitled or self.renoted)


def newest(order: Order) -> int:
    """The last change of the order: the id of its audit event; 0 before the first."""
    rows = AuditEvent.objects.filter(order_id=order.pk, subject_type="order", action="amend")
    return rows.order_by("-id").values_list("pk", flat=True).first() or 0


def fixed(start: datetime, now: datetime, policy: OrderPolicy) -> bool:
    """Whether a shift is too near, or has begun, to be changed."""
    return start - now <= timedelta(minutes=policy.change_until_minutes)


def plan_of(order: Order, wish: Amendment, *, by: Actor, now: datetime) -> Plan:
    """What the change would do now. Raises `Invalid` for what cannot be, `Conflict` where the order has moved on."""
    find(order.TRANSITIONS, order.status, "amend", by)
    if newest(order) != wish.seen:
        raise Conflict("amended_meanwhile", _("订单刚刚被其他人修改过，请按最新内容重新填写。"))
    policy, shifts = OrderPolicy.current(), {shift.pk: shift for shift in order.shifts.all()}
    lines = _lines(wish, shifts)
    _check(lines, policy, now)
    pricing = Pricing.current(policy)
    people = _people(order)
    told = [_with_people(line, people, pricing, by, now) if line.after < line.before else line for line in lines]
    costs = [ShiftCost(line.start, line.end, line.after) for line in told if line.after]
    return Plan(order, told, wish.title != order.title, wish.notes != order.notes, pricing.shifts(order, costs))


def _lines(wish: Amendment, shifts: Mapping[int, Shift]) -> list[Line]:
    """The shifts that are, each with its headcount to be, and the new ones."""
    if not {want.shift for want in wish.shifts if want.shift} <= set(shifts):
        raise Conflict("shift_gone", _("有班次已不存在，请刷新后查看。"))
    kept = {want.shift: want for want in wish.shifts if want.shift and _same_hours(want, shifts[want.shift])}
    moved = {want.shift for want in wish.shifts if want.shift and want.shift not in kept}
    stay = [_line_of(shift, kept.get(pk), pk in moved) for pk, shift in shifts.items()]
    new = [want for want in wish.shifts if want.shift not in kept]
    return stay + [Line(None, w.start, w.end, 0, w.headcount, moved=w.shift is not None) for w in new]


def _line_of(shift: Shift, want: Wanted | None, moved: bool) -> Line:
    after = want.headcount if want else 0
    return Line(shift, shift.start_at, shift.end_at, shift.headcount, after, moved=moved)


def _same_hours(want: Wanted, shift: Shift) -> bool:
    return (want.start, want.end) == (shift.start_at, shift.end_at)


def _check(lines: Sequence[Line], policy: OrderPolicy, now: datetime) -> None:
    if not any(line.after for line in lines):
        raise Invalid("no_shifts", _("请至少保留一个班次；如不再需要服务，请取消订单。"))
    if sum(line.after > 0 for line in lines) > MOST_SHIFTS:
        raise Invalid("too_many_shifts", _("一张订单最多 %(most)s 个班次。"), most=MOST_SHIFTS)
    for line in lines:
        if not 0 <= line.after <= MOST_PEOPLE:
            raise Invalid("bad_headcount", _("每个班次的人数须在 1 到 %(most)s 之间。"), most=MOST_PEOPLE)
        if line.shift is None:
            ordering.check_shift(ShiftSpec(line.start, line.end, line.after), policy, now)
        elif line.changed and fixed(line.start, now, policy):
            raise Invalid(
                "too_late_to_change",
                _("开始前 %(minutes)s 分钟内或已开始的班次不能修改，请联系调度。"),
                minutes=policy.change_until_minutes,
            )


@dataclass(frozen=True, slots=True)
class People:
    """The order's places that are still wanted, by shift, and who is coming, by place."""

    places: Mapping[int, Sequence[Position]]
    works: Mapping[int, Assignment]


def _people(order: Order) -> People:
    places: dict[int, list[Position]] = defaultdict(list)
    for place in ordering.positions_of(order):
        if place.status != PositionStatus.CLOSED:
            places[place.shift_id].append(place)
    coming = Assignment.objects.filter(position__shift__order=order, status=AssignmentStatus.BOOKED)
    return People(places, {work.position_id: work for work in coming.select_related("worker__user").order_by("id")})


def _with_people(line: Line, people: People, pricing: Pricing, by: Actor, now: datetime) -> Line:
    """A shift that shall have fewer people, with whom this concerns."""
    assert line.shift is not None
    dropped = given_up(people.places.get(line.shift.pk, ()), people.works, line.before - line.after)
    released = [people.works[place.pk] for place in dropped if place.pk in people.works]
    owed = fees.of_places(line.shift.order, {line.shift.pk: len(released)}, [line.shift], now, pricing)
    return Line(
        line.shift,
        line.start,
        line.end,
        line.before,
        line.after,
        line.moved,
        dropped,
        released,
        fees.total(owed) if fees.owed_by(by) else ZERO,
    )


def given_up(places: Sequence[Position], works: Mapping[int, Assignment], count: int) -> list[Position]:
    """The `count` places to give up first. Raises `Invalid` if so many cannot be: somebody has come already."""
    free = [place for place in places if place.status != PositionStatus.FILLED or place.pk in works]
    if len(free) < count:
        raise Invalid("at_work", _("已有员工签到，不能减到这个人数。"))
    return sorted(free, key=lambda place: (GIVEN_UP[PositionStatus(place.status)], place.score or 0, -place.number))[
        :count
    ]
