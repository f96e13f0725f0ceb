"""The package a client should be offered: each rule at its limit, and what comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.packages import Advice, Habits, Limits, advice

LIMITS = Limits(team_orders=6, team_weeks_percent=50, special_orders_percent=50, repair_stars=4.0, few=5)


@pytest.mark.parametrize(
    ("habits", "expected"),
    [
        (Habits(12, 0, 0), Advice.WATCH),
        (Habits(12, 6, 6), Advice.TEAM),
        (Habits(12, 5, 6), Advice.WATCH),
        (Habits(12, 6, 5), Advice.WATCH),
        (Habits(12, 6, 6, special=3), Advice.SPECIAL),
        (Habits(12, 6, 6, special=2), Advice.TEAM),
        (Habits(12, 6, 6, team=4), Advice.KEEP),
        (Habits(12, 6, 6, team=3), Advice.TEAM),
        (Habits(12, 6, 6, stars=3.9, reviews=5), Advice.REPAIR),
        (Habits(12, 6, 6, stars=3.9, reviews=4), Advice.TEAM),
        (Habits(12, 6, 6, stars=4.0, reviews=5), Advice.TEAM),
    ],
)
def test_each_rule_at_its_limit(habits, expected):
    assert advice(habits, LIMITS) is expected


@given(st.integers(0, 30), st.integers(0, 12), st.integers(0, 30), st.integers(0, 30))
def test_the_unhappy_are_never_sold_more(orders, weeks, special, team):
    habits = Habits(12, orders, weeks, min(special, orders), min(team, orders), stars=3.0, reviews=5)
    assert advice(habits, LIMITS) is Advice.REPAIR
