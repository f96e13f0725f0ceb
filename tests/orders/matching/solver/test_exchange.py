"""People with long rosters: what exchanging them gains on look-alikes of tight days, and when it is left alone."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from bench import lookalike
from orders.matching import exchange as rosters
from orders.matching.problem import UNLIMITED
from orders.matching.solve import field_of, solve

from .plain import World


def tight(workers: int, seed: int, limit: int = UNLIMITED) -> World:
    """A day whose tasks can all be covered, with preferences of 0 to 100."""
    spans, qualified = lookalike.task_scheduling(workers, seed)
    rng = np.random.default_rng(seed)
    people = [(0, (limit,) * 4, {t: 500 + int(rng.integers(0, 100)) for t in can}) for can in qualified]
    return World([(start, end, 1, t, None) for t, (start, end) in enumerate(spans)], people)


def exchanged(world: World, left=lambda: None) -> tuple[int, int, float, bool]:
    """(value before, value after, bound, stopped); what comes out is checked."""
    problem = world.problem()
    field, _ = field_of(problem)
    quick = solve(problem, effort="quick")
    held = np.zeros(len(field.who), bool)
    held[np.isin(field.shift_of * field.rest.size + field.who, quick.shift * field.rest.size + quick.who)] = True
    found, bound, stopped = rosters.exchange(field, held, np.zeros(len(field.need)), left)
    assert rosters.valid(field, found)
    return quick.value, int(field.value[found].sum()), bound, stopped


@pytest.mark.parametrize("seed", [1, 2])
def test_rosters_gain_by_exchange_and_stay_within_the_bound(seed: int) -> None:
    before, after, bound, stopped = exchanged(tight(20, seed))
    assert before < after <= bound
    assert after >= 0.99 * bound
    assert not stopped
    assert exchanged(tight(20, seed)) == (before, after, bound, stopped)


def test_a_party_that_holds_more_than_there_is_room_for_exchanges_a_window() -> None:
    world = tight(20, 3)
    with patch.object(rosters, "_span", lambda f: 400):
        before, after, bound, _ = exchanged(world)
    assert before < after <= bound


def test_the_time_cuts_the_exchange_short() -> None:
    ticks = iter(range(1000, -100_000, -1))
    before, after, bound, stopped = exchanged(tight(20, 1), lambda: float(next(ticks)) / 100)
    assert before <= after <= bound
    assert stopped


def test_hours_single_shifts_and_places_for_many_are_left_to_the_search() -> None:
    assert rosters.suits(field_of(tight(20, 1).problem())[0])
    assert not rosters.suits(field_of(tight(20, 1, 2_000).problem())[0])
    field, _ = field_of(tight(20, 1).problem())
    assert not rosters.suits(field._replace(need=field.need + 1))
    assert not rosters.suits(field._replace(continuity=np.int64(5)))
    assert not rosters.suits(field._replace(travel=3.0))
