"""What giving up a place costs, at the edges and in general."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.cutoffs import Terms, fee, free_until, last_from, percent

START = datetime(2026, 11, 25, 22, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUSE = Terms(free_hours=24, late_percent=30, last_hours=2, last_percent=100)
SECOND = timedelta(seconds=1)

terms = st.builds(
    Terms,
    free_hours=st.integers(0, 200),
    late_percent=st.integers(0, 100),
    last_hours=st.integers(0, 200),
    last_percent=st.integers(0, 100),
)
costs = st.decimals(min_value=0, max_value=100_000, places=2)
ahead = st.integers(1, 300 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=9), 0),
        (timedelta(hours=24), 0),
        (timedelta(hours=24) - SECOND, 30),
        (timedelta(hours=2), 30),
        (timedelta(hours=2) - SECOND, 100),
        (SECOND, 100),
        (timedelta(0), 0),
        (-timedelta(hours=1), 0),
    ],
)
def test_each_step_ends_where_it_says(before: timedelta, expected: int) -> None:
    assert percent(START, START - before, HOUSE) == expected


def test_a_share_is_rounded_half_up_to_the_fen() -> None:
    assert fee(Decimal("410.05"), START, START - timedelta(hours=5), HOUSE) == Decimal("123.02")


@given(terms, costs, ahead)
def test_never_less_than_nothing_nor_more_than_the_place(policy: Terms, cost: Decimal, before: timedelta) -> None:
    assert 0 <= fee(cost, START, START - before, policy) <= cost


@given(terms, costs, ahead, ahead)
def test_waiting_never_makes_it_cheaper_before_the_start(
    policy: Terms, cost: Decimal, one: timedelta, other: timedelta
) -> None:
    earlier, later = START - max(one, other), START - min(one, other)
    assert fee(cost, START, earlier, policy) <= fee(cost, START, later, policy)


@given(terms, costs)
def test_it_is_free_up_to_the_moment_named(policy: Terms, cost: Decimal) -> None:
    assert fee(cost, START, free_until(START, policy), policy) == 0
    assert free_until(START, policy) <= last_from(START, policy) <= START


@given(terms, costs, costs, ahead)
def test_a_dearer_place_never_costs_less(policy: Terms, one: Decimal, other: Decimal, before: timedelta) -> None:
    cheap, dear = min(one, other), max(one, other)
    assert fee(cheap, START, START - before, policy) <= fee(dear, START, START - before, policy)
