"""People with long rosters: what deals at prices gain on look-alikes of tight days, and when they are left alone."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from bench import lookalike
from orders.matching import diving
from orders.matching import exchange as rosters
from orders.matching.bound import lagrangian
from orders.matching.problem import UNLIMITED
from orders.matching.solve import field_of, solve

from .plain import World


def tight(workers: int, seed: int, limit: int = UNLIMITED, rest: int = 0) -> World:
    """A day whose tasks can all be covered if nobody rests, with preferences of 0 to 100."""
    spans, qualified = lookalike.task_scheduling(workers, seed)
    rng = np.random.default_rng(seed)
    people = [(rest, (limit,) * 4, {t: 500 + int(rng.integers(0, 100)) for t in can}) for can in qualified]
    return World([(start, end, 1, t, None) for t, (start, end) in enumerate(spans)], people)


def exchanged(world: World, left=lambda: None) -> tuple[int, int, int, float, bool]:
    """(value before, value after, open shifts, bound, stopped); what comes out is checked."""
    problem = world.problem()
    field, _ = field_of(problem)
    quick = solve(problem, effort="quick")
    held = np.zeros(len(field.who), bool)
    held[np.isin(field.shift_of * field.rest.size + field.who, quick.shift * field.rest.size + quick.who)] = True
    with patch.object(rosters, "DEALS_MOST", 800):
        found, bound, stopped = rosters.exchange(field, held, left)
    assert rosters.valid(field, found)
    return quick.value, int(field.value[found].sum()), len(field.need) - int(found.sum()), bound, stopped


@pytest.mark.parametrize("seed", [1, 2])
def test_rosters_gain_by_deals_cover_every_shift_and_come_near_the_bound(seed: int) -> None:
    before, after, missing, bound, stopped = exchanged(tight(20, seed))
    assert before < after <= bound
    assert after >= 0.99 * bound
    assert missing == 0
    assert not stopped
    assert exchanged(tight(20, seed)) == (before, after, missing, bound, stopped)


def test_people_who_rest_between_shifts_are_dealt_what_they_can_do() -> None:
    before, after, _, bound, _ = exchanged(tight(20, 3, rest=30))
    assert before < after <= bound


def test_the_bound_is_the_lagrangian_one() -> None:
    field, _ = field_of(tight(20, 4).problem())
    days = diving.days_of(field)
    deal = diving.deal_of(days, np.full(len(field.need), 550.0), np.full(len(field.need), -1))
    diving.gather(days, deal, np.ones(len(field.rest), np.bool_), -diving.EVER, diving.EVER)
    assert int(diving.price(deal, 0.0, 0.1)) == lagrangian(field, deal.price, 0, 1)


def test_a_deal_that_can_win_nothing_changes_nothing() -> None:
    field, _ = field_of(tight(20, 1).problem())
    days = diving.days_of(field)
    deal = diving.deal_of(days, np.full(len(field.need), 550.0), np.full(len(field.need), -1))
    everybody, pace = np.ones(len(field.rest), np.bool_), rosters.AGAIN
    assert diving.redeal(days, deal, everybody, -diving.EVER, diving.EVER, 0.0, pace)
    owner = deal.owner.copy()
    alone = np.zeros(len(field.rest), np.bool_)
    alone[0] = True
    deal.weight[owner == 0] = 10_000
    assert not diving.redeal(days, deal, alone, -diving.EVER, diving.EVER, 0.0, pace)
    assert (deal.owner == owner).all()


def test_the_time_cuts_the_exchange_short() -> None:
    ticks = iter(range(1000, -100_000, -1))
    before, after, _, bound, stopped = exchanged(tight(20, 1), lambda: float(next(ticks)) / 20)
    assert before <= after <= bound
    assert stopped


def test_there_is_a_bound_even_if_the_time_is_over_at_once() -> None:
    ticks = iter(range(1, -100_000, -1))
    before, after, _, bound, stopped = exchanged(tight(20, 1), lambda: float(next(ticks)))
    assert before <= after <= bound < np.inf
    assert stopped


def test_many_pairs_are_left_to_the_exchange_alone() -> None:
    problem = tight(20, 1).problem()
    with patch.object(rosters, "FEW", 100), patch.object(rosters, "DEALS_MOST", 20):
        found = solve(problem)
    assert found.method == "search"
    assert found.bound is not None
    assert found.value <= found.bound


def test_hours_single_shifts_and_places_for_many_are_left_to_the_search() -> None:
    assert rosters.suits(field_of(tight(20, 1).problem())[0])
    assert not rosters.suits(field_of(tight(20, 1, 2_000).problem())[0])
    field, _ = field_of(tight(20, 1).problem())
    assert not rosters.suits(field._replace(need=field.need + 1))
    assert not rosters.suits(field._replace(continuity=np.int64(5)))
    assert not rosters.suits(field._replace(travel=3.0))
