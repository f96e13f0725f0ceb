"""The greedy pass alone; chains and the small search, starting from plans that a careless choice has left short."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from orders.matching import Candidate, Need, Weights
from orders.matching.greedy import Greedy
from orders.matching.improve import Chains, Search, components, improve
from orders.matching.plan import Lane, Plan
from orders.matching.prepared import Index

from .make import at, need, person


def lanes_for(shifts: list[Need], people: list[Candidate], able: Mapping[int, list[int]]) -> tuple[list[Lane], Plan]:
    """Lanes by shift id in which only the named workers are eligible, and an empty plan."""
    index = Index(shifts, people)
    lanes = []
    for view in index.needs:
        who = able[view.need.shift_id]
        lanes.append(Lane(view, view.need.headcount, dict.fromkeys(who, 0), order=tuple(who)))
    return sorted(lanes, key=lambda lane: lane.id), Plan(index.people)


def taken(lanes: list[Lane]) -> list[set[int]]:
    return [lane.taken for lane in lanes]


def test_a_chain_moves_people_along_their_alternatives() -> None:
    shifts, people = [need(i) for i in range(1, 5)], [person(i) for i in range(1, 5)]
    lanes, plan = lanes_for(shifts, people, {1: [1, 2], 2: [2, 3], 3: [3, 4], 4: [1]})
    for lane, worker in zip(lanes, [1, 2, 3], strict=False):
        plan.put(lane, worker)
    assert Chains(plan).fill(lanes[3])
    assert taken(lanes) == [{2}, {3}, {4}, {1}]


def test_one_step_may_free_several_shifts() -> None:
    # worker 1 does two short shifts, the long one needs worker 1; 2 and 3 can take one short shift each
    shifts = [need(1, start=at(0, 8), hours=2), need(2, start=at(0, 12), hours=2), need(3, start=at(0, 8), hours=8)]
    lanes, plan = lanes_for(shifts, [person(i) for i in (1, 2, 3)], {1: [1, 2], 2: [1, 3], 3: [1]})
    plan.put(lanes[0], 1)
    plan.put(lanes[1], 1)
    assert Chains(plan).fill(lanes[2])
    assert taken(lanes) == [{2}, {3}, {1}]


def test_a_shift_leaves_for_hours_as_well() -> None:
    shifts = [need(1), need(2, start=at(2, 9))]
    people = [person(1, weekly_cap=timedelta(hours=8)), person(2)]
    lanes, plan = lanes_for(shifts, people, {1: [1, 2], 2: [1]})
    plan.put(lanes[0], 1)
    assert Chains(plan).fill(lanes[1])
    assert taken(lanes) == [{2}, {1}]


def test_a_chain_that_leads_nowhere_changes_nothing() -> None:
    shifts, people = [need(i) for i in (1, 2, 3)], [person(1), person(2)]
    lanes, plan = lanes_for(shifts, people, {1: [1, 2], 2: [1, 2], 3: [1, 2]})
    plan.put(lanes[0], 1)
    plan.put(lanes[1], 2)
    assert not Chains(plan).fill(lanes[2])
    assert taken(lanes) == [{1}, {2}, set()]


def test_a_chain_stops_when_its_nodes_are_spent() -> None:
    lanes, plan = lanes_for([need(1), need(2)], [person(1), person(2)], {1: [1, 2], 2: [1]})
    plan.put(lanes[0], 1)
    assert not Chains(plan, nodes=0).fill(lanes[1])
    assert Chains(plan, nodes=1).fill(lanes[1])


def test_the_search_gives_up_one_shift_for_two() -> None:
    shifts = [need(1, start=at(0, 8), hours=2), need(2, start=at(0, 12), hours=2), need(3, start=at(0, 8), hours=8)]
    lanes, plan = lanes_for(shifts, [person(1)], {1: [1], 2: [1], 3: [1]})
    plan.put(lanes[2], 1)
    improve(lanes, plan)
    assert taken(lanes) == [{1}, {1}, set()]


def test_the_search_finds_nothing_better_than_the_best() -> None:
    lanes, plan = lanes_for([need(1), need(2)], [person(1)], {1: [1], 2: [1]})
    assert Search(lanes, plan.people, nodes=1000).run(at_least=1) is None
    assert taken(lanes) == [set(), set()]


def test_the_search_reaches_a_plan_without_any_open_place() -> None:
    lanes, plan = lanes_for([need(1), need(2)], [person(1), person(2)], {1: [1, 2], 2: [1]})
    found = Search(lanes, plan.people, nodes=1000).run(at_least=1)
    assert sorted((lane.id, worker) for lane, worker in found or ()) == [(1, 2), (2, 1)]


def test_chains_help_where_the_search_would_take_too_long() -> None:
    count = 40
    shifts, people = [need(i) for i in range(1, count + 1)], [person(i) for i in range(1, count + 1)]
    able = {i: [i, i % count + 1] for i in range(1, count + 1)}
    lanes, plan = lanes_for(shifts, people, able)
    # each of the first has the second of its two people, so the last two can only be filled by moving others
    for i in range(1, count - 2):
        plan.put(lanes[i - 1], i % count + 1)
    plan.put(lanes[count - 1], count)
    improve(lanes, plan)
    assert all(lane.open == 0 for lane in lanes)


def test_the_greedy_pass_spares_whoever_is_needed_elsewhere() -> None:
    lanes, plan = lanes_for([need(1), need(2)], [person(1), person(2)], {1: [1, 2], 2: [1]})
    Greedy(lanes, plan, Weights()).run()
    assert taken(lanes) == [{2}, {1}]


def test_components_share_no_worker() -> None:
    shifts, people = [need(i) for i in (1, 2, 3, 4)], [person(i) for i in (1, 2, 3)]
    lanes, _ = lanes_for(shifts, people, {1: [1], 2: [2, 3], 3: [1, 2], 4: []})
    assert sorted(sorted(lane.id for lane in group) for group in components(lanes)) == [[1, 2, 3], [4]]
