"""Asks the engine and keeps what it said. Nothing here changes an order or a place."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orders import snapshot
from orders.matching import Candidate, Held, Need, Proposal, ShiftProposal, Verdict, Weights
from orders.models import MatchRun, MatchShift, Order, OrderPolicy
from orders.pool import candidates_for
from orders.stored_match import columns_of
from staffing.core import bulk

if TYPE_CHECKING:
    from orders.matching.columns import Pool
    from orders.services.horizon import Horizon

# An order that has just been posted waits for its proposal; after this the plan in hand is taken.
ONLINE_SECONDS = 10.0
# Old answers are emptied in slices, so that nothing is locked for long.
MASKS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reach:
    """The people to choose from: the pool as columns, or, where that cannot be had, whom SQL finds suitable."""

    people: Pool | list[Candidate]
    fallback: bool

    @property
    def size(self) -> int:
        """How many people there are to choose from."""
        return len(self.people)


def reach(needs: Sequence[Need], now: datetime, weights: Weights) -> Reach:
    """Everybody who may suit one of the needs, with what they have booked as this transaction sees it."""
    found = snapshot.available(now)
    if found is not None:
        return Reach(found.pool, fallback=False)
    from orders import reach_sql

    people = {who.id: who for need in needs for who in reach_sql.eligible(need, now, weights)}
    return Reach([people[pk] for pk in sorted(people)], fallback=True)


def read_again(now: datetime) -> None:
    """Bring the kept pool up to what has been committed, so that the next order does not wait for it."""
    found = snapshot.available(now)
    if found is not None:
        found.pool.prepare()


def propose(
    needs: Sequence[Need], now: datetime, weights: Weights, *, excluded: Mapping[int, frozenset[int]]
) -> tuple[Proposal, bool]:
    """A plan for the places of one order; whether the people were found by SQL."""
    from orders.matching.engine import propose as plan

    people = reach(needs, now, weights)
    return plan(needs, people.people, weights, excluded=excluded, seconds=ONLINE_SECONDS), people.fallback


def everybody(needs: Sequence[Need], now: datetime) -> tuple[Pool, bool]:
    """The whole pool; whether it was read the plain way, because the snapshot cannot be had."""
    from orders.matching.engine import pool_of

    found = snapshot.available(now)
    if found is not None:
        return found.pool, False
    people = candidates_for(min(need.start for need in needs), max(need.end for need in needs), now)
    return pool_of(needs, people), True


def propose_all(found: Horizon, everyone: Pool, weights: Weights, *, seconds: float) -> Proposal:
    """One plan for all places of a batch, with a bound; only the chosen are told."""
    from orders.matching.engine import propose as plan
    from orders.matching.engine import without

    return plan(
        list(found.needs.values()),
        without(everyone, found.given_up()),
        weights,
        excluded=found.gone,
        present=found.present(),
        effort="best",
        seconds=seconds,
        bound=True,
        told="chosen",
    )


def told(
    found: Horizon, everyone: Pool, answers: Sequence[ShiftProposal], weights: Weights
) -> Mapping[int, ShiftProposal]:
    """These answers of a batch, by shift, with everybody's points or reasons beside what else is planned."""
    from orders.matching.demand import Demand
    from orders.matching.engine import without
    from orders.matching.pairs import find_pairs
    from orders.matching.telling import Plan, Teller

    chosen = {answer.need.shift_id: [p.worker for p in answer.positions if p.worker is not None] for answer in answers}
    staying = [place for shift in chosen for place in found.fixed.get(shift, ()) if place.proposed_worker_id]
    held = [Held(place.shift_id, place.proposed_worker_id or 0) for place in staying]
    pool = without(everyone, found.given_up(chosen))
    needs = [answer.need for answer in answers]
    demand = Demand.of(needs, pool.catalogue, excluded=found.gone, held=held)
    rows = [pool.rows_of(chosen[need.shift_id]).tolist() for need in needs]
    plan = Plan.of((at, row) for at, of in enumerate(rows) for row in of)
    teller = Teller(pool, demand, find_pairs(pool, demand, weights), needs, weights, plan)
    verdicts = [teller.verdict(at, rows[at]) for at in range(len(needs))]
    return {
        answer.need.shift_id: replace(answer, ranked=verdict.ranked, verdict=verdict)
        for answer, verdict in zip(answers, verdicts, strict=True)
    }


def keep_run(
    order: Order | None, cause: str, result: Proposal, *, fallback: bool, began: float, now: datetime
) -> MatchRun:
    """The row of a run; `began` is what `time.perf_counter` said when it started."""
    return MatchRun.objects.create(
        order=order,
        created_at=now,
        cause=cause,
        weights_version=result.weights_version,
        inputs_digest=result.digest,
        pool_size=result.pool_size,
        positions=sum(shift.need.headcount for shift in result.shifts),
        shortage=sum(shift.shortage for shift in result.shifts),
        value=result.value,
        bound=result.bound,
        gap=result.gap,
        method=result.method,
        stopped=result.stopped,
        fallback=fallback,
        duration_ms=round((time.perf_counter() - began) * 1000),
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """One open place and who must not be asked for it: `gone` said no or did not come, `taken` sit beside it."""

    need: Need
    gone: frozenset[int]
    taken: frozenset[int]
    backup: int | None


def next_for(seat: Seat, now: datetime, weights: Weights) -> tuple[Verdict, Reach]:
    """Everybody for one place, given all bookings there are."""
    from orders.matching.engine import next_best

    people = reach([seat.need], now, weights)
    also = [] if seat.backup is None else [seat.backup]
    found = next_best(seat.need, people.people, weights, excluded=seat.gone, on_shift=seat.taken, also=also)
    return found, people


def keep_next(
    order: Order,
    cause: str,
    seat: Seat,
    verdict: Verdict,
    people: Reach,
    weights: Weights,
    *,
    began: float,
    now: datetime,
) -> MatchShift:
    """The row of a search for one place."""
    from orders.matching.digest import digest_of

    held = [Held(seat.need.shift_id, worker) for worker in seat.taken]
    suits = (f"{entry.worker_id}:{entry.score}".encode() for entry in verdict.ranked)
    run = MatchRun.objects.create(
        order=order,
        created_at=now,
        cause=cause,
        weights_version=weights.version,
        inputs_digest=digest_of([seat.need], weights, held, (), {seat.need.shift_id: seat.gone}, suits),
        pool_size=people.size,
        positions=1,
        shortage=0,
        method="ranking",
        fallback=people.fallback,
        duration_ms=round((time.perf_counter() - began) * 1000),
    )
    return keep_shifts(run, [verdict])[0]


def empty_masks(now: datetime) -> int:
    """Forget, of answers older than the retention time, why everybody else was left out; rows changed."""
    oldest = now - timedelta(days=OrderPolicy.current().masks_retention_days)
    old = MatchShift.objects.filter(run__created_at__lt=oldest).exclude(masks=b"").order_by("pk")
    emptied = 0
    while ids := list(old.values_list("pk", flat=True)[:MASKS_AT_ONCE]):
        emptied += MatchShift.objects.filter(pk__in=ids).update(masks=b"")
    return emptied


def keep_shifts(run: MatchRun, answers: Iterable[Verdict | ShiftProposal]) -> list[MatchShift]:
    """The answers for shifts, in one statement."""
    rows = [MatchShift(run=run, **columns_of(answer)) for answer in answers]
    bulk.create(rows)
    return rows
