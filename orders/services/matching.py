"""Asks the engine and keeps what it said. Nothing here changes an order or a place."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orders import snapshot
from orders.matching import Candidate, Held, Need, Proposal, ShiftProposal, Verdict, Weights
from orders.models import MatchRun, MatchShift, Order
from orders.stored_match import columns_of

if TYPE_CHECKING:
    from orders.matching.columns import Pool

# An order that has just been posted waits for its proposal; after this the plan in hand is taken.
ONLINE_SECONDS = 10.0


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


def propose(
    needs: Sequence[Need], now: datetime, weights: Weights, *, excluded: Mapping[int, frozenset[int]]
) -> tuple[Proposal, bool]:
    """A plan for the places of one order; whether the people were found by SQL."""
    from orders.matching.engine import propose as plan

    people = reach(needs, now, weights)
    return plan(needs, people.people, weights, excluded=excluded, seconds=ONLINE_SECONDS), people.fallback


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


def keep_shifts(run: MatchRun, answers: Iterable[Verdict | ShiftProposal]) -> list[MatchShift]:
    """The answers for shifts, in one statement."""
    return MatchShift.objects.bulk_create(MatchShift(run=run, **columns_of(answer)) for answer in answers)
