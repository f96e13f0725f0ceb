"""People of a pool back as the objects that rules, scores and explanations read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, Final

import numpy as np

from .minutes import DAY, FOREVER, UNLIMITED, Scale
from .tables import NO_ORDER, OFF, UNRATED, Catalogue, Codes, Column
from .types import AvailabilityException, Booking, Candidate, LatLng, Window

# columns of a person, and the packed columns of each table of child rows
_OWN: Final = (
    "id", "city", "lat", "lng", "max_km", "remote", "stars", "clearance", "clearance_until", "rest", "cap",
    "reliability", "recent", "services", "rate", "active",
)  # fmt: skip
_CHILDREN: Final = {
    "skills": ("skills", "skills_until"),
    "languages": ("languages", "languages_until"),
    "certificates": ("certificates",),
    "courses": ("courses",),
    "windows": ("windows",),
    "exceptions": ("exceptions",),
    "bookings": ("bookings", "booked_order", "booked_place"),
}


def candidates_at(
    people: Mapping[str, Column],
    begin: Mapping[str, Column],
    packed: Mapping[str, Column],
    rows: Sequence[int],
    catalogue: Catalogue,
    scale: Scale,
    *,
    hours: bool = True,
) -> Iterator[Candidate]:
    """The people of these rows, without their names, and without the hours in which they could come if not ``hours``.
    Moments come in the scale's zone."""
    at = np.asarray(rows, np.int64)
    own = {name: people[name][at].tolist() for name in _OWN}
    tables = (_several(begin[table], [packed[name] for name in names], at) for table, names in _CHILDREN.items())
    children = dict(zip(chain(*_CHILDREN.values()), chain(*tables), strict=True))
    listed = zip(zip(*own.values(), strict=True), zip(*children.values(), strict=True), strict=True)
    for values, has in listed:
        mine = dict(zip(children, has, strict=True)) | ({} if hours else {"windows": (), "exceptions": ()})
        yield _candidate(dict(zip(own, values, strict=True)), mine, catalogue, scale)


def _several(begin: Column, columns: Sequence[Column], rows: Column) -> Iterator[list[Any]]:
    """Of each column the values of each of these rows."""
    first, last = begin[rows], begin[rows + 1]
    edges = np.append(0, np.cumsum(last - first))
    at, bounds = np.arange(edges[-1]) + np.repeat(first - edges[:-1], last - first), edges.tolist()
    for values in columns:
        listed = values[at].tolist()
        yield [listed[a:b] for a, b in pairwise(bounds)]


def _candidate(own: Mapping[str, Any], has: Mapping[str, Any], catalogue: Catalogue, scale: Scale) -> Candidate:
    return Candidate(
        id=own["id"],
        city=catalogue.cities[own["city"]],
        location=_place(own["lat"], own["lng"]),
        max_km=own["max_km"],
        remote_ok=own["remote"],
        skills={catalogue.skills[code]: level for code, level in has["skills"]},
        languages={catalogue.languages[code]: level for code, level in has["languages"]},
        skills_until=_ends(has["skills"], has["skills_until"], catalogue.skills),
        languages_until=_ends(has["languages"], has["languages_until"], catalogue.languages),
        certificates=dict(_lasting(has["certificates"], catalogue.certificates)),
        courses=dict(_lasting(has["courses"], catalogue.courses)),
        stars=_stars(own["stars"]),
        clearance=own["clearance"],
        clearance_until=_day(own["clearance_until"]),
        min_rest=timedelta(minutes=own["rest"]),
        weekly_cap=None if own["cap"] == UNLIMITED else timedelta(minutes=own["cap"]),
        windows=tuple(piece for start, end in has["windows"] for piece in _windows(start, end)),
        exceptions=tuple(_exception(exception, scale) for exception in has["exceptions"]),
        bookings=_bookings(has["bookings"], has["booked_order"], has["booked_place"], scale),
        reliability=own["reliability"],
        recent_minutes=own["recent"],
        services_done=own["services"],
        rate=own["rate"],
        active=own["active"],
    )


@lru_cache
def _stars(hundredths: int) -> Decimal | None:
    return None if hundredths == UNRATED else Decimal(hundredths) / 100


def _bookings(times: Any, orders: Any, places: Any, scale: Scale) -> tuple[Booking, ...]:
    return tuple(
        Booking(scale.moment(start), scale.moment(end), None if order == NO_ORDER else order, _place(*place))
        for (start, end), (order,), place in zip(times, orders, places, strict=True)
    )


def _place(lat: float, lng: float) -> LatLng | None:
    return None if np.isnan(lat) or np.isnan(lng) else LatLng(lat, lng)


def _lasting(rows: list[list[int]], codes: Codes) -> Iterator[tuple[str, date | None]]:
    return ((codes[code], _day(until)) for code, until in rows)


def _ends(levels: list[list[int]], until: list[list[int]], codes: Codes) -> dict[str, date]:
    """The last days of those that have one."""
    rows = ((code, _day(day)) for (code, _), (day,) in zip(levels, until, strict=True))
    return {codes[code]: day for code, day in rows if day is not None}


def _day(ordinal: int) -> date | None:
    return None if ordinal == FOREVER else date.fromordinal(ordinal)


def _windows(start: int, end: int) -> tuple[Window, ...]:
    """A window of more than a day as several that touch."""
    pieces = [(at, min(end, at + DAY)) for at in range(start, end, DAY)]
    return tuple([Window(at // DAY % 7, at % DAY, at % DAY + until - at) for at, until in pieces])


def _exception(row: list[int], scale: Scale) -> AvailabilityException:
    start, end, kind = row
    return AvailabilityException("off" if kind == OFF else "extra", scale.moment(start), scale.moment(end))
