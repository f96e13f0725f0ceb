"""Needs and candidates for tests: everybody suits everything unless told otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from orders.matching import SHANGHAI, Booking, Candidate, LatLng, Need, Window

CENTRE = LatLng(31.23, 121.47)
ALWAYS = tuple(Window(day, 0, 1440) for day in range(7))
MONDAY = datetime(2026, 11, 23, tzinfo=SHANGHAI)


def at(day: int, hour: float = 0) -> datetime:
    """``day`` 0 is Monday 2026-11-23; ``hour`` may pass 24."""
    return MONDAY + timedelta(days=day, hours=hour)


def need(shift_id: int = 1, start: datetime | None = None, hours: float = 8, **changes: Any) -> Need:
    """An on-site shift, Monday 09:00-17:00 for one agent unless told otherwise."""
    begin = start or at(0, 9)
    values: dict[str, Any] = {"order_id": shift_id, "client_id": 1, "headcount": 1, "city": "上海", "site": CENTRE}
    end = begin + timedelta(hours=hours)
    return Need(shift_id=shift_id, start=begin, end=end, **(values | changes))


def person(id: int = 1, **changes: Any) -> Candidate:
    """A rated worker at the centre, available around the clock."""
    values: dict[str, Any] = {
        "city": "上海",
        "location": CENTRE,
        "max_km": 10,
        "remote_ok": True,
        "stars": Decimal("4.5"),
        "reliability": 90,
        "windows": ALWAYS,
    }
    return Candidate(id=id, **(values | changes))


def booked(day: int, start: float, end: float, order_id: int | None = None) -> Booking:
    """A booking from ``start`` to ``end`` o'clock of a day as in :func:`at`."""
    return Booking(at(day, start), at(day, end), order_id)
