"""Painting the week: what was not touched stays to the minute, what was is exactly as painted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.matching import Window as MatchingWindow
from workers.week_grid import CELLS, DAY, WEEK, cells_of, painted

WINDOWS = st.lists(
    st.builds(
        lambda day, start, length: (day, start, start + length),
        st.integers(0, 6),
        st.integers(0, 1439),
        st.integers(1, 1440),
    ),
    max_size=6,
)
GRIDS = st.text("01", min_size=CELLS, max_size=CELLS)


def minutes(windows) -> set[int]:
    return {(day * DAY + minute) % WEEK for day, start, end in windows for minute in range(start, end)}


@given(WINDOWS, GRIDS)
def test_only_what_was_painted_changes(windows, wanted):
    seen, before = cells_of(windows), minutes(windows)
    after = minutes(painted(windows, seen, wanted))
    for cell in range(CELLS):
        hour = set(range(cell * 60, cell * 60 + 60))
        expected = before & hour if seen[cell] == wanted[cell] else hour if wanted[cell] == "1" else set()
        assert after & hour == expected


@given(WINDOWS, GRIDS)
def test_what_comes_out_are_windows_as_matching_takes_them_and_a_repeat_changes_nothing(windows, wanted):
    seen = cells_of(windows)
    once = painted(windows, seen, wanted)
    for window in once:
        MatchingWindow(*window)
    assert painted(once, seen, wanted) == once
    assert cells_of(once) == wanted


@given(WINDOWS)
def test_an_untouched_grid_means_the_same_time(windows):
    seen = cells_of(windows)
    assert minutes(painted(windows, seen, seen)) == minutes(windows)


@pytest.mark.parametrize(
    ("hours", "windows"),
    [
        (range(9, 18), [(0, 540, 1080)]),
        (range(22, 30), [(0, 1320, 1800)]),
        (range(18, 44), [(0, 1080, 1440), (1, 0, 1200)]),
        (range(166, 170), [(6, 1320, 1560)]),
        (range(168), [(day, 0, 1440) for day in range(7)]),
    ],
)
def test_spans_become_windows(hours, windows):
    cells = {hour % CELLS for hour in hours}
    wanted = "".join("1" if cell in cells else "0" for cell in range(CELLS))
    assert painted([], "0" * CELLS, wanted) == windows


@pytest.mark.parametrize("bad", ["", "1" * 167, "2" * 168, "1" * 169])
def test_what_is_no_grid_is_refused(bad):
    with pytest.raises(ValueError, match="grid"):
        painted([], "0" * CELLS, bad)
