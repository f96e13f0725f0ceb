"""Proposals: for each place of each shift a first worker and a backup, with everybody's points or reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from . import scoring
from .digest import digest_of
from .greedy import Greedy, backups
from .improve import improve
from .plan import Lane, Plan
from .prepared import SHANGHAI, CandidateView, Index, NeedView
from .rules import reasons
from .types import (
    Booking,
    Candidate,
    Held,
    Need,
    PositionProposal,
    Proposal,
    Ranked,
    Ranking,
    Reason,
    ShiftProposal,
    Weights,
)

Excluded = Mapping[int, frozenset[int]]
_NOBODY: frozenset[int] = frozenset()


def propose(
    needs: Sequence[Need],
    candidates: Sequence[Candidate],
    weights: Weights,
    *,
    held: Iterable[Held] = (),
    excluded: Excluded | None = None,
    tz: ZoneInfo = SHANGHAI,
) -> Proposal:
    """The best workers for all places of ``needs`` together.

    ``held`` places stay with their worker (a matching booking may be among the worker's bookings or
    not; it counts once). ``excluded`` maps a shift id to workers who declined it or did not appear.
    Equal inputs in any order give an equal result. Raises ValueError for duplicate ids or a held
    place of an unknown shift.
    """
    held, excluded = sorted(set(held), key=lambda h: (h.shift_id, h.worker_id)), excluded or {}
    index = Index(needs, _with_held(needs, candidates, held), tz)
    lanes = [_lane(need, index, weights, _held_on(need, held), excluded) for need in index.needs]
    plan = Plan(index.people)
    Greedy(lanes, plan, weights).run()
    improve(lanes, plan)
    reserve = backups(lanes, plan, weights)
    shifts = tuple(_shift(lane, plan, weights, reserve[lane.id]) for lane in lanes)
    return Proposal(shifts, weights.version, digest_of(needs, candidates, weights, held, excluded, tz.key))


def next_best(
    need: Need,
    candidates: Sequence[Candidate],
    weights: Weights,
    *,
    excluded: frozenset[int] = _NOBODY,
    on_shift: frozenset[int] = _NOBODY,
    tz: ZoneInfo = SHANGHAI,
) -> Ranking:
    """Everybody for one place, given the candidates' bookings: for passing on and for replacement.

    ``excluded`` declined or did not appear; ``on_shift`` already have a place of this shift.
    """
    index = Index([need], candidates, tz)
    held = tuple(sorted(on_shift))
    lane = _lane(index.needs[0], index, weights, held, {need.shift_id: excluded})
    return Ranking(need, _ranked(lane, Plan(index.people), weights), lane.rejected)


def _with_held(needs: Sequence[Need], candidates: Sequence[Candidate], held: Sequence[Held]) -> list[Candidate]:
    """The candidates with the held shifts among their bookings, each once."""
    shifts = {need.shift_id: need for need in needs}
    extra: dict[int, list[Booking]] = {}
    for place in held:
        if place.shift_id not in shifts:
            raise ValueError(f"held place of unknown shift {place.shift_id}")
        need = shifts[place.shift_id]
        extra.setdefault(place.worker_id, []).append(Booking(need.start, need.end, need.order_id))
    return [_add_bookings(c, extra[c.id]) if c.id in extra else c for c in candidates]


def _add_bookings(candidate: Candidate, bookings: Iterable[Booking]) -> Candidate:
    new = tuple(b for b in bookings if b not in candidate.bookings)
    return replace(candidate, bookings=candidate.bookings + new) if new else candidate


def _held_on(need: NeedView, held: Sequence[Held]) -> tuple[int, ...]:
    return tuple(place.worker_id for place in held if place.shift_id == need.need.shift_id)


def _lane(need: NeedView, index: Index, weights: Weights, held: tuple[int, ...], excluded: Excluded) -> Lane:
    lane = Lane(need, max(0, need.need.headcount - len(held)), held=held)
    gone = excluded.get(need.need.shift_id, _NOBODY)
    for who in index.people.values():
        against = _against(need, who, held, gone)
        if against:
            lane.rejected[who.id] = against
            continue
        parts = lane.parts[who.id] = scoring.base_parts(need, who, weights)
        lane.base[who.id] = scoring.total(parts)
    lane.order = tuple(sorted(lane.base, key=lambda worker: (-lane.base[worker], worker)))
    return lane


def _against(need: NeedView, who: CandidateView, held: Sequence[int], gone: frozenset[int]) -> tuple[Reason, ...]:
    if who.id in held:
        return (Reason("already_on_shift"),)
    found = reasons(need, who)
    return (*found, Reason("declined_before")) if who.id in gone else found


def _ranked(lane: Lane, plan: Plan, weights: Weights) -> tuple[Ranked, ...]:
    entries = (_entry(lane, worker, plan, weights) for worker in lane.order)
    return tuple(sorted(entries, key=lambda entry: (-entry.score, entry.worker_id)))


def _entry(lane: Lane, worker: int, plan: Plan, weights: Weights) -> Ranked:
    extra = scoring.continuity(plan.on_order(lane, worker), weights)
    taken_by = None
    if worker not in lane.taken and plan.lanes_of(worker):
        blocking = plan.in_the_way(lane, worker)
        taken_by = blocking.id if blocking else None
    return Ranked(worker, lane.base[worker] + extra.points, (*lane.parts[worker], extra), taken_by)


def _shift(lane: Lane, plan: Plan, weights: Weights, reserve: Sequence[int]) -> ShiftProposal:
    ranked = _ranked(lane, plan, weights)
    chosen = [(entry.worker_id, entry.score) for entry in ranked if entry.worker_id in lane.taken]
    firsts = [(worker, _held_score(lane, worker, plan, weights), True) for worker in lane.held]
    firsts += [(worker, score, False) for worker, score in chosen]
    spare = [*reserve, *[None] * (len(firsts) - len(reserve))]
    positions = [
        PositionProposal(worker, backup, score, held)
        for (worker, score, held), backup in zip(firsts, spare, strict=True)
    ]
    shortage = lane.places - len(chosen)
    positions += [PositionProposal(None, None, None)] * shortage
    return ShiftProposal(lane.view.need, tuple(positions), ranked, lane.rejected, shortage)


def _held_score(lane: Lane, worker: int, plan: Plan, weights: Weights) -> int | None:
    """Points of a held worker; None if the worker is not among the candidates."""
    who = plan.people.get(worker)
    if who is None:
        return None
    extra = scoring.continuity(plan.on_order(lane, worker), weights)
    return scoring.total(scoring.base_parts(lane.view, who, weights)) + extra.points
