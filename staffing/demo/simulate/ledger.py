"""Where the minutes of a promise went. Pure: each minute of a shift is either covered or has exactly one reason.

A place was *promised* if somebody had accepted it before its shift began and it was not closed. Its minutes are all
from start to end. A minute is covered while somebody on the place is checked in.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

Reason = Literal["covered", "unnoticed", "searching", "nobody", "travelling", "late", "left"]
REASONS: Final[tuple[Reason, ...]] = ("covered", "unnoticed", "searching", "nobody", "travelling", "late", "left")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """One person on a place: when they said yes, when they came and went, and when they lost the place, if they did."""

    booked: datetime
    came: datetime | None
    gone: datetime | None
    ended: datetime | None


def promised(stays: Sequence[Stay], start: datetime) -> bool:
    """Whether the client had somebody's word for the place when the shift began."""
    return any(stay.booked < start for stay in stays)


def account(stays: Sequence[Stay], start: datetime, end: datetime) -> Mapping[Reason, int]:
    """Whole minutes of `[start, end)` by what they were; they add up to the length of the shift."""
    found: Counter[Reason] = Counter()
    cuts = sorted({start, end, *_moments(stays, start, end)})
    for left, right in pairwise(cuts):
        found[_reason(stays, left, end)] += (right - left) // MINUTE
    return found


def _moments(stays: Sequence[Stay], start: datetime, end: datetime) -> list[datetime]:
    """Whole minutes (rounded down, as a time clock shows them) at which something changed."""
    times = [at for stay in stays for at in (stay.booked, stay.came, stay.gone, stay.ended) if at is not None]
    cut = [at.replace(second=0, microsecond=0) for at in times]
    return [at for at in cut if start < at < end]


def _reason(stays: Sequence[Stay], at: datetime, end: datetime) -> Reason:
    here = [stay for stay in stays if _minute(stay.booked) <= at and (stay.ended is None or at < _minute(stay.ended))]
    for stay in here:
        if stay.came is not None and _minute(stay.came) <= at:
            return "covered" if stay.gone is None or at < _minute(stay.gone) else "left"
    if here:
        return _awaited(here[-1], first=here[-1] is min(stays, key=lambda stay: stay.booked), end=end)
    return "searching" if any(_minute(stay.booked) > at for stay in stays) else "nobody"


def _awaited(stay: Stay, *, first: bool, end: datetime) -> Reason:
    """Somebody is booked and not there yet: late or on the way if they came in the end, else nobody knows yet."""
    if stay.came is None or stay.came >= end:
        return "unnoticed"
    return "late" if first else "travelling"


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
