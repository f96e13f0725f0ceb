"""What a place filled is worth, and which places wait for novices."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from orders.matching import ScorePart, Weights
from orders.matching.engine import next_best
from orders.matching.value import held_for_novices, is_novice, novice_places, plan_value

from .make import need, person

W = Weights()
PARTS = (ScorePart("skill", 15, 15), ScorePart("stars", 17, 20), ScorePart("reliability", 13, 15))


@pytest.mark.parametrize(
    ("shift", "headcount", "percent", "places"),
    [
        (1, 10, 10, 1),
        (1, 20, 10, 2),
        (1, 7, 0, 0),
        (1, 7, 100, 7),
        # CRC-32 of "1" is 2212294583, of "6" 498629140: 83 and 40 of a hundred
        (1, 4, 20, 0),
        (1, 12, 7, 1),
        (6, 4, 10, 0),
        (6, 41, 1, 1),
        (6, 40, 1, 0),
    ],
)
def test_places_for_novices(shift: int, headcount: int, percent: int, places: int) -> None:
    assert novice_places(shift, headcount, percent) == places


def test_over_many_shifts_the_share_is_what_was_asked_for() -> None:
    held = sum(novice_places(shift, 3, 10) for shift in range(1, 10_001))
    assert abs(held - 3000) < 150


@pytest.mark.parametrize(
    ("changes", "places"), [({}, 2), ({"priority": 1}, 2), ({"priority": 2}, 0), ({"min_stars": Decimal("3.5")}, 0)]
)
def test_none_for_the_highest_value_or_where_stars_are_asked_for(changes: dict[str, Any], places: int) -> None:
    assert held_for_novices(need(headcount=20, **changes), 10) == places


@pytest.mark.parametrize(("services", "novice"), [(0, True), (2, True), (3, False)])
def test_who_is_a_novice(services: int, novice: bool) -> None:
    assert is_novice(person(services_done=services), W) is novice


@pytest.mark.parametrize(
    ("asked", "options", "value"),
    [
        ({}, {}, W.fill + 450),
        ({"priority": 1}, {}, W.fill + 400 + 450),
        ({"priority": 2}, {}, W.fill + 800 + 450),
        ({"team": frozenset({1})}, {}, W.fill + 1000 + 450),
        ({}, {"novice_place": True}, W.fill + 800 + 450),
        ({}, {"present": True}, W.fill + 60 + 450),
    ],
)
def test_the_value_of_a_pair(asked: dict[str, Any], options: dict[str, bool], value: int) -> None:
    assert plan_value(need(**asked), person(), PARTS, W, **options) == value


def test_a_place_for_novices_gives_nothing_to_others() -> None:
    served = replace(person(), services_done=3)
    assert plan_value(need(), served, PARTS, W, novice_place=True) == plan_value(need(), served, PARTS, W)


def test_continuity_counts_like_any_other_point() -> None:
    best = next_best(need(), [person()], W).best
    assert best is not None
    assert plan_value(need(), person(), best.parts, W) == W.fill + W.point * best.score
