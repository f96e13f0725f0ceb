"""Small worlds for Hypothesis, around a year's end that is also a Sunday-to-Monday week boundary nearby."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from orders.matching import SHANGHAI, AvailabilityException, Booking, Candidate, LatLng, Need, Window
from orders.matching.types import UNVERIFIED

# Thursday; the new year begins the next midnight, the next ISO week three days later
BASE = datetime(2026, 12, 31, tzinfo=SHANGHAI)
PLACES = [LatLng(31.23, 121.47), LatLng(31.25, 121.50), LatLng(31.32, 121.47), LatLng(31.0, 121.1)]
DAYS = [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 3)]
STARS = [None, Decimal("3.9"), Decimal("4.0"), Decimal("4.75"), Decimal("5.0")]

levels = st.dictionaries(st.sampled_from(["chat", "phone"]), st.integers(1, 6), max_size=2)
ends = st.dictionaries(st.sampled_from(["chat", "phone"]), st.sampled_from([UNVERIFIED, *DAYS]), max_size=2)
tongues = st.dictionaries(st.sampled_from(["zh", "en"]), st.integers(1, 3), max_size=1)


@st.composite
def spans(draw: st.DrawFn, longest: int = 56) -> tuple[datetime, datetime]:
    """An interval on quarters of an hour within five days, in either of two zones."""
    start = BASE + timedelta(hours=draw(st.integers(0, 110)), minutes=draw(st.sampled_from([0, 0, 0, 15])))
    end = start + timedelta(minutes=15 * draw(st.sampled_from([8, 16, 24, 32, 40, longest])))
    if draw(st.booleans()):
        return start.astimezone(UTC), end.astimezone(UTC)
    return start, end


@st.composite
def weekly(draw: st.DrawFn) -> tuple[Window, ...]:
    """Whole weeks, office hours, nights, or two windows that touch."""
    kind = draw(st.sampled_from(["always", "always", "day", "night", "halves", "free"]))
    if kind == "free":
        starts = st.tuples(st.integers(0, 6), st.integers(0, 95), st.integers(1, 96))
        drawn = draw(st.lists(starts, max_size=8))
        return tuple(Window(day, 15 * begin, 15 * (begin + length)) for day, begin, length in drawn)
    pieces = {
        "always": [(0, 1440)],
        "day": [(480, 1200)],
        "night": [(1080, 1440 + 480)],
        "halves": [(0, 720), (720, 1440)],
    }
    return tuple(Window(day, a, b) for day in range(7) for a, b in pieces[kind])


exceptions = st.builds(
    lambda kind, span: AvailabilityException(kind, span[0], span[1]), st.sampled_from(["off", "extra"]), spans()
)
bookings = st.builds(
    lambda span, order, place: Booking(span[0], span[1], order, place),
    spans(40),
    st.sampled_from([None, 1, 2, 99]),
    st.sampled_from([None, *PLACES]),
)


@st.composite
def candidates(draw: st.DrawFn, id: int, picky: bool = True) -> Candidate:
    """A worker; not ``picky`` ones suit everything but for time."""
    common: dict[str, Any] = {
        "id": id,
        "city": "上海",
        "windows": draw(weekly()),
        "exceptions": tuple(draw(st.lists(exceptions, max_size=1))),
        "bookings": tuple(draw(st.lists(bookings, max_size=2))) if picky or draw(st.booleans()) else (),
        "min_rest": timedelta(hours=draw(st.sampled_from([0, 4, 8]))),
        "weekly_cap": draw(st.sampled_from([None, timedelta(hours=8), timedelta(hours=16), timedelta(hours=24)])),
        "reliability": draw(st.integers(0, 100)),
        "recent_minutes": draw(st.integers(0, 12000)),
    }
    if not picky:
        place: dict[str, Any] = {
            "location": PLACES[0],
            "max_km": 10,
            "remote_ok": True,
            "stars": Decimal(5),
            "clearance": 2,
        }
        return Candidate(**common, **place, skills={"chat": 4, "phone": 4})
    return Candidate(
        **(common | {"city": draw(st.sampled_from(["上海", "杭州"]))}),
        location=draw(st.sampled_from([None, *PLACES])),
        max_km=draw(st.sampled_from([3, 8, 15])),
        remote_ok=draw(st.booleans()),
        skills=(skills := draw(levels)),
        skills_until={code: day for code, day in draw(ends).items() if code in skills},
        certificates=draw(st.dictionaries(st.just("health"), st.sampled_from([None, *DAYS]))),
        courses=draw(st.dictionaries(st.just("pos"), st.sampled_from([None, *DAYS]))),
        languages=(languages := draw(tongues)),
        languages_until={code: day for code in languages if (day := draw(st.sampled_from([None, *DAYS])))},
        rate=draw(st.sampled_from([0, 1500, 2000, 2025])),
        services_done=draw(st.integers(0, 5)),
        stars=draw(st.sampled_from(STARS)),
        clearance=draw(st.integers(0, 2)),
        clearance_until=draw(st.sampled_from([None, None, *DAYS])),
        active=draw(st.booleans()),
    )


@st.composite
def needs(draw: st.DrawFn, shift_id: int, picky: bool = True) -> Need:
    """A shift; not ``picky`` ones ask for nothing but time."""
    start, end = draw(spans(40))
    common: dict[str, Any] = {
        "shift_id": shift_id,
        "order_id": draw(st.integers(1, 3)),
        "client_id": 1,
        "start": start,
        "end": end,
        "headcount": draw(st.integers(1, 2)),
        "priority": draw(st.integers(0, 2)),
        "team": draw(st.frozensets(st.integers(1, 5), max_size=2)),
        "city": "上海",
    }
    if not picky:
        return Need(**common, site=PLACES[0], skills={"chat": draw(st.integers(1, 4))})
    return Need(
        **common,
        remote=draw(st.booleans()),
        site=draw(st.sampled_from([None, *PLACES])),
        skills=draw(levels),
        certificates=draw(st.frozensets(st.just("health"))),
        courses=draw(st.frozensets(st.just("pos"))),
        languages=draw(tongues),
        max_rate=draw(st.sampled_from([None, 1999, 2000, 2600])),
        min_stars=draw(st.sampled_from(STARS)),
        clearance=draw(st.integers(0, 2)),
        blocked=draw(st.frozensets(st.integers(1, 5), max_size=2)),
    )


@st.composite
def worlds(draw: st.DrawFn, shifts: int = 4, people: int = 4) -> tuple[list[Need], list[Candidate]]:
    """Shifts and people that mostly compete for time."""
    return (
        [draw(needs(10 + i, picky=False)) for i in range(draw(st.integers(1, shifts)))],
        [draw(candidates(1 + i, picky=False)) for i in range(draw(st.integers(1, people)))],
    )


@st.composite
def scarce_worlds(draw: st.DrawFn, shifts: int = 5, people: int = 4) -> tuple[list[Need], list[Candidate]]:
    """Two days of shifts that nearly all collide, each for a few people only."""
    hours = st.tuples(st.integers(0, 8), st.sampled_from([1, 2, 2, 4]))
    listed = []
    for i in range(draw(st.integers(2, shifts))):
        begin, length = draw(hours)
        start = BASE + timedelta(hours=4 * begin)
        times: dict[str, Any] = {"start": start, "end": start + timedelta(hours=4 * length)}
        asked: dict[str, Any] = {
            "skills": {draw(st.sampled_from("abcd")): 1},
            "headcount": draw(st.sampled_from([1, 1, 1, 2])),
        }
        listed.append(Need(shift_id=10 + i, order_id=i, client_id=1, city="上海", remote=True, **times, **asked))
    return listed, [draw(_helper(1 + i)) for i in range(draw(st.integers(2, people)))]


@st.composite
def _helper(draw: st.DrawFn, id: int) -> Candidate:
    return Candidate(
        id=id,
        city="上海",
        remote_ok=True,
        windows=tuple(Window(day, 0, 1440) for day in range(7)),
        skills={skill: draw(st.integers(1, 3)) for skill in draw(st.sets(st.sampled_from("abcd"), min_size=1))},
        min_rest=timedelta(hours=draw(st.sampled_from([0, 0, 8]))),
        weekly_cap=draw(st.sampled_from([None, None, timedelta(hours=8), timedelta(hours=16)])),
        recent_minutes=draw(st.integers(0, 9600)),
    )
