"""What a small problem is made smaller by: never the best plan."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.matching.fewer import fewer
from orders.matching.problem import UNLIMITED
from orders.matching.solve import solve

from .plain import WEEK, World, worlds

quick = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FREE = [UNLIMITED] * 4


def shift(day: int, order: int = 0, need: int = 1) -> tuple[int, int, int, int, float | None]:
    return day * WEEK, day * WEEK + 480, need, order, None


def left(world: World) -> set[tuple[int, int]]:
    """The (shift, person) pairs that stay."""
    small = fewer(world.problem())
    return {(t, int(w)) for t, (a, b) in enumerate(pairwise(small.begin.tolist())) for w in small.who[a:b]}


@quick
@given(worlds(most_shifts=3, most_people=7) | worlds(most_shifts=4, most_people=6, scores=st.integers(8, 12)))
def test_the_best_plan_of_what_stays_is_the_best_of_all(world: World) -> None:
    found = solve(fewer(world.problem()))
    world.check(found)
    assert found.value == world.best()


def test_of_one_shift_the_best_stay_with_their_equals() -> None:
    points = [5, 9, 7, 7, 1]
    assert left(World([shift(0, need=2)], [(0, FREE, {0: score}) for score in points])) == {(0, 1), (0, 2)}


def test_who_would_come_again_stays_for_the_bonus() -> None:
    people = [(0, FREE, {0: 9}), (0, FREE, {0: 9}), (0, FREE, {1: 9}), (0, FREE, {1: 9})]
    people += [(0, FREE, {0: 8, 1: 8}), (0, FREE, {0: 5, 1: 5})]
    world = World([shift(0), shift(1)], people, continuity=3)
    assert {w for _, w in left(world)} == {0, 1, 2, 3, 4}
    assert solve(fewer(world.problem())).value == world.best() == 19


def test_nobody_stands_in_without_the_rest_the_hours_or_the_shift() -> None:
    shifts = [(0, 480, 1, 0, None), (600, 1080, 1, 0, None)]
    able, other = (60, FREE, {0: 9, 1: 9}), (60, FREE, {0: 8, 1: 8})
    unlike = [(180, FREE, {0: 9, 1: 9}), (60, [500] * 4, {0: 9, 1: 9}), (60, FREE, {0: 20})]
    assert {w for _, w in left(World(shifts, [*unlike, *unlike, other], continuity=12))} == set(range(7))
    assert {w for _, w in left(World(shifts, [able, able, *unlike, other], continuity=12))} == {0, 1, 4}


def test_nothing_is_left_out_where_everybody_may_be_needed() -> None:
    nobody = World([shift(0)], [(0, [0] * 4, {0: 5}), (0, [0] * 4, {0: 5})])
    assert left(nobody) == set()
    empty = World([], [(0, FREE, {})]).problem()
    assert fewer(empty) is empty
    few = World([shift(0, need=3)], [(0, FREE, {0: 5}), (0, FREE, {0: 6})]).problem()
    assert fewer(few) is few
    assert np.array_equal(few.score, [5, 6])
