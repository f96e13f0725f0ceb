"""On watch and off it never hold at once; worse never helps; below the least number nothing is said."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workers.watching import Count, Limits, mended, reasons


@st.composite
def counts(draw: st.DrawFn) -> Count:
    n = draw(st.integers(0, 40))
    first = draw(st.integers(0, n))
    second = draw(st.integers(0, n - first))
    third = draw(st.integers(0, n - first - second))
    ratings = draw(st.integers(0, 20))
    return Count(n, first, second, third, ratings, draw(st.integers(ratings, 5 * ratings)))


LIMITS = st.builds(
    Limits,
    services=st.integers(1, 10),
    events=st.integers(1, 4),
    no_show=st.integers(1, 100),
    late=st.integers(1, 100),
    cancel=st.integers(1, 100),
    ratings=st.integers(1, 10),
    rating=st.decimals("1", "5", places=1),
    slack=st.integers(0, 100),
)


@given(counts(), LIMITS)
def test_nobody_is_put_on_and_taken_off_by_the_same_figures(count: Count, limits: Limits) -> None:
    assert not (reasons(count, limits) and mended(count, limits))


@given(counts(), LIMITS)
def test_a_no_show_instead_of_a_good_shift_never_takes_a_reason_away(count: Count, limits: Limits) -> None:
    assume(count.no_show + count.late + count.cancel < count.services)
    worse = replace(count, no_show=count.no_show + 1)
    assert {one.figure for one in reasons(count, limits)} <= {one.figure for one in reasons(worse, limits)}
    assert not mended(worse, limits) or mended(count, limits)


@given(counts(), LIMITS)
def test_below_the_least_number_nothing_is_said(count: Count, limits: Limits) -> None:
    few = replace(limits, services=count.services + 1, ratings=count.ratings + 1)
    assert not reasons(count, few)
    assert mended(count, few)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (Count(services=20, no_show=3), [("no_show", "15", "15", 20)]),
        (Count(services=20, no_show=2), []),
        (Count(services=4, no_show=4), []),
        (Count(services=5, no_show=1), []),
        (Count(services=5, no_show=2), [("no_show", "40", "15", 5)]),
        (Count(services=10, late=3), [("late", "30", "30", 10)]),
        (Count(services=8, cancel=2), [("cancel", "25", "25", 8)]),
        (Count(ratings=3, stars=10), [("rating", "3.33", "3.5", 3)]),
        (Count(ratings=2, stars=2), []),
        (Count(ratings=4, stars=14), []),
    ],
)
def test_by_hand(count: Count, expected: list[tuple[str, str, str, int]]) -> None:
    assert [(one.figure, one.have, one.need, one.n) for one in reasons(count, Limits())] == expected


def test_a_watch_ends_only_well_within_the_limit() -> None:
    assert not mended(Count(services=100, no_show=12), Limits())
    assert mended(Count(services=100, no_show=11), Limits())
    assert not mended(Count(ratings=10, stars=37), Limits(rating=Decimal("3.5")))
    assert mended(Count(ratings=10, stars=38), Limits(rating=Decimal("3.5")))
