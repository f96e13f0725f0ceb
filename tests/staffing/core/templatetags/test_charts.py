"""Geometry of score bars and sparklines."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.core.templatetags import charts

PARTS = st.lists(st.tuples(st.text(), st.floats(-10, 200), st.floats(0.5, 100)), min_size=1, max_size=8)


def test_segments_lie_side_by_side_in_percent_of_all_maxima():
    first, second = charts.segments([("技能", 30, 60), ("距离", 40, 40)])
    assert (first.x, first.width, second.x, second.width) == (0, 30, 30, 40)


@given(PARTS)
def test_segments_never_leave_the_bar_nor_overlap(parts):
    laid = charts.segments(parts)
    for before, after in pairwise(laid):
        assert after.x == pytest.approx(before.x + before.width, abs=0.02)
    assert all(segment.width >= 0 and segment.x + segment.width <= 100.1 for segment in laid)


def test_more_parts_than_colours_begin_again():
    assert [segment.colour for segment in charts.segments([("", 1, 1)] * 7)] == [1, 2, 3, 4, 5, 6, 1]


def test_parts_without_a_maximum_draw_nothing():
    assert [segment.width for segment in charts.segments([("技能", 5, 0)])] == [0]


def test_the_spark_line_runs_from_edge_to_edge_with_the_highest_value_on_top():
    assert charts.spark_points([1, 3, 2]) == "2.0,26.0 60.0,2.0 118.0,14.0"


@pytest.mark.parametrize("values", [[], [4]])
def test_one_value_is_no_line(values):
    assert charts.spark_points(values) == ""


def test_a_flat_series_runs_in_the_middle():
    assert charts.spark_points([5, 5]) == "2.0,14.0 118.0,14.0"
