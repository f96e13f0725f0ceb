"""Intervals of means: against a table, and what must be true of any of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from feedback.intervals import T_95, of_mean, point

STARS = st.lists(st.integers(1, 5), min_size=2, max_size=80)


@pytest.mark.parametrize("freedom", [*range(1, 31), 31, 40, 60, 120, 1000])
def test_points_are_those_of_the_distribution(freedom):
    assert point(freedom) == pytest.approx(float(t.ppf(0.975, freedom)), abs=0.002)


def test_points_fall_without_a_jump_at_the_end_of_the_table():
    found = [point(freedom) for freedom in range(1, 60)]
    assert found == sorted(found, reverse=True)
    assert T_95[-1] - point(31) < 0.01


def test_one_row_has_no_interval():
    assert of_mean(1, 4.0, 0.0, least=1, most=5) is None
    with pytest.raises(ValueError, match="no interval"):
        point(0)


@given(STARS)
def test_an_interval_holds_its_mean_within_what_is_possible(values):
    n, mean = len(values), sum(values) / len(values)
    spread = (sum((one - mean) ** 2 for one in values) / (n - 1)) ** 0.5
    found = of_mean(n, mean, spread, least=1, most=5)
    assert found is not None
    low, high = found
    assert 1 <= low <= mean + 1e-9
    assert mean - 1e-9 <= high <= 5
    assert (low == high) == (spread == 0)


@given(st.integers(2, 200), st.floats(2, 4), st.floats(0.1, 1))
def test_more_rows_are_surer(n, mean, spread):
    few, many = (of_mean(rows, mean, spread, least=-1e9, most=1e9) for rows in (n, n + 1))
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]
