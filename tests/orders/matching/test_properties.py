"""The engine against the oracle and against exhaustive search, on drawn worlds."""

from __future__ import annotations

import random
from dataclasses import asdict, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.matching import (
    PARTS,
    REASONS,
    Candidate,
    Need,
    Proposal,
    Reason,
    Weights,
    reasons_against,
)
from orders.matching.engine import next_best, propose

from . import oracle
from .strategies import candidates, needs, scarce_worlds, worlds

World = tuple[list[Need], list[Candidate]]
quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SUBJECTS = ("skill", "language", "certificate", "course", "start", "week")


def told(reason: Reason) -> tuple[str, str]:
    subject = next((reason.params[key] for key in SUBJECTS if key in reason.params), "")
    return reason.code, str(subject)


def firsts(proposal: Proposal) -> dict[int, list[Need]]:
    chosen: dict[int, list[Need]] = {}
    for shift in proposal.shifts:
        for position in shift.positions:
            if position.worker is not None:
                chosen.setdefault(position.worker, []).append(shift.need)
    return chosen


def filled(proposal: Proposal) -> int:
    return sum(position.worker is not None for shift in proposal.shifts for position in shift.positions)


@settings(quick, max_examples=400)
@given(needs(10), candidates(1))
def test_reasons_are_exactly_the_oracles(need: Need, who: Candidate) -> None:
    found = reasons_against(need, who)
    assert {told(reason) for reason in found} == oracle.why_not(need, who)
    for reason in found:
        assert tuple(reason.params) == REASONS[reason.code][1]


@settings(quick, max_examples=60)
@given(st.lists(needs(0), min_size=1, max_size=3), st.lists(candidates(0), min_size=1, max_size=3))
def test_a_shared_index_changes_no_reason(shifts: list[Need], people: list[Candidate]) -> None:
    shifts = [replace(need, shift_id=10 + i) for i, need in enumerate(shifts)]
    people = [replace(who, id=1 + i) for i, who in enumerate(people)]
    for shift in propose(shifts, people, Weights()).shifts:
        for who in people:
            got = {told(reason) for reason in shift.rejected.get(who.id, ())}
            assert got == oracle.why_not(shift.need, who)
            assert (who.id in {entry.worker_id for entry in shift.ranked}) == (not got)


@quick
@given(needs(10), candidates(1))
def test_points_are_the_oracles_and_within_their_limits(need: Need, who: Candidate) -> None:
    for shift in propose([need], [who], Weights()).shifts:
        for entry in shift.ranked:
            base = [part for part in entry.parts if part.code != "continuity"]
            assert sum(part.points for part in base) == oracle.score(need, who, asdict(Weights()))
            assert all(0 <= part.points <= part.max_points for part in entry.parts)
            assert all(tuple(part.params) == PARTS[part.code][1] for part in entry.parts)
            # a client of higher value has quality counted once more, beyond the hundred
            assert sum(part.max_points for part in entry.parts if part.code != "quality_first") == 100
            assert entry.score == sum(part.points for part in entry.parts)


BENCHMARK = Weights(
    base=500,
    priority=200,
    closeness=150,
    remote=75,
    stars=100,
    reliability=80,
    team=120,
    skill=40,
    skill_met=0,
    economy=60,
    fairness=50,
    continuity=0,
)


@quick
@given(needs(10), candidates(1))
def test_other_weights_give_the_oracles_points_too(need: Need, who: Candidate) -> None:
    for entry in next_best(need, [who], BENCHMARK).ranked:
        assert entry.score == oracle.score(need, who, asdict(BENCHMARK))
        assert all(tuple(part.params) == PARTS[part.code][1] for part in entry.parts)


@quick
@given(worlds() | scarce_worlds())
def test_no_rule_is_broken_by_firsts_or_by_calling_in_backups(world: World) -> None:
    shifts, people = world
    proposal = propose(shifts, people, Weights())
    chosen = firsts(proposal)
    for shift in proposal.shifts:
        ids = [w for p in shift.positions for w in (p.worker, p.backup) if w is not None]
        assert len(ids) == len(set(ids))
        assert len(shift.positions) == shift.need.headcount
        for position in shift.positions:
            if position.backup is not None:
                assert position.worker is not None
                chosen.setdefault(position.backup, []).append(shift.need)
    for who in people:
        mine = chosen.get(who.id, [])
        assert not any(oracle.why_not(need, who) for need in mine)
        assert oracle.together(mine, who)


@settings(quick, max_examples=300)
@given(scarce_worlds() | worlds())
def test_as_many_places_are_filled_as_can_be(world: World) -> None:
    shifts, people = world
    proposal = propose(shifts, people, Weights())
    assert filled(proposal) == oracle.most_filled(shifts, people)
    assert sum(shift.shortage for shift in proposal.shifts) == sum(n.headcount for n in shifts) - filled(proposal)


@settings(quick, max_examples=60)
@given(scarce_worlds(shifts=9, people=7))
def test_no_free_eligible_person_is_left_beside_an_open_place(world: World) -> None:
    shifts, people = world
    proposal = propose(shifts, people, Weights())
    chosen = firsts(proposal)
    for shift in proposal.shifts:
        for who in people if shift.shortage else ():
            mine = chosen.get(who.id, [])
            if shift.need not in mine and not oracle.why_not(shift.need, who):
                assert not oracle.together([*mine, shift.need], who)
                assert next(r for r in shift.ranked if r.worker_id == who.id).taken_by is not None


@settings(quick, max_examples=200)
@given(scarce_worlds(people=5))
def test_one_more_candidate_never_empties_a_place(world: World) -> None:
    shifts, people = world
    assert filled(propose(shifts, people, Weights())) >= filled(propose(shifts, people[1:], Weights()))


@quick
@given(worlds() | scarce_worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_inputs_does_not_matter(world: World, rng: random.Random) -> None:
    shifts, people = world
    before = propose(shifts, people, Weights())
    rng.shuffle(shifts)
    rng.shuffle(people)
    people = [replace(who, windows=tuple(reversed(who.windows))) for who in people]
    assert propose(shifts, people, Weights()) == before
