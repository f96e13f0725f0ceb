"""Which days a survey asks about: every day of the order once, in weeks, whatever the clock says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from feedback import survey_periods as periods

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2024, 1, 1, tzinfo=SHANGHAI)
STARTS = st.integers(0, 60 * 24 * 2000).map(lambda minutes: (FIRST + timedelta(minutes=minutes)).astimezone(UTC))
MINUTES = st.integers(1, 60 * 24 * 90)


@given(STARTS, MINUTES)
def test_every_day_of_an_order_is_in_one_week(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    days, day, last = [], periods.local_day(start), periods.local_day(end - timedelta(microseconds=1))
    while day <= last:
        days.append(day)
        day += periods.DAY
    found = [
        first + periods.DAY * n for first, until in periods.weeks(start, end) for n in range((until - first).days + 1)
    ]
    assert found == days


@given(STARTS, MINUTES)
def test_all_weeks_but_the_last_have_seven_days(start: datetime, minutes: int) -> None:
    *whole, last = periods.weeks(start, start + timedelta(minutes=minutes))
    assert all((until - first).days == 6 for first, until in whole)
    assert 0 <= (last[1] - last[0]).days <= 6


def test_a_week_ends_with_its_last_midnight() -> None:
    start = datetime(2026, 11, 23, 22, tzinfo=SHANGHAI)
    first, second = periods.weeks(start, start + timedelta(days=8))
    assert periods.over_at(first) == datetime(2026, 11, 30, tzinfo=SHANGHAI) == periods.midnight(second[0])


def test_an_end_at_midnight_belongs_to_the_day_before() -> None:
    start = datetime(2026, 11, 23, tzinfo=SHANGHAI)
    assert len(periods.weeks(start, start + timedelta(days=7))) == 1
    assert len(periods.weeks(start, start + timedelta(days=7, minutes=1))) == 2


def test_long_is_longer_than_the_days_of_the_policy() -> None:
    start = datetime(2026, 11, 23, tzinfo=SHANGHAI)
    assert not periods.is_long(start, start + timedelta(days=10), 10)
    assert periods.is_long(start, start + timedelta(days=10, minutes=1), 10)
