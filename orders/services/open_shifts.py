"""A worker takes a published place by themselves, and may give it back for some minutes as if nothing had been."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders import openings
from orders.models import Assignment, Offer, OrderPolicy, Position, Replacement, ShiftClaim
from orders.services import attendance, bookings, locks, offers, proposing
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict
from staffing.core.transitions import change
from workers.models import Worker


@transaction.atomic
def claim(shift_id: int, *, by: Actor, now: datetime) -> Assignment:
    """Take the first free place of a published shift: booked at once, under every rule that holds for an offer.

    Repeating it gives the same booking. Raises `Conflict` if no place is free (any more), `bookings.NotFree` with the
    reasons if the worker may not take it.
    """
    locks.matching()
    worker = Worker.objects.select_related("user").get(user=by.user)
    held = Assignment.objects.filter(position__shift=shift_id, worker=worker, status__in=ACTIVE_ASSIGNMENT).first()
    if held is not None:
        return held
    place, policy = _free_place(shift_id, worker, now), OrderPolicy.current()
    work = offers.accept(_question(place, worker, now).pk, by=by, now=now)
    until = now + timedelta(minutes=policy.claim_undo_minutes)
    ShiftClaim.objects.create(assignment=work, claimed_at=now, undo_until=until)
    return work


def _free_place(shift_id: int, worker: Worker, now: datetime) -> Position:
    """The first place of the shift that is published, with its order locked."""
    first = Position.objects.filter(shift=shift_id).order_by("number").values_list("pk", flat=True).first()
    if first is not None:
        locks.position(first)
        open_now = openings.published(worker, now, OrderPolicy.current()).filter(shift=shift_id)
        if (found := open_now.order_by("number").values_list("pk", flat=True).first()) is not None:
            return locks.position(found)
    raise Conflict("offer_taken", _("此班次刚刚已被他人接走，谢谢您愿意帮忙。"))


def _question(place: Position, worker: Worker, now: datetime) -> Offer:
    """The offer that the worker accepts: the one that waits for them, or one of their own asking."""
    waiting = place.offers.filter(worker=worker, status=OfferStatus.PENDING).first()
    if waiting is not None:
        return waiting
    wave = offers.next_wave(place)
    if place.status == PositionStatus.OPEN:
        invite(place, worker, wave, now)
    proposing.note_response(place.shift.order, now)
    return offers.ask(place, worker, None, wave, by=SYSTEM, now=now)


def invite(place: Position, worker: Worker, wave: int, now: datetime) -> None:
    """An open place is this worker's, as far as it is anybody's before the yes."""
    offers.empty(place)
    place.proposed_worker, place.wave = worker, wave
    change(place, "invite", by=SYSTEM, now=now, data={"wave": wave, "worker": worker.pk}, also=offers.EMPTIED)


@transaction.atomic
def undo(assignment_id: int, *, by: Actor, now: datetime) -> Assignment:
    """Give a claimed shift back within the minutes of the policy: no strike, and somebody else is sought at once.

    Repeating it changes nothing. Raises `Conflict` for a shift that was not claimed, later, or once the worker has
    come.
    """
    work = locks.assignment(assignment_id)
    taken = ShiftClaim.objects.filter(assignment=work).first()
    if taken is None:
        raise Conflict("not_claimed", _("这个班次不是您自选的，不能撤回；去不了请取消班次。"))
    if taken.undone_at is not None:
        return work
    if now >= taken.undo_until:
        raise Conflict("undo_over", _("撤回时间已过；去不了请取消班次。"))
    taken.undone_at = now
    taken.save(update_fields=["undone_at"])
    bookings.end(work, "undo", by=by, now=now, reason="undone")
    # Whom they would have replaced is missing again.
    Replacement.objects.filter(found=work).update(found=None, filled_at=None)
    attendance.vacate(work.position, by=by, now=now, reason="undone")
    return work


def undo_until(work: Assignment, now: datetime) -> datetime | None:
    """Until when this booking may be given back as if nothing had been; None if it may not (any more)."""
    taken = getattr(work, "claim", None)
    if taken is None or taken.undone_at or now >= taken.undo_until or work.status != AssignmentStatus.BOOKED:
        return None
    return taken.undo_until
