"""Every plan for a small problem against the rules in plain words and against the best by trying everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.matching.bound import lagrangian
from orders.matching.problem import Problem
from orders.matching.solve import Effort, field_of, solve

from .plain import World, worlds

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(worlds())
def test_the_best_is_the_best_and_all_plans_are_valid(world: World) -> None:
    problem, best = world.problem(), world.best()
    for effort in ("greedy", "quick", "best"):
        found = solve(problem, effort=effort, bound=True)
        world.check(found)
        assert found.value <= best
        assert found.bound is not None
        assert found.bound >= best
        assert not found.stopped
        if effort == "best":
            assert found.method == "exact"
            assert found.value == best == found.bound or not len(found.who)


@quick
@given(worlds(scores=st.integers(-5, 9) | st.sampled_from([2**31 - 1, 2**31 - 2, 2**30, 10**9])))
def test_huge_points_break_nothing(world: World) -> None:
    problem, best = world.problem(), world.best()
    found = solve(problem, bound=True)
    world.check(found)
    assert found.bound is not None
    assert found.value <= best <= found.bound
    assert found.value == best or found.method != "exact"
    assert found.value >= best * 0.999_999


@quick
@given(worlds(), st.lists(st.integers(0, 1500), min_size=6, max_size=6))
def test_no_plan_exceeds_the_bound_at_any_prices(world: World, prices: list[int]) -> None:
    field, _ = field_of(world.problem())
    dual = np.array(prices[: len(world.shifts)], np.int64)
    assert lagrangian(field, dual, 0, steps=1) >= world.best()
    assert lagrangian(field, dual, 0) >= world.best()


@settings(quick, max_examples=60)
@given(worlds(), st.randoms(use_true_random=False))
def test_equal_problems_give_equal_plans_and_the_order_of_rows_no_other_value(world: World, rnd) -> None:
    efforts: tuple[Effort, ...] = ("quick", "best")
    for effort in efforts:
        one, other = (solve(world.problem(), effort=effort) for _ in range(2))
        assert [one.shift.tolist(), one.who.tolist()] == [other.shift.tolist(), other.who.tolist()]
    people = rnd.sample(list(world.people), len(world.people))
    assert solve(replace(world, people=people).problem()).value == one.value
    assert solve(shuffled(world.problem(), rnd)).value == one.value


def shuffled(problem: Problem, rnd) -> Problem:
    """The pairs of each shift in another order."""
    spans = [range(problem.begin[t], problem.begin[t + 1]) for t in range(problem.shifts)]
    by = np.array([p for span in spans for p in rnd.sample(span, len(span))], np.int64)
    return replace(problem, who=problem.who[by], score=problem.score[by])


@quick
@given(worlds(), st.integers(0, 12))
def test_a_plan_that_is_cut_short_is_valid_and_says_so(world: World, ticks: int) -> None:
    problem = world.problem()
    times = iter(range(10_000))
    found = solve(problem, seconds=float(ticks), clock=lambda: float(next(times)))
    world.check(found)
    assert found.stopped or found.method == "exact"
    if ticks == 0 and found.method != "exact":
        assert (found.method, found.stopped) == ("greedy", True)


@pytest.mark.parametrize("effort", ["greedy", "quick", "best"])
def test_no_time_left_is_the_safety_net(effort: Effort) -> None:
    world = World([(0, 60, 1, 0, None)], [(0, (600,) * 4, {0: 7})])
    found = solve(world.problem(), effort=effort, seconds=0.0)
    world.check(found)
    assert (found.value, found.method, found.stopped) == (7, "greedy", effort != "greedy")
