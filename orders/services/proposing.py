"""Runs the engine for an order or one place, and stores what it said."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from orders import snapshot, ways
from orders.matching import Need, PositionProposal, Ranked, Reason, ShiftProposal, Weights, reasons_against, score_of
from orders.matching.explain import reason_to_dict
from orders.models import MatchRun, MatchShift, Order, OrderPolicy, Position, Replacement
from orders.pool import courted_candidate, gone_from, needs_of, on_shift, weights_in_force
from orders.services import bookings, locks, matching, offers, ordering
from orders.states import OrderStatus, PositionStatus
from staffing.core import audit, bulk
from staffing.core.actors import SYSTEM, Actor
from staffing.core.bulk import among
from staffing.core.errors import Conflict, Invalid
from staffing.core.transitions import change, change_many

SEEKING = (OrderStatus.PROPOSED, OrderStatus.OFFERING, OrderStatus.FILLED, OrderStatus.IN_SERVICE)
# What is written of a place when somebody is chosen.
CHOICE = ("proposed_worker", "backup_worker", "score", "match", "chosen_by_hand", "novice")
# Places for which nobody was found.
WITHOUT = (PositionStatus.OPEN, PositionStatus.LAPSED)
# Of so many of the best it is asked who can be there soonest.
SOONEST_OF = 40
CONFIRMED = (OrderStatus.OFFERING, OrderStatus.FILLED, OrderStatus.IN_SERVICE)


@transaction.atomic
def propose_order(order_id: int, now: datetime) -> MatchRun | None:
    """Match a submitted order: a worker and a backup for each position, everything explained.

    None if the order is not waiting for it (matched already, or cancelled meanwhile).
    """
    locks.matching()
    order = locks.order(order_id)
    if order.status != OrderStatus.SUBMITTED:
        return None
    places = _places_of(order)
    ordering.lapse_passed(places, now)
    run = _match(order, places, now)
    conclude([order], places, run, {order.pk: run.shortage}, now)
    transaction.on_commit(lambda: matching.read_again(now), robust=True)
    return run


def _places_of(order: Order) -> list[Position]:
    """The positions of a locked order that waits for its proposal: nobody is on them, so nobody is read with them."""
    places = list(Position.objects.filter(shift__order=order).select_related("shift").order_by("id"))
    for place in places:
        place.shift.order = order
    return places


def conclude(
    orders: Sequence[Order], places: Sequence[Position], run: MatchRun, shortages: Mapping[int, int], now: datetime
) -> None:
    """All places of these orders have been matched: they are proposed, and whoever is missing is looked for again."""
    without = {place.shift.order_id for place in places if place.status in WITHOUT}
    for order in orders:
        if order.pk not in without:
            order.proposed_at = order.proposed_at or now
    told = [{"run": run.pk, "shortage": shortages[order.pk]} for order in orders]
    change_many(orders, "propose", by=SYSTEM, now=now, data=told, also=["proposed_at"])
    seek_all_again([place for place in places if place.status == PositionStatus.OPEN], now)
    for order in orders:
        confirm_by_itself(order, now)


def seek_again(place: Position, now: datetime) -> None:
    """Look at an open place once more, some time later."""
    seek_all_again([place], now)


def seek_all_again(places: Sequence[Position], now: datetime) -> None:
    """The same for many places."""
    if places:
        offers.seek_all(places, now, due_at=now + timedelta(minutes=OrderPolicy.current().seek_again_minutes))


def _seek_seldom(place: Position, policy: OrderPolicy, now: datetime) -> None:
    """After a look in vain: soon where it is urgent, else seldom, but once more when it becomes urgent.

    Where it is not urgent the batch looks whenever anything has changed; looking alone is only the net below it.
    """
    soon, seldom = timedelta(minutes=policy.seek_again_minutes), timedelta(minutes=policy.seek_seldom_minutes)
    near = place.shift.start_at - timedelta(minutes=policy.urgent_within_minutes)
    offers.seek(place, now, due_at=max(now + soon, min(now + seldom, near)))


def _match(order: Order, places: Sequence[Position], now: datetime) -> MatchRun:
    began = time.perf_counter()
    free: dict[int, list[Position]] = defaultdict(list)
    for place in places:
        if place.status == PositionStatus.OPEN:
            free[place.shift_id].append(place)
    shifts = sorted((of[0].shift for of in free.values()), key=lambda shift: (shift.start_at, shift.pk))
    weights = weights_in_force()
    wanted = needs_of(order, shifts, not_before=now, weights=weights)
    needs = [replace(need, headcount=len(free[need.shift_id])) for need in wanted]
    result, fallback = matching.propose(needs, now, weights, excluded=gone_from(free))
    run = matching.keep_run(order, "order", result, fallback=fallback, began=began, now=now)
    answers = zip(result.shifts, matching.keep_shifts(run, result.shifts), strict=True)
    stored = {answer.need.shift_id: kept for answer, kept in answers}
    give([pair for answer in result.shifts for pair in _chosen(answer, free)], stored, now)
    return run


def _chosen(
    answer: ShiftProposal, free: Mapping[int, Sequence[Position]]
) -> Iterator[tuple[Position, PositionProposal]]:
    for place, choice in zip(free[answer.need.shift_id], answer.positions, strict=True):
        if choice.worker is not None:
            yield place, choice


def put(
    place: Position,
    worker_id: int,
    score: int | None,
    match: MatchShift | None,
    *,
    by: Actor,
    now: datetime,
    backup: int | None = None,
    action: str = "propose",
    reason: str = "",
    by_hand: bool = False,
) -> None:
    """Write a choice into a position. It is nobody's place for being a novice."""
    _choose(place, worker_id, score, match, backup, by_hand=by_hand)
    change(place, action, by=by, now=now, reason=reason, data={"worker": worker_id, "score": score}, also=CHOICE)


def _choose(
    place: Position,
    worker_id: int,
    score: int | None,
    match: MatchShift | None,
    backup: int | None,
    *,
    by_hand: bool = False,
    novice: bool = False,
) -> None:
    place.proposed_worker_id = worker_id
    place.backup_worker_id = backup
    place.score = score
    place.match = match
    place.chosen_by_hand = by_hand
    place.novice = novice


def give(
    choices: Sequence[tuple[Position, PositionProposal | None]],
    stored: Mapping[int, MatchShift],
    now: datetime,
    reason: str = "",
) -> None:
    """Give open and unconfirmed places to whom the engine has chosen, or to nobody. Their orders must be locked.

    `stored` are the answers by shift. It is `put` and `ordering.clear` for many places, in as many statements.
    """
    by_action: dict[str, list[Position]] = defaultdict(list)
    for place, choice in choices:
        if choice is None or choice.worker is None:
            offers.empty(place)
            by_action["clear"].append(place)
            continue
        by_action["propose" if place.status == PositionStatus.OPEN else "exchange"].append(place)
        match = stored[place.shift_id]
        _choose(place, choice.worker, choice.score, match, choice.backup, novice=choice.novice)
    for action, places in sorted(by_action.items()):
        told = [{"worker": place.proposed_worker_id, "score": place.score} for place in places]
        change_many(places, action, by=SYSTEM, now=now, reason=reason, data=told, also=CHOICE)
    seek_all_again(by_action["clear"], now)


def replan(
    choices: Sequence[tuple[Position, PositionProposal | None]], stored: Mapping[int, MatchShift], now: datetime
) -> None:
    """What a batch has chosen."""
    give(choices, stored, now, "batch")


def replanned(
    orders: Sequence[Order], places: Sequence[Position], run: MatchRun, shortages: Mapping[int, int], now: datetime
) -> None:
    """What follows for the locked orders of which a batch has changed these places."""
    fresh = [order for order in orders if order.status == OrderStatus.SUBMITTED]
    others = [order for order in orders if order.status != OrderStatus.SUBMITTED]
    asking = [place for place in places if place.shift.order.status in CONFIRMED]
    conclude(fresh, ordering.positions_of(*fresh), run, shortages, now)
    note_responses(others, now)
    for order in others:
        if order.status == OrderStatus.PROPOSED:
            confirm_by_itself(order, now)
    prefetch_related_objects(asking, "proposed_worker")
    for place in asking:
        offers.send_first(place, by=SYSTEM, now=now)


def note_response(order: Order, now: datetime) -> None:
    """See `note_responses`."""
    note_responses([order], now)


def note_responses(orders: Iterable[Order], now: datetime) -> None:
    """Response is complete the first time that every position has, or has had, somebody.

    A place that lapsed counts as one for which nobody was found: giving up is no response.
    """
    waiting = [order for order in orders if order.proposed_at is None]
    if not waiting:
        return
    rows = Position.objects.filter(among("shift__order_id", [order.pk for order in waiting]), status__in=WITHOUT)
    without = set(rows.values_list("shift__order_id", flat=True))
    complete = [order for order in waiting if order.pk not in without]
    for order in complete:
        order.proposed_at = now
    bulk.update(complete, ["proposed_at"])


@transaction.atomic
def seek(position_id: int, now: datetime) -> bool:
    """Find the next best person for an open place and ask them at once if the order is confirmed.

    The reserved backup goes first if still free. Nobody there: try again later, until it is too late and the
    place lapses. False if nobody was found or nothing was to be done.
    """
    locks.matching()
    place = locks.position(position_id)
    if place.status != PositionStatus.OPEN or place.shift.order.status not in SEEKING:
        return False
    policy = OrderPolicy.current()
    if offers.too_late(place, policy, now):
        ordering.lapse(place, now, reason="too_late")
        return False
    chosen = _next_for(place, now)
    if chosen is None:
        _seek_seldom(place, policy, now)
        return False
    entry, stored = chosen
    put(place, entry.worker_id, entry.score, stored, by=SYSTEM, now=now)
    note_response(place.shift.order, now)
    if place.shift.order.status in CONFIRMED:
        offers.send(place, by=SYSTEM, now=now)
    else:
        confirm_by_itself(place.shift.order, now)
    return True


def is_emergency(order: Order) -> bool:
    """Whether the order was posted so shortly before its first shift that nobody's word can be waited for."""
    urgent = timedelta(minutes=OrderPolicy.current().urgent_within_minutes)
    return order.submitted_at is not None and order.starts_at - order.submitted_at <= urgent


def confirm_by_itself(order: Order, now: datetime) -> None:
    """Where the client wants it so, a complete proposal needs nobody's word; an emergency asks whomever it can at
    once."""
    if is_emergency(order):
        ordering.confirm(order.pk, by=SYSTEM, now=now)
        return
    if not order.client.auto_confirm:
        return
    if not Position.objects.filter(shift__order=order, status=PositionStatus.OPEN).exists():
        ordering.confirm(order.pk, by=SYSTEM, now=now)


def _next_for(place: Position, now: datetime) -> tuple[Ranked, MatchShift] | None:
    found, stored = best_for(place, 1, now)
    return (found[0], stored) if found and stored else None


def best_for(
    place: Position,
    most: int,
    now: datetime,
    *,
    asked: frozenset[int] = frozenset(),
    again: frozenset[int] = frozenset(),
) -> tuple[Sequence[Ranked], MatchShift | None]:
    """The best who may take the place, at most so many and without those `asked` already: whoever can be there soonest
    if they would come late, else the reserved backup if still free, then by rank; and the stored answer, if there is
    anybody. `again` may be asked although they let an offer lapse.
    """
    began, weights, order = time.perf_counter(), weights_in_force(), place.shift.order
    seat = _seat(place, now, weights, asked, again)
    verdict, people = matching.next_for(seat, now, weights)
    free = [entry for entry in verdict.ranked if entry.taken_by is None]
    free.sort(key=lambda entry: entry.worker_id != place.backup_worker_id)
    if not free:
        return (), None
    cause = "replacement" if _was_lost(place) else "pass_on"
    stored = matching.keep_next(order, cause, seat, verdict, people, weights, began=began, now=now)
    return _soonest_first(place, free, now)[:most], stored


def _soonest_first(place: Position, free: Sequence[Ranked], now: datetime) -> Sequence[Ranked]:
    """The best of them by who can be there soonest, where the start is so near that some would come late."""
    policy, shift = OrderPolicy.current(), place.shift
    if shift.order.remote or shift.start_at - now > timedelta(minutes=policy.urgent_within_minutes):
        return free
    near = free[:SOONEST_OF]
    people = snapshot.candidates([entry.worker_id for entry in near], now, snapshot.available(now))
    late = ways.quarters_late(shift, people.values(), policy, now)
    return sorted(near, key=lambda entry: late.get(entry.worker_id, 0))


def _seat(
    place: Position, now: datetime, weights: Weights, asked: frozenset[int], again: frozenset[int] = frozenset()
) -> matching.Seat:
    shift = place.shift
    need = needs_of(shift.order, [shift], not_before=now, weights=weights)[0]
    gone = (gone_from([shift.pk]).get(shift.pk, frozenset()) - again) | asked
    return matching.Seat(need, gone, on_shift(shift.pk, but=place.pk), place.backup_worker_id)


def anybody_for(place: Position, now: datetime, *, but: int) -> bool:
    """Whether somebody other than the worker `but` could take the place now, as far as is known. Only reads."""
    weights = weights_in_force()
    verdict, _people = matching.next_for(_seat(place, now, weights, frozenset({but})), now, weights)
    return any(entry.taken_by is None for entry in verdict.ranked)


def _was_lost(place: Position) -> bool:
    return Replacement.objects.filter(position=place, found__isnull=True, failed_at__isnull=True).exists()


@transaction.atomic
def exchange(
    position_id: int, worker_id: int, *, by: Actor, now: datetime, reason: str, override: bool = False
) -> Position:
    """Put another worker on a place that nobody has accepted yet; on a confirmed order they are asked at once.

    `reason` is kept. Somebody who fails a gate needs `override`; double booking, do-not-send and suspension
    cannot be overridden. Raises `Invalid` without a reason, `bookings.NotFree` with all reasons, `Conflict`
    if the place has been filled meanwhile, its shift is over, or its order is not matched yet or has ended.
    """
    if not reason.strip():
        raise Invalid("no_reason", _("请填写更换理由。"))
    locks.matching()
    place = locks.position(position_id)
    still_to_fill(place, now)
    if place.proposed_worker_id == worker_id:
        return place
    against, score = judge(place, worker_id, now)
    stopping = [r for r in against if r.code in bookings.NEVER_OVERRIDDEN or not override]
    if stopping:
        raise bookings.NotFree(
            "not_eligible", _("此人不符合要求，不能直接派单。"), reasons=[reason_to_dict(r) for r in stopping]
        )
    free_for_exchange(place, by=by, now=now)
    action = "propose" if place.status == PositionStatus.OPEN else "exchange"
    put(place, worker_id, score, place.match, by=by, now=now, action=action, reason=reason, by_hand=True)
    if against:
        audit.record(
            place, "override", by=by, now=now, reason=reason, data={"reasons": [reason_to_dict(r) for r in against]}
        )
    note_response(place.shift.order, now)
    if place.shift.order.status in CONFIRMED:
        offers.send(place, by=by, now=now)
    return place


def judge(place: Position, worker_id: int, now: datetime) -> tuple[list[Reason], int | None]:
    """Everything that speaks against one worker on one place, and their score if nothing does."""
    shift, weights = place.shift, weights_in_force()
    need: Need = needs_of(shift.order, [shift], not_before=now, weights=weights)[0]
    person = courted_candidate(worker_id, now)
    if person is None:
        raise Conflict("no_such_worker", _("找不到此人。"))
    if worker_id in on_shift(shift.pk, but=place.pk):
        return [Reason("already_on_shift")], None
    against = list(reasons_against(need, person, weights=weights))
    return against, None if against else score_of(need, person, weights)


def still_to_fill(place: Position, now: datetime) -> None:
    """Raises `Conflict` unless somebody may still be put on the place by hand."""
    if place.status == PositionStatus.FILLED:
        raise Conflict("position_filled", _("此名额已有人接单，请先释放。"))
    if place.shift.order.status not in SEEKING or place.status in (PositionStatus.LAPSED, PositionStatus.CLOSED):
        raise Conflict("wrong_state", _("当前状态已改变，不能执行此操作。请刷新后查看。"))
    if now >= place.shift.end_at:
        raise Conflict("shift_over", _("班次已结束。"))


def free_for_exchange(place: Position, *, by: Actor, now: datetime) -> None:
    """Take back whatever was asked for a place that is about to get somebody else."""
    if place.status == PositionStatus.OFFERED:
        offers.withdraw_all(place, by=by, now=now, reason="exchanged")
        ordering.clear(place, by=by, now=now, reason="exchanged")
