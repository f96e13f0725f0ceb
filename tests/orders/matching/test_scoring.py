"""Points of each part at its ends and in between."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orders.matching import LatLng, ScorePart, Weights
from orders.matching.engine import next_best

from .make import CENTRE, booked, need, person

EAST = LatLng(CENTRE.lat, CENTRE.lng + 0.052)  # 4.944 km away


def parts(asked: dict[str, Any], given: dict[str, Any]) -> dict[str, ScorePart]:
    best = next_best(need(**asked), [person(**given)], Weights()).best
    assert best is not None
    assert best.score == sum(part.points for part in best.parts)
    return {part.code: part for part in best.parts}


@pytest.mark.parametrize(
    ("code", "points", "asked", "given"),
    [
        ("closeness", 25, {}, {}),
        ("closeness", 12, {"site": EAST}, {"max_km": 10}),
        ("closeness", 0, {"site": EAST}, {"max_km": 4.944}),
        ("closeness", 24, {"site": LatLng(CENTRE.lat, CENTRE.lng + 0.00001)}, {"max_km": 10}),
        ("closeness", 0, {}, {"max_km": 0}),
        ("closeness_unknown", 0, {"site": None}, {}),
        ("remote", 25, {"remote": True}, {}),
        ("stars", 0, {}, {"stars": Decimal(1)}),
        ("stars", 17, {}, {"stars": Decimal("4.5")}),
        ("stars", 19, {}, {"stars": Decimal("4.99")}),
        ("stars", 20, {}, {"stars": Decimal(5)}),
        ("stars_novice", 14, {}, {"stars": None}),
        ("reliability", 14, {}, {"reliability": 99}),
        ("reliability", 15, {}, {"reliability": 100}),
        ("skill", 15, {}, {}),
        ("skill", 5, {"skills": {"chat": 2}}, {"skills": {"chat": 2}}),
        ("skill", 10, {"skills": {"chat": 2}}, {"skills": {"chat": 3}}),
        ("skill", 15, {"skills": {"chat": 2}}, {"skills": {"chat": 5}}),
        ("skill", 7, {"skills": {"chat": 2, "crm": 1}}, {"skills": {"chat": 3, "crm": 1}}),
        ("team", 10, {"team": frozenset({1})}, {}),
        ("team", 0, {"team": frozenset({2})}, {}),
        ("fairness", 10, {}, {"recent_minutes": 0}),
        ("fairness", 9, {}, {"recent_minutes": 1}),
        ("fairness", 0, {}, {"recent_minutes": 9600}),
        ("fairness", 0, {}, {"recent_minutes": 99999}),
        ("continuity", 5, {}, {"bookings": (booked(1, 9, 17, order_id=1),)}),
        ("continuity", 0, {}, {"bookings": (booked(1, 9, 17, order_id=2),)}),
    ],
)
def test_points(code: str, points: int, asked: dict[str, Any], given: dict[str, Any]) -> None:
    assert parts(asked, given)[code].points == points


def test_the_best_possible_worker_has_100_points() -> None:
    asked = {"skills": {"chat": 1}, "team": frozenset({1})}
    given = {
        "skills": {"chat": 3},
        "stars": Decimal(5),
        "reliability": 100,
        "bookings": (booked(1, 9, 17, order_id=1),),
    }
    assert sum(part.points for part in parts(asked, given).values()) == 100


def test_the_client_and_the_price_give_points_where_weights_say_so() -> None:
    weights = Weights(base=500, priority=200, economy=60, skill=40, skill_met=0)
    asked: dict[str, Any] = {"priority": 1, "max_rate": 2000, "skills": {"chat": 2}}
    best = next_best(need(**asked), [person(rate=1975, skills={"chat": 3})], weights).best
    assert best is not None
    points = {part.code: (part.points, part.max_points) for part in best.parts}
    assert points["base"] == (500, 500)
    assert points["priority"] == (200, 400)
    assert points["economy"] == (0, 60)
    assert points["skill"] == (20, 40)
    cheap = next_best(need(**asked), [person(rate=1000, skills={"chat": 3})], weights).best
    assert cheap is not None
    assert cheap.score - best.score == 30


def test_without_a_highest_price_there_is_no_economy() -> None:
    best = next_best(need(), [person(rate=1)], Weights(economy=60)).best
    assert best is not None
    assert {part.code: part.points for part in best.parts}["economy"] == 0


def test_weights_scale_the_parts() -> None:
    best = next_best(need(), [person()], Weights(closeness=50, stars=0)).best
    assert best is not None
    points = {part.code: (part.points, part.max_points) for part in best.parts}
    assert points["closeness"] == (50, 50)
    assert points["stars"] == (0, 0)


def test_quality_counts_once_more_in_part_by_each_step_of_the_clients_value() -> None:
    worker = person(stars=Decimal(5), reliability=100)
    plain = {part.code: part for part in next_best(need(), [worker], Weights()).ranked[0].parts}
    assert "quality_first" not in plain
    for value, points in ((1, 17), (2, 35)):
        best = next_best(need(priority=value), [worker], Weights()).ranked[0]
        (part,) = [part for part in best.parts if part.code == "quality_first"]
        assert (part.points, part.max_points) == (points, points)
    assert "quality_first" not in {
        part.code for part in next_best(need(priority=2), [worker], Weights(value_first_percent=0)).ranked[0].parts
    }
