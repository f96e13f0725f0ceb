"""Whom a small problem cannot need: pairs without which there is still a plan of the highest value.

``N`` places are filled by at most ``N`` people. So if somebody is of the plan, at most ``N - 1`` others are, and of
``N`` who could stand in for them one is free. Two cases in which nothing is lost by it (the exchange argument of
dominance rules, T. Ibaraki, "The power of dominance relations in branch-and-bound algorithms", 1977):

- on one shift: ``N`` others are worth more by more than continuity could give; the free one takes that shift;
- altogether: ``N`` others are worth no less on each shift, have the hours, and need no more rest between any two of
  the shifts; the free one takes all that the person had.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .jit import compiled
from .problem import Problem
from .solve import fitting

Mask = NDArray[np.bool_]
Longs = NDArray[np.int64]
# of more shifts than this the gaps between any two are too many to look at
SHIFTS: Final = 500


class Roster(NamedTuple):
    """``n`` people with their pairs, each person's by shift from ``first``, ``count`` of them. ``rest`` is how many
    gaps between two shifts are too short for the person; the others as in `Problem`."""

    first: Any
    count: Any
    shift: Any
    value: Any
    rest: Any
    left: Any
    week: Any
    minutes: Any


def only(problem: Problem, kept: Mask) -> Problem:
    """The problem with these pairs alone."""
    begin = np.append(0, np.cumsum(kept))[problem.begin]
    return replace(problem, begin=begin, who=problem.who[kept], score=problem.score[kept])


def fewer(problem: Problem) -> Problem:
    """The problem without pairs that no plan needs: its best plan is worth as much as that of the whole."""
    most = int(problem.need.sum())
    if not most or problem.shifts > SHIFTS or not (np.diff(problem.begin) > most).any():
        return problem
    near = only(problem, _near(problem, most))
    return only(near, _unmatched(near, most))


def _near(problem: Problem, most: int) -> Mask:
    """The pairs that fit into their person's hours and are among the ``most`` of their shift, or hardly below."""
    begin, back = np.zeros(problem.shifts + 1, np.int64), np.empty(len(problem.who), np.int64)
    back = back[: fitting(problem.begin, problem.who, problem.left, problem.week, problem.minutes, begin, back)]
    kept = np.zeros(len(problem.who), bool)
    kept[back] = True
    for t in np.flatnonzero(np.diff(begin) > most).tolist():
        own = back[begin[t] : begin[t + 1]]
        value = problem.score[own]
        last = np.partition(value, len(value) - most)[len(value) - most]
        kept[own] = value >= last - problem.continuity
    return kept


def _unmatched(problem: Problem, most: int) -> Mask:
    """The pairs of the people for whom fewer than ``most`` others could stand in."""
    shift = np.repeat(np.arange(problem.shifts), np.diff(problem.begin))
    by = np.lexsort((shift, problem.who))
    people, first, count = np.unique(problem.who[by], return_index=True, return_counts=True)
    value = problem.score[by].astype(np.int64)
    roster = Roster(
        first,
        count,
        shift[by],
        value,
        np.searchsorted(_gaps(problem), problem.rest[people]),
        problem.left[people],
        problem.week,
        problem.minutes,
    )
    # who stands in for somebody is worth no less in all
    turn = np.argsort(-np.add.reduceat(value, first), kind="stable")
    needed, kept = np.zeros(len(people), bool), np.empty(len(problem.who), bool)
    _needed(roster, turn, most, needed)
    kept[by] = np.repeat(needed, count)
    return kept


def _gaps(problem: Problem) -> NDArray[np.int32]:
    """Minutes between any two shifts, ascending."""
    a, b = np.triu_indices(problem.shifts, 1)
    start, end = problem.start, problem.end
    return np.sort(np.maximum(start[b] - end[a], start[a] - end[b]))


@compiled
def _needed(r: Roster, turn: Any, most: int, needed: Any) -> None:
    """Marks the people for whom fewer than ``most`` of those marked before could stand in."""
    seats, full, hours = 0, np.empty(len(turn), np.int64), np.zeros(r.left.shape[1], np.int64)
    for w in turn:
        hours[:] = 0
        for p in range(r.first[w], r.first[w] + r.count[w]):
            t = r.shift[p]
            hours[r.week[t]] += r.minutes[t, 0]
            if r.minutes[t, 1] > 0:
                hours[r.week[t] + 1] += r.minutes[t, 1]
        better = 0
        for i in range(seats):
            better += _stands_in(r, full[i], w, hours)
            if better == most:
                break
        if better < most:
            full[seats] = w
            seats += 1
            needed[w] = True


@compiled
def _stands_in(r: Roster, u: int, w: int, hours: Any) -> bool:
    """Whether ``u`` could take whatever ``w`` may get, ``hours`` a week at most, and be worth no less there."""
    if r.rest[u] > r.rest[w] or r.count[u] < r.count[w]:
        return False
    for k in range(len(hours)):
        if r.left[u, k] < min(hours[k], r.left[w, k]):
            return False
    q, end = r.first[u], r.first[u] + r.count[u]
    for p in range(r.first[w], r.first[w] + r.count[w]):
        while q < end and r.shift[q] < r.shift[p]:
            q += 1
        if q == end or r.shift[q] != r.shift[p] or r.value[q] < r.value[p]:
            return False
    return True
