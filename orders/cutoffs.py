"""What it costs to give a place up: nothing long before the start, more and more towards it. Pure.

The steps are the house's own (`OrderPolicy`): until `free_hours` before the start nothing, then `late_percent` of
what the place was planned to cost, and within `last_hours` of the start `last_percent`. A place that nobody has
accepted is free at any time, and so is one whose shift has begun without its worker: the agency owes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from staffing.core.money import ZERO, cny

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Terms:
    """The steps: hours before the start, and percent (0–100) of the planned cost."""

    free_hours: int
    late_percent: int
    last_hours: int
    last_percent: int


def free_until(start: datetime, terms: Terms) -> datetime:
    """Until when (inclusive) a place of a shift that begins at `start` may be given up for nothing."""
    return start - timedelta(hours=terms.free_hours)


def last_from(start: datetime, terms: Terms) -> datetime:
    """After when giving up counts as being at the last moment."""
    return max(free_until(start, terms), start - timedelta(hours=terms.last_hours))


def percent(start: datetime, now: datetime, terms: Terms) -> int:
    """How much of a place's planned cost it takes to give it up at `now` (aware); never less nearer to the start."""
    if now <= free_until(start, terms) or now >= start:
        return 0
    if now <= last_from(start, terms):
        return terms.late_percent
    return max(terms.late_percent, terms.last_percent)


def fee(cost: Decimal, start: datetime, now: datetime, terms: Terms) -> Decimal:
    """CNY for giving up one accepted place that was planned to cost `cost`, rounded half up to the fen."""
    share = percent(start, now, terms)
    return cny(cost * share / PERCENT) if share else ZERO
