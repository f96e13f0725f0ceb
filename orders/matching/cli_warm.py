"""Runs every compiled part of the product's own way once, so that it is in the cache."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from . import exchange
from .engine import next_best, pool_of, propose, without
from .prepared import SHANGHAI
from .shortlist import shortlist_of
from .types import AvailabilityException, Booking, Candidate, Held, LatLng, Need, Weights, Window
from .whatif import what_if

MONDAY: Final = datetime(2026, 11, 23, tzinfo=SHANGHAI)
HERE: Final = LatLng(31.2, 121.5)


def _at(day: int, hour: int) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


def _candidate(number: int) -> Candidate:
    booked = (Booking(_at(number, 9), _at(number, 17), 7, HERE),)
    return Candidate(
        id=number,
        city="here",
        location=HERE,
        max_km=20,
        remote_ok=True,
        skills={"chat": 3},
        languages={"zh": 5},
        certificates={"health": None if number % 2 else (_at(5, 0)).date()},
        courses={"pos": None},
        stars=Decimal("4.5") if number % 2 else None,
        weekly_cap=timedelta(hours=40),
        min_rest=timedelta(hours=8),
        windows=tuple(Window(day, 0, 1440) for day in range(7)),
        exceptions=(AvailabilityException("off", _at(6, 0), _at(6, 12)),),
        bookings=booked if number == 1 else (),
    )


def _need(shift: int, *, remote: bool = False) -> Need:
    return Need(
        shift_id=shift,
        order_id=1,
        client_id=1,
        headcount=2,
        novice_places=1,
        team=frozenset({2}),
        blocked=frozenset({4}),
        courses=frozenset({"pos"}),
        skills={"chat": 2},
        languages={"zh": 3},
        certificates=frozenset({"health"}),
        city="here",
        remote=remote,
        site=None if remote else HERE,
        start=_at(shift, 9),
        end=_at(shift, 17),
    )


def run() -> None:
    """Propose, pass on, explain, ask "what if", at every effort; and what deals long rosters."""
    exchange.warm()
    people, needs = [_candidate(number) for number in range(1, 7)], [_need(2), _need(3), _need(4, remote=True)]
    weights = Weights()
    pool = without(pool_of(needs, people), {1: people[0].bookings})
    for effort in ("greedy", "quick", "best", None):
        propose(needs, pool, weights, present=[Held(2, 3)], effort=effort, bound=True)
    next_best(needs[0], people, weights, on_shift=frozenset({2}))
    shortlist_of(pool, needs[0], weights, 3)
    what_if(pool, needs[0], weights)
