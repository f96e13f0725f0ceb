"""Splits a span of time into minutes by day and night, holiday or not, per local date. Pure.

Spans are half-open `[start, end)` and may cross midnight, months and years. Lengths are elapsed minutes: on a day
that loses an hour to daylight saving, nobody is paid for the missing hour.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
MIDNIGHT = time(0)

Holidays = Collection[date] | Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Span:
    """An aware, half-open stretch of time, cut to whole minutes as a time clock shows them.

    ValueError for naive times and for an end before the start. Equal ends are an empty span.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("times must be aware")
        object.__setattr__(self, "start", whole_minute(self.start))
        object.__setattr__(self, "end", whole_minute(self.end))
        if self.end < self.start:
            raise ValueError("a span must not end before it starts")

    @property
    def minutes(self) -> int:
        """Elapsed minutes."""
        return (self.end - self.start) // MINUTE


@dataclass(frozen=True, slots=True)
class Night:
    """Local hours of night work, `[start, end)`; they may pass midnight. Equal ends mean that there is no night."""

    start: time
    end: time

    def covers(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a span that lies on one local date and is of one kind. `start` and `end` are UTC."""

    day: date
    start: datetime
    end: datetime
    night: bool
    holiday: bool

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // MINUTE


def whole_minute(moment: datetime) -> datetime:
    """The moment in UTC without its seconds: a punch at 08:59:50 counts as 08:59."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def is_holiday(day: date, holidays: Holidays) -> bool:
    """Whether `day` is one of `holidays`, given as dates or as a question."""
    return holidays(day) if callable(holidays) else day in holidays


def split(span: Span, night: Night, holidays: Holidays, zone: tzinfo = SHANGHAI) -> tuple[Piece, ...]:
    """The pieces of `span` in order, without gap or overlap: cut at local midnight and at the ends of the night."""
    cuts = sorted({span.start, span.end, *_cuts(span, night, zone)})
    return tuple(_piece(start, end, night, holidays, zone) for start, end in pairwise(cuts))


def _cuts(span: Span, night: Night, zone: tzinfo) -> Iterator[datetime]:
    """The changes of date and of day and night inside the span (UTC)."""
    day, last = span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
    while day <= last:
        for moment in (MIDNIGHT, night.start, night.end):
            # An hour that the clocks repeat begins twice.
            for fold in (0, 1):
                cut = whole_minute(datetime.combine(day, moment, zone).replace(fold=fold))
                if span.start < cut < span.end:
                    yield cut
        day += ONE_DAY


def _piece(start: datetime, end: datetime, night: Night, holidays: Holidays, zone: tzinfo) -> Piece:
    local = start.astimezone(zone)
    return Piece(local.date(), start, end, night.covers(local.time()), is_holiday(local.date(), holidays))
