from datetime import date, timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.core.holidays import Override, Overrides, is_announced, is_holiday, public_holidays

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
overrides_of_days = st.dictionaries(days, st.sampled_from(["holiday", "workday"]), max_size=5)


def span(year: int, first: tuple[int, int], last: tuple[int, int]) -> list[date]:
    start, end = date(year, *first), date(year, *last)
    return [start + timedelta(days=step) for step in range((end - start).days + 1)]


OFFICIAL = {
    2025: [
        span(2025, (1, 1), (1, 1)),
        span(2025, (1, 28), (2, 4)),
        span(2025, (4, 4), (4, 6)),
        span(2025, (5, 1), (5, 5)),
        span(2025, (5, 31), (6, 2)),
        span(2025, (10, 1), (10, 8)),
    ],
    2026: [
        span(2026, (1, 1), (1, 3)),
        span(2026, (2, 15), (2, 23)),
        span(2026, (4, 4), (4, 6)),
        span(2026, (5, 1), (5, 5)),
        span(2026, (6, 19), (6, 21)),
        span(2026, (9, 25), (9, 27)),
        span(2026, (10, 1), (10, 7)),
    ],
}


@pytest.mark.parametrize("year", OFFICIAL)
def test_the_spans_of_the_notice(year: int) -> None:
    assert public_holidays(year) == frozenset(chain.from_iterable(OFFICIAL[year]))


@pytest.mark.parametrize("day", [date(2026, 1, 4), date(2026, 2, 14), date(2026, 10, 10), date(2025, 9, 28)])
def test_a_weekend_worked_in_exchange_is_no_holiday(day: date) -> None:
    assert not is_holiday(day)


def test_an_ordinary_weekend_is_no_holiday() -> None:
    assert not is_holiday(date(2026, 11, 28))


def test_an_unannounced_year_has_the_statutory_days() -> None:
    assert not is_announced(2030)
    assert {date(2030, 1, 1), date(2030, 5, 1), date(2030, 10, 1)} <= public_holidays(2030)


@pytest.mark.parametrize("year", OFFICIAL)
def test_an_announced_year_says_so(year: int) -> None:
    assert is_announced(year)


def test_overrides_add_and_remove() -> None:
    overrides: dict[date, Override] = {date(2027, 10, 8): "holiday", date(2027, 10, 1): "workday"}
    found = public_holidays(2027, overrides)
    assert (date(2027, 10, 8) in found, date(2027, 10, 1) in found) == (True, False)
    assert found ^ public_holidays(2027) == set(overrides)


def test_a_span_beside_new_year_reaches_into_the_old_year() -> None:
    assert date(2028, 12, 31) in public_holidays(2028)  # Sunday before Monday, 1 January 2029


@given(day=days, overrides=overrides_of_days)
def test_the_question_and_the_list_agree(day: date, overrides: Overrides) -> None:
    assert is_holiday(day, overrides) == (day in public_holidays(day.year, overrides))
