from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.costing import KindTotal, ShiftCost, estimate
from workers.pay.minutes import SHANGHAI, Span
from workers.pay.rates import Kind, UpliftPolicy, price, total

POLICY = UpliftPolicy(Decimal(10), Decimal(20), time(22), time(6))
HOLIDAYS = frozenset({date(2026, 10, 1)})


def shift(day: int, hour: int, hours: int, headcount: int) -> ShiftCost:
    start = datetime(2026, 9, day, hour, tzinfo=SHANGHAI)
    return ShiftCost(start, start + timedelta(hours=hours), headcount)


shift_costs = st.builds(
    lambda start, minutes, headcount: ShiftCost(start, start + timedelta(minutes=minutes), headcount),
    st.datetimes(datetime(2026, 9, 28), datetime(2026, 10, 4), timezones=st.just(UTC)),
    st.integers(0, 1500),
    st.integers(1, 50),
)


def test_two_shifts_of_five_people() -> None:
    found = estimate([shift(28, 9, 8, 5), shift(28, 17, 8, 5)], Decimal("45.50"), POLICY, HOLIDAYS)
    assert [(line.shift, line.code) for line in found.lines] == [(0, Kind.DAY), (1, Kind.DAY), (1, Kind.NIGHT)]
    assert found.lines[2].params == {
        "headcount": 5,
        "minutes": 180,
        "rate": Decimal("45.50"),
        "percent": Decimal(10),
        "amount": Decimal("750.75"),
    }
    assert (found.total, found.hours) == (Decimal("3708.25"), Decimal(80))


def test_a_repeated_shift_is_added_up_by_kind() -> None:
    found = estimate([shift(day, 14, 10, 2) for day in (28, 29, 30)], 50, POLICY, HOLIDAYS)
    assert found.by_kind() == (
        KindTotal(Kind.DAY, 2880, Decimal(0), Decimal("2400.00")),
        KindTotal(Kind.NIGHT, 720, Decimal(10), Decimal("660.00")),
    )


def test_the_holiday_begins_at_midnight() -> None:
    found = estimate([shift(30, 23, 2, 1)], 100, POLICY, HOLIDAYS)
    assert [(line.code, line.params["amount"]) for line in found.lines] == [
        (Kind.NIGHT, Decimal("110.00")),
        (Kind.HOLIDAY, Decimal("120.00")),
    ]


def test_no_shifts_cost_nothing() -> None:
    found = estimate([], 50, POLICY, HOLIDAYS)
    assert (found.lines, str(found.total), found.hours) == ((), "0.00", Decimal(0))


def test_a_shift_without_people_is_refused() -> None:
    with pytest.raises(ValueError, match="headcount"):
        shift(28, 9, 8, 0)


@given(shifts=st.lists(shift_costs, max_size=4), rate=st.decimals(min_value=0, max_value=300, places=2))
def test_the_estimate_is_the_sum_of_what_each_person_is_billed(shifts: list[ShiftCost], rate: Decimal) -> None:
    found = estimate(shifts, rate, POLICY, HOLIDAYS)
    billed = [total(price(Span(one.start, one.end), rate, POLICY, HOLIDAYS)) * one.headcount for one in shifts]
    assert found.total == sum(billed)
    assert found.total == sum(one.amount for one in found.by_kind())
    assert found.hours * 60 == pytest.approx(sum(Span(one.start, one.end).minutes * one.headcount for one in shifts))
