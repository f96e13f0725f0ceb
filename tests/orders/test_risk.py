"""Signals of risk: each at its edge, and what is enough."""

from datetime import timedelta
from typing import get_args

import pytest

from orders import risk, risk_text
from orders.risk import Before, Scale, Signal, Watch
from tests.fixtures.agency import NOW

SCALE = Scale()


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def codes(watch: Watch) -> list[str]:
    return [signal.code for signal in risk.signals(watch, NOW, SCALE)]


@pytest.mark.parametrize(
    ("left", "km", "found"),
    [(46, 10.0, []), (45, 10.0, ["leaving"]), (11, 10.0, ["leaving"]), (10, 10.0, ["due"]), (16, None, [])],
)
def test_the_clock_says_when_one_should_be_on_the_way(left, km, found):
    assert codes(Watch(NOW + minutes(left), remote=km is None, km=km)) == found


def test_whoever_is_late_already_is_no_risk_any_more():
    assert codes(Watch(NOW, remote=False, km=40.0, late=9, missed=9)) == []


@pytest.mark.parametrize(("gap", "found"), [(74, ["tight"]), (75, [])])
def test_two_sites_in_one_day_need_time_between_them(gap, found):
    start = NOW + timedelta(hours=5)
    assert codes(Watch(start, remote=False, before=Before(start - minutes(gap), km=20.0))) == found
    assert codes(Watch(start, remote=False, before=Before(start - minutes(gap), km=None))) == []


@pytest.mark.parametrize(
    ("watch", "enough"),
    [
        ({}, False),
        ({"late": 1}, False),
        ({"late": 3}, True),
        ({"missed": 1}, True),
        ({"km": 15.0}, False),
        ({"km": 15.0, "late": 1}, True),
    ],
)
def test_how_much_is_enough(watch, enough):
    found = risk.signals(Watch(NOW + timedelta(hours=6), remote=False, **watch), NOW, SCALE)
    assert risk.at_risk(found, SCALE) is enough


def test_the_heaviest_comes_first():
    watch = Watch(NOW + minutes(50), remote=False, km=16.0, late=1, missed=2)
    assert codes(watch) == ["missed", "leaving", "late", "far"]


@pytest.mark.parametrize(("km", "way"), [(None, 15), (0.0, 15), (0.1, 16), (10.0, 45), (10.01, 46)])
def test_a_way_is_rounded_up(km, way):
    assert risk.way_minutes(km, SCALE) == way


def test_every_signal_has_its_words():
    for code in risk_text.WORDS:
        assert "%" not in risk_text.words(Signal(code, 1, 7, 9))
    assert set(risk_text.WORDS) == set(get_args(risk.Code))
