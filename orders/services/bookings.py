"""Booking a worker's time, and giving it back.

Two guards, both needed: the worker row is locked and everything is checked again, and the database refuses
overlapping active assignments. (The check alone loses races; the constraint alone deadlocks.)
"""

from datetime import datetime, timedelta
from typing import Any

import psycopg2.errors
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from orders.matching import Reason, reasons_against
from orders.matching.explain import reason_to_dict
from orders.models import Assignment, Offer, OrderPolicy, Replacement
from orders.pool import candidate, needs_of, weights_in_force
from orders.services import locks
from orders.states import AssignmentStatus, OfferStatus
from orders.timetable import Rhythm, said_by_the_yes, timetable
from orders.ways import arrival_of
from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict
from staffing.core.transitions import change

TAKING_TIME = (AssignmentStatus.BOOKED, AssignmentStatus.CHECKED_IN)
# A yes is the worker's own word on their hours; it need not fit the weekly pattern they once gave.
OWN_WORD = frozenset({"outside_hours", "time_off"})
# A dispatcher's override with a reason opens every gate but these.
NEVER_OVERRIDDEN = frozenset({"inactive", "overlap", "do_not_send", "already_on_shift"})


class NotFree(Conflict):
    """The worker cannot take the shift (any more); `params["reasons"]` holds why, as data."""


def book(offer: Offer, *, by: Actor, now: datetime) -> Assignment:
    """Turn an accepted offer into an assignment. The order must be locked; the worker gets locked here.

    Raises `NotFree` when the worker's time, rest, weekly hours or any other gate no longer allows it.
    """
    locks.workers([offer.worker_id])
    place, shift = offer.position, offer.position.shift
    start = max(shift.start_at, now.replace(second=0, microsecond=0))
    _check_free(offer, start)
    work = _insert(
        Assignment(
            position=place,
            worker_id=offer.worker_id,
            offer=offer,
            start_at=start,
            end_at=shift.end_at,
            pay_rate=offer.pay_rate,
            bill_rate=shift.order.bill_rate,
            booked_at=now,
            confirmed_at=now if _late_yes(start, now) else None,
        )
    )
    _close_replacement(work, now)
    event = audit.record(work, "book", by=by, now=now, to_state=work.status)
    outbox.publish("assignment.book", {"id": work.pk}, key=str(event.pk), now=now)
    outbox.publish("assignment.absence", {"id": work.pk}, key=str(work.pk), now=now, due_at=absent_from(work))
    return work


def rhythm_of(policy: OrderPolicy) -> Rhythm:
    """The policy's numbers for what is due before a shift."""
    return Rhythm(
        opens=timedelta(hours=policy.confirm_from_hours),
        closes=timedelta(hours=policy.confirm_until_hours),
        again=timedelta(hours=policy.confirm_again_hours),
        answer=timedelta(minutes=policy.confirm_answer_minutes),
        release=timedelta(hours=policy.auto_release_hours),
        remind=timedelta(minutes=policy.remind_minutes),
        set_out=timedelta(minutes=policy.set_out_from_minutes),
        quiet=(policy.quiet_from_hour, policy.quiet_until_hour),
    )


def _late_yes(start: datetime, now: datetime) -> bool:
    """Whether nothing is left to ask before the shift: the yes is the confirmation."""
    return said_by_the_yes(now, timetable(start, rhythm_of(OrderPolicy.current()), None))


def absent_from(work: Assignment) -> datetime:
    """From when a booked worker who has not checked in counts as a no-show; who was booked late gets time to come."""
    policy = OrderPolicy.current()
    expected = arrival_of(work, policy)
    return min(expected + timedelta(minutes=policy.no_show_minutes), work.end_at)


def _check_free(offer: Offer, start: datetime) -> None:
    place = offer.position
    weights = weights_in_force()
    need = needs_of(place.shift.order, [place.shift], not_before=start, weights=weights)[0]
    person = candidate(offer.worker_id, need.start, need.end)
    found = [r for r in reasons_against(need, person, weights=weights) if r.code not in OWN_WORD]
    if place.chosen_by_hand:
        found = [r for r in found if r.code in NEVER_OVERRIDDEN]
    if found:
        raise not_free(found)


def not_free(reasons: list[Reason]) -> NotFree:
    """The refusal with its reasons as data."""
    code = "double_booked" if any(r.code == "overlap" for r in reasons) else "not_eligible"
    message = _("该时段您已有其他班次。") if code == "double_booked" else _("您当前不符合此班次的要求。")
    return NotFree(code, message, reasons=[reason_to_dict(r) for r in reasons])


def _insert(work: Assignment) -> Assignment:
    try:
        with transaction.atomic():
            work.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg2.errors.ExclusionViolation):
            raise NotFree("double_booked", _("该时段您已有其他班次。"), reasons=[]) from error
        if isinstance(error.__cause__, psycopg2.errors.UniqueViolation):
            raise NotFree("position_taken", _("此名额已有人接单。"), reasons=[]) from error
        raise
    return work


def _close_replacement(work: Assignment, now: datetime) -> None:
    open_one = Replacement.objects.filter(position=work.position_id, found__isnull=True, failed_at__isnull=True).first()
    if open_one is None:
        return
    open_one.found, open_one.filled_at = work, now
    open_one.save(update_fields=["found", "filled_at"])
    work.replaces_id = open_one.lost_id
    work.save(update_fields=["replaces"])


def clashing_offers(work: Assignment) -> list[int]:
    """Ids of the worker's other pending offers that this booking rules out (overlap or too little rest)."""
    rest = timedelta(minutes=work.worker.min_rest_minutes)
    return list(
        Offer.objects.filter(
            worker=work.worker_id,
            status=OfferStatus.PENDING,
            position__shift__start_at__lt=work.end_at + rest,
            position__shift__end_at__gt=work.start_at - rest,
        )
        # Their orders are locked one after the other in one transaction, so in id order.
        .order_by("position__shift__order_id", "id")
        .values_list("pk", flat=True)
    )


def end(work: Assignment, action: str, *, by: Actor, now: datetime, reason: str, **data: Any) -> None:
    """Give a booked worker's time back (no-show, cancel, release)."""
    work.ended_at = now
    change(work, action, by=by, now=now, reason=reason, data=data, also=["ended_at"])


def release_quietly(work: Assignment, *, by: Actor, now: datetime, reason: str) -> None:
    """Release a booked worker because the order itself is called off: no replacement is sought."""
    end(work, "release", by=by, now=now, reason=reason)
