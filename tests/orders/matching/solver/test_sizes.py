"""Problems at the edges of what the solver's buffers and steps expect, and assignment problems against scipy."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import linear_sum_assignment

from bench import lookalike
from orders.matching import board
from orders.matching.problem import UNLIMITED, Problem, plain
from orders.matching.solve import solve

from .plain import World, worlds
from .test_small import quick


def crowd(shifts: list[tuple[int, int]], need: list[int], people: int, points: np.ndarray) -> Problem:
    """Everybody may do everything for ``points[shift, person]``, without limits."""
    begin = np.arange(len(shifts) + 1) * people
    who = np.tile(np.arange(people), len(shifts))
    unlimited = np.full(people, UNLIMITED)
    return plain(shifts, need, (begin, who, points.ravel()), np.zeros(people), unlimited)


def drawn(seed: int, shifts: int, people: int, high: int = 100) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, high, (shifts, people))


@pytest.mark.parametrize(("size", "high"), [(1, 9), (7, 3), (30, 100), (60, 1_000_000), (120, 100), (200, 100)])
def test_an_assignment_problem_is_solved_to_the_known_best(size: int, high: int) -> None:
    points = drawn(size, size, size, high)
    best = int(points[linear_sum_assignment(points, maximize=True)].sum())
    found = solve(crowd([(0, 60)] * size, [1] * size, size, points))
    assert (found.value, found.method, found.bound) == (best, "exact", best)
    assert len(set(found.who.tolist())) == size


@pytest.mark.parametrize("effort", ["greedy", "quick", "best"])
def test_one_person_with_hundreds_of_shifts_that_meet(effort) -> None:
    shifts = [(60 * t, 60 * t + 60) for t in range(300)]
    found = solve(crowd(shifts, [1] * 300, 1, drawn(1, 300, 1)), effort=effort)
    assert found.shift.tolist() == list(range(300))


@pytest.mark.parametrize("effort", ["greedy", "quick", "best"])
def test_one_long_shift_against_hundreds_of_short_ones(effort) -> None:
    shifts = [(60 * t, 60 * t + 60) for t in range(300)]
    points = np.full((301, 1), 10)
    points[300] = 4_000
    found = solve(crowd([*shifts, (0, 18_000)], [1] * 301, 1, points), effort=effort)
    assert found.value == (4_000 if effort != "greedy" else found.value) and found.value in (3_000, 4_000)


def test_shifts_of_hundreds_of_places_take_the_best() -> None:
    points = drawn(3, 4, 500)
    found = solve(crowd([(0, 60), (60, 120), (120, 180), (240, 300)], [200, 0, 900, 1], 500, points))
    assert found.value == sum(
        np.sort(row)[::-1][:need].sum() for row, need in zip(points, (200, 0, 900, 1), strict=True)
    )


def test_a_shift_that_takes_everybody_is_filled_at_once() -> None:
    found = solve(crowd([(0, 60)], [UNLIMITED], 30_000, drawn(4, 1, 30_000)), effort="greedy")
    assert len(found.who) == 30_000


@pytest.mark.parametrize("effort", ["greedy", "quick", "best"])
@pytest.mark.parametrize(("shifts", "people"), [(0, 0), (0, 3), (3, 0)])
def test_nothing_to_plan(effort, shifts: int, people: int) -> None:
    problem = crowd([(0, 60)] * shifts, [1] * shifts, people, np.zeros((shifts, people), int))
    found = solve(problem, effort=effort)
    assert (found.value, found.bound, found.method, found.stopped) == (0, 0.0, "exact", False)


@quick
@given(worlds(most_shifts=8, most_people=6))
def test_a_log_too_small_for_an_attempt_spoils_no_plan(world: World) -> None:
    for moves in (0, 1, 3, 6):
        with patch.object(board, "LOG", moves):
            world.check(solve(world.problem(), effort="quick"))


def test_a_shift_longer_than_the_hours_left_takes_nobody() -> None:
    alone = World([(0, 120, 1, 0, None)], [(0, (60,) * 4, {0: 9})])
    booked_over = World([(0, 60, 1, 0, None)], [(0, (60, -5, -5, -5), {0: 9})])
    for effort in ("greedy", "quick", "best"):
        assert solve(alone.problem(), effort=effort).value == 0
        assert solve(booked_over.problem(), effort=effort).value == 9
    assert solve(booked_over.problem()).method == "exact"


@pytest.mark.parametrize("seed", [1, 2])
def test_every_task_of_a_tight_day_is_covered(seed: int) -> None:
    spans, qualified = lookalike.task_scheduling(12, seed)
    rng = np.random.default_rng(seed)
    people = [(0, (UNLIMITED,) * 4, {t: 1_000 + int(rng.integers(0, 100)) for t in can}) for can in qualified]
    world = World([(start, end, 1, t, None) for t, (start, end) in enumerate(spans)], people)
    found = solve(world.problem())
    world.check(found)
    assert found.shift.tolist() == list(range(len(spans)))
    assert found.method == "exact"
