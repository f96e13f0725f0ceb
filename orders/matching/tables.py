"""People as rows read from anywhere: one column each, child rows beside them in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .minutes import DAY, FOREVER, HOUSE, UNLIMITED, Scale
from .types import AvailabilityException, Booking, Candidate, LatLng, Need

Codes = tuple[str, ...]
Column = NDArray[Any]
UNRATED: Final = -1
NO_ORDER: Final = -1
OFF: Final = 0
EXTRA: Final = 1

# name -> type of each column; the units are said in `Tables`
PEOPLE: Final[Mapping[str, type[np.generic]]] = {
    "id": np.int64,
    "city": np.int32,
    "lat": np.float64,
    "lng": np.float64,
    "max_km": np.float64,
    "remote": np.bool_,
    "active": np.bool_,
    "stars": np.int16,
    "reliability": np.int32,
    "services": np.int32,
    "clearance": np.int32,
    "clearance_until": np.int32,
    "rest": np.int32,
    "cap": np.int32,
    "recent": np.int32,
    "rate": np.int32,
}
_LEVELS: Final[Mapping[str, type[np.generic]]] = {
    "who": np.int64,
    "code": np.int32,
    "level": np.int32,
    "until": np.int32,
}
_LASTING: Final[Mapping[str, type[np.generic]]] = {"who": np.int64, "code": np.int32, "until": np.int32}
_SPANS: Final[Mapping[str, type[np.generic]]] = {"who": np.int64, "start": np.int32, "end": np.int32}
CHILDREN: Final[Mapping[str, Mapping[str, type[np.generic]]]] = {
    "skills": _LEVELS,
    "languages": _LEVELS,
    "certificates": _LASTING,
    "courses": _LASTING,
    "windows": _SPANS,
    "exceptions": {**_SPANS, "kind": np.int32},
    "bookings": {**_SPANS, "order": np.int64, "lat": np.float64, "lng": np.float64},
}


@dataclass(frozen=True)
class Catalogue:
    """All codes that rows may name; a row holds a code's place in its tuple."""

    skills: Codes = ()
    languages: Codes = ()
    certificates: Codes = ()
    courses: Codes = ()
    cities: Codes = ()

    @cached_property
    def index(self) -> Mapping[str, Mapping[str, int]]:
        """By kind ("skills", "cities", …): code -> place."""
        kinds = ("skills", "languages", "certificates", "courses", "cities")
        return {kind: {code: place for place, code in enumerate(getattr(self, kind))} for kind in kinds}

    def place(self, kind: str, code: str) -> int:
        """The code's place; -1 for one that the catalogue does not have."""
        return self.index[kind].get(code, -1)

    @classmethod
    def of(cls, candidates: Iterable[Candidate], needs: Iterable[Need] = ()) -> Catalogue:
        """Every code that these people have or these needs ask for, sorted."""
        rows: list[Candidate | Need] = [*candidates, *needs]
        return cls(
            skills=_codes(row.skills for row in rows),
            languages=_codes(row.languages for row in rows),
            certificates=_codes(row.certificates for row in rows),
            courses=_codes(row.courses for row in rows),
            cities=_codes([[row.city for row in rows]]),
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tables:
    """People and their child rows as numpy columns; types and names in `PEOPLE` and `CHILDREN`.

    ``people``: ``city`` is a place in the catalogue; ``lat``, ``lng`` degrees, NaN if unknown; ``max_km`` km;
    ``stars`` hundredths, `UNRATED` before the first rating; ``reliability`` per cent; ``services`` done so far;
    ``clearance_until`` as ``until`` below; ``rest`` minutes; ``cap`` minutes a week, `UNLIMITED` without one;
    ``recent`` minutes; ``rate`` price of an hour.

    Child rows name their person's id in ``who``. ``code`` is a place in the catalogue; ``level`` 0..`MOST_LEVEL`;
    ``until`` the proleptic ordinal of the last valid day, `FOREVER` if it never expires. ``windows`` are minutes of
    the week from Monday 00:00; an end may pass 10080 and a window may last more than a day. ``exceptions`` (``kind``
    `OFF` or `EXTRA`) and ``bookings`` are minutes of the scale of `minutes`; ``order`` is `NO_ORDER` for work outside
    any order; the place of a booking is NaN where there is none.
    """

    people: Mapping[str, Column]
    skills: Mapping[str, Column]
    languages: Mapping[str, Column]
    certificates: Mapping[str, Column]
    courses: Mapping[str, Column]
    windows: Mapping[str, Column]
    exceptions: Mapping[str, Column]
    bookings: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.people["id"])

    @classmethod
    def make(cls, people: Mapping[str, Any], **children: Mapping[str, Any]) -> Tables:
        """Tables of these columns, brought to their types; child tables not given are empty.

        Raises ValueError for a missing column or columns of unequal length.
        """
        tables = {name: _columns(name, children.get(name), types) for name, types in CHILDREN.items()}
        return cls(people=_columns("people", people, PEOPLE), **tables)

    @classmethod
    def of(cls, candidates: Sequence[Candidate], catalogue: Catalogue, scale: Scale = HOUSE) -> Tables:
        """The rows of these objects. Raises ValueError for a code that the catalogue lacks, stars finer than
        hundredths, and moments at which the scale does not hold."""
        rows = [_person(who, catalogue) for who in candidates]
        children = {name: _child_rows(name, candidates, catalogue, scale) for name in CHILDREN}
        return cls.make(_turned(rows, PEOPLE), **{n: _turned(r, CHILDREN[n]) for n, r in children.items()})


def _codes(of: Iterable[Iterable[str]]) -> Codes:
    return tuple(sorted({code for codes in of for code in codes}))


def _columns(name: str, given: Mapping[str, Any] | None, types: Mapping[str, type[np.generic]]) -> dict[str, Column]:
    if given is None:
        return {column: np.empty(0, kind) for column, kind in types.items()}
    if missing := types.keys() - given.keys():
        raise ValueError(f"{name}: no column {', '.join(sorted(missing))}")
    columns = {column: np.ascontiguousarray(given[column], kind) for column, kind in types.items()}
    if len({len(column) for column in columns.values()}) > 1:
        raise ValueError(f"{name}: columns of unequal length")
    return columns


def _turned(rows: Sequence[tuple[Any, ...]], names: Iterable[str]) -> dict[str, list[Any]]:
    """Rows as columns."""
    listed = list(names)
    return dict(zip(listed, map(list, zip(*rows, strict=True)), strict=True)) if rows else {n: [] for n in listed}


def _known(catalogue: Catalogue, kind: str, code: str) -> int:
    place = catalogue.place(kind, code)
    if place < 0:
        raise ValueError(f"the catalogue has no {code!r} among its {kind}")
    return place


def _person(who: Candidate, catalogue: Catalogue) -> tuple[Any, ...]:
    """In the order of `PEOPLE`."""
    place = who.location or LatLng(np.nan, np.nan)
    minute = 60
    cap = UNLIMITED if who.weekly_cap is None else int(who.weekly_cap.total_seconds() // minute)
    rest = -int(-who.min_rest.total_seconds() // minute)
    where = (_known(catalogue, "cities", who.city), place.lat, place.lng, who.max_km, who.remote_ok, who.active)
    quality = (_hundredths(who), who.reliability, who.services_done, who.clearance, _last_day(who.clearance_until))
    return (who.id, *where, *quality, rest, cap, who.recent_minutes, who.rate)


def _hundredths(who: Candidate) -> int:
    if who.stars is None:
        return UNRATED
    if who.stars * 100 % 1 or who.stars < 0:
        raise ValueError(f"stars {who.stars} are not whole hundredths")
    return int(who.stars * 100)


def _child_rows(
    name: str, candidates: Sequence[Candidate], catalogue: Catalogue, scale: Scale
) -> list[tuple[Any, ...]]:
    """In the order of `CHILDREN[name]`."""
    return [(who.id, *row) for who in candidates for row in _rows_of(name, who, catalogue, scale)]


def _rows_of(name: str, who: Candidate, catalogue: Catalogue, scale: Scale) -> Iterator[tuple[Any, ...]]:
    if name in ("skills", "languages"):
        until = getattr(who, f"{name}_until")
        levels = getattr(who, name).items()
        return ((_known(catalogue, name, code), level, _last_day(until.get(code))) for code, level in levels)
    if name in ("certificates", "courses"):
        return ((_known(catalogue, name, code), _last_day(until)) for code, until in getattr(who, name).items())
    if name == "windows":
        return ((w.weekday * DAY + w.start_minute, w.weekday * DAY + w.end_minute) for w in who.windows)
    if name == "exceptions":
        return (_exception(exception, scale) for exception in who.exceptions)
    return (_booking(booking, scale) for booking in who.bookings)


def _last_day(until: date | None) -> int:
    return FOREVER if until is None else until.toordinal()


def _exception(exception: AvailabilityException, scale: Scale) -> tuple[int, int, int]:
    """Time off grows to whole minutes, extra time shrinks to them: never more availability than was given."""
    if exception.kind == "off":
        return scale.floor(exception.start), scale.ceil(exception.end), OFF
    start = scale.ceil(exception.start)
    return start, max(start, scale.floor(exception.end)), EXTRA


def _booking(booking: Booking, scale: Scale) -> tuple[int, int, int, float, float]:
    place = booking.place or LatLng(np.nan, np.nan)
    order = NO_ORDER if booking.order_id is None else booking.order_id
    return scale.floor(booking.start), scale.ceil(booking.end), order, place.lat, place.lng
