from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.effect import effect

AT = datetime(2026, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)
offsets = st.lists(st.integers(-200, 200), max_size=20)


@pytest.mark.parametrize(
    ("days", "later", "before", "after", "verdict"),
    [
        ([-3, -89], 90, 2, 0, "better"),
        ([-91, 0, 89, 90], 200, 1, 1, "same"),
        ([-1], 10, 1, 0, "watching"),
        ([-1, 2, 3], 10, 1, 2, "worse"),
        ([-1, 50], 10, 1, 0, "watching"),
    ],
)
def test_equal_spans_on_both_sides(days: list[int], later: int, before: int, after: int, verdict: str) -> None:
    found = effect(AT, AT + later * DAY, [AT + n * DAY for n in days], 90)
    assert (found.before, found.after, found.verdict) == (before, after, verdict)


def test_days_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        effect(AT, AT, [], 0)


@given(offsets, st.integers(0, 200), st.integers(1, 120))
def test_nothing_counts_twice_or_before_it_happened(days: list[int], later: int, span: int) -> None:
    found = effect(AT, AT + later * DAY, [AT + n * DAY for n in days], span)
    assert found.before + found.after <= sum(n <= later for n in days)
    assert 0 <= found.watched <= span
    assert found.running == (later < span)
