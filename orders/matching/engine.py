"""Proposals: for each place of each shift a first worker and a backup, with everybody's points or reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

import numpy as np

from .columns import Pool
from .demand import Demand, Excluded
from .digest import digest_of
from .pairs import find_pairs
from .planning import Planned, plan
from .solve import Effort
from .tables import Catalogue, Tables
from .telling import Plan, Teller
from .types import (
    Booking,
    Candidate,
    Held,
    Need,
    PositionProposal,
    Proposal,
    ShiftProposal,
    Verdict,
    Weights,
)
from .worth import by_person, novices

People = Pool | Sequence[Candidate]
Told = Literal["everybody", "chosen"]
T = TypeVar("T")


def propose(
    needs: Sequence[Need],
    people: People,
    weights: Weights,
    *,
    held: Iterable[Held] = (),
    excluded: Excluded | None = None,
    present: Iterable[Held] = (),
    effort: Effort | None = None,
    seconds: float | None = None,
    bound: bool = False,
    told: Told = "everybody",
) -> Proposal:
    """The best workers for all places of ``needs`` together.

    ``people`` are candidates, or a pool of them as columns. ``held`` places stay with their worker; among candidates
    a matching booking may be there or not (it counts once), in a pool it must be. ``excluded`` maps a shift id to
    workers who declined it or did not appear. ``present`` are unconfirmed choices, given up only for a gain; the time
    they take must not be among the bookings. ``effort``, ``seconds`` and ``bound`` as in `planning.plan`; ``told``
    "chosen" leaves out whoever was not chosen. Equal inputs in any order give an equal result. Raises ValueError for
    duplicate ids or a held place of an unknown shift.
    """
    held, present = sorted(set(held), key=_by_shift), sorted(set(present), key=_by_shift)
    ordered = sorted(needs, key=lambda need: (need.start, need.shift_id))
    pool, known = _read(ordered, people, held)
    demand = Demand.of(ordered, pool.catalogue, excluded=excluded, held=held)
    planned = plan(pool, demand, weights, present=present, effort=effort, seconds=seconds, bound=bound)
    teller = Teller(pool, demand, planned.pairs, ordered, weights, Plan.of(planned.firsts), known)
    answers = _Answers(planned, teller, held, told)
    solution = planned.solution
    return Proposal(
        shifts=tuple(answers.shift(at) for at in range(len(ordered))),
        weights_version=weights.version,
        digest=digest_of(ordered, weights, held, present, excluded or {}, _columns(planned, weights)),
        pool_size=len(pool),
        value=solution.value,
        bound=solution.bound,
        gap=solution.gap,
        method=solution.method,
        stopped=solution.stopped,
    )


def next_best(
    need: Need,
    people: People,
    weights: Weights,
    *,
    excluded: frozenset[int] = frozenset(),
    on_shift: frozenset[int] = frozenset(),
    also: Iterable[int] = (),
) -> Verdict:
    """Everybody for one place, given the bookings there are: for passing on, for replacement, and for "what if".

    ``excluded`` declined or did not appear; ``on_shift`` already have a place of this shift;
    ``also`` are ranked wherever they stand, if they suit.
    """
    pool, known = _read([need], people)
    held = [Held(need.shift_id, worker) for worker in on_shift]
    demand = Demand.of([need], pool.catalogue, excluded={need.shift_id: excluded}, held=held)
    teller = Teller(pool, demand, find_pairs(pool, demand, weights), [need], weights, Plan(), known)
    return teller.verdict(0, pool.rows_of(list(also)).tolist())


def pool_of(needs: Iterable[Need], candidates: Sequence[Candidate]) -> Pool:
    """Candidates as columns. Raises ValueError for an id that comes twice."""
    catalogue = Catalogue.of(candidates, needs)
    return Pool.build(Tables.of(candidates, catalogue), catalogue)


def without(pool: Pool, given_up: Mapping[int, Sequence[Booking]]) -> Pool:
    """The pool in which these workers' bookings (by id) do not exist: what is planned anew does not stand in its own
    way. Bookings that the pool lacks are passed over."""
    rows = [pool.row_of(worker) for worker in given_up]
    people = [_without(pool.candidate(row), given_up) for row in rows if row >= 0]
    return pool.changed(Tables.of(people, pool.catalogue)) if people else pool


def _without(who: Candidate, given_up: Mapping[int, Sequence[Booking]]) -> Candidate:
    gone = {(b.start, b.end, b.order_id) for b in given_up[who.id]}
    kept = tuple(b for b in who.bookings if (b.start, b.end, b.order_id) not in gone)
    return replace(who, bookings=kept)


def _by_shift(place: Held) -> tuple[int, int]:
    return place.shift_id, place.worker_id


def _read(
    needs: Sequence[Need], people: People, held: Sequence[Held] = ()
) -> tuple[Pool, Mapping[int, Candidate] | None]:
    """The people as columns, and by id those who were given as objects."""
    if isinstance(people, Pool):
        return people, None
    known = _with_held(needs, people, held)
    return pool_of(needs, known), {who.id: who for who in known}


def _with_held(needs: Sequence[Need], candidates: Sequence[Candidate], held: Sequence[Held]) -> list[Candidate]:
    """The candidates with the held shifts among their bookings, each once."""
    shifts = {need.shift_id: need for need in needs}
    extra: dict[int, list[Booking]] = {}
    for place in held:
        if place.shift_id not in shifts:
            raise ValueError(f"held place of unknown shift {place.shift_id}")
        need = shifts[place.shift_id]
        site = None if need.remote else need.site
        extra.setdefault(place.worker_id, []).append(Booking(need.start, need.end, need.order_id, site))
    return [_add_bookings(c, extra[c.id]) if c.id in extra else c for c in candidates]


def _add_bookings(candidate: Candidate, bookings: Iterable[Booking]) -> Candidate:
    known = {(b.start, b.end, b.order_id) for b in candidate.bookings}
    new = tuple(b for b in bookings if (b.start, b.end, b.order_id) not in known)
    return replace(candidate, bookings=candidate.bookings + new) if new else candidate


class _Answers:
    """The plan turned into proposals."""

    def __init__(self, planned: Planned, teller: Teller, held: Sequence[Held], told: Told) -> None:
        self.planned, self.teller, self.told = planned, teller, told
        ids = planned.pool.ids
        at, rows = planned.firsts.T.tolist()
        self.novice = dict(zip(zip(at, ids[rows].tolist(), strict=True), planned.novice.tolist(), strict=True))
        self.firsts, self.spare = _grouped(at, rows), _grouped(*planned.backups.T.tolist())
        self.held = _grouped([place.shift_id for place in held], [place.worker_id for place in held])
        spare = teller.standing(planned.backups)
        best = spare.take(np.lexsort((ids[spare.rows], -spare.score, spare.at)))
        self.backups = _grouped(best.at.tolist(), ids[best.rows].tolist())
        if told == "chosen":
            chosen = teller.standing(planned.firsts)
            chosen = chosen.take(teller.order(chosen))
            self.ranked = _grouped(chosen.at.tolist(), teller.entries(chosen))

    def shift(self, at: int) -> ShiftProposal:
        """The answer for the shift at this place of the demand."""
        need, firsts = self.teller.needs[at], self.firsts.get(at, [])
        verdict = None
        if self.told == "everybody":
            verdict = self.teller.verdict(at, (*firsts, *self.spare.get(at, ())))
        ranked = verdict.ranked if verdict else tuple(self.ranked.get(at, ()))
        backups = iter(self.backups.get(at, ()))
        places = [
            PositionProposal(worker, next(backups, None), self._held_score(at, worker), held=True)
            for worker in self.held.get(need.shift_id, ())
        ]
        places += [
            PositionProposal(entry.worker_id, next(backups, None), entry.score, novice=self.novice[at, entry.worker_id])
            for entry in ranked
            if (at, entry.worker_id) in self.novice
        ]
        shortage = int(self.planned.demand.need[at]) - len(firsts)
        return ShiftProposal(
            need, (*places, *[PositionProposal(None, None, None)] * shortage), ranked, verdict, shortage
        )

    def _held_score(self, at: int, worker: int) -> int | None:
        """Points of a held worker; None if the worker is not in the pool."""
        row = self.planned.pool.row_of(worker)
        return None if row < 0 else self.teller.score_of(at, row)


def _grouped(shifts: Iterable[int], values: Iterable[T]) -> dict[int, list[T]]:
    """The values of each shift, in their order."""
    found: dict[int, list[T]] = {}
    for shift, value in zip(shifts, values, strict=True):
        found.setdefault(shift, []).append(value)
    return found


def _columns(planned: Planned, weights: Weights) -> Iterator[bytes]:
    """What the plan was made from besides the needs, person by person in the order of ids: who suits which shifts,
    with what value, rest, hours left and experience."""
    pool, problem = planned.pool, planned.problem
    people, count, pairs = by_person(pool, problem.begin, problem.who, problem.score)
    yield pool.ids[people].astype("<i8").tobytes()
    yield count.astype("<i4").tobytes()
    yield pairs.astype("<i4", copy=False).data
    yield problem.rest[people].astype("<i4").tobytes()
    yield problem.left[people].astype("<i4").tobytes()
    yield novices(pool, weights)[people].tobytes()
