"""Random pools and demands: off-grid minutes, week ends, travel, courses, prices, several cities."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from orders.matching import AvailabilityException, Booking, Candidate, LatLng, Need, Weights, Window
from tests.orders.matching.strategies import BASE, PLACES, candidates, needs

# from 300 m to other provinces; the first two are one place
SITES = [*PLACES, LatLng(31.2301, 121.4702), LatLng(30.27, 120.15), LatLng(39.9, 116.4), LatLng(31.23, 121.4963)]
CITIES = ["上海", "杭州", "北京"]
BENCHMARK = Weights(
    base=500, priority=200, closeness=150, remote=75, stars=100, reliability=80, skill=40, skill_met=0, team=120,
    economy=60, fairness=50, travel_minutes_per_km=0, travel_fixed_minutes=0,
)  # fmt: skip
weights = st.sampled_from([Weights(), BENCHMARK, Weights(closeness=997, skill=31, skill_met=2, fairness_minutes=0)])
times = st.one_of(st.integers(0, 6 * 1440), st.integers(0, 6 * 24).map(lambda hour: 60 * hour))
lengths = st.one_of(st.integers(1, 1500), st.sampled_from([60, 480, 1440]))


@st.composite
def spans(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """From Thursday on over the week's end, to the minute."""
    start = BASE + timedelta(minutes=draw(times))
    return start, start + timedelta(minutes=draw(lengths))


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """Any windows, or days and nights that cover much."""
    kind = draw(st.sampled_from(["always", "long", "day", "free"]))
    if kind == "free":
        drawn = draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)), max_size=9))
        return tuple(Window(day, start, start + length) for day, start, length in drawn)
    first, length = {"always": (0, 1440), "long": (301, 1437), "day": (480, 780)}[kind]
    return tuple(Window(day, first, first + length) for day in range(7))


exceptions = st.builds(
    lambda kind, span: AvailabilityException(kind, *span), st.sampled_from(["off", "extra"]), spans()
)
bookings = st.builds(
    lambda span, order, place: Booking(span[0], span[1], order, place),
    spans(),
    st.sampled_from([None, 1, 2, 99]),
    st.sampled_from([None, *SITES]),
)


@st.composite
def people(draw: st.DrawFn, id: int) -> Candidate:
    """A worker of the smaller worlds with more of everything drawn freely."""
    who = draw(candidates(id, picky=draw(st.booleans())))
    changes: dict[str, Any] = {
        "city": draw(st.sampled_from(CITIES)),
        "windows": draw(windows()),
        "exceptions": tuple(draw(st.lists(exceptions, max_size=2))),
        "bookings": tuple(draw(st.lists(bookings, max_size=3))),
        "max_km": draw(st.sampled_from([0, 2.4, 8, 30.5, 200, 5000])),
        "min_rest": timedelta(minutes=draw(st.sampled_from([0, 1, 61, 480]))),
        "weekly_cap": draw(st.sampled_from([None, timedelta(hours=8), timedelta(minutes=901)])),
    }
    if draw(st.booleans()):
        changes["location"] = draw(st.sampled_from([None, *SITES]))
    return replace(who, **changes)


@st.composite
def shifts(draw: st.DrawFn, id: int) -> Need:
    """A shift; some ask for little, so that people suit it."""
    need = draw(needs(id, picky=draw(st.booleans())))
    start, end = draw(spans())
    changes: dict[str, Any] = {
        "start": start,
        "end": end,
        "city": draw(st.sampled_from([*CITIES, "无"])),
        "site": draw(st.sampled_from([None, *SITES])),
    }
    if draw(st.booleans()):
        changes["skills"] = draw(
            st.dictionaries(st.sampled_from(["chat", "phone", "无"]), st.integers(0, 7), max_size=2)
        )
    return replace(need, **changes)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Need], list[Candidate], dict[int, frozenset[int]]]:
    """Shifts (some alike, not side by side), people with ids in any order, and who said no to which shift."""
    listed = [draw(shifts(10 + at)) for at in range(draw(st.integers(1, 3)))]
    for at, need in enumerate(draw(st.lists(st.sampled_from(listed), max_size=2))):
        start, end = draw(spans())
        listed.append(replace(need, shift_id=20 + at, start=start, end=end))
    ids = draw(st.lists(st.sampled_from([1, 2, 3, 4, 5, 70_000, 5_000_000_000]), unique=True, min_size=1))
    crowd = [draw(people(id)) for id in ids]
    gone = {need.shift_id: draw(st.frozensets(st.sampled_from([*ids, 9]), max_size=2)) for need in listed}
    return draw(st.permutations(listed)), crowd, gone
