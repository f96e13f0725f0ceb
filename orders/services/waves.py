"""Finding somebody quickly: the best are asked several at a time, wave after wave, and the first yes gets the place.

A wave asks people who may take the place by every rule now: whoever stands by on the bench of that city and hour
(`orders.services.bench`) first, then in the order of the ranking (the reserved backup first); if they would come late,
whoever can be there soonest goes before the better one. Nobody who said no or is asked for this shift already; who let
it expire only when nobody else is left, and not soon. A no or a silence leaves the others'
questions as they are; after `OrderPolicy.wave_minutes`, or when nobody is left who could answer, the next wave goes
out by itself. Nobody left to ask: the place is open again and looked at later, until it is too late for anybody.

Only the first of those who are asked (`Position.proposed_worker`) counts as taken in other matchings: an invitation is
no booking, and to hold three people back for one place would starve the others. Whoever says yes is checked again under
lock (`bookings.book`), and what clashes with a yes is taken back (`offers.take_back_clashing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.matching import Ranked
from orders.models import Assignment, MatchShift, Offer, OrderPolicy, Position
from orders.pool import lapsed_on
from orders.services import attendance, bench, locks, offers, proposing
from orders.states import AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict
from staffing.core.transitions import change
from workers.models import Worker

WANTED = (PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED)
WRITTEN = (*offers.CHOSEN, "match", "wave", "urgent")


@dataclass(frozen=True, slots=True)
class Search:
    """What a search for a place has come to: the number of its wave (0: nobody could be asked, it goes on later),
    how many were asked just now, and whether it `ran` already, so that nothing was done."""

    wave: int
    invited: int
    ran: bool = False


@transaction.atomic
def start(position_id: int, *, by: Actor, now: datetime) -> Search:
    """Ask the best for a place that nobody has accepted yet, several at once; who is asked already stays asked.

    Repeating it while a wave runs changes nothing. Raises `Conflict` if the order is not confirmed, somebody has
    accepted, nobody is wanted any more, or too little of the shift is left.
    """
    locks.matching()
    place = locks.position(position_id)
    _check(place, now)
    if place.status == PositionStatus.OFFERED and place.wave:
        return Search(place.wave, 0, ran=True)
    place.urgent = True
    place.save(update_fields=["urgent"])
    if place.status == PositionStatus.PROPOSED:
        offers.send(place, by=by, now=now)
    invited = _invite(place, by=by, now=now)
    if not invited and place.status == PositionStatus.OPEN:
        proposing.seek_again(place, now)
    return Search(place.wave, invited)


def _check(place: Position, now: datetime) -> None:
    if place.status == PositionStatus.FILLED:
        raise Conflict("position_filled", _("此名额已有人接单，请先释放。"))
    if place.status not in WANTED:
        raise Conflict("wrong_state", _("当前状态已改变，不能执行此操作。请刷新后查看。"))
    if place.shift.order.status not in proposing.CONFIRMED:
        raise Conflict("not_confirmed", _("订单尚未确认派单，请先确认方案。"))
    if offers.too_late(place, OrderPolicy.current(), now):
        raise Conflict("too_late", _("班次剩余时间不足，不再寻找替补。"))


@transaction.atomic
def replace(position_id: int, work_id: int | None, *, by: Actor, now: datetime) -> Search:
    """`start` also for a place whose worker (of the assignment `work_id`) has accepted but is not there.

    Before the start they are released, after it they count as a no-show; both are told. Repeating it changes nothing.
    Raises `Conflict` if somebody else has the place by now or the worker has come, and what `start` raises.
    """
    locks.matching()
    place = locks.position(position_id)
    if place.status == PositionStatus.FILLED:
        work = Assignment.objects.filter(position=place, status=AssignmentStatus.BOOKED).first()
        if work is None:
            raise Conflict("arrived", _("员工已到岗，无需替补。"))
        if work.pk != work_id:
            raise Conflict("taken_meanwhile", _("此名额刚刚已有其他人接单，请看现在的情况。"))
        _give_up(work, by=by, now=now)
    return start(position_id, by=by, now=now)


def _give_up(work: Assignment, *, by: Actor, now: datetime) -> None:
    if now >= work.start_at:
        attendance.declare_absent(work.pk, now, by=by)
    else:
        attendance.release(work.pk, by=by, now=now, reason=_t("有不能到岗的风险，提前找替补"))


@transaction.atomic
def seek(position_id: int, now: datetime) -> bool:
    """Find somebody for an open place: where it is urgent and its order confirmed in waves, else one after the other.

    False if nobody was found or nothing was to be done.
    """
    locks.matching()
    place = locks.position(position_id)
    if not _in_waves(place, now):
        return proposing.seek(position_id, now)
    if _invite(place, by=SYSTEM, now=now):
        return True
    proposing.seek_again(place, now)
    return False


def _in_waves(place: Position, now: datetime) -> bool:
    if place.status != PositionStatus.OPEN or place.shift.order.status not in proposing.CONFIRMED:
        return False
    policy = OrderPolicy.current()
    return offers.is_urgent(place, policy, now) and not offers.too_late(place, policy, now)


@transaction.atomic
def follow(position_id: int, wave: int, now: datetime) -> bool:
    """The next wave after this one, if it still is the last and has brought no yes. False if nobody was asked."""
    locks.matching()
    place = locks.position(position_id)
    policy = OrderPolicy.current()
    if place.status != PositionStatus.OFFERED or place.wave != wave or offers.too_late(place, policy, now):
        return False
    if _invite(place, by=SYSTEM, now=now):
        return True
    # Whoever is asked may still answer; perhaps somebody else is free by then.
    offers.widen(place, now, due_at=now + timedelta(minutes=policy.wave_minutes))
    return False


def _invite(place: Position, *, by: Actor, now: datetime) -> int:
    """Send one wave for an open or offered place of a locked, confirmed order; how many were asked."""
    found, stored = _next(place, now)
    if not found:
        found, stored = _next(place, now, again=_silent(place, now))
    if not found:
        return 0
    people = Worker.objects.select_related("user").in_bulk([entry.worker_id for entry in found])
    place.wave = offers.next_wave(place)
    if place.status == PositionStatus.OPEN:
        _put_first(place, found, people[found[0].worker_id], stored)
    told = {"wave": place.wave, "worker": found[0].worker_id, "workers": [entry.worker_id for entry in found]}
    change(place, "invite", by=by, now=now, data=told, also=WRITTEN)
    for entry in found:
        offers.ask(place, people[entry.worker_id], entry.score, place.wave, by=by, now=now)
    proposing.note_response(place.shift.order, now)
    offers.widen(place, now, due_at=now + timedelta(minutes=OrderPolicy.current().wave_minutes))
    return len(found)


def _next(
    place: Position, now: datetime, again: frozenset[int] = frozenset()
) -> tuple[Sequence[Ranked], MatchShift | None]:
    """Whom the next wave asks, and the stored answer of the engine if it named any of them."""
    size, asked = OrderPolicy.current().wave_size, _asked_for(place)
    standing_by = bench.ready(place, now, but=asked, again=again)
    ranked, stored = proposing.best_for(place, size, now, asked=asked, again=again)
    waiting = {entry.worker_id for entry in standing_by}
    return [*standing_by, *(entry for entry in ranked if entry.worker_id not in waiting)][:size], stored


def _silent(place: Position, now: datetime) -> frozenset[int]:
    """Who let the question lapse some time ago, perhaps asleep; asked again only if nobody else is left."""
    return lapsed_on(place.shift_id, now - timedelta(minutes=OrderPolicy.current().lapsed_again_minutes))


def _put_first(place: Position, found: Sequence[Ranked], first: Worker, stored: MatchShift | None) -> None:
    place.proposed_worker, place.score, place.match = first, found[0].score, stored
    place.chosen_by_hand = place.novice = False


def _asked_for(place: Position) -> frozenset[int]:
    """Workers with an unanswered question about any place of the shift: one question at a time is enough."""
    waiting = Offer.objects.filter(position__shift=place.shift_id, status=OfferStatus.PENDING)
    return frozenset(waiting.values_list("worker_id", flat=True))
