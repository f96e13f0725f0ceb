"""A client changes an order that was submitted: what `amend_plan` says is done, under the order's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Order, Position, Shift
from orders.services import bookings, locks, offers, ordering, proposing
from orders.services.amend_plan import Amendment, Line, Plan, plan_of
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core import outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict
from staffing.core.models import AuditEvent
from staffing.core.money import ZERO
from staffing.core.transitions import change

REASON = "amended"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the client was shown and said yes to: the fee, the bookings that would be released, and what the service
    would cost then (CNY each; None: was not shown)."""

    fee: Decimal = ZERO
    released: frozenset[int] = frozenset()
    estimate: Decimal | None = None


@transaction.atomic
def amend(order_id: int, wish: Amendment, *, agreed: Agreed, by: Actor, now: datetime) -> Order:
    """Change title, notes, headcounts and shifts of a submitted order. The same `form_key` changes nothing again.

    New places are sought at once; who is no longer needed is told. Never charges more, nor sends anybody home, than
    was agreed: `Conflict` `fee_risen`, `price_risen` or `changed_meanwhile` then. Raises what `plan_of` raises.
    """
    order = locks.order(order_id)
    if _done_before(order, wish):
        return order
    plan = plan_of(order, wish, by=by, now=now)
    if plan.empty:
        return order
    _check_agreed(plan, agreed)
    for line in plan.changes:
        _give_up(line.dropped, by=by, now=now)
    places = [place for line in plan.changes for place in _resize(order, line)]
    _write(order, wish, plan, by=by, now=now)
    _follow(order, places, now)
    return order


def _done_before(order: Order, wish: Amendment) -> bool:
    rows = AuditEvent.objects.filter(order_id=order.pk, subject_type="order", action="amend")
    return rows.filter(data__form_key=str(wish.form_key)).exists()


def _check_agreed(plan: Plan, agreed: Agreed) -> None:
    if plan.fee > agreed.fee:
        raise ordering.fee_risen(plan.fee)
    if agreed.estimate is not None and plan.estimate > agreed.estimate:
        raise ordering.price_risen(plan.estimate)
    if not {work.pk for work in plan.released} <= agreed.released:
        raise Conflict("changed_meanwhile", _("受影响的员工刚刚有变化，请核对后再确认。"))


def _give_up(places: Sequence[Position], *, by: Actor, now: datetime) -> None:
    """Nobody is wanted for these places: questions are taken back, booked people released and told."""
    for place in places:
        for offer in place.offers.filter(status=OfferStatus.PENDING).order_by("id"):
            offers.withdraw(locks.offer(offer.pk), by=by, now=now, reason=REASON)
        if place.status == PositionStatus.FILLED:
            work = place.assignments.filter(status=AssignmentStatus.BOOKED).get()
            bookings.release_quietly(locks.assignment(work.pk), by=by, now=now, reason=REASON)
        ordering.close(place, by=by, now=now, reason=REASON)


def _resize(order: Order, line: Line) -> list[Position]:
    """Write the shift's new headcount, or the new shift; its new places."""
    shift = line.shift or Shift(order=order, start_at=line.start, end_at=line.end)
    shift.headcount = line.after
    shift.save()
    used = shift.positions.order_by("-number").values_list("number", flat=True).first() or 0
    numbers = range(used + 1, used + 1 + max(0, line.after - line.before))
    return Position.objects.bulk_create(Position(shift=shift, number=number) for number in numbers)


def _write(order: Order, wish: Amendment, plan: Plan, *, by: Actor, now: datetime) -> None:
    """The order itself, its audit with everything that changed, and the hour at which it is over."""
    was, kept = order.estimate, [line for line in plan.lines if line.after]
    order.title, order.notes, order.estimate = wish.title, wish.notes, plan.estimate
    order.starts_at, order.ends_at = min(line.start for line in kept), max(line.end for line in kept)
    order.cancel_fee = (order.cancel_fee or ZERO) + plan.fee if plan.fee else order.cancel_fee
    data = {
        "form_key": str(wish.form_key),
        "fee": str(plan.fee),
        "estimate": [str(was), str(plan.estimate)],
        "shifts": [_told(line) for line in plan.changes],
    }
    change(
        order,
        "amend",
        by=by,
        now=now,
        data=data,
        also=["title", "notes", "estimate", "starts_at", "ends_at", "cancel_fee"],
    )
    key = f"{order.pk}:end:{wish.form_key}"
    outbox.publish("order.finish", {"id": order.pk}, key=key, now=now, due_at=max(now, order.ends_at))


def _told(line: Line) -> dict[str, Any]:
    return {
        "start": line.start.isoformat(),
        "end": line.end.isoformat(),
        "people": [line.before, line.after],
        "released": [work.worker_id for work in line.released],
    }


def _follow(order: Order, new: Sequence[Position], now: datetime) -> None:
    """New places are sought, and the order is as full, or as completely proposed, as it is now."""
    if order.status == OrderStatus.SUBMITTED:
        return
    if new and order.status == OrderStatus.FILLED:
        change(order, "unfill", by=SYSTEM, now=now, reason=REASON)
    for place in new:
        offers.seek(place, now)
    proposing.note_response(order, now)
    if order.status == OrderStatus.PROPOSED:
        proposing.confirm_by_itself(order, now)
    else:
        offers.note_fill(order, now)
