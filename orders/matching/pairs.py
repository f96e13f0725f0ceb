"""All eligible pairs of a demand and a pool, with their points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .asking import Asked, Points, Shifts, asked_of, points_of, shifts_of
from .availability import clashes, most_in_a_week, open_throughout, over_cap, takes_off
from .columns import Blocks, People, Pool
from .demand import Demand
from .geo import half_square
from .jit import compiled
from .layout import Layout
from .problem import Ints, Longs
from .reach import (
    economy,
    lasts,
    levels_above,
    lowest,
    merit,
    narrow,
    narrow_hours,
    place_points,
    reached,
    skill_points,
    within,
)
from .types import Weights


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The pairs of shift ``t`` are ``begin[t]:begin[t + 1]``: rows of the pool, ascending, with their points."""

    begin: Longs
    who: Ints
    score: Ints

    def __len__(self) -> int:
        return len(self.who)


def find_pairs(pool: Pool, demand: Demand, weights: Weights) -> Pairs:
    """Every pair that no hard rule forbids, whatever else is planned."""
    shifts = shifts_of(demand, pool)
    begin, who, score = _pairs(
        pool.people, pool.layout, pool.blocks, pool.base, asked_of(demand, pool), shifts, points_of(weights)
    )
    return Pairs(begin, who, score)


@compiled
def _pairs(
    people: People, layout: Layout, blocks: Blocks, base: int, asked: Asked, shifts: Shifts, points: Points
) -> tuple[Longs, Ints, Ints]:
    """Group by group: ranges of rows in reach, requirements as masks, then each survivor exactly, then each shift."""
    rows = people.rows
    words = (rows >> 6) + 1
    mask, some, one = np.empty(words, np.uint64), np.empty(words, np.uint64), np.empty(words, np.uint64)
    first, last = np.empty(len(blocks.city) + 1, np.int32), np.empty(len(blocks.city) + 1, np.int32)
    able, value, until = np.empty(rows, np.int32), np.empty(rows, np.int32), np.empty(rows, np.int32)
    own = np.empty(rows, np.int32)
    for row in range(rows):
        own[row] = merit(people, points, row)
    team, barred = np.full(rows, -1, np.int32), np.full(rows, -1, np.int32)
    n = len(shifts.start)
    at, count = np.zeros(n, np.int64), np.zeros(n, np.int64)
    who, score, used = np.empty(1 << 16, np.int32), np.empty(1 << 16, np.int32), 0
    for g in range(len(asked.remote)):
        for i in range(asked.team_at[g], asked.team_at[g + 1]):
            if asked.team[i] >= 0:
                team[asked.team[i]] = g
        found = 0
        for r in range(reached(blocks, base, rows, asked, g, first, last)):
            size = narrow(people, layout, asked, g, first[r], last[r], mask)
            narrow_hours(people, shifts, g, first[r] >> 6, size, mask, some, one)
            found = _qualify(
                people, layout, asked, g, points, own, team, first[r] >> 6, size, mask, able, value, until, found
            )
        for i in range(shifts.listed_at[g], shifts.listed_at[g + 1]):
            t = shifts.listed[i]
            if used + found > len(who):
                who, score = _longer(who, used, used + found), _longer(score, used, used + found)
            at[t] = used
            used = _fit(people, asked, shifts, g, t, points, able, value, until, found, barred, who, score, used)
            count[t] = used - at[t]
    return _in_order(at, count, who, score, used)


@compiled
def _qualify(
    people: People, layout: Layout, asked: Asked, g: int, points: Points, own: Any, team: Any,
    word: int, size: int, mask: Any, able: Any, value: Any, until: Any, found: int,
) -> int:  # fmt: skip
    """Appends everybody of the mask who meets stars, price and place, with points and last day; returns how many."""
    x, y, z = asked.site[g, 0], asked.site[g, 1], asked.site[g, 2]
    lat, lng, square = asked.lat[g], asked.lng[g], np.nan
    on_site = not asked.remote[g] and not math.isnan(lat)
    by_city = not asked.remote[g] and math.isnan(lat)
    required = asked.skills_at[g + 1] - asked.skills_at[g]
    dated = asked.certificates_at[g + 1] > asked.certificates_at[g] or asked.courses_at[g + 1] > asked.courses_at[g]
    most, least = asked.max_rate[g], asked.min_stars[g]
    fixed = points.base + points.priority * asked.priority[g]
    for w in range(size):
        bits = mask[w]
        while bits:
            row = ((word + w) << 6) + lowest(bits)
            bits &= bits - np.uint64(1)
            if people.stars[row] < least or (most >= 0 and people.rate[row] > most):
                continue
            if by_city and people.city[row] != asked.city[g]:
                continue
            if on_site:
                square = half_square(people.xyz, row, x, y, z)
                if not within(people, row, square, lat, lng):
                    continue
            total = fixed + own[row] + economy(points, most, people.rate[row])
            total += place_points(people, asked, g, row, square, points)
            total += skill_points(points, required, levels_above(people, layout, asked, g, row))
            able[found], value[found] = row, total + (points.team if team[row] == g else 0)
            until[found] = lasts(people, layout, asked, g, row) if dated else (1 << 31) - 1
            found += 1
    return found


@compiled
def _fit(
    people: People, asked: Asked, shifts: Shifts, g: int, t: int, points: Points, able: Any, value: Any, until: Any,
    found: int, barred: Any, who: Any, score: Any, used: int,
) -> int:  # fmt: skip
    """Appends those of the able who have the time for shift ``t``; returns the new length."""
    start, end, edges = shifts.start[t], shifts.end[t], shifts.edges
    for i in range(shifts.gone_at[t], shifts.gone_at[t + 1]):
        if shifts.gone[i] >= 0:
            barred[shifts.gone[i]] = t
    for i in range(shifts.held_at[t], shifts.held_at[t + 1]):
        if shifts.held[i] >= 0:
            barred[shifts.held[i]] = t
    most = most_in_a_week(start, end, edges)
    lat, lng, fixed, per_km = asked.lat[g], asked.lng[g], points.travel_fixed, points.travel_per_km
    for i in range(found):
        row = able[i]
        if until[i] < shifts.last_day[t] or barred[row] == t or people.cap[row] < most:
            continue
        dated, exceptions = people.exceptions_at, people.exceptions
        if not open_throughout(row, start, end, people.windows_at, people.windows, dated, exceptions):
            continue
        if takes_off(row, start, end, dated, exceptions):
            continue
        if people.bookings_at[row + 1] > people.bookings_at[row]:
            begin, times, cap = people.bookings_at, people.bookings, people.cap[row]
            if clashes(row, start, end, people.rest[row], begin, times, people.booked_place, lat, lng, fixed, per_km):
                continue
            if over_cap(row, start, end, cap, begin, times, edges):
                continue
        who[used], score[used] = row, value[i]
        used += 1
    return used


@compiled
def _longer(array: Any, used: int, wanted: int) -> Any:
    new = np.empty(max(wanted, 2 * len(array)), np.int32)
    new[:used] = array[:used]
    return new


@compiled
def _in_order(at: Any, count: Any, who: Any, score: Any, used: int) -> tuple[Longs, Ints, Ints]:
    """The pairs by shift: where groups were met in another order, copied."""
    n = len(at)
    begin = np.zeros(n + 1, np.int64)
    ordered = True
    for t in range(n):
        begin[t + 1] = begin[t] + count[t]
        ordered &= at[t] == begin[t]
    if ordered:
        return begin, who[:used].copy(), score[:used].copy()
    sorted_who, sorted_score = np.empty(used, np.int32), np.empty(used, np.int32)
    for t in range(n):
        sorted_who[begin[t] : begin[t + 1]] = who[at[t] : at[t] + count[t]]
        sorted_score[begin[t] : begin[t + 1]] = score[at[t] : at[t] + count[t]]
    return begin, sorted_who, sorted_score
