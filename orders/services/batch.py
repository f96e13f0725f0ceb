"""All open and unconfirmed places of the coming days, planned together.

An order is matched alone when it is posted. What comes later may show a better whole: somebody proposed to one order
is the only one for another, people join or fall out, a better client asks. A batch plans the open places of live
orders and the proposals that nobody has confirmed, and moves an unconfirmed choice only for a gain over the weights'
`stay`. Whoever was asked, has accepted, is at work or was chosen by hand is never moved: their time is taken.

How it keeps out of the way, and why nothing is torn:

1. It plans without any lock that others want, on what it reads first. That takes at most `batch_seconds`; with the
   time over, the plan in hand is taken and the run says `stopped`, with scarcest-first as the safety net.
2. It writes in slices of at most `SLICE` places, a transaction each. Only these hold the lock of matching (an order
   just posted waits for one slice, not for the plan) and the rows of their orders, locked in id order.
3. What others did meanwhile is found under these locks: moves that belong together (a person leaves one place for
   another) stand or fall together, and only if their places are as the plan saw them, their people may still take
   them by every rule, on all their bookings as they are now, and the whole is still a gain. The rest is left; what
   got in the way is a change, so the next batch looks again.
4. A batch holds its turn while it plans and while it writes a slice. Who finds the turn taken yields and says so. The
   turn only saves work; should two batches interleave, the third point keeps both right.

A process that dies leaves whole slices, or nothing.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection, transaction

from orders import needs
from orders.matching import Candidate, Proposal, ShiftProposal, Weights
from orders.models import BatchLook, MatchRun, MatchShift, Order, OrderPolicy, Position
from orders.pool import gone_from, weights_in_force
from orders.services import horizon, locks, matching, proposing
from orders.services.horizon import Horizon
from orders.services.moves import Group, Judge, Move, Staffing, groups_of, moves_of
from staffing.core.bulk import among
from staffing.core.memory import uncollected
from staffing.core.models import Heartbeat
from workers import pool_changes
from workers.pool_changes import Seen

if TYPE_CHECKING:
    from orders.matching.columns import Pool

log = logging.getLogger(__name__)

NAME = "batch"
# Any number will do; it only has to be the same for every batch.
TURN_LOCK = 7_120_402
# Places written in one transaction: about half a second on a busy machine, which an order just posted may wait.
SLICE = 100
# Up to so many changed shifts everybody is explained, beyond only those who were chosen.
MOST_TOLD = 60
# What stays of the log of changes after half of its life is not relied on.
LONGEST_SILENCE = pool_changes.KEPT / 2


class TurnTaken(Exception):
    """Another batch is at work."""


def wake(now: datetime) -> MatchRun | None:
    """What the beat calls: runs a batch if the last one is long enough ago and something has changed since."""
    Heartbeat.objects.update_or_create(name=NAME, defaults={"beat_at": now})
    look = _look(now)
    if look is None:
        return None
    try:
        found = _run(now)
    except TurnTaken:
        log.info("batch: yields, another one has its turn")
        return None
    BatchLook.objects.update_or_create(pk=1, defaults=look)
    return found


def run(now: datetime) -> MatchRun | None:
    """Plan the coming days and write what changes; None if nothing does, or if another batch is at work."""
    try:
        return _run(now)
    except TurnTaken:
        log.info("batch: yields, another one has its turn")
        return None


def _look(now: datetime) -> dict[str, object] | None:
    """What there is to plan from, to be kept if a batch is done; None if none is due."""
    policy, last = OrderPolicy.current(), BatchLook.objects.filter(pk=1).first()
    if last is not None and timedelta(0) <= now - last.at < timedelta(minutes=policy.batch_minutes):
        return None
    known = last is not None and timedelta(0) <= now - last.at < LONGEST_SILENCE
    changes = pool_changes.since(Seen(last.seen, last.own or None) if last is not None and known else None)
    places = horizon.digest(now, policy.batch_days, weights_in_force())
    if last is not None and known and places == last.places and not (changes.own or changes.others):
        return None
    return {"seen": changes.seen.snapshot, "own": changes.seen.own or "", "places": places, "at": now}


def _take_turn() -> None:
    """Until the end of the transaction (safe behind a pooler). Raises `TurnTaken`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN_LOCK])
        (mine,) = cursor.fetchone()
    if not mine:
        raise TurnTaken


def _run(now: datetime) -> MatchRun | None:
    with uncollected():
        with transaction.atomic():
            _take_turn()
            plan = _plan(now)
        return _written(plan, now) if plan else None


def _written(plan: "Plan", now: datetime) -> MatchRun | None:
    stored: MatchRun | None = None
    for part in _slices(plan.groups):
        with transaction.atomic():
            _take_turn()
            stored = _write(part, plan, stored, now)
    return stored


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch wants: groups of moves, and the answers for the shifts that they touch."""

    horizon: Horizon
    staffing: Staffing
    result: Proposal
    groups: Sequence[Group]
    answers: Mapping[int, ShiftProposal]
    weights: Weights
    fallback: bool
    began: float


def _plan(now: datetime) -> Plan | None:
    """None if there is nothing to be done."""
    began, policy, weights = time.perf_counter(), OrderPolicy.current(), weights_in_force()
    found = horizon.read(now, policy.batch_days, weights)
    if not found.movable:
        return None
    whole, fallback = matching.everybody(list(found.needs.values()), now)
    result = matching.propose_all(found, whole, weights, seconds=float(policy.batch_seconds))
    groups = groups_of(moves_of(found, result), found, partial(_person, whole))
    if not groups:
        return None
    touched = {move.place.shift_id for group in groups for move in group}
    answers: Mapping[int, ShiftProposal] = {a.need.shift_id: a for a in result.shifts if a.need.shift_id in touched}
    if len(touched) <= MOST_TOLD:
        answers = matching.told(found, whole, list(answers.values()), weights)
    return Plan(found, Staffing(found), result, groups, answers, weights, fallback, began)


def _person(everyone: "Pool", worker: int) -> Candidate | None:
    row = everyone.row_of(worker)
    return None if row < 0 else everyone.candidate(row)


def _slices(groups: Sequence[Group]) -> Iterator[Sequence[Group]]:
    """Groups one after the other, as many as fit; a group that is larger alone."""
    part: list[Group] = []
    for group in groups:
        if part and sum(map(len, part)) + len(group) > SLICE:
            yield part
            part = []
        part.append(group)
    if part:
        yield part


def _write(part: Sequence[Group], plan: Plan, stored: MatchRun | None, now: datetime) -> MatchRun | None:
    """Write the groups that still hold; the run's row comes with the first of them."""
    locks.matching()
    moves = [move for group in part for move in group]
    orders = _locked(plan.horizon, moves)
    places = _places(moves, orders)
    judge = _judge(plan, moves, now)
    standing = [group for group in part if _as_planned(group, plan.horizon, orders, places) and judge.makes(group)]
    if not standing:
        return stored
    if stored is None:
        stored = matching.keep_run(None, NAME, plan.result, fallback=plan.fallback, began=plan.began, now=now)
    taken = [move for group in standing for move in group]
    answers = _keep(stored, plan, taken)
    proposing.replan([(places[move.place.pk], move.choice) for move in taken], answers, now)
    _follow_up(stored, plan, [places[move.place.pk] for move in taken], orders, now)
    return stored


def _locked(found: Horizon, moves: Iterable[Move]) -> Mapping[int, Order]:
    ids = {found.needs[move.place.shift_id].order_id for move in moves}
    rows = Order.objects.select_for_update(of=("self",), no_key=True).select_related("client", "site", "city")
    return {order.pk: order for order in rows.filter(among("pk", ids)).order_by("pk")}


def _places(moves: Iterable[Move], orders: Mapping[int, Order]) -> Mapping[int, Position]:
    """The places as they are now; their shifts, which nobody moves, are those of the plan."""
    shifts = {move.place.pk: move.place.shift for move in moves}
    found = {place.pk: place for place in Position.objects.filter(among("pk", shifts))}
    for place in found.values():
        place.shift = shifts[place.pk]
        place.shift.order = orders[place.shift.order_id]
    return found


def _judge(plan: Plan, moves: Sequence[Move], now: datetime) -> Judge:
    """With everybody on the touched shifts as they are now."""
    from orders import reach_sql

    shifts = {move.place.shift_id for move in moves}
    people = {who for shift in shifts for who in plan.staffing.crew[shift]}
    people |= {move.new for move in moves if move.new is not None}
    return Judge(
        plan.horizon,
        plan.staffing,
        plan.weights,
        {who.id: who for who in reach_sql.candidates(sorted(people), now)},
        gone=gone_from(shifts),
        blocked=needs.blocked(plan.horizon.needs[shift].client_id for shift in shifts),
    )


def _as_planned(group: Group, found: Horizon, orders: Mapping[int, Order], places: Mapping[int, Position]) -> bool:
    """Whether orders and places are in the very state that the plan was made for."""
    for move in group:
        was, place = move.place, places.get(move.place.pk)
        if place is None or place.shift.order.status != found.orders[place.shift.order_id].status:
            return False
        if (was.status, was.proposed_worker_id) != (place.status, place.proposed_worker_id) or place.chosen_by_hand:
            return False
    return True


def _keep(stored: MatchRun, plan: Plan, moves: Iterable[Move]) -> Mapping[int, MatchShift]:
    shifts = sorted({move.place.shift_id for move in moves})
    return dict(zip(shifts, matching.keep_shifts(stored, [plan.answers[s] for s in shifts]), strict=True))


def _follow_up(
    stored: MatchRun, plan: Plan, changed: Sequence[Position], orders: Mapping[int, Order], now: datetime
) -> None:
    """What follows for the orders: proposed, response noted, confirmed by itself, or people asked at once."""
    shortages: Counter[int] = Counter()
    for shift, answer in plan.answers.items():
        shortages[plan.horizon.needs[shift].order_id] += answer.shortage
    mine = [orders[pk] for pk in sorted({place.shift.order_id for place in changed})]
    proposing.replanned(mine, changed, stored, shortages, now)
