"""Which gates stand against everybody for one shift, 64 people a word: what counting and a shortlist need.

`scan` says for each person every reason by its code; here several codes of one gate are one bit, so that most of the
work is done for 64 people at once, and people far away are not looked at.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .asking import Asked, Points, Shifts
from .availability import level_until, open_for, open_throughout, share, valid_until
from .codes import GATES
from .columns import Blocks, People
from .geo import farthest, half_square, travel_minutes
from .jit import compiled
from .layout import ACTIVE, ALWAYS, CLEARANCE_ENDS, REMOTE, Layout, clearance_tag, ends_tag, lasting_tag, level_tag
from .minutes import WEEK
from .reach import FULL, ONE, is_open, lowest, reached, within
from .tables import OFF

Words = NDArray[np.uint64]
_ACTIVE: Final = GATES.index("active")
_SKILL: Final = GATES.index("skill")
_CERTIFICATE: Final = GATES.index("certificate")
_TRAINING: Final = GATES.index("training")
_LANGUAGE: Final = GATES.index("language")
_STARS: Final = GATES.index("stars")
_CLEARANCE: Final = GATES.index("clearance")
_RATE: Final = GATES.index("rate")
_BLOCKED: Final = GATES.index("do_not_send")
_PLACE: Final = GATES.index("place")
_OPEN: Final = GATES.index("availability")
_BOOKING: Final = GATES.index("booking")
_TRAVEL: Final = GATES.index("travel")
_WEEKLY: Final = GATES.index("weekly_hours")
_DECLINED: Final = GATES.index("declined")
_ON_SHIFT: Final = GATES.index("on_shift")
_COUNT: Final = len(GATES)


@compiled
def gates_of(
    people: People, layout: Layout, blocks: Blocks, base: int, asked: Asked, shifts: Shifts, points: Points
) -> Words:
    """uint64[gates, words] for shift 0 and group 0: a bit for everybody whom the gate of that row removes."""
    words = (people.rows + 63) >> 6
    shut = np.zeros((_COUNT, words), np.uint64)
    _abilities(people, layout, asked, shifts.last_day[0], words, shut)
    _papers(people, layout, asked, shifts.last_day[0], words, shut)
    _numbers(people, asked, shut)
    _place(people, blocks, base, asked, words, shut[_PLACE])
    _openings(people, shifts.start[0], shifts.end[0], words, shut[_OPEN])
    _bookings(people, asked, shifts, points, shut)
    _weeks(people, shifts, shut[_WEEKLY])
    _named(asked, shifts, shut)
    return shut


@compiled
def count(people: People, shut: Any, able: Any, removed: Any, only: Any) -> tuple[int, int]:
    """People whom nothing stops, written into the mask ``able``, and all others; by gate how many it removes, and how
    many it alone."""
    eligible, rejected = 0, 0
    for word in range(len(able)):
        alive, one, two = people.alive[word], np.uint64(0), np.uint64(0)
        for gate in range(_COUNT):
            two |= one & shut[gate, word]
            one |= shut[gate, word]
        able[word] = alive & ~one
        eligible += ones(able[word])
        rejected += ones(alive & one)
        for gate in range(_COUNT):
            here = shut[gate, word] & alive
            if here:
                removed[gate] += ones(here)
                only[gate] += ones(here & ~two)
    return eligible, rejected


@compiled
def ones(word: Any) -> int:
    """How many bits are set (H. S. Warren, "Hacker's Delight", 5-1)."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    found: Any = (word * np.uint64(0x0101010101010101)) >> np.uint64(56)
    return np.int64(found)  # type: ignore[return-value]


@compiled
def _lacking(bits: Any, tag: int, words: int, into: Any) -> None:
    """Everybody without the tag."""
    if tag != ALWAYS:
        for word in range(words):
            into[word] |= ~bits[tag, word]


@compiled
def _abilities(people: People, layout: Layout, asked: Asked, day: int, words: int, shut: Any) -> None:
    bits = people.bits
    _lacking(bits, ACTIVE, words, shut[_ACTIVE])
    if asked.clearance[0] > 0:
        _lacking(bits, clearance_tag(asked.clearance[0]), words, shut[_CLEARANCE])
        for word in range(words):
            left = bits[CLEARANCE_ENDS, word]
            while left:
                row = (word << 6) + lowest(left)
                left &= left - ONE
                if people.clearance_until[row] < day:
                    _close(shut[_CLEARANCE], row)
    at, levels, until = people.skills_at, people.skills, people.skills_until
    for i in range(asked.skills_at[0], asked.skills_at[1]):
        code, level = asked.skills[i, 0], asked.skills[i, 1]
        tag, ends = level_tag(layout.skills, code, level), ends_tag(layout.skills, code)
        _below(bits, tag, ends, at, levels, until, code, day, words, shut[_SKILL])
    at, levels, until = people.languages_at, people.languages, people.languages_until
    for i in range(asked.languages_at[0], asked.languages_at[1]):
        code, level = asked.languages[i, 0], asked.languages[i, 1]
        tag, ends = level_tag(layout.languages, code, level), ends_tag(layout.languages, code)
        _below(bits, tag, ends, at, levels, until, code, day, words, shut[_LANGUAGE])


@compiled
def _below(
    bits: Any, tag: int, ends: int, at: Any, levels: Any, until: Any, code: int, day: int, words: int, into: Any
) -> None:
    """Without the level, or with one that is over on the last day."""
    if tag == ALWAYS:
        return
    for word in range(words):
        missing = ~bits[tag, word]
        left = bits[tag, word] & bits[ends, word]
        while left:
            place = lowest(left)
            left &= left - ONE
            if level_until((word << 6) + place, at, levels, until, code) < day:
                missing |= ONE << np.uint64(place)
        into[word] |= missing


@compiled
def _papers(people: People, layout: Layout, asked: Asked, day: int, words: int, shut: Any) -> None:
    bits, at, held = people.bits, people.certificates_at, people.certificates
    for i in range(asked.certificates_at[0], asked.certificates_at[1]):
        code = asked.certificates[i]
        tag, forever = lasting_tag(layout.certificates, code, 0), lasting_tag(layout.certificates, code, 1)
        _not_valid(bits, tag, forever, at, held, code, day, words, shut[_CERTIFICATE])
    at, held = people.courses_at, people.courses
    for i in range(asked.courses_at[0], asked.courses_at[1]):
        code = asked.courses[i]
        tag, forever = lasting_tag(layout.courses, code, 0), lasting_tag(layout.courses, code, 1)
        _not_valid(bits, tag, forever, at, held, code, day, words, shut[_TRAINING])


@compiled
def _not_valid(
    bits: Any, tag: int, forever: int, at: Any, held: Any, code: int, day: int, words: int, into: Any
) -> None:
    """Not held, or not valid on the last day."""
    for word in range(words):
        missing = ~bits[tag, word]
        left = bits[tag, word] & ~bits[forever, word]
        while left:
            place = lowest(left)
            left &= left - ONE
            if valid_until((word << 6) + place, at, held, code) < day:
                missing |= ONE << np.uint64(place)
        into[word] |= missing


@compiled
def _close(into: Any, row: int) -> None:
    into[row >> 6] |= ONE << np.uint64(row & 63)


@compiled
def _numbers(people: People, asked: Asked, shut: Any) -> None:
    """Stars and price."""
    if asked.min_stars[0] >= 0:
        _beyond(people.stars, people.rows, -1, -asked.min_stars[0], shut[_STARS])
    if asked.max_rate[0] >= 0:
        _beyond(people.rate, people.rows, 1, asked.max_rate[0], shut[_RATE])


@compiled
def _beyond(values: Any, rows: int, sign: int, most: int, into: Any) -> None:
    """Everybody whose value, with the sign, passes the limit; without a branch, which nobody could foresee."""
    for word in range(len(into)):
        found, first = np.uint64(0), word << 6
        for place in range(min(64, rows - first)):
            found |= np.uint64(sign * values[first + place] > most) << np.uint64(place)
        into[word] |= found


@compiled
def _place(people: People, blocks: Blocks, base: int, asked: Asked, words: int, into: Any) -> None:
    """Out of reach is everybody outside the blocks that may reach the place, and whoever of those does not."""
    if asked.remote[0]:
        _lacking(people.bits, REMOTE, words, into)
        return
    x, y, z, lat, lng = asked.site[0, 0], asked.site[0, 1], asked.site[0, 2], asked.lat[0], asked.lng[0]
    first, last = np.empty(len(blocks.city) + 1, np.int32), np.empty(len(blocks.city) + 1, np.int32)
    ranges = reached(blocks, base, people.rows, asked, 0, first, last)
    into[:] = FULL
    for r in range(ranges):
        for row in range(first[r], last[r]):
            if math.isnan(lat):
                found = people.city[row] == asked.city[0]
            else:
                square = half_square(people.xyz, row, x, y, z)
                own_lat, own_lng = people.lat[row], people.lng[row]
                found = within(square, people.reach[row], people.max_km[row], own_lat, own_lng, lat, lng)
            if found:
                into[row >> 6] &= ~(ONE << np.uint64(row & 63))


@compiled
def _openings(people: People, start: int, end: int, words: int, into: Any) -> None:
    """Weekly windows with extra times, and time off."""
    maybe, sure, minute = np.empty(words, np.uint64), np.empty(words, np.uint64), start % WEEK
    is_open(people, start, end, 0, words, 0, maybe)
    is_open(people, start, end, 0, words, 1, sure)
    at, windows, dated, exceptions = people.windows_at, people.windows, people.exceptions_at, people.exceptions
    row_of = people.exceptions_row
    for i in range(dated[people.rows]):
        if exceptions[i, 0] < end and start < exceptions[i, 1]:
            _close(into if exceptions[i, 2] == OFF else maybe, row_of[i, 0])
    for word in range(words):
        shut = ~(maybe[word] | sure[word])
        # who takes time off anyway need not be looked at
        left = maybe[word] & ~sure[word] & ~into[word] & people.alive[word]
        while left:
            place = lowest(left)
            row = (word << 6) + place
            left &= left - ONE
            if open_for(row, minute, at, windows) >= end - start:
                continue
            if not open_throughout(row, start, end, at, windows, dated, exceptions):
                shut |= ONE << np.uint64(place)
        into[word] |= shut


@compiled
def _bookings(people: People, asked: Asked, shifts: Shifts, points: Points, shut: Any) -> None:
    """Overlap and rest, which one comparison tells, and travel."""
    start, end = shifts.start[0], shifts.end[0]
    lat, lng, fixed, per_km = asked.lat[0], asked.lng[0], points.travel_fixed, points.travel_per_km
    times, place, rest, row_of = people.bookings, people.booked_place, people.rest, people.bookings_row
    on_site, near, late = not math.isnan(lat), shut[_BOOKING], shut[_TRAVEL]
    for i in range(people.bookings_at[people.rows]):
        row = row_of[i, 0]
        # below 0 where the times overlap
        gap = max(start - times[i, 1], times[i, 0] - end)
        near[row >> 6] |= np.uint64(gap < rest[row] or gap < 0) << np.uint64(row & 63)
        # the first comparison spares the exact distance of whatever is long enough ago
        maybe = on_site and 0 <= gap < fixed + per_km * farthest(place, i, lat, lng) + 1
        if maybe and gap < travel_minutes(place, i, lat, lng, fixed, per_km):
            _close(late, row)


@compiled
def _weeks(people: People, shifts: Shifts, into: Any) -> None:
    """The week's hours, in each week that the shift touches."""
    times, cap, row_of, rows, edges = people.bookings, people.cap, people.bookings_row, people.rows, shifts.edges
    booked = np.empty(rows, np.int32)
    for k in range(len(edges) - 1):
        first, last = edges[k], edges[k + 1]
        minutes = share(shifts.start[0], shifts.end[0], first, last)
        if minutes == 0:
            continue
        booked[:] = minutes
        for i in range(people.bookings_at[rows]):
            booked[row_of[i, 0]] += share(times[i, 0], times[i, 1], first, last)
        for row in range(rows):
            booked[row] -= cap[row]
        _beyond(booked, rows, 1, 0, into)


@compiled
def _named(asked: Asked, shifts: Shifts, shut: Any) -> None:
    """People whom the client or the shift names; who has a place of the shift is removed by nothing else."""
    for i in range(len(asked.blocked)):
        if asked.blocked[i] >= 0:
            _close(shut[_BLOCKED], asked.blocked[i])
    for i in range(len(shifts.gone)):
        if shifts.gone[i] >= 0:
            _close(shut[_DECLINED], shifts.gone[i])
    for i in range(len(shifts.held)):
        row = shifts.held[i]
        if row >= 0:
            shut[:, row >> 6] &= ~(ONE << np.uint64(row & 63))
            _close(shut[_ON_SHIFT], row)
