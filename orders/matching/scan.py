"""Everybody for one shift: all that stands against each person as bits."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .asking import Asked, Points, Shifts, asked_of, points_of, shifts_of
from .availability import (
    OVERLAP,
    REST_AFTER,
    REST_BEFORE,
    TRAVEL_AFTER,
    TRAVEL_BEFORE,
    clash,
    level_until,
    open_for,
    open_throughout,
    share,
    valid_until,
)
from .codes import BITS
from .columns import People, Pool
from .demand import Demand
from .geo import half_square
from .jit import compiled
from .layout import (
    ACTIVE,
    ALWAYS,
    CLEARANCE_ENDS,
    REMOTE,
    Layout,
    clearance_tag,
    ends_tag,
    lasting_tag,
    level_tag,
)
from .minutes import WEEK
from .reach import FULL, ONE, is_open, lowest, within
from .tables import OFF
from .types import Weights

# of a row that stands for nobody any more
RETIRED: Final = 1 << 31
_INACTIVE: Final = BITS["inactive"]
_SKILL: Final = (BITS["skill_missing"], BITS["skill_level"], BITS["skill_not_valid"])
_LANGUAGE: Final = (BITS["language_missing"], BITS["language_level"], BITS["language_not_valid"])
_CERTIFICATE: Final = (BITS["certificate_missing"], BITS["certificate_expired"])
_COURSE: Final = (BITS["course_missing"], BITS["course_expired"])
_CLEARANCE: Final = (BITS["clearance"], BITS["clearance_expired"])
_REMOTE: Final = BITS["remote_not_accepted"]
_STARS_LOW: Final = 1 << BITS["stars_low"]
_UNRATED: Final = 1 << BITS["unrated"]
_RATE: Final = 1 << BITS["rate_high"]
_BLOCKED: Final = 1 << BITS["do_not_send"]
_NO_LOCATION: Final = 1 << BITS["no_location"]
_OTHER_CITY: Final = 1 << BITS["other_city"]
_TOO_FAR: Final = 1 << BITS["too_far"]
_OUTSIDE: Final = BITS["outside_hours"]
_OFF: Final = 1 << BITS["time_off"]
_OVERLAP: Final = 1 << BITS["overlap"]
_REST_BEFORE: Final = 1 << BITS["rest_before"]
_REST_AFTER: Final = 1 << BITS["rest_after"]
_TRAVEL_BEFORE: Final = 1 << BITS["travel_before"]
_TRAVEL_AFTER: Final = 1 << BITS["travel_after"]
_WEEKLY: Final = 1 << BITS["weekly_hours"]
_DECLINED: Final = 1 << BITS["declined_before"]
_HAS_PLACE: Final = 1 << BITS["already_on_shift"]


def scan(pool: Pool, demand: Demand, shift: int, weights: Weights) -> NDArray[np.uint32]:
    """All of the pool for the shift at place ``shift`` of the demand, by row: bit ``codes.BITS[code]`` for each reason
    against the person (0: may come; `RETIRED`: nobody). Who has a place of the shift already has that as the only
    reason."""
    alone = demand.only(shift)
    asked, shifts = asked_of(alone, pool), shifts_of(alone, pool)
    return np.asarray(_scan(pool.people, pool.layout, asked, shifts, 0, points_of(weights)))


@compiled
def _scan(people: People, layout: Layout, asked: Asked, shifts: Shifts, t: int, points: Points) -> Any:
    """Requirements word by word, numbers row by row, times only where anything is to be looked at."""
    g, rows = shifts.group[t], people.rows
    words = (rows + 63) >> 6
    reasons = np.zeros(words * 64, np.uint32)
    _requirements(people, layout, asked, g, shifts.last_day[t], words, reasons)
    _lasting(people, layout, asked, g, shifts.last_day[t], words, reasons)
    _numbers(people, asked, g, reasons)
    _openings(people, shifts.start[t], shifts.end[t], words, reasons)
    _bookings(people, asked, shifts, g, t, points, reasons)
    _weeks(people, shifts.start[t], shifts.end[t], shifts.edges, reasons)
    _named(asked, shifts, g, t, reasons)
    for row in range(rows):
        if not (people.alive[row >> 6] >> np.uint64(row & 63)) & ONE:
            reasons[row] = RETIRED
    return reasons[:rows]


@compiled
def _spread(mask: Any, bit: int, reasons: Any, first: int) -> None:
    """Sets a reason for every person of a word."""
    if mask:
        for place in range(64):
            reasons[first + place] |= np.uint32((mask >> np.uint64(place)) & ONE) << np.uint32(bit)


@compiled
def _lacks(
    bits: Any, word: int, base: int, wanted: Any, at: Any, levels: Any, until: Any, day: int, reasons: Any, told: Any
) -> None:
    """Reasons of the levels wanted, whose bits are ``told``: nothing of a skill, less than asked, or over by then."""
    missing, low, over = np.uint64(0), np.uint64(0), np.uint64(0)
    for i in range(len(wanted)):
        tag = level_tag(base, wanted[i, 0], wanted[i, 1])
        if tag != ALWAYS:
            some, ended = bits[level_tag(base, wanted[i, 0], 1), word], np.uint64(0)
            left = bits[ends_tag(base, wanted[i, 0]), word]
            while left:
                place = lowest(left)
                left &= left - ONE
                if level_until((word << 6) + place, at, levels, until, wanted[i, 0]) < day:
                    ended |= ONE << np.uint64(place)
            missing |= ~some
            low |= some & ~bits[tag, word] & ~ended
            over |= ended
    _spread(missing, told[0], reasons, word << 6)
    _spread(low, told[1], reasons, word << 6)
    _spread(over, told[2], reasons, word << 6)


@compiled
def _unchecked(people: People, tag: int, day: int, word: int, reasons: Any) -> None:
    """Background checks less strict than asked, or over by then."""
    ended, left = np.uint64(0), people.bits[CLEARANCE_ENDS, word]
    while left:
        place = lowest(left)
        left &= left - ONE
        if people.clearance_until[(word << 6) + place] < day:
            ended |= ONE << np.uint64(place)
    _spread(~people.bits[tag, word] & ~ended, _CLEARANCE[0], reasons, word << 6)
    _spread(ended, _CLEARANCE[1], reasons, word << 6)


@compiled
def _requirements(people: People, layout: Layout, asked: Asked, g: int, day: int, words: int, reasons: Any) -> None:
    bits, remote, clearance = people.bits, asked.remote[g], clearance_tag(asked.clearance[g])
    skills = asked.skills[asked.skills_at[g] : asked.skills_at[g + 1]]
    languages = asked.languages[asked.languages_at[g] : asked.languages_at[g + 1]]
    for word in range(words):
        _spread(~bits[ACTIVE, word], _INACTIVE, reasons, word << 6)
        if remote:
            _spread(~bits[REMOTE, word], _REMOTE, reasons, word << 6)
        if clearance != ALWAYS:
            _unchecked(people, clearance, day, word, reasons)
        at, levels, until = people.skills_at, people.skills, people.skills_until
        _lacks(bits, word, layout.skills, skills, at, levels, until, day, reasons, _SKILL)
        at, levels, until = people.languages_at, people.languages, people.languages_until
        _lacks(bits, word, layout.languages, languages, at, levels, until, day, reasons, _LANGUAGE)


@compiled
def _lasting(people: People, layout: Layout, asked: Asked, g: int, day: int, words: int, reasons: Any) -> None:
    """Certificates and courses: not held, or not valid on the last day."""
    for i in range(asked.certificates_at[g], asked.certificates_at[g + 1]):
        code, at, held = asked.certificates[i], people.certificates_at, people.certificates
        tag, forever = lasting_tag(layout.certificates, code, 0), lasting_tag(layout.certificates, code, 1)
        _held_until(people.bits, tag, forever, at, held, code, day, words, reasons, _CERTIFICATE[0], _CERTIFICATE[1])
    for i in range(asked.courses_at[g], asked.courses_at[g + 1]):
        code, at, held = asked.courses[i], people.courses_at, people.courses
        tag, forever = lasting_tag(layout.courses, code, 0), lasting_tag(layout.courses, code, 1)
        _held_until(people.bits, tag, forever, at, held, code, day, words, reasons, _COURSE[0], _COURSE[1])


@compiled
def _held_until(
    bits: Any, tag: int, forever: int, at: Any, held: Any, code: int, day: int, words: int, reasons: Any,
    missing_bit: int, expired_bit: int,
) -> None:  # fmt: skip
    for word in range(words):
        _spread(~bits[tag, word], missing_bit, reasons, word << 6)
        left = bits[tag, word] & ~bits[forever, word]
        while left:
            row = (word << 6) + lowest(left)
            left &= left - ONE
            if valid_until(row, at, held, code) < day:
                reasons[row] |= np.uint32(1 << expired_bit)


@compiled
def _numbers(people: People, asked: Asked, g: int, reasons: Any) -> None:
    """Stars, price and place."""
    x, y, z = asked.site[g, 0], asked.site[g, 1], asked.site[g, 2]
    lat, lng, remote, city = asked.lat[g], asked.lng[g], asked.remote[g], asked.city[g]
    least, most, by_city = asked.min_stars[g], asked.max_rate[g], math.isnan(lat)
    stars, rate, cities, xyz, reach = people.stars, people.rate, people.city, people.xyz, people.reach
    max_km, own_lat, own_lng = people.max_km, people.lat, people.lng
    for row in range(people.rows):
        found = 0
        if stars[row] < least:
            found |= _UNRATED if stars[row] < 0 else _STARS_LOW
        if most >= 0 and rate[row] > most:
            found |= _RATE
        if not remote:
            if by_city:
                found |= _OTHER_CITY if cities[row] != city else 0
            else:
                square = half_square(xyz, row, x, y, z)
                if math.isnan(square):
                    found |= _NO_LOCATION
                elif not within(square, reach[row], max_km[row], own_lat[row], own_lng[row], lat, lng):
                    found |= _TOO_FAR
        reasons[row] |= np.uint32(found)


@compiled
def _openings(people: People, start: int, end: int, words: int, reasons: Any) -> None:
    """Weekly windows with extra times, and time off."""
    maybe, sure, minute = np.empty(words, np.uint64), np.empty(words, np.uint64), start % WEEK
    is_open(people, start, end, 0, words, 0, maybe)
    is_open(people, start, end, 0, words, 1, sure)
    at, windows, dated, exceptions = people.windows_at, people.windows, people.exceptions_at, people.exceptions
    row_of = people.exceptions_row
    for i in range(dated[people.rows]):
        if exceptions[i, 0] < end and start < exceptions[i, 1]:
            row = row_of[i, 0]
            if exceptions[i, 2] == OFF:
                reasons[row] |= np.uint32(_OFF)
            else:
                maybe[row >> 6] |= ONE << np.uint64(row & 63)
    last = FULL >> np.uint64(63 - ((people.rows - 1) & 63))
    for word in range(words):
        shut = ~(maybe[word] | sure[word])
        left = maybe[word] & ~sure[word] & (last if word == words - 1 else FULL)
        while left:
            place = lowest(left)
            row = (word << 6) + place
            left &= left - ONE
            if open_for(row, minute, at, windows) >= end - start:
                continue
            if not open_throughout(row, start, end, at, windows, dated, exceptions):
                shut |= ONE << np.uint64(place)
        _spread(shut, _OUTSIDE, reasons, word << 6)


@compiled
def _bookings(people: People, asked: Asked, shifts: Shifts, g: int, t: int, points: Points, reasons: Any) -> None:
    """Overlap, rest and travel."""
    start, end = shifts.start[t], shifts.end[t]
    lat, lng, fixed, per_km = asked.lat[g], asked.lng[g], points.travel_fixed, points.travel_per_km
    times, place, rest, row_of = people.bookings, people.booked_place, people.rest, people.bookings_row
    for i in range(people.bookings_at[people.rows]):
        row = row_of[i, 0]
        found = clash(i, start, end, rest[row], times, place, lat, lng, fixed, per_km)
        if found:
            bits = _OVERLAP if found & OVERLAP else 0
            bits |= _REST_BEFORE if found & REST_BEFORE else 0
            bits |= _REST_AFTER if found & REST_AFTER else 0
            bits |= _TRAVEL_BEFORE if found & TRAVEL_BEFORE else 0
            bits |= _TRAVEL_AFTER if found & TRAVEL_AFTER else 0
            reasons[row] |= np.uint32(bits)


@compiled
def _weeks(people: People, start: int, end: int, edges: Any, reasons: Any) -> None:
    """The week's hours, in each week that the shift touches."""
    times, cap, row_of, rows = people.bookings, people.cap, people.bookings_row, people.rows
    for k in range(len(edges) - 1):
        first, last = edges[k], edges[k + 1]
        minutes = share(start, end, first, last)
        if minutes == 0:
            continue
        booked = np.zeros(rows, np.int32)
        for i in range(people.bookings_at[rows]):
            booked[row_of[i, 0]] += share(times[i, 0], times[i, 1], first, last)
        for row in range(rows):
            reasons[row] |= np.uint32(_WEEKLY if booked[row] + minutes > cap[row] else 0)


@compiled
def _named(asked: Asked, shifts: Shifts, g: int, t: int, reasons: Any) -> None:
    """People whom the client or the shift names."""
    for i in range(asked.blocked_at[g], asked.blocked_at[g + 1]):
        if asked.blocked[i] >= 0:
            reasons[asked.blocked[i]] |= np.uint32(_BLOCKED)
    for i in range(shifts.gone_at[t], shifts.gone_at[t + 1]):
        if shifts.gone[i] >= 0:
            reasons[shifts.gone[i]] |= np.uint32(_DECLINED)
    for i in range(shifts.held_at[t], shifts.held_at[t + 1]):
        if shifts.held[i] >= 0:
            reasons[shifts.held[i]] = np.uint32(_HAS_PLACE)
