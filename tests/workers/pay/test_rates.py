from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.pay.minutes import SHANGHAI, Span
from workers.pay.rates import Kind, Line, UpliftPolicy, price, total, uplift

POLICY = UpliftPolicy(Decimal(10), Decimal(20), time(22), time(6))
HOLIDAYS = frozenset({date(2026, 10, 1), date(2027, 1, 1)})
FEN = Decimal("0.01")

starts = st.datetimes(datetime(2026, 9, 28), datetime(2026, 10, 4), timezones=st.just(UTC))
rates = st.decimals(min_value=0, max_value=500, places=2)
lengths = st.integers(0, 3000)


def span(start: datetime, minutes: int) -> Span:
    return Span(start, start + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("night", "holiday", "kind", "percent"),
    [
        (False, False, Kind.DAY, 0),
        (True, False, Kind.NIGHT, 10),
        (False, True, Kind.HOLIDAY, 20),
        (True, True, Kind.HOLIDAY, 20),
    ],
)
def test_the_higher_uplift_counts(night: bool, holiday: bool, kind: Kind, percent: int) -> None:
    counted = uplift(POLICY, night=night, holiday=holiday)
    assert (counted.kind, counted.percent) == (kind, Decimal(percent))


@pytest.mark.parametrize(("night_percent", "kind"), [(30, Kind.NIGHT), (20, Kind.HOLIDAY)])
def test_a_night_may_be_worth_more_than_a_holiday(night_percent: int, kind: Kind) -> None:
    policy = UpliftPolicy(Decimal(night_percent), Decimal(20), time(22), time(6))
    assert uplift(policy, night=True, holiday=True).kind is kind


def test_lines_over_the_year_end_show_their_working() -> None:
    worked = Span(datetime(2026, 12, 31, 20, tzinfo=SHANGHAI), datetime(2027, 1, 1, 8, tzinfo=SHANGHAI))
    lines = price(worked, "30.00", POLICY, HOLIDAYS)
    assert lines == (
        Line(Kind.DAY, 120, Decimal("30.00"), Decimal(0), Decimal("60.00")),
        Line(Kind.NIGHT, 120, Decimal("30.00"), Decimal(10), Decimal("66.00")),
        Line(Kind.HOLIDAY, 480, Decimal("30.00"), Decimal(20), Decimal("288.00")),
    )
    assert total(lines) == Decimal("414.00")


def test_a_line_is_rounded_once_half_up() -> None:
    worked = Span(datetime(2026, 11, 25, 22, 0, tzinfo=SHANGHAI), datetime(2026, 11, 25, 22, 1, tzinfo=SHANGHAI))
    assert [one.amount for one in price(worked, "25.00", POLICY, ())] == [Decimal("0.46")]  # 0.4583…


def test_nothing_worked_is_nothing_paid() -> None:
    moment = datetime(2026, 11, 25, 22, 0, tzinfo=SHANGHAI)
    lines = price(Span(moment, moment), 30, POLICY, ())
    assert (lines, str(total(lines))) == ((), "0.00")


def test_negative_figures_are_refused() -> None:
    moment = datetime(2026, 11, 25, 22, 0, tzinfo=SHANGHAI)
    with pytest.raises(ValueError, match="rate"):
        price(Span(moment, moment), -1, POLICY, ())
    with pytest.raises(ValueError, match="uplift"):
        UpliftPolicy(Decimal(-1), Decimal(20), time(22), time(6))


@given(start=starts, minutes=lengths, rate=rates)
def test_lines_cover_every_minute_and_stay_within_the_uplifts(start: datetime, minutes: int, rate: Decimal) -> None:
    lines = price(span(start, minutes), rate, POLICY, HOLIDAYS)
    plain = rate * minutes / 60
    assert sum(one.minutes for one in lines) == minutes
    assert plain - 3 * FEN <= total(lines) <= plain * Decimal("1.2") + 3 * FEN


@given(start=starts, first=lengths, second=lengths, rate=rates)
def test_cutting_a_span_changes_the_pay_by_rounding_alone(
    start: datetime, first: int, second: int, rate: Decimal
) -> None:
    whole = total(price(span(start, first + second), rate, POLICY, HOLIDAYS))
    left = total(price(span(start, first), rate, POLICY, HOLIDAYS))
    right = total(price(span(start + timedelta(minutes=first), second), rate, POLICY, HOLIDAYS))
    assert abs(whole - left - right) <= 5 * FEN


@given(start=starts, minutes=lengths, more=st.integers(1, 600), rate=rates)
def test_longer_work_is_never_paid_less(start: datetime, minutes: int, more: int, rate: Decimal) -> None:
    short = total(price(span(start, minutes), rate, POLICY, HOLIDAYS))
    assert short <= total(price(span(start, minutes + more), rate, POLICY, HOLIDAYS))
