"""What an order will cost the client: planned shifts × headcount × bill rate with uplifts. Pure.

A line is priced for one person, rounded to the fen, and multiplied by the headcount: the invoice bills every person
by the same line, so estimate and invoice agree to the fen when the plan is kept. Lines carry codes and figures; the
pages make the words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TypedDict

from staffing.core.money import MINUTES_PER_HOUR, ZERO, Amount
from workers.pay.minutes import SHANGHAI, Holidays, Span
from workers.pay.rates import Kind, UpliftPolicy, price


@dataclass(frozen=True, slots=True)
class ShiftCost:
    """A planned shift `[start, end)` (aware) and the people wanted. ValueError for a headcount under 1."""

    start: datetime
    end: datetime
    headcount: int

    def __post_init__(self) -> None:
        if self.headcount < 1:
            raise ValueError("headcount must be at least 1")


class Params(TypedDict):
    """What the words of a line need: people, minutes of each, CNY/h before uplift, uplift in percent, CNY."""

    headcount: int
    minutes: int
    rate: Decimal
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """Minutes of one kind in the shift at index `shift` of the sequence that was priced."""

    code: Kind
    shift: int
    params: Params


@dataclass(frozen=True, slots=True)
class KindTotal:
    """All shifts together: person-minutes and CNY of one kind."""

    code: Kind
    minutes: int
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """`total` in CNY is the sum of the lines; `hours` are person-hours."""

    lines: tuple[EstimateLine, ...]
    total: Decimal
    hours: Decimal

    def by_kind(self) -> tuple[KindTotal, ...]:
        """The lines added up by kind, in the order of `Kind`."""
        return tuple(
            _kind_total(kind, chosen) for kind in Kind if (chosen := [one for one in self.lines if one.code is kind])
        )


def estimate(
    shifts: Sequence[ShiftCost],
    bill_rate: Amount,
    policy: UpliftPolicy,
    holidays: Holidays,
    zone: tzinfo = SHANGHAI,
) -> Estimate:
    """The estimate of an order billed at `bill_rate` (CNY/h and person). No shifts cost nothing.

    ValueError for naive times, an end before its start, a negative rate.
    """
    lines = tuple(
        line
        for index, shift in enumerate(shifts)
        for line in _shift_lines(index, shift, bill_rate, policy, holidays, zone)
    )
    minutes = _person_minutes(lines)
    return Estimate(lines, _amount(lines), Decimal(minutes) / MINUTES_PER_HOUR)


def _shift_lines(
    index: int, shift: ShiftCost, bill_rate: Amount, policy: UpliftPolicy, holidays: Holidays, zone: tzinfo
) -> tuple[EstimateLine, ...]:
    return tuple(
        EstimateLine(
            one.code,
            index,
            Params(
                headcount=shift.headcount,
                minutes=one.minutes,
                rate=one.rate,
                percent=one.percent,
                amount=one.amount * shift.headcount,
            ),
        )
        for one in price(Span(shift.start, shift.end), bill_rate, policy, holidays, zone)
    )


def _kind_total(kind: Kind, lines: Sequence[EstimateLine]) -> KindTotal:
    return KindTotal(kind, _person_minutes(lines), lines[0].params["percent"], _amount(lines))


def _person_minutes(lines: Iterable[EstimateLine]) -> int:
    return sum(one.params["minutes"] * one.params["headcount"] for one in lines)


def _amount(lines: Iterable[EstimateLine]) -> Decimal:
    return sum((one.params["amount"] for one in lines), ZERO)
