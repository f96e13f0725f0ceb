"""From a filled-in form to a submitted order, its confirmation and its end."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from orders.costing import Estimate, ShiftCost, estimate
from orders.models import (
    Assignment,
    Client,
    GateProfile,
    Offer,
    Order,
    OrderCertificate,
    OrderCourse,
    OrderLanguage,
    OrderPolicy,
    OrderSkill,
    Package,
    Position,
    Replacement,
    Shift,
    Site,
)
from orders.services import bookings, fees, locks, offers, packages
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.bulk import among
from staffing.core.errors import Conflict, Invalid
from staffing.core.holidays import is_holiday
from staffing.core.models import City
from staffing.core.money import ZERO
from staffing.core.transitions import change
from workers.models import PoolPolicy
from workers.selectors import pool

AT_WORK = (OrderStatus.IN_SERVICE, OrderStatus.COMPLETED)
OPEN_POSITIONS = (PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED)


@dataclass(frozen=True, slots=True)
class ShiftSpec:
    """`[start, end)` aware, and how many people."""

    start: datetime
    end: datetime
    headcount: int


@dataclass(frozen=True, slots=True)
class OrderSpec:
    """What a client asks for. `skills` and `languages` map ids to least levels; `form_key` makes a repeat harmless.

    Without a `package` it is the client's usual one; `special_pool` belongs to the package of that name.
    """

    title: str
    service_type: str
    city: City
    shifts: Sequence[ShiftSpec]
    remote: bool = False
    site: Site | None = None
    skills: Mapping[int, int] | None = None
    certificates: Sequence[int] = ()
    courses: Sequence[int] = ()
    languages: Mapping[int, int] | None = None
    min_stars: Decimal | None = None
    clearance: int = 0
    notes: str = ""
    readiness: str = ""
    form_key: uuid.UUID | None = None
    package: str | None = None
    special_pool: GateProfile | None = None


def quote(city: City, service_type: str, shifts: Sequence[ShiftSpec]) -> Estimate:
    """What the order would cost the client, line by line. Raises `Invalid` where the rate card has no price."""
    overrides = pool.holiday_overrides()
    return estimate(
        [ShiftCost(s.start, s.end, s.headcount) for s in shifts],
        pool.bill_rate(city, service_type),
        pool.uplift_policy(PoolPolicy.current()),
        lambda day: is_holiday(day, overrides),
    )


def check(spec: OrderSpec, client: Client, now: datetime) -> None:
    """Raise `Invalid` for an order that could not be served as asked."""
    policy = OrderPolicy.current()
    if not spec.shifts:
        raise Invalid("no_shifts", _("请至少填写一个班次。"))
    if not spec.remote and spec.site is None:
        raise Invalid("no_site", _("请选择服务地点，或改为远程服务。"))
    if spec.site is not None and spec.site.client_id != client.pk:
        raise Invalid("foreign_site", _("请选择贵公司的服务地点。"))
    for shift in spec.shifts:
        check_shift(shift, policy, now)


def check_shift(shift: ShiftSpec, policy: OrderPolicy, now: datetime) -> None:
    """Raise `Invalid` for a shift that could not be served."""
    if shift.end <= shift.start:
        raise Invalid("backwards", _("班次结束须晚于开始。"))
    if shift.start <= now:
        raise Invalid("in_the_past", _("班次开始时间已过。"))
    if shift.end - shift.start > timedelta(hours=policy.max_shift_hours):
        raise Invalid("too_long", _("单个班次最长 %(hours)s 小时。"), hours=policy.max_shift_hours)
    if shift.start - now > timedelta(days=policy.max_days_ahead):
        raise Invalid("too_far", _("最多提前 %(days)s 天下单。"), days=policy.max_days_ahead)


def create(spec: OrderSpec, client: Client, *, by: Actor, now: datetime) -> Order:
    """Write a draft with its shifts and requirements. The same `form_key` gives the same order again.

    Raises `Invalid` for an order that could not be served, `Conflict` for somebody else's `form_key`.
    """
    key = spec.form_key or uuid.uuid4()
    try:
        return _created_before(key, client) or _create(spec, key, client, by=by, now=now)
    except IntegrityError:
        # The same form came twice at the same moment, and the other one was first.
        if (order := _created_before(key, client)) is None:
            raise
        return order


def _created_before(key: uuid.UUID, client: Client) -> Order | None:
    found = Order.objects.filter(form_key=key).first()
    if found is not None and found.client_id != client.pk:
        raise Conflict("form_key_taken", _("表单已失效，请重新打开下单页面。"))
    return found


@transaction.atomic
def _create(spec: OrderSpec, key: uuid.UUID, client: Client, *, by: Actor, now: datetime) -> Order:
    assert by.user is not None
    check(spec, client, now)
    spec = packages.settled(spec, client)
    order = Order.objects.create(
        client=client,
        created_by=by.user,
        form_key=key,
        title=spec.title,
        service_type=spec.service_type,
        remote=spec.remote,
        site=None if spec.remote else spec.site,
        city=spec.city,
        min_stars=spec.min_stars,
        clearance=spec.clearance,
        package=spec.package or Package.STANDARD,
        special_pool=spec.special_pool,
        notes=spec.notes,
        readiness=spec.readiness if spec.remote else "",
        bill_rate=pool.bill_rate(spec.city, spec.service_type),
        estimate=quote(spec.city, spec.service_type, spec.shifts).total,
        created_at=now,
        starts_at=min(s.start for s in spec.shifts),
        ends_at=max(s.end for s in spec.shifts),
    )
    _add_parts(order, spec)
    audit.record(order, "create", by=by, now=now, to_state=order.status)
    return order


def _add_parts(order: Order, spec: OrderSpec) -> None:
    OrderSkill.objects.bulk_create(
        OrderSkill(order=order, skill_id=skill, min_level=level) for skill, level in (spec.skills or {}).items()
    )
    OrderCertificate.objects.bulk_create(OrderCertificate(order=order, type_id=kind) for kind in spec.certificates)
    OrderCourse.objects.bulk_create(OrderCourse(order=order, course_id=course) for course in spec.courses)
    OrderLanguage.objects.bulk_create(
        OrderLanguage(order=order, language_id=language, min_level=level)
        for language, level in (spec.languages or {}).items()
    )
    shifts = Shift.objects.bulk_create(
        Shift(order=order, start_at=s.start, end_at=s.end, headcount=s.headcount) for s in spec.shifts
    )
    Position.objects.bulk_create(
        Position(shift=shift, number=number) for shift in shifts for number in range(1, shift.headcount + 1)
    )


@transaction.atomic
def submit(order_id: int, *, by: Actor, now: datetime) -> Order:
    """Hand the order over: matching starts by itself. Repeating it changes nothing.

    Raises `Conflict` if it was cancelled, `Invalid` if its time has passed while it was a draft.
    """
    order = locks.order(order_id)
    if order.submitted_at is not None and order.status != OrderStatus.CANCELLED:
        return order
    if order.starts_at <= now:
        raise Invalid("in_the_past", _("班次开始时间已过。"))
    order.submitted_at = now
    change(order, "submit", by=by, now=now, also=["submitted_at"])
    outbox.publish("order.finish", {"id": order.pk}, key=f"{order.pk}:end", now=now, due_at=order.ends_at)
    return order


@transaction.atomic
def confirm(order_id: int, *, by: Actor, now: datetime) -> Order:
    """Send an offer to everyone proposed; places without anybody keep being searched. Repeating it changes nothing.

    Where it is urgent more people are asked at once (`orders.services.waves`); a place whose shift is as good as over
    lapses instead.
    """
    order = locks.order(order_id)
    if order.status in (OrderStatus.OFFERING, OrderStatus.FILLED, OrderStatus.IN_SERVICE):
        return order
    order.confirmed_at = order.confirmed_at or now
    change(order, "confirm", by=by, now=now, also=["confirmed_at"])
    places = positions_of(order)
    lapse_passed(places, now)
    for place in places:
        if place.status == PositionStatus.PROPOSED:
            offers.send_first(place, by=by, now=now)
    return order


def positions_of(*orders: Order) -> list[Position]:
    """The orders' positions, each with the locked order behind its shift."""
    by_id = {order.pk: order for order in orders}
    if not by_id:
        return []
    rows = Position.objects.filter(among("shift__order_id", by_id))
    found = list(rows.select_related("shift", "proposed_worker__user", "backup_worker").order_by("id"))
    for place in found:
        place.shift.order = by_id[place.shift.order_id]
    return found


@transaction.atomic
def rematch(order_id: int, *, by: Actor, now: datetime) -> Order:
    """Throw the unconfirmed proposal away and match afresh."""
    order = locks.order(order_id)
    for place in positions_of(order):
        if place.status == PositionStatus.PROPOSED:
            clear(place, by=by, now=now)
    change(order, "repropose", by=by, now=now)
    return order


def lapse(place: Position, now: datetime, *, reason: str) -> None:
    """Nobody could be found in time: the place stays empty, and its replacement, if one was running, has failed."""
    change(place, "lapse", by=SYSTEM, now=now, reason=reason)
    _give_up_replacement(place, now)


def _give_up_replacement(place: Position, now: datetime) -> None:
    Replacement.objects.filter(position=place, found__isnull=True, failed_at__isnull=True).update(failed_at=now)


def lapse_passed(places: Iterable[Position], now: datetime) -> None:
    """Give up those nobody has been asked for, where it is too late to ask. Their order must be locked."""
    begun = [place for place in places if place.shift.start_at <= now]
    if not begun:
        return
    policy = OrderPolicy.current()
    for place in begun:
        if place.status in (PositionStatus.OPEN, PositionStatus.PROPOSED) and offers.too_late(place, policy, now):
            lapse(place, now, reason="too_late")


def clear(place: Position, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Take the proposed worker off a position."""
    offers.empty(place)
    change(place, "clear", by=by, now=now, reason=reason, also=offers.EMPTIED)


@transaction.atomic
def cancel(order_id: int, *, by: Actor, now: datetime, reason: str, agreed: Decimal = ZERO) -> Order:
    """Call the order off before it starts: offers are withdrawn, booked workers released and told.

    Its client pays for accepted places given up late (`orders.cutoffs`), but never more than `agreed` (CNY): if it
    costs more by now, `Conflict` `fee_risen` says how much. Also raises `Conflict` once the order is in service and
    `Invalid` without a reason. Repeating it changes nothing.
    """
    order = locks.order(order_id)
    if order.status == OrderStatus.CANCELLED:
        return order
    if not reason.strip():
        raise Invalid("no_reason", _("请填写取消理由。"))
    charged = _charge(order, by, now, agreed)
    for offer in Offer.objects.filter(position__shift__order=order, status=OfferStatus.PENDING).order_by("id"):
        offers.withdraw(locks.offer(offer.pk), by=by, now=now, reason="order_cancelled")
    for work in Assignment.objects.filter(position__shift__order=order, status=AssignmentStatus.BOOKED).order_by("id"):
        bookings.release_quietly(locks.assignment(work.pk), by=by, now=now, reason=reason)
    for place in positions_of(order):
        if place.status in (*OPEN_POSITIONS, PositionStatus.FILLED):
            close(place, by=by, now=now, reason="order_cancelled")
    change(order, "cancel", by=by, now=now, reason=reason, data={"fee": str(charged)}, also=["cancel_fee"])
    return order


def _charge(order: Order, by: Actor, now: datetime, agreed: Decimal) -> Decimal:
    """Put what cancelling costs on the locked order. An order that nobody can cancel is refused by its table."""
    if not fees.owed_by(by) or order.submitted_at is None or order.status in AT_WORK:
        return ZERO
    owed = fees.total(fees.of_cancelling(order, now))
    if owed > agreed:
        raise fee_risen(owed)
    order.cancel_fee = (order.cancel_fee or ZERO) + owed
    return owed


def fee_risen(owed: Decimal) -> Conflict:
    """It costs more now than the person agreed to; `params["fee"]` says how much (CNY)."""
    return Conflict("fee_risen", _("现在办理需付 ¥%(fee)s，高于您确认的金额，请核对后再确认。"), fee=owed)


def price_risen(total: Decimal) -> Conflict:
    """The service is planned to cost more now than the person was shown (CNY)."""
    return Conflict("price_risen", _("价格刚刚有变化，现在预估 ¥%(total)s，请核对后再确认。"), total=total)


def close(place: Position, *, by: Actor, now: datetime, reason: str) -> None:
    """Nobody is wanted for the place any more; whoever was booked on it has been released."""
    change(place, "close", by=by, now=now, reason=reason)
    _give_up_replacement(place, now)


@transaction.atomic
def settle(order_id: int, now: datetime) -> bool:
    """End an order whose time has passed and whose people have all gone home. False if it is not that far yet."""
    order = locks.order(order_id)
    if order.status in (OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.DRAFT) or now < order.ends_at:
        return False
    work = Assignment.objects.filter(position__shift__order=order)
    if work.filter(status__in=(AssignmentStatus.BOOKED, AssignmentStatus.CHECKED_IN)).exists():
        return False
    for offer in Offer.objects.filter(position__shift__order=order, status=OfferStatus.PENDING).order_by("id"):
        offers.withdraw(locks.offer(offer.pk), by=SYSTEM, now=now, reason="shift_over")
    for place in positions_of(order):
        if place.status in OPEN_POSITIONS:
            lapse(place, now, reason="shift_over")
    order.completed_at = now
    action = "complete" if order.status == OrderStatus.IN_SERVICE else "lapse"
    change(order, action, by=SYSTEM, now=now, also=["completed_at"])
    return True
