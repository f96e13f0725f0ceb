"""All eligible pairs of a demand and a pool, with their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .asking import Asked, Points, Shifts, asked_of, points_of, shifts_of
from .availability import clashes, most_in_a_week, open_for, open_throughout, over_cap, takes_off
from .columns import Blocks, People, Pool
from .demand import Demand
from .geo import unit_vectors
from .jit import compiled
from .layout import Layout
from .minutes import UNLIMITED, WEEK
from .problem import Ints, Longs, Problem
from .reach import ONE, is_open, may_be_open, merits, narrow, narrow_times, qualify, reached
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


def problem_of(
    pool: Pool,
    demand: Demand,
    pairs: Pairs,
    weights: Weights,
    *,
    value: NDArray[np.integer[Any]] | None = None,
    continuity: int | None = None,
) -> Problem:
    """The set problem of these pairs; its people are the pool's rows, its shifts the demand's.

    ``value`` says what each pair is worth (default: its points), ``continuity`` the same for each shift beyond the
    first that a person takes of one order (default: the weights').
    """
    week, minutes = _split(demand)
    groups = demand.groups
    place = np.nan_to_num(unit_vectors(groups.lat, groups.lng), nan=0.0)
    return Problem(
        start=demand.start,
        end=demand.end,
        need=demand.need,
        begin=pairs.begin,
        who=pairs.who,
        score=pairs.score if value is None else np.ascontiguousarray(value, np.int32),
        rest=np.ascontiguousarray(pool.store.people["rest"][: pool.rows]),
        left=minutes_left(pool, demand.edges),
        week=week,
        minutes=minutes,
        order=np.unique(demand.order, return_inverse=True)[1].astype(np.int32),
        continuity=weights.continuity if continuity is None else continuity,
        place=place[demand.group],
        travel=float(weights.travel_minutes_per_km),
        travel_fixed=float(weights.travel_fixed_minutes),
    )


def minutes_left(pool: Pool, edges: Ints) -> Ints:
    """int32[rows, K]: what each person may still work in each week; `UNLIMITED` without a cap, below 0 over it."""
    rows, weeks = pool.rows, len(edges) - 1
    begin, cap = pool.store.begin["bookings"], pool.store.people["cap"][:rows]
    times = pool.store.packed["bookings"][: begin[rows]]
    whose = np.repeat(np.arange(rows), np.diff(begin[: rows + 1]))
    left = np.empty((rows, weeks), np.int32)
    for k in range(weeks):
        within_week = np.minimum(times[:, 1], edges[k + 1]) - np.maximum(times[:, 0], edges[k])
        booked = np.bincount(whose, np.maximum(within_week, 0), minlength=rows)
        left[:, k] = np.where(cap >= UNLIMITED, UNLIMITED, cap - booked)
    return left


def _split(demand: Demand) -> tuple[Ints, Ints]:
    """The week in which each shift begins, and its minutes in that week and the next."""
    edges = demand.edges
    week = (np.searchsorted(edges, demand.start, side="right") - 1).astype(np.int32)
    minutes = np.zeros((len(demand), 2), np.int32)
    if len(demand):
        minutes[:, 0] = np.minimum(demand.end, edges[week + 1]) - demand.start
        minutes[:, 1] = demand.end - demand.start - minutes[:, 0]
    if (minutes[:, 1] > WEEK).any():
        raise ValueError("a shift touches more than two weeks")
    return week, minutes


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
    own = merits(people, points, np.arange(rows))
    team, barred = np.full(rows, -1, np.int32), np.full(rows, -1, np.int32)
    n = len(shifts.start)
    at, count = np.zeros(n, np.int64), np.zeros(n, np.int64)
    who, score, used = np.empty(1 << 16, np.int32), np.empty(1 << 16, np.int32), 0
    for g in shifts.turn:
        for i in range(asked.team_at[g], asked.team_at[g + 1]):
            if asked.team[i] >= 0:
                team[asked.team[i]] = g
        found = 0
        ranges = reached(blocks, base, rows, asked, g, first, last)
        for r in range(ranges):
            size = narrow(people, layout, asked, g, first[r], last[r], mask)
            narrow_times(people, shifts, g, first[r] >> 6, size, mask, some, one)
            found = qualify(
                people, layout, asked, g, points, own, team, first[r] >> 6, size, mask, able, value, until, found
            )
        only = shifts.listed_at[g + 1] - shifts.listed_at[g] == 1
        for i in range(shifts.listed_at[g], shifts.listed_at[g + 1]):
            t = shifts.listed[i]
            for r in range(ranges):
                word = first[r] >> 6
                size = ((last[r] - 1) >> 6) - word + 1
                is_open(people, shifts.start[t], shifts.end[t], word, size, 1, some[word:])
                if not only:
                    may_be_open(people, shifts.start[t], shifts.end[t], word, size, one[word:])
            if used + found > len(who):
                who, score = _longer(who, used, used + found), _longer(score, used, used + found)
            at[t] = used
            used = _fit(
                people,
                asked,
                shifts,
                g,
                t,
                points,
                able,
                value,
                until,
                found,
                barred,
                only,
                one,
                some,
                who,
                score,
                used,
            )
            count[t] = used - at[t]
    return _in_order(at, count, who, score, used)


@compiled
def _fit(
    people: People, asked: Asked, shifts: Shifts, g: int, t: int, points: Points, able: Any, value: Any, until: Any,
    found: int, barred: Any, only: bool, touch: Any, filled: Any, who: Any, score: Any, used: int,
) -> int:  # fmt: skip
    """Appends those of the able who have the time for shift ``t``; returns the new length."""
    start, end, edges = shifts.start[t], shifts.end[t], shifts.edges
    for i in range(shifts.gone_at[t], shifts.gone_at[t + 1]):
        if shifts.gone[i] >= 0:
            barred[shifts.gone[i]] = t
    for i in range(shifts.held_at[t], shifts.held_at[t + 1]):
        if shifts.held[i] >= 0:
            barred[shifts.held[i]] = t
    most, minute = most_in_a_week(start, end, edges), start % WEEK
    lat, lng, fixed, per_km = asked.lat[g], asked.lng[g], points.travel_fixed, points.travel_per_km
    cap, rest, last_day = people.cap, people.rest, shifts.last_day[t]
    at, windows, dated, exceptions = people.windows_at, people.windows, people.exceptions_at, people.exceptions
    booked, times, place = people.bookings_at, people.bookings, people.booked_place
    for i in range(found):
        row = able[i]
        word, place_bit = row >> 6, np.uint64(row & 63)
        if not only and not (touch[word] >> place_bit) & ONE:
            continue
        if until[i] < last_day or barred[row] == t or cap[row] < most:
            continue
        by_date = dated[row + 1] > dated[row]
        if not (filled[word] >> place_bit) & ONE:
            far = open_for(row, minute, at, windows)
            if far < end - start and (
                (far == 0 and not by_date) or not open_throughout(row, start, end, at, windows, dated, exceptions)
            ):
                continue
        if by_date and takes_off(row, start, end, dated, exceptions):
            continue
        if booked[row + 1] > booked[row]:
            if clashes(row, start, end, rest[row], booked, times, place, lat, lng, fixed, per_km):
                continue
            if over_cap(row, start, end, cap[row], booked, times, edges):
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
