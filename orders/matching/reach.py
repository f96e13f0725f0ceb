"""Compiled: who meets what a group of shifts asks for, whatever the time, and with how many points."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from .asking import Asked, Points
from .availability import level_until, valid_until
from .columns import Blocks, People
from .geo import BAND, TOLERANCE_KM, closeness, half_square, haversine
from .jit import compiled
from .layout import (
    ACTIVE,
    ALWAYS,
    CLEARANCE_ENDS,
    HAS_EXTRA,
    REMOTE,
    SLOT,
    SLOTS,
    Layout,
    clearance_tag,
    ends_tag,
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
    remote, by_city, city = asked.remote[g], math.isnan(x), asked.city[g]
    begin, cities, centre, reach = blocks.first, blocks.city, blocks.centre, blocks.reach
    count = 0
    for b in range(len(cities)):
        if not remote:
            if by_city:
                if cities[b] != city:
                    continue
            elif reach[b] < 0 or 4 * half_square(centre, b, x, y, z) > reach[b] * reach[b]:
                continue
        if count == 0 or last[count - 1] != begin[b]:
            first[count] = begin[b]
            count += 1
        last[count - 1] = begin[b + 1]
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
def is_open(people: People, start: int, end: int, word: int, size: int, filled: int, into: Any) -> None:
    """Fills the mask with the people whose windows touch (``filled`` 1: fill) every slot of [start, end)."""
    slots, first, base = people.slots, start // SLOT, SLOTS * filled
    for w in range(size):
        into[w] = FULL
    for slot in range(first, min((end + SLOT - 1) // SLOT, first + SLOTS)):
        for w in range(size):
            into[w] &= slots[base + slot % SLOTS, word + w]


@compiled
def may_be_open(people: People, start: int, end: int, word: int, size: int, into: Any) -> None:
    """Fills the mask with the people who have extra times, or whose windows touch every slot of [start, end)."""
    is_open(people, start, end, word, size, 0, into)
    for w in range(size):
        into[w] |= people.bits[HAS_EXTRA, word + w]


@compiled
def narrow_times(people: People, shifts: Any, g: int, word: int, size: int, mask: Any, some: Any, one: Any) -> None:
    """Keeps only people who may be open for some shift of the group; ``some`` and ``one`` are scratch."""
    some[:size] = 0
    for at in range(shifts.listed_at[g], shifts.listed_at[g + 1]):
        t = shifts.listed[at]
        may_be_open(people, shifts.start[t], shifts.end[t], word, size, one)
        for w in range(size):
            some[w] |= one[w]
    for w in range(size):
        mask[w] &= some[w]


@compiled
def within(square: float, limit: float, max_km: float, lat_a: float, lng_a: float, lat_b: float, lng_b: float) -> bool:
    """Whether a site lies within a person's limit; ``square`` and ``limit`` as `half_square` gives them (NaN: no)."""
    if abs(square - limit) <= BAND * limit:
        return haversine(lat_a, lng_a, lat_b, lng_b) <= max_km + TOLERANCE_KM
    return square < limit


@compiled
def quality(stars: int, reliability: int, points: Points) -> int:
    """Points that say how good somebody is, whatever the shift: stars and reliability."""
    hundredths = stars if stars >= 0 else points.prior
    found = points.stars * min(400, max(0, hundredths - 100)) // 400
    return found + points.reliability * min(100, max(0, reliability)) // 100


@compiled
def merit(stars: int, reliability: int, recent: int, points: Points) -> int:
    """Points that hang on the person alone: stars, reliability, fairness."""
    full = points.fairness_minutes
    return quality(stars, reliability, points) + (
        points.fairness * (full - min(full, max(0, recent))) // full if full > 0 else 0
    )


@compiled
def merits(people: People, points: Points, rows: Any) -> Any:
    """The `merit` of these rows, at their places of an array for all."""
    stars, reliability, recent = people.stars, people.reliability, people.recent
    found = np.empty(people.rows, np.int32)
    for row in rows:
        found[row] = merit(stars[row], reliability[row], recent[row], points)
    return found


@compiled
def skill_points(points: Points, required: int, above: int) -> int:
    """Points of ``required`` skills met, with ``above`` levels over what was asked."""
    if required == 0:
        return points.skill
    return points.skill * (required * points.skill_met + above) // (required * (points.skill_met + 2))


@compiled
def margin_tags(layout: Layout, asked: Asked, g: int) -> Any:
    """The tags of one and of two levels over each skill asked for: what a person has of them counts."""
    first, last = asked.skills_at[g], asked.skills_at[g + 1]
    tags = np.empty(2 * (last - first), np.int64)
    for i in range(first, last):
        for more in range(2):
            at = 2 * (i - first) + more
            tags[at] = level_tag(layout.skills, asked.skills[i, 0], asked.skills[i, 1] + 1 + more)
    return tags


@compiled
def levels_above(bits: Any, tags: Any, row: int) -> int:
    """Levels over what was asked, at most two a skill; ``tags`` as `margin_tags` gives them."""
    above, word, place = 0, row >> 6, np.uint64(row & 63)
    for at in range(len(tags)):
        above += tags[at] == ALWAYS or (bits[max(0, tags[at]), word] >> place) & ONE != 0
    return above


@compiled
def economy(weight: int, most: int, rate: int) -> int:
    """Points of what an hour stays below the highest price."""
    if weight == 0 or most <= 0:
        return 0
    # exact: a quotient of such numbers that is not whole is farther from a whole one than rounding moves it
    return int(weight * max(0, most - rate) / most)


@compiled
def forever_tags(layout: Layout, asked: Asked, g: int) -> Any:
    """The tags of having for ever each certificate and course asked for."""
    certificates = asked.certificates[asked.certificates_at[g] : asked.certificates_at[g + 1]]
    courses = asked.courses[asked.courses_at[g] : asked.courses_at[g + 1]]
    tags = np.empty(len(certificates) + len(courses), np.int64)
    for i in range(len(certificates)):
        tags[i] = lasting_tag(layout.certificates, certificates[i], 1)
    for i in range(len(courses)):
        tags[len(certificates) + i] = lasting_tag(layout.courses, courses[i], 1)
    return tags


@compiled
def ending_tags(layout: Layout, asked: Asked, g: int) -> Any:
    """The tags of having until some day only each skill and language asked for, and the background check."""
    skills = asked.skills[asked.skills_at[g] : asked.skills_at[g + 1]]
    languages = asked.languages[asked.languages_at[g] : asked.languages_at[g + 1]]
    tags = np.empty(len(skills) + len(languages) + (asked.clearance[g] > 0), np.int64)
    for i in range(len(skills)):
        tags[i] = ends_tag(layout.skills, skills[i, 0])
    for i in range(len(languages)):
        tags[len(skills) + i] = ends_tag(layout.languages, languages[i, 0])
    if asked.clearance[g] > 0:
        tags[-1] = CLEARANCE_ENDS
    return tags


@compiled
def for_ever(bits: Any, forever: Any, ending: Any, word: int) -> Any:
    """The people of a word to whom all that is asked for belongs for ever; tags as `forever_tags` and `ending_tags`."""
    found = FULL
    for tag in forever:
        found &= bits[tag, word]
    for tag in ending:
        found &= ~bits[tag, word]
    return found


@compiled
def lasts(people: People, asked: Asked, g: int, row: int) -> int:
    """The last day on which all that is asked for is valid; the person has all of it."""
    until = people.clearance_until[row] if asked.clearance[g] > 0 else FOREVER
    for i in range(asked.skills_at[g], asked.skills_at[g + 1]):
        if asked.skills[i, 1] > 0:
            own = level_until(row, people.skills_at, people.skills, people.skills_until, asked.skills[i, 0])
            until = min(until, own)
    for i in range(asked.languages_at[g], asked.languages_at[g + 1]):
        if asked.languages[i, 1] > 0:
            code = asked.languages[i, 0]
            own = level_until(row, people.languages_at, people.languages, people.languages_until, code)
            until = min(until, own)
    for i in range(asked.certificates_at[g], asked.certificates_at[g + 1]):
        until = min(until, valid_until(row, people.certificates_at, people.certificates, asked.certificates[i]))
    for i in range(asked.courses_at[g], asked.courses_at[g + 1]):
        until = min(until, valid_until(row, people.courses_at, people.courses, asked.courses[i]))
    return until


@compiled
def qualify(
    people: People, layout: Layout, asked: Asked, g: int, points: Points, own: Any, team: Any,
    word: int, size: int, mask: Any, able: Any, value: Any, until: Any, found: int,
) -> int:  # fmt: skip
    """Appends everybody of the mask who meets stars, price and place, with points and last day; returns how many."""
    x, y, z = asked.site[g, 0], asked.site[g, 1], asked.site[g, 2]
    lat, lng, remote, city = asked.lat[g], asked.lng[g], asked.remote[g], asked.city[g]
    on_site, by_city = not remote and not math.isnan(lat), not remote and math.isnan(lat)
    forever, ending = forever_tags(layout, asked, g), ending_tags(layout, asked, g)
    most, least, tags = asked.max_rate[g], asked.min_stars[g], margin_tags(layout, asked, g)
    fixed = points.base + points.priority * asked.priority[g] + (points.remote if remote else 0)
    skill = np.array([skill_points(points, len(tags) // 2, above) for above in range(len(tags) + 1)])
    first = points.value_first * asked.priority[g]
    stars, rate, cities, xyz, bits = people.stars, people.rate, people.city, people.xyz, people.bits
    reach, max_km, own_lat, own_lng = people.reach, people.max_km, people.lat, people.lng
    for w in range(size):
        left = mask[w]
        if not left:
            continue
        always = for_ever(bits, forever, ending, word + w)
        while left:
            row = ((word + w) << 6) + lowest(left)
            left &= left - ONE
            if stars[row] < least or (most >= 0 and rate[row] > most) or (by_city and cities[row] != city):
                continue
            total = fixed + own[row] + skill[levels_above(bits, tags, row)] + economy(points.economy, most, rate[row])
            if first > 0:
                total += quality(stars[row], people.reliability[row], points) * first // 100
            if on_site:
                square = half_square(xyz, row, x, y, z)
                if not within(square, reach[row], max_km[row], own_lat[row], own_lng[row], lat, lng):
                    continue
                total += closeness(square, max_km[row], points.closeness, own_lat[row], own_lng[row], lat, lng)
            able[found], value[found] = row, total + (points.team if team[row] == g else 0)
            until[found] = FOREVER if (always >> np.uint64(row & 63)) & ONE else lasts(people, asked, g, row)
            found += 1
    return found
