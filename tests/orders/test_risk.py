"""Signals of risk: each at its edge, and what is enough."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(("until", "found"), [(1, []), (0, ["unconfirmed"]), (-60, ["unconfirmed"])])
def test_silence_past_the_window_is_a_risk(until, found):
    start = NOW + timedelta(hours=4)
    assert codes(Watch(start, remote=False, confirm_by=NOW + minutes(until))) == found
    assert codes(Watch(start, remote=False, confirm_by=None)) == []


@pytest.mark.parametrize(("left", "enough"), [(45, False), (41, False), (40, True), (11, True)])
def test_whoever_should_have_left_some_minutes_ago_is_at_risk(left, enough):
    watch = Watch(NOW + minutes(left), remote=False, km=10.0)
    assert risk.at_risk(risk.signals(watch, NOW, SCALE), SCALE) is enough
    assert not risk.at_risk(risk.signals(replace(watch, departed=True), NOW, SCALE), SCALE)


def test_whoever_has_set_out_is_not_watched_by_the_clock():
    watch = Watch(NOW + minutes(5), remote=False, km=10.0, departed=True)
    assert codes(watch) == []
    assert codes(replace(watch, departed=False)) == ["due"]


@given(
    st.integers(-60, 600),
    st.one_of(st.none(), st.floats(0, 60)),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(-300, 300),
    st.booleans(),
)
def test_every_word_of_the_person_makes_it_safer_and_every_stain_less_safe(left, km, late, missed, until, departed):
    watch = Watch(NOW + minutes(left), remote=False, km=km, late=late, missed=missed, confirm_by=NOW + minutes(until))
    heavy = risk.weight(risk.signals(watch, NOW, SCALE))
    assert risk.weight(risk.signals(replace(watch, confirm_by=None), NOW, SCALE)) <= heavy
    assert risk.weight(risk.signals(replace(watch, departed=True), NOW, SCALE)) <= heavy
    assert risk.weight(risk.signals(replace(watch, late=late + 1, missed=missed + 1), NOW, SCALE)) >= heavy
    found = risk.signals(replace(watch, departed=departed), NOW, SCALE)
    assert [signal.weight for signal in found] == sorted((signal.weight for signal in found), reverse=True)
    assert risk.at_risk(found, SCALE) == (risk.weight(found) >= SCALE.enough)


def test_whoever_is_late_already_is_no_risk_any_more():
    assert codes(Watch(NOW, remote=False, km=40.0, late=9, missed=9)) == []


@pytest.mark.parametrize(("gap", "found"), [(74, ["tight"]), (75, ["double"])])
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
    assert codes(watch) == ["leaving", "missed", "late", "far"]


@pytest.mark.parametrize(("km", "way"), [(None, 15), (0.0, 15), (0.1, 16), (10.0, 45), (10.01, 46)])
def test_a_way_is_rounded_up(km, way):
    assert risk.way_minutes(km, SCALE) == way


def test_every_signal_has_its_words():
    for code in risk_text.WORDS:
        assert "%" not in risk_text.words(Signal(code, 1, 7, 9))
    assert set(risk_text.WORDS) == set(get_args(risk.Code))
