"""From punches to hours: exact over midnight, month and year, whatever the rule."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import hours
from orders.hours import ROUNDINGS, Rules
from orders.models.bookings import Rounding
from workers.pay.minutes import MINUTE, Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
begins = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))
plans = st.builds(lambda start, minutes: Span(start, start + minutes * MINUTE), begins, st.integers(1, 12 * 60))
seconds = st.integers(-14 * 3600, 14 * 3600)
rules = st.builds(Rules, st.sampled_from(sorted(ROUNDINGS)), st.integers(0, 600), st.integers(0, 90))


def punched(plan: Span, came: int, stayed: int) -> tuple[datetime, datetime]:
    arrival = plan.start + timedelta(seconds=came)
    return arrival, arrival + timedelta(seconds=abs(stayed))


@given(plans, seconds, seconds, rules)
def test_what_counts_lies_in_the_plan_and_is_whole(plan: Span, came: int, stayed: int, by: Rules) -> None:
    found = hours.count(plan, *punched(plan, came, stayed), by)
    assert plan.start <= found.span.start <= found.span.end <= plan.end
    assert 0 <= found.minutes <= found.planned <= plan.minutes
    assert 0 <= found.unpaid <= by.break_minutes
    assert 0 <= found.late <= plan.minutes


@given(plans, seconds, seconds)
def test_to_the_minute_is_exactly_the_overlap(plan: Span, came: int, stayed: int) -> None:
    """Against a plain count of the minutes, one by one."""
    arrival, left = punched(plan, came, stayed)
    floor = [moment.replace(second=0, microsecond=0) for moment in (arrival, left)]
    plain = sum(floor[0] <= plan.start + n * MINUTE < floor[1] for n in range(plan.minutes))
    assert hours.count(plan, arrival, left, Rules()).minutes == plain


@given(plans, rules)
def test_who_was_there_all_the_time_has_the_planned_hours(plan: Span, by: Rules) -> None:
    early, stayed = plan.start - HOUR, plan.end + HOUR
    found = hours.count(plan, early, stayed, Rules("minute", by.break_after, by.break_minutes))
    assert (found.minutes, found.late) == (found.planned, 0)


@given(plans, seconds, seconds, rules, st.integers(1, 600))
def test_staying_longer_never_counts_less(plan: Span, came: int, stayed: int, by: Rules, more: int) -> None:
    arrival, left = punched(plan, came, stayed)
    shorter, longer = (hours.count(plan, arrival, end, by).minutes for end in (left, left + more * MINUTE))
    assert shorter <= longer


@pytest.mark.parametrize(
    ("name", "counted"), [("minute", [0, 7, 8, 472]), ("nearest_5", [0, 5, 10, 470]), ("nearest_15", [0, 0, 15, 465]),
                          ("down_15", [0, 0, 0, 465])]
)  # fmt: skip
def test_rounding_by_name(name: str, counted: list[int]) -> None:
    start = datetime(2026, 11, 23, 1, tzinfo=UTC)
    plan = Span(start, start + 8 * HOUR)
    found = [hours.count(plan, start, start + n * MINUTE, Rules(name)).minutes for n in (0, 7, 8, 472)]
    assert found == counted


def test_every_rule_that_can_be_chosen_is_there() -> None:
    assert set(ROUNDINGS) == set(Rounding.values)


@pytest.mark.parametrize(("worked", "paid"), [(360, 360), (370, 360), (390, 360), (391, 361), (480, 450)])
def test_the_break_takes_at_most_what_is_over_the_limit(worked: int, paid: int) -> None:
    start = datetime(2026, 11, 23, 1, tzinfo=UTC)
    found = hours.count(Span(start, start + 8 * HOUR), start, start + worked * MINUTE, Rules("minute", 360, 30))
    assert (found.minutes, found.unpaid, found.planned) == (paid, worked - paid, 450)


@pytest.mark.parametrize("day", [(2026, 11, 30), (2026, 12, 31), (2027, 2, 28), (2028, 2, 28), (2028, 2, 29)])
def test_nights_over_the_end_of_day_month_and_year(day: tuple[int, int, int]) -> None:
    start = datetime(*day, 22, tzinfo=SHANGHAI)
    plan = Span(start, start + 8 * HOUR)
    found = hours.count(plan, start + 3 * MINUTE + timedelta(seconds=59), start + 8 * HOUR - MINUTE, Rules())
    assert (found.minutes, found.late, found.planned) == (476, 3, 480)
