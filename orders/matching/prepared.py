"""Needs and candidates made ready for many comparisons: instants as integers, windows expanded once.

Instants are microseconds since 1970 UTC: differences are elapsed time whatever the zone does, and
comparing integers is several times faster than comparing datetimes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from .types import AvailabilityException, Booking, Candidate, LatLng, Need, Weights

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MINUTE: Final = 60_000_000
DAY_MINUTES: Final = 1440
EARTH_KM: Final = 6371.0
# two sites no farther apart are one place
SAME_PLACE_KM: Final = 0.3
DEFAULT_WEIGHTS: Final = Weights()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

Span = tuple[int, int]


def instant(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND


def distance_km(a: LatLng, b: LatLng) -> float:
    """Great-circle distance (haversine, sphere of 6371.0 km), in the order of operations of the trade benchmark.

    The order matters: points and reach hang on it to the last bit.
    """
    p = math.pi / 180
    east = (b.lng - a.lng) * p / 2
    x = math.sin((b.lat - a.lat) * p / 2) ** 2 + math.cos(a.lat * p) * math.cos(b.lat * p) * math.sin(east) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, x)))


def travel_minutes(a: LatLng, b: LatLng, weights: Weights) -> tuple[int, float]:
    """Whole minutes (rounded up) that the way between two sites takes, and its km; none within one place, never over a
    day: whoever has longer finds a train."""
    km = distance_km(a, b)
    if km <= SAME_PLACE_KM:
        return 0, km
    return min(DAY_MINUTES, math.ceil(weights.travel_fixed_minutes + weights.travel_minutes_per_km * km)), km


def merge(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans with overlapping and touching ones joined."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class Calendar:
    """Local days and ISO weeks (Monday 00:00 local) of one zone, remembered between uses."""

    __slots__ = ("_walls", "tz")

    def __init__(self, tz: ZoneInfo = SHANGHAI) -> None:
        self.tz = tz
        self._walls: dict[tuple[int, int], int] = {}

    def wall(self, day: int, minute: int) -> int:
        """The instant of a wall-clock minute (may pass 1440) of a day given as ordinal."""
        key = (day, minute)
        found = self._walls.get(key)
        if found is None:
            clock = time(minute % 1440 // 60, minute % 60)
            found = instant(datetime.combine(date.fromordinal(day + minute // 1440), clock, self.tz))
            self._walls[key] = found
        return found

    def day(self, moment: datetime) -> date:
        """The local date of a moment."""
        return moment.astimezone(self.tz).date()

    def text(self, at: int) -> str:
        """ISO 8601 in local time, to the minute."""
        return (_EPOCH + timedelta(microseconds=at)).astimezone(self.tz).isoformat(timespec="minutes")

    def weeks(self, start: datetime, end: datetime) -> Iterator[tuple[int, int]]:
        """(ordinal of the Monday, elapsed microseconds) of each ISO week that [start, end) touches."""
        first = self.day(start)
        monday = first.toordinal() - first.weekday()
        at, last = instant(start), instant(end)
        while at < last:
            until = min(last, self.wall(monday + 7, 0))
            yield monday, until - at
            at, monday = until, monday + 7


class NeedView:
    """A need with its instants, local days and minutes per ISO week."""

    __slots__ = ("_km", "calendar", "end", "first_day", "last_day", "need", "skills", "start", "weeks", "weights")

    def __init__(self, need: Need, calendar: Calendar, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self.need, self.calendar, self.weights = need, calendar, weights
        self.start, self.end = instant(need.start), instant(need.end)
        self.first_day = calendar.day(need.start)
        # the end is exclusive: a shift until midnight does not reach the next day
        self.last_day = calendar.day(need.end - _MICROSECOND)
        self.weeks = tuple(calendar.weeks(need.start, need.end))
        self.skills = tuple(sorted(need.skills.items()))
        self._km: dict[int, float] = {}

    def km_to(self, who: CandidateView) -> float | None:
        """Distance from the worker's place to the site; None if either is unknown."""
        found = self._km.get(who.id)
        if found is None:
            if self.need.site is None or who.person.location is None:
                return None
            found = self._km[who.id] = distance_km(who.person.location, self.need.site)
        return found

    def way_to(self, booking: Booking) -> tuple[int, float]:
        """Minutes and km between the site and where the booked work is done; (0, 0.0) if either is not on site."""
        if self.need.remote or self.need.site is None or booking.place is None:
            return 0, 0.0
        return travel_minutes(booking.place, self.need.site, self.weights)


class CandidateView:
    """A candidate with availability expanded over the days asked for, and booked time per ISO week; each of these when
    it is first asked for."""

    def __init__(self, person: Candidate, calendar: Calendar, days: range) -> None:
        self.person, self.id, self.calendar, self.days = person, person.id, calendar, days
        self.rest = person.min_rest // _MICROSECOND
        self.cap = None if person.weekly_cap is None else person.weekly_cap // _MICROSECOND

    @cached_property
    def open(self) -> list[Span]:
        """Weekly windows and extra times, joined."""
        return merge((*self._weekly(self.days), *_spans(self.person.exceptions, "extra")))

    @cached_property
    def opens(self) -> list[int]:
        """Where each of them begins."""
        return [start for start, _ in self.open]

    @cached_property
    def off(self) -> list[Span]:
        """Time off."""
        return sorted(_spans(self.person.exceptions, "off"))

    @cached_property
    def busy(self) -> list[tuple[int, int, Booking]]:
        """Booked time."""
        spans = ((instant(b.start), instant(b.end), b) for b in self.person.bookings)
        return sorted(spans, key=lambda span: span[:2])

    @cached_property
    def booked(self) -> dict[int, int]:
        """Booked time per ISO week, by the ordinal of its Monday."""
        total: dict[int, int] = {}
        for booking in self.person.bookings:
            for monday, elapsed in self.calendar.weeks(booking.start, booking.end):
                total[monday] = total.get(monday, 0) + elapsed
        return total

    @cached_property
    def orders(self) -> dict[int, list[Span]]:
        """Booked time by order."""
        found: dict[int, list[Span]] = {}
        for start, end, booking in self.busy:
            if booking.order_id is not None:
                found.setdefault(booking.order_id, []).append((start, end))
        return found

    def _weekly(self, days: range) -> Iterator[Span]:
        wall = self.calendar.wall
        for window in self.person.windows:
            # ordinal 1 was a Monday
            first = days.start + (window.weekday - (days.start - 1)) % 7
            for day in range(first, days.stop, 7):
                span = (wall(day, window.start_minute), wall(day, window.end_minute))
                if span[0] < span[1]:
                    yield span

    def on_other_shift(self, need: NeedView) -> bool:
        """Whether the worker is booked for another shift of the same order."""
        return any(span != (need.start, need.end) for span in self.orders.get(need.need.order_id, ()))


def _spans(exceptions: Iterable[AvailabilityException], kind: str) -> Iterator[Span]:
    return ((instant(e.start), instant(e.end)) for e in exceptions if e.kind == kind)


class Index:
    """The prepared form of one question: needs by start and id, candidates by id.

    ``weights`` say how long travel takes. Raises ValueError if two needs share a shift id or two candidates an id.
    """

    __slots__ = ("calendar", "needs", "people")

    def __init__(
        self,
        needs: Iterable[Need],
        candidates: Iterable[Candidate],
        tz: ZoneInfo = SHANGHAI,
        weights: Weights = DEFAULT_WEIGHTS,
    ) -> None:
        self.calendar = Calendar(tz)
        views = (NeedView(need, self.calendar, weights) for need in needs)
        self.needs: Sequence[NeedView] = sorted(views, key=lambda n: (n.start, n.need.shift_id))
        days = self._days()
        listed = sorted(candidates, key=lambda candidate: candidate.id)
        people = {c.id: CandidateView(c, self.calendar, days) for c in listed}
        if len(people) != len(listed) or len({n.need.shift_id for n in self.needs}) != len(self.needs):
            raise ValueError("shift ids and candidate ids must be unique")
        self.people: Mapping[int, CandidateView] = people

    def _days(self) -> range:
        """Days whose windows can reach a need: a window lasts up to a day and may join the next."""
        if not self.needs:
            return range(1, 1)
        first = min(n.first_day.toordinal() for n in self.needs)
        return range(first - 2, max(n.last_day.toordinal() for n in self.needs) + 1)
