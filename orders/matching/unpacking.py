"""One person of a pool back as the object that rules, scores and explanations read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from .minutes import DAY, FOREVER, UNLIMITED, Scale
from .tables import NO_ORDER, OFF, UNRATED, Catalogue, Codes, Column
from .types import AvailabilityException, Booking, Candidate, LatLng, Window


def candidate_at(
    people: Mapping[str, Column],
    begin: Mapping[str, Column],
    packed: Mapping[str, Column],
    row: int,
    catalogue: Catalogue,
    scale: Scale,
) -> Candidate:
    """The person of a row, without the name. Moments come in the scale's zone."""
    own = {name: people[name][row].item() for name in people if people[name].ndim == 1}

    def rows(name: str, field: str = "") -> Any:
        return packed[field or name][begin[name][row] : begin[name][row + 1]].tolist()

    return Candidate(
        id=own["id"],
        city=catalogue.cities[own["city"]],
        location=_place(own["lat"], own["lng"]),
        max_km=own["max_km"],
        remote_ok=own["remote"],
        skills={catalogue.skills[code]: level for code, level in rows("skills")},
        languages={catalogue.languages[code]: level for code, level in rows("languages")},
        skills_until=_ends(rows("skills"), rows("skills", "skills_until"), catalogue.skills),
        languages_until=_ends(rows("languages"), rows("languages", "languages_until"), catalogue.languages),
        certificates=dict(_lasting(rows("certificates"), catalogue.certificates)),
        courses=dict(_lasting(rows("courses"), catalogue.courses)),
        stars=None if own["stars"] == UNRATED else Decimal(own["stars"]) / 100,
        clearance=own["clearance"],
        clearance_until=_day(own["clearance_until"]),
        min_rest=timedelta(minutes=own["rest"]),
        weekly_cap=None if own["cap"] == UNLIMITED else timedelta(minutes=own["cap"]),
        windows=tuple(piece for start, end in rows("windows") for piece in _windows(start, end)),
        exceptions=tuple(_exception(exception, scale) for exception in rows("exceptions")),
        bookings=_bookings(rows("bookings"), rows("bookings", "booked_order"), rows("bookings", "booked_place"), scale),
        reliability=own["reliability"],
        recent_minutes=own["recent"],
        services_done=own["services"],
        rate=own["rate"],
        active=own["active"],
    )


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


def _windows(start: int, end: int) -> Iterator[Window]:
    """A window of more than a day as several that touch."""
    while start < end:
        piece = min(end, start + DAY)
        yield Window(start // DAY % 7, start % DAY, start % DAY + piece - start)
        start = piece


def _exception(row: list[int], scale: Scale) -> AvailabilityException:
    start, end, kind = row
    return AvailabilityException("off" if kind == OFF else "extra", scale.moment(start), scale.moment(end))
