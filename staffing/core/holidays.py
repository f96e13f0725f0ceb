"""Public holidays of mainland China: the days off of the official calendar (国务院办公厅放假安排). Pure.

What counts. The State Council's yearly notice names spans ("10月1日至7日放假调休，共7天"): statutory days (13 a year
since 2025), days off bridged by swapped work (调休) and the weekend days between or beside them. All of a span is a
public holiday here; a weekend worked in exchange (补班) is not. A rule of statutory days alone can be had by
overriding the others as work days.

What the `holidays` package knows. Statutory days, days in lieu and swapped days from the notices up to the last one
it was released with; it leaves out the weekend days inside a span, which are added here. For a year not yet announced
(`is_announced` is False; 2027 until the notice of autumn 2026 has reached the package) it gives statutory days and
days in lieu by rule, without 调休: the administrator's override table closes the gap. Where older notices only said
"与周末连休", that weekend counts as well.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from holidays import country_holidays

Override = Literal["holiday", "workday"]
Overrides = Mapping[date, Override]

ONE_DAY = timedelta(days=1)
SATURDAY = 5
NO_OVERRIDES: Overrides = {}


def public_holidays(year: int, overrides: Overrides = NO_OVERRIDES) -> frozenset[date]:
    """Every public holiday of `year`. An override has the last word on its own date and moves no other."""
    added = {day for day, kind in overrides.items() if kind == "holiday" and day.year == year}
    removed = {day for day, kind in overrides.items() if kind == "workday"}
    return (_official(year) | added) - removed


def is_holiday(day: date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether `day` (a local date) is a public holiday."""
    override = overrides.get(day)
    return day in _official(day.year) if override is None else override == "holiday"


def is_announced(year: int) -> bool:
    """Whether the installed package holds the notice for `year`, told by its swapped work days."""
    return any(day.year == year for day in country_holidays("CN", years=year).weekend_workdays)


@lru_cache(maxsize=64)
def _official(year: int) -> frozenset[date]:
    # The neighbouring years are read too: a span and its swapped work days may cross New Year.
    calendar = country_holidays("CN", years=(year - 1, year, year + 1))
    named = frozenset(calendar)
    worked = frozenset(calendar.weekend_workdays)
    joined = {day for start in named for step in (ONE_DAY, -ONE_DAY) for day in _weekend_beside(start, step, worked)}
    return frozenset(day for day in (named | joined) - worked if day.year == year)


def _weekend_beside(start: date, step: timedelta, worked: frozenset[date]) -> Iterator[date]:
    """The free weekend days that follow `start` without a gap in the direction of `step`."""
    day = start + step
    while day.weekday() >= SATURDAY and day not in worked:
        yield day
        day += step
