from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.core.money import cny, exact, for_minutes, with_percent

rates = st.decimals(min_value=0, max_value=5000, places=2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01"), (3, "3.00"), ("1e3", "1000.00")],
)
def test_half_a_fen_goes_away_from_zero(value: str | int, expected: str) -> None:
    assert str(cny(value)) == expected


@pytest.mark.parametrize("value", [1.5, True])
def test_binary_floats_and_bools_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        exact(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        cny(value)


def test_minutes_are_rounded_once_at_the_end() -> None:
    assert for_minutes("25", 90) == Decimal("37.50")
    assert for_minutes(Decimal("0.30"), 1) == Decimal("0.01")  # exactly half a fen
    assert for_minutes(Decimal("0.29"), 1) == Decimal("0.00")


def test_negative_minutes_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        for_minutes(10, -1)


def test_percent_is_added_without_rounding() -> None:
    assert with_percent("25.05", 10) == Decimal("27.555")


def test_the_callers_decimal_context_changes_nothing() -> None:
    with localcontext(prec=3, rounding=ROUND_DOWN):
        assert for_minutes("1234.56", 61) == Decimal("1255.14")


@given(rate=rates, minutes=st.integers(0, 100_000))
def test_never_more_than_half_a_fen_off(rate: Decimal, minutes: int) -> None:
    truth = Fraction(rate) * minutes / 60
    assert abs(Fraction(for_minutes(rate, minutes)) - truth) <= Fraction(1, 200)


@given(value=rates)
def test_rounding_twice_changes_nothing(value: Decimal) -> None:
    assert cny(cny(value)) == cny(value)
