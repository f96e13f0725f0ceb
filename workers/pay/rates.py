"""Prices a span of time: hourly rate, night and holiday uplift, to the fen. Pure.

The higher of the two uplifts counts; they are never added. Each line is rounded once, half up, from its minutes; a
total is the sum of the rounded lines, so that what is shown always adds up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, tzinfo
from decimal import Decimal
from enum import StrEnum

from staffing.core.money import ZERO, Amount, exact, for_minutes, with_percent
from workers.pay.minutes import SHANGHAI, Holidays, Night, Span, split


class Kind(StrEnum):
    """Which uplift counted. A holiday night is named after the higher one, the holiday where they are equal."""

    DAY = "day"
    NIGHT = "night"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class UpliftPolicy:
    """Uplifts in percent (10 means +10 %) and the local hours of the night. ValueError for a negative percent."""

    night_percent: Decimal
    holiday_percent: Decimal
    night_start: time
    night_end: time

    def __post_init__(self) -> None:
        if min(exact(self.night_percent), exact(self.holiday_percent)) < 0:
            raise ValueError("an uplift must not be negative")

    @property
    def night(self) -> Night:
        return Night(self.night_start, self.night_end)


@dataclass(frozen=True, slots=True)
class Uplift:
    """The uplift that counts, and its name."""

    kind: Kind
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its working: `amount` = `rate` (CNY/h, before uplift) × (100 + `percent`) % × `minutes` / 60."""

    code: Kind
    minutes: int
    rate: Decimal
    percent: Decimal
    amount: Decimal


def uplift(policy: UpliftPolicy, *, night: bool, holiday: bool) -> Uplift:
    """The higher of the uplifts that apply; the holiday where both are equal."""
    at_night = Uplift(Kind.NIGHT, policy.night_percent)
    on_holiday = Uplift(Kind.HOLIDAY, policy.holiday_percent)
    if night and holiday:
        return max(on_holiday, at_night, key=lambda one: one.percent)
    if night:
        return at_night
    return on_holiday if holiday else Uplift(Kind.DAY, Decimal(0))


def minutes_by_uplift(
    span: Span, policy: UpliftPolicy, holidays: Holidays, zone: tzinfo = SHANGHAI
) -> dict[Uplift, int]:
    """Minutes of the span under each uplift, in the order of `Kind`; kinds without a minute are left out."""
    found: dict[Uplift, int] = {}
    for piece in split(span, policy.night, holidays, zone):
        counted = uplift(policy, night=piece.night, holiday=piece.holiday)
        found[counted] = found.get(counted, 0) + piece.minutes
    order = list(Kind)
    return dict(sorted(found.items(), key=lambda item: order.index(item[0].kind)))


def price(
    span: Span, hourly_rate: Amount, policy: UpliftPolicy, holidays: Holidays, zone: tzinfo = SHANGHAI
) -> tuple[Line, ...]:
    """One line for each kind of minutes in the span; an empty span has none. ValueError for a negative rate."""
    rate = exact(hourly_rate)
    if rate < 0:
        raise ValueError("a rate must not be negative")
    return tuple(
        line(counted, minutes, rate) for counted, minutes in minutes_by_uplift(span, policy, holidays, zone).items()
    )


def line(counted: Uplift, minutes: int, rate: Decimal) -> Line:
    """The line of `minutes` under one uplift, rounded once."""
    amount = for_minutes(with_percent(rate, counted.percent), minutes)
    return Line(counted.kind, minutes, rate, counted.percent, amount)


def total(lines: Iterable[Line]) -> Decimal:
    """Sum of the rounded lines in CNY."""
    return sum((one.amount for one in lines), ZERO)
