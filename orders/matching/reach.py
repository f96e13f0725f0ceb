"""Compiled: who meets what a group of shifts asks for, whatever the time, and with how many points."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from .asking import Asked, Points
from .availability import valid_until
from .columns import Blocks, People
from .geo import BAND, TOLERANCE_KM, closeness, half_square, haversine
from .jit import compiled
from .layout import (
    ACTIVE,
    ALWAYS,
    HAS_EXTRA,
    HOURS,
    REMOTE,
    Layout,
    clearance_tag,
    lasting_tag,
    level_tag,
)
from .minutes import FOREVER

FULL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
ONE: Final = np.uint64(1)
# position of a word's lowest bit, by de Bruijn's sequence
_SEQUENCE: Final = np.uint64(0x03F79D71B4CB0A89)
_SHIFT: Final = np.uint64(58)
_PLACES: Final = np.zeros(64, np.int64)
for _place in range(64):
    _PLACES[(0x03F79D71B4CB0A89 << _place) % (1 << 64) >> 58] = _place


@compiled
def lowest(word: Any) -> int:
    """Place of the lowest bit of a word that is not 0."""
    return _PLACES[((word & (~word + ONE)) * _SEQUENCE) >> _SHIFT]


@compiled
def reached(blocks: Blocks, base: int, rows: int, asked: Asked, g: int, first: Any, last: Any) -> int:
    """Writes the ranges of rows that may suit the place of group ``g``; returns how many. The tail is always one."""
    x, y, z = asked.site[g, 0], asked.site[g, 1], asked.site[g, 2]
    count = 0
    for b in range(len(blocks.city)):
        if not asked.remote[g]:
            if math.isnan(x):
                if blocks.city[b] != asked.city[g]:
                    continue
            else:
                away = blocks.reach[b]
                if away < 0 or 4 * half_square(blocks.centre, b, x, y, z) > away * away:
                    continue
        if count == 0 or last[count - 1] != blocks.first[b]:
            first[count] = blocks.first[b]
            count += 1
        last[count - 1] = blocks.first[b + 1]
    if rows > base:
        first[count], last[count] = base, rows
        count += 1
    return count


@compiled
def keep(mask: Any, size: int, bits: Any, tag: int, word: int) -> None:
    """Keeps in the mask only people with the tag; ``word`` is where the mask begins in the table."""
    if tag != ALWAYS:
        for w in range(size):
            mask[w] &= bits[tag, word + w]


@compiled
def narrow(people: People, layout: Layout, asked: Asked, g: int, first: int, last: int, mask: Any) -> int:
    """Fills the mask with the people of rows [first, last) who have everything asked for; returns its words."""
    word = first >> 6
    size = ((last - 1) >> 6) - word + 1
    for w in range(size):
        mask[w] = people.alive[word + w]
    mask[0] &= FULL << np.uint64(first & 63)
    mask[size - 1] &= FULL >> np.uint64(63 - ((last - 1) & 63))
    keep(mask, size, people.bits, ACTIVE, word)
    if asked.remote[g]:
        keep(mask, size, people.bits, REMOTE, word)
    keep(mask, size, people.bits, clearance_tag(asked.clearance[g]), word)
    for i in range(asked.skills_at[g], asked.skills_at[g + 1]):
        tag = level_tag(layout.skills, asked.skills[i, 0], asked.skills[i, 1])
        keep(mask, size, people.bits, tag, word)
    for i in range(asked.languages_at[g], asked.languages_at[g + 1]):
        tag = level_tag(layout.languages, asked.languages[i, 0], asked.languages[i, 1])
        keep(mask, size, people.bits, tag, word)
    for i in range(asked.certificates_at[g], asked.certificates_at[g + 1]):
        keep(mask, size, people.bits, lasting_tag(layout.certificates, asked.certificates[i], 0), word)
    for i in range(asked.courses_at[g], asked.courses_at[g + 1]):
        keep(mask, size, people.bits, lasting_tag(layout.courses, asked.courses[i], 0), word)
    for i in range(asked.blocked_at[g], asked.blocked_at[g + 1]):
        row = asked.blocked[i]
        if first <= row < last:
            mask[(row >> 6) - word] &= ~(ONE << np.uint64(row & 63))
    return size


@compiled
def open_hours(people: People, start: int, end: int, word: int, size: int, into: Any) -> None:
    """Fills the mask with the people whose windows touch every hour of [start, end)."""
    for w in range(size):
        into[w] = FULL
    first = start // 60
    for hour in range(first, min((end + 59) // 60, first + HOURS)):
        for w in range(size):
            into[w] &= people.hours[hour % HOURS, word + w]


@compiled
def narrow_hours(
    people: People, shifts: Any, g: int, word: int, size: int, mask: Any, some: Any, one: Any
) -> None:  # fmt: skip
    """Keeps only people who may be open for some shift of the group; ``some`` and ``one`` are scratch."""
    some[:size] = 0
    for at in range(shifts.listed_at[g], shifts.listed_at[g + 1]):
        t = shifts.listed[at]
        open_hours(people, shifts.start[t], shifts.end[t], word, size, one)
        for w in range(size):
            some[w] |= one[w]
    for w in range(size):
        mask[w] &= some[w] | people.bits[HAS_EXTRA, word + w]


@compiled
def within(people: People, row: int, square: float, lat: float, lng: float) -> bool:
    """Whether a site lies within the person's limit; ``square`` as `half_square` gives it (NaN: place unknown)."""
    limit = people.reach[row]
    if abs(square - limit) <= BAND * limit:
        km = haversine(people.lat[row], people.lng[row], lat, lng)
        return km <= people.max_km[row] + TOLERANCE_KM
    return square < limit


@compiled
def merit(people: People, points: Points, row: int) -> int:
    """Points that hang on the person alone: stars, reliability, fairness."""
    hundredths = people.stars[row] if people.stars[row] >= 0 else points.prior
    found = points.stars * min(400, max(0, hundredths - 100)) // 400
    found += points.reliability * min(100, max(0, people.reliability[row])) // 100
    full = points.fairness_minutes
    if full > 0:
        found += points.fairness * (full - min(full, max(0, people.recent[row]))) // full
    return found


@compiled
def skill_points(points: Points, required: int, above: int) -> int:
    """Points of ``required`` skills met, with ``above`` levels over what was asked."""
    if required == 0:
        return points.skill
    return points.skill * (required * points.skill_met + above) // (required * (points.skill_met + 2))


@compiled
def levels_above(people: People, layout: Layout, asked: Asked, g: int, row: int) -> int:
    """Levels over what was asked, at most two a skill."""
    above = 0
    word, bit = row >> 6, np.uint64(row & 63)
    for i in range(asked.skills_at[g], asked.skills_at[g + 1]):
        for more in range(1, 3):
            tag = level_tag(layout.skills, asked.skills[i, 0], asked.skills[i, 1] + more)
            if tag == ALWAYS or (people.bits[tag, word] >> bit) & ONE:
                above += 1
    return above


@compiled
def place_points(people: People, asked: Asked, g: int, row: int, square: float, points: Points) -> int:
    """Points of closeness, or the constant of remote work; none where a distance is unknown."""
    if asked.remote[g]:
        return points.remote
    if math.isnan(square):
        return 0
    own_lat, own_lng = people.lat[row], people.lng[row]
    return closeness(square, people.max_km[row], points.closeness, own_lat, own_lng, asked.lat[g], asked.lng[g])


@compiled
def economy(points: Points, most: int, rate: int) -> int:
    """Points of what an hour stays below the highest price."""
    if points.economy == 0 or most <= 0:
        return 0
    # exact: a quotient of such numbers that is not whole is farther from a whole one than rounding moves it
    return int(points.economy * max(0, most - rate) / most)


@compiled
def lasts(people: People, layout: Layout, asked: Asked, g: int, row: int) -> int:
    """The last day on which all certificates and courses asked for are valid; all of them are held."""
    word, bit = row >> 6, np.uint64(row & 63)
    until = FOREVER
    for i in range(asked.certificates_at[g], asked.certificates_at[g + 1]):
        tag = lasting_tag(layout.certificates, asked.certificates[i], 1)
        if not (people.bits[tag, word] >> bit) & ONE:
            until = min(until, valid_until(row, people.certificates_at, people.certificates, asked.certificates[i]))
    for i in range(asked.courses_at[g], asked.courses_at[g + 1]):
        tag = lasting_tag(layout.courses, asked.courses[i], 1)
        if not (people.bits[tag, word] >> bit) & ONE:
            until = min(until, valid_until(row, people.courses_at, people.courses, asked.courses[i]))
    return until
