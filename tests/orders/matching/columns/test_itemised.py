"""Parts of a score told from columns are those of one pair at a time, to the last figure; so is the plan's telling."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from orders.matching import Candidate, Held, Need, Ranked, ScorePart, ShiftProposal, Weights
from orders.matching.engine import next_best, pool_of, propose
from orders.matching.prepared import Index
from orders.matching.scoring import base_parts, continuity

from .worlds import weights, worlds

World = tuple[list[Need], list[Candidate], dict[int, frozenset[int]]]
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def one_by_one(need: Need, who: Candidate, chosen: Weights, *, planned: bool = False) -> tuple[ScorePart, ...]:
    index = Index([need], [who], weights=chosen)
    view, person = index.needs[0], index.people[who.id]
    return *base_parts(view, person, chosen), continuity(planned or person.on_other_shift(view), chosen)


@relaxed
@given(worlds(), weights)
def test_every_part_with_its_figures(world: World, chosen: Weights) -> None:
    needs, people, gone = world
    pool, by_id = pool_of(needs, people), {who.id: who for who in people}
    for need in needs:
        excluded = gone[need.shift_id]
        given_as_objects = next_best(need, people, chosen, excluded=excluded).ranked
        for entry in given_as_objects:
            assert entry.parts == one_by_one(need, by_id[entry.worker_id], chosen)
            assert entry.score == sum(part.points for part in entry.parts)
        for entry in next_best(need, pool, chosen, excluded=excluded).ranked:
            decoded = pool.candidate(pool.row_of(entry.worker_id))
            assert entry.parts == one_by_one(need, decoded, chosen)


@relaxed
@given(worlds(), weights)
def test_the_chosen_are_told_alone_as_among_everybody(world: World, chosen: Weights) -> None:
    needs, people, gone = world
    needs = [replace(need, headcount=2) for need in needs]
    held = [Held(needs[0].shift_id, people[0].id)]
    whole = propose(needs, people, chosen, excluded=gone, held=held)
    short = propose(needs, people, chosen, excluded=gone, held=held, told="chosen")
    assert short.digest == whole.digest
    for alone, among in zip(short.shifts, whole.shifts, strict=True):
        assert alone.verdict is None
        assert alone.ranked == of_the_chosen(among)
        assert (alone.positions, alone.shortage) == (among.positions, among.shortage)


def of_the_chosen(shift: ShiftProposal) -> tuple[Ranked, ...]:
    chosen = {place.worker for place in shift.positions if not place.held}
    return tuple(entry for entry in shift.ranked if entry.worker_id in chosen)


@relaxed
@given(worlds())
def test_another_shift_of_the_order_in_the_same_plan_counts(world: World) -> None:
    needs, people, _ = world
    by_id, plan = {who.id: who for who in people}, propose(needs, people, Weights(), told="chosen")
    mine = [(shift.need, entry) for shift in plan.shifts for entry in shift.ranked]
    for need, entry in mine:
        orders = [other.order_id for other, its in mine if its.worker_id == entry.worker_id and other is not need]
        planned = need.order_id in orders
        assert entry.parts == one_by_one(need, by_id[entry.worker_id], Weights(), planned=planned)
