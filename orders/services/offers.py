"""Offers: sent, answered, expired, withdrawn. The first yes books its worker and takes the others' questions back;
anything else leaves the place to the others who are asked for it, and passes it on when nobody is left."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, Offer, Order, OrderPolicy, Position
from orders.services import bookings, locks
from orders.states import OfferStatus, OrderStatus, PositionStatus
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict
from staffing.core.transitions import change
from workers.models import Worker
from workers.selectors import career, pool

# Why the others' questions are taken back once somebody has said yes.
TAKEN = "taken"


def is_urgent(place: Position, policy: OrderPolicy, now: datetime) -> bool:
    """Whether somebody must be found quickly: the shift is near, or a dispatcher says so."""
    return place.urgent or is_near(place, policy, now)


def is_near(place: Position, policy: OrderPolicy, now: datetime) -> bool:
    """Whether the shift begins within the minutes in which people are sought quickly."""
    return place.shift.start_at - now <= timedelta(minutes=policy.urgent_within_minutes)


def answer_by(place: Position, policy: OrderPolicy, now: datetime) -> datetime:
    """Until when an offer sent now may be answered: shorter when the shift is near, never past its end."""
    minutes = policy.urgent_offer_minutes if is_urgent(place, policy, now) else policy.offer_minutes
    return min(now + timedelta(minutes=minutes), place.shift.end_at)


def widen(place: Position, now: datetime, *, due_at: datetime | None = None) -> None:
    """Have the next wave of people asked for the place, now or later, unless it is over or another one by then."""
    at = due_at or now
    payload = {"id": place.pk, "wave": place.wave}
    outbox.publish("position.wave", payload, key=f"{place.pk}:{place.wave}:{at.isoformat()}", now=now, due_at=at)


def send_first(place: Position, *, by: Actor, now: datetime) -> Offer:
    """`send` what the engine proposes; where it is urgent more people are asked beside them."""
    offer = send(place, by=by, now=now)
    if is_urgent(place, OrderPolicy.current(), now) and not place.chosen_by_hand:
        place.wave = offer.wave
        place.save(update_fields=["wave"])
        widen(place, now)
    return offer


def too_late(place: Position, policy: OrderPolicy, now: datetime) -> bool:
    """Whether nobody is sought for the place any more: its shift runs and little of it is left."""
    last = place.shift.end_at - timedelta(minutes=policy.replacement_until_minutes)
    return now >= max(place.shift.start_at, last)


def send(place: Position, *, by: Actor, now: datetime) -> Offer:
    """Ask the proposed worker. The order must be locked and confirmed."""
    worker = place.proposed_worker
    assert worker is not None, "a proposed position has a worker"
    change(place, "offer", by=by, now=now)
    return ask(place, worker, place.score, next_wave(place), by=by, now=now)


def next_wave(place: Position) -> int:
    """The number of the next round of questions about the place, from 1."""
    return (place.offers.aggregate(last=Max("wave"))["last"] or 0) + 1


def ask(place: Position, worker: Worker, score: int | None, wave: int, *, by: Actor, now: datetime) -> Offer:
    """Put the question about a place of a locked, confirmed order to one worker."""
    order = place.shift.order
    level = career.level_on(worker, timezone.localdate(place.shift.start_at))
    offer = Offer.objects.create(
        position=place,
        worker=worker,
        wave=wave,
        score=score,
        pay_rate=pool.rate_card(order.city, level, order.service_type).pay_rate,
        sent_at=now,
        expires_at=answer_by(place, OrderPolicy.current(), now),
    )
    event = audit.record(offer, "send", by=by, now=now, to_state=offer.status)
    outbox.publish("offer.send", {"id": offer.pk}, key=str(event.pk), now=now)
    outbox.publish("offer.expiry", {"id": offer.pk}, key=str(offer.pk), now=now, due_at=offer.expires_at)
    return offer


def accept(offer_id: int, *, by: Actor, now: datetime) -> Assignment:
    """Say yes: books the worker, or says why not. Saying yes again gives the same assignment.

    The order's row is locked, so of several who are asked for one place exactly the first gets it.

    Raises `Conflict` if the offer has passed, or if the worker is no longer free then; in that case the
    offer is taken back and the place passed on.
    """
    try:
        return _accept(offer_id, by=by, now=now)
    except bookings.NotFree as clash:
        take_back(offer_id, now=now, reason=clash.code)
        raise


@transaction.atomic
def _accept(offer_id: int, *, by: Actor, now: datetime) -> Assignment:
    offer = locks.offer(offer_id)
    if offer.status == OfferStatus.ACCEPTED:
        return offer.assignment
    _still_open(offer, now)
    offer.answered_at = now
    change(offer, "accept", by=by, now=now, also=["answered_at"])
    _put_first(offer)
    offer.position.wave = 0
    change(offer.position, "fill", by=by, now=now, also=[*CHOSEN, "wave"])
    work = bookings.book(offer, by=by, now=now)
    withdraw_all(offer.position, by=SYSTEM, now=now, reason=TAKEN)
    note_fill(offer.position.shift.order, now)
    return work


# What is written of a place when another of those who are asked comes first.
CHOSEN = ("proposed_worker", "score", "chosen_by_hand", "novice")


def _put_first(offer: Offer) -> None:
    """The place is this worker's, as far as it is anybody's before the yes. Only the person whom a dispatcher chose is
    there by hand, only the one who was taken for being a novice is there as one."""
    place = offer.position
    if place.proposed_worker_id != offer.worker_id:
        place.proposed_worker, place.score = offer.worker, offer.score
        place.chosen_by_hand = place.novice = False


def asked(place: Position) -> "QuerySet[Offer]":
    """The questions about the place that wait for an answer, the best person's first (as they were invited)."""
    return place.offers.filter(status=OfferStatus.PENDING).select_related("worker__user").order_by("wave", "id")


def _still_open(offer: Offer, now: datetime) -> None:
    if offer.status == OfferStatus.PENDING and now < offer.expires_at:
        return
    if offer.status == OfferStatus.WITHDRAWN and offer.reason == TAKEN:
        raise Conflict("offer_taken", _("此班次刚刚已被他人接走，谢谢您愿意帮忙。"))
    if offer.status in (OfferStatus.PENDING, OfferStatus.EXPIRED):
        raise Conflict("offer_expired", _("此派单已过答复时限，已转给其他人。"))
    raise Conflict("offer_gone", _("此派单已被撤回或已答复。"))


def note_fill(order: Order, now: datetime) -> None:
    """The last yes fills the locked order; the first time is kept as its fill time. Closed places are not wanted."""
    wanted = Position.objects.filter(shift__order=order).exclude(status=PositionStatus.CLOSED)
    if wanted.exclude(status=PositionStatus.FILLED).exists():
        return
    order.filled_at = order.filled_at or now
    if order.status == OrderStatus.OFFERING:
        change(order, "fill", by=SYSTEM, now=now, also=["filled_at"])
    else:
        order.save(update_fields=["filled_at"])


@transaction.atomic
def decline(offer_id: int, *, by: Actor, now: datetime, reason: str = "") -> Offer:
    """Say no; the place waits for the others who are asked, or passes to the next. Repeating it changes nothing."""
    offer = locks.offer(offer_id)
    if offer.status == OfferStatus.DECLINED:
        return offer
    _still_open(offer, now)
    _end(offer, "decline", by=by, now=now, reason=reason)
    _one_less(offer, by=by, now=now, reason="declined")
    return offer


@transaction.atomic
def expire(offer_id: int, now: datetime) -> bool:
    """Let an unanswered offer go: as a no. False if it was answered, or its time has not come."""
    offer = locks.offer(offer_id)
    if offer.status != OfferStatus.PENDING or now < offer.expires_at:
        return False
    _end(offer, "expire", by=SYSTEM, now=now)
    _one_less(offer, by=SYSTEM, now=now, reason="expired")
    return True


def withdraw(offer: Offer, *, by: Actor, now: datetime, reason: str) -> None:
    """Take a locked pending offer back without passing the place on."""
    _end(offer, "withdraw", by=by, now=now, reason=reason)


def withdraw_all(place: Position, *, by: Actor, now: datetime, reason: str) -> None:
    """Take back all that is asked about a place of a locked order."""
    for offer in asked(place):
        offer.position = place
        withdraw(offer, by=by, now=now, reason=reason)


@transaction.atomic
def take_back(offer_id: int, *, now: datetime, reason: str) -> None:
    """Ask this worker no more; the place waits for the others who are asked, or passes to the next."""
    offer = locks.offer(offer_id)
    if offer.status == OfferStatus.PENDING:
        withdraw(offer, by=SYSTEM, now=now, reason=reason)
        _one_less(offer, by=SYSTEM, now=now, reason=reason)


def _one_less(ended: Offer, *, by: Actor, now: datetime, reason: str) -> None:
    """One question has ended without a yes."""
    place = ended.position
    first = asked(place).first()
    if first is None:
        pass_on(place, by=by, now=now, reason=reason)
    elif first.worker_id != place.proposed_worker_id:
        first.position = place
        _put_first(first)
        place.save(update_fields=list(CHOSEN))
        audit.record(place, "lead", by=SYSTEM, now=now, data={"worker": first.worker_id, "score": first.score})


def take_back_clashing(assignment_id: int, now: datetime) -> int:
    """After a yes: take back the same worker's pending offers that clash with it; returns how many."""
    work = Assignment.objects.get(pk=assignment_id)
    if work.status not in bookings.TAKING_TIME:
        return 0
    clashing = bookings.clashing_offers(work)
    for offer_id in clashing:
        take_back(offer_id, now=now, reason="booked_elsewhere")
    return len(clashing)


def _end(offer: Offer, action: str, *, by: Actor, now: datetime, reason: str = "") -> None:
    offer.answered_at = now
    offer.reason = reason[:200]
    change(offer, action, by=by, now=now, reason=reason, also=["answered_at", "reason"])


# What is written of a place that is emptied.
EMPTIED = (*CHOSEN, "wave")


def empty(place: Position) -> None:
    """Nobody is chosen for the place, neither by hand nor as a novice, and no round of questions runs."""
    place.proposed_worker = None
    place.score = None
    place.chosen_by_hand = False
    place.novice = False
    place.wave = 0


def pass_on(place: Position, *, by: Actor, now: datetime, reason: str) -> None:
    """Empty the place and have the next person sought."""
    empty(place)
    change(place, "clear", by=by, now=now, reason=reason, also=EMPTIED)
    seek(place, now)


def seek(place: Position, now: datetime, *, due_at: datetime | None = None) -> None:
    """Ask for the next best person for an open place, now or later; a later look that is planned already is enough.

    Every look is a fact of its own: a place emptied twice at one instant must be looked at twice.
    """
    seek_all([place], now, due_at=due_at)


def seek_all(places: Iterable[Position], now: datetime, *, due_at: datetime | None = None) -> None:
    """The same for many places, in two statements."""
    at, keys = due_at or now, {place.pk: f"{place.pk}:" for place in places}
    planned = outbox.waiting("position.seek", keys.values(), after=now, until=at)
    facts = [({"id": pk}, f"{key}{uuid.uuid4()}") for pk, key in keys.items() if key not in planned]
    outbox.publish_many("position.seek", facts, now=now, due_at=at)
