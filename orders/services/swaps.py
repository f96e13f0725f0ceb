"""A worker hands a booked shift to a colleague: theirs until somebody has it, and nothing is empty in between.

Everything happens under the order's lock: the old booking ends and the new one begins in one transaction, and the
taker is checked by every rule when they say yes and again when the shift changes hands.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.matching import reasons_against
from orders.models import Assignment, OrderPolicy, Replacement, SwapRequest, SwapRule
from orders.pool import candidate, needs_of, weights_in_force
from orders.services import bookings, locks, offers, open_shifts
from orders.states import LIVE_SWAP, AssignmentStatus, SwapStatus
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor, actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.transitions import change
from workers.models import Worker

GONE = _("这个换班已有同事接手，或已撤回、过期。")


@transaction.atomic
def ask(assignment_id: int, *, by: Actor, now: datetime, only: Worker | None = None, note: str = "") -> SwapRequest:
    """Offer a booked shift to everybody who suits, or to one colleague. It stays the asker's.

    Repeating it while it is offered gives the same request. Raises `Conflict` if the shift is not booked any more or
    begins too soon, `bookings.NotFree` if the colleague may not take it.
    """
    work = locks.assignment(assignment_id)
    live = SwapRequest.objects.filter(assignment=work, status__in=LIVE_SWAP).first()
    if live is not None:
        return live
    until = ends_at(work)
    if not may_ask(work, now):
        raise Conflict("no_swap", _("这个班次现在不能换班；去不了请取消班次或致电调度。"))
    if only is not None:
        _check(work, only)
    swap = SwapRequest.objects.create(
        assignment=work, only=only, note=note.strip()[:100], asked_at=now, expires_at=until
    )
    event = audit.record(swap, "ask", by=by, now=now, to_state=swap.status)
    outbox.publish("swaprequest.ask", {"id": swap.pk}, key=str(event.pk), now=now)
    outbox.publish("swaprequest.expiry", {"id": swap.pk}, key=str(swap.pk), now=now, due_at=until)
    return swap


def may_ask(work: Assignment, now: datetime) -> bool:
    """Whether the shift may be offered to colleagues now."""
    return work.status == AssignmentStatus.BOOKED and now < ends_at(work)


def ends_at(work: Assignment) -> datetime:
    """Until when a shift may change hands."""
    return work.start_at - timedelta(hours=OrderPolicy.current().swap_until_hours)


def _check(work: Assignment, worker: Worker) -> None:
    """Every rule for this worker, but their own weekly hours: a yes is their own word."""
    if worker.pk == work.worker_id:
        raise Forbidden("own_shift", _("这是您自己的班次。"))
    weights = weights_in_force()
    shift = work.position.shift
    (need,) = needs_of(shift.order, [shift], weights=weights)
    found = reasons_against(need, candidate(worker.pk, need.start, need.end), weights=weights)
    against = [reason for reason in found if reason.code not in bookings.OWN_WORD]
    if against:
        raise bookings.not_free(against)


def _locked(swap_id: int) -> SwapRequest:
    """The request and its booking, with their order locked."""
    work = locks.assignment(SwapRequest.objects.values_list("assignment_id", flat=True).get(pk=swap_id))
    swap = SwapRequest.objects.select_related("taker__user").get(pk=swap_id)
    swap.assignment = work
    return swap


@transaction.atomic
def take(swap_id: int, *, by: Actor, now: datetime) -> SwapRequest:
    """Say yes to a colleague's shift: it changes hands at once, or when a dispatcher approves, as the policy says.

    Repeating it changes nothing. Raises `Conflict` if somebody else was quicker or it is over, `Forbidden` if another
    colleague was asked, `bookings.NotFree` with the reasons if a rule says no; then nothing has changed.
    """
    swap = _locked(swap_id)
    worker = Worker.objects.select_related("user").get(user=by.user)
    if swap.taker_id == worker.pk and swap.status in (SwapStatus.TAKEN, SwapStatus.DONE):
        return swap
    if swap.only_id not in (None, worker.pk):
        raise Forbidden("not_asked", _("这个换班只问了一位同事。"))
    if swap.status != SwapStatus.OPEN or not may_ask(swap.assignment, now):
        raise Conflict("swap_gone", GONE)
    _check(swap.assignment, worker)
    swap.taker, swap.taken_at = worker, now
    change(swap, "take", by=by, now=now, also=["taker", "taken_at"])
    if OrderPolicy.current().swap_rule == SwapRule.AUTO:
        _exchange(swap, by=by, now=now)
        _close(swap, "approve", by=SYSTEM, now=now)
    return swap


@transaction.atomic
def approve(swap_id: int, *, by: Actor, now: datetime) -> SwapRequest:
    """Let the shift change hands. Repeating it changes nothing.

    Raises `Conflict` if it is over meanwhile, `bookings.NotFree` if the taker is not free any more; nothing changes.
    """
    swap = _locked(swap_id)
    if swap.status == SwapStatus.DONE:
        return swap
    if swap.status != SwapStatus.TAKEN or swap.assignment.status != AssignmentStatus.BOOKED:
        raise Conflict("swap_gone", _("这个换班已撤回、过期或已处理。"))
    _exchange(swap, by=by, now=now)
    _close(swap, "approve", by=by, now=now)
    return swap


def _exchange(swap: SwapRequest, *, by: Actor, now: datetime) -> None:
    """The old booking ends and the taker is booked, by an offer of their own as everybody is."""
    old, taker = swap.assignment, swap.taker
    assert taker is not None, "a taken swap has a taker"
    if now >= old.start_at:
        raise Conflict("shift_over", _("班次已开始，不能再换班。"))
    locks.workers([old.worker_id, taker.pk])
    place, wave = old.position, offers.next_wave(old.position)
    bookings.end(old, "swap", by=by, now=now, reason="swapped")
    Replacement.objects.create(position=place, lost=old, cause=Replacement.Cause.SWAPPED, started_at=now)
    offers.empty(place)
    change(place, "vacate", by=by, now=now, reason="swapped", also=offers.EMPTIED)
    open_shifts.invite(place, taker, wave, now)
    offer = offers.ask(place, taker, None, wave, by=SYSTEM, now=now)
    swap.found = offers.accept(offer.pk, by=actor_of(taker.user), now=now)


def _close(swap: SwapRequest, action: str, *, by: Actor, now: datetime, reason: str = "") -> None:
    swap.closed_at, swap.reason = now, reason[:200]
    change(swap, action, by=by, now=now, reason=reason, also=["closed_at", "reason", "found"])


@transaction.atomic
def refuse(swap_id: int, *, by: Actor, now: datetime, reason: str) -> SwapRequest:
    """The shift stays where it is; both are told why. Repeatable. Raises `Invalid` without a reason, `Conflict` if it
    is decided otherwise."""
    swap = _locked(swap_id)
    if swap.status == SwapStatus.REFUSED:
        return swap
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    _close(swap, "refuse", by=by, now=now, reason=reason)
    return swap


@transaction.atomic
def withdraw(swap_id: int, *, by: Actor, now: datetime) -> SwapRequest:
    """The asker keeps the shift. Repeatable. Raises `Conflict` once it has changed hands or is over."""
    swap = _locked(swap_id)
    if swap.status != SwapStatus.WITHDRAWN:
        _close(swap, "withdraw", by=by, now=now)
    return swap


@transaction.atomic
def back_out(swap_id: int, *, by: Actor, now: datetime) -> SwapRequest:
    """Who said yes takes it back before it was approved; others may answer again. Repeatable.

    Raises `Conflict` once it is decided.
    """
    swap = _locked(swap_id)
    if swap.status == SwapStatus.OPEN:
        return swap
    swap.taker = swap.taken_at = None
    change(swap, "back_out", by=by, now=now, also=["taker", "taken_at"])
    return swap


@transaction.atomic
def expire(swap_id: int, now: datetime) -> bool:
    """Nobody has taken it in time: it stays where it is. False if it is over already, or its time has moved on."""
    swap = _locked(swap_id)
    if swap.status not in LIVE_SWAP:
        return False
    if now < (due := ends_at(swap.assignment)):
        # The shift was put off, or the policy changed: ask again then.
        swap.expires_at = due
        swap.save(update_fields=["expires_at"])
        outbox.publish("swaprequest.expiry", {"id": swap.pk}, key=f"{swap.pk}:{due}", now=now, due_at=due)
        return False
    _close(swap, "expire", by=SYSTEM, now=now)
    return True


@transaction.atomic
def close_for(assignment_id: int, now: datetime) -> bool:
    """The booking has ended or begun in another way: nothing is left to swap. False if there was nothing."""
    work = locks.assignment(assignment_id)
    swap = SwapRequest.objects.filter(assignment=work, status__in=LIVE_SWAP).first()
    if swap is None or work.status == AssignmentStatus.BOOKED:
        return False
    swap.assignment = work
    _close(swap, "withdraw", by=SYSTEM, now=now)
    return True
