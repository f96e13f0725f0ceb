"""Parties exchange whole rosters: the shifts of a few people in a window of time are dealt anew, exactly.

For problems where people hold many shifts each: single places, no hours, no journeys. Shift by shift a party's deal is
a dynamic programme over who is free from when; what the rest can still earn at the shifts' prices (the Lagrangian
value) bounds each part plan, so few of them live (N. Christofides, A. Mingozzi and P. Toth, "State-space relaxation
procedures for the computation of bounds to routing problems", 1981). Points are blurred at first and less and less
(the noising method, I. Charon and O. Hudry, 1993); shifts that stay open weigh more and more. A fixed seed: the same
problem gives the same plan.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .board import Field, valid, value_of
from .bound import descent
from .dealing import MOST, PARTY, Room, Rosters, deal, room
from .jit import compiled
from .problem import UNLIMITED
from .search import SEED, _random

# fewer pairs a person than this: rosters are short, and the search around single shifts sees them whole
MANY: Final = 20
# people times shifts of the table of points
LARGEST: Final = 20_000_000
STEPS: Final = 300
# parties a shift, and between two looks at the clock
ROUNDS: Final = 800
SLICE: Final = 100
# how much of the time is for this; after how much of it points are blurred no more
SHARE: Final = 0.85
COLD: Final = 0.9
# shares of the spread of points: the blur of a deal at first, and of wishes; what is left of the first at the end
WARM: Final = 0.28
BLUR: Final = 0.2
COOLING: Final = 0.25
# more people than this begin cooler: there is no time to mend what much blur spoils
CROWD: Final = 100

Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


@compiled
def _wish(r: Rosters, w: int, noise: int, urgent: int, state: Any, best: Any, taken: Any) -> int:
    """The shifts that person w would like best at the prices, give or take ``noise``, with ``urgent`` if it is not -1,
    into ``taken``; returns how many."""
    n = len(r.start)
    best[n] = 0
    # from the last shift on: `best` of the shifts from t on; the first start after an end is found by bisection
    for t in range(n - 1, -1, -1):
        best[t] = best[t + 1]
        if r.points[w, t] < 0:
            continue
        worth = r.points[w, t] - r.price[t] + _random(state) % (2 * noise + 1) - noise
        if t == urgent:
            worth += 1 << 30
        if worth > 0:
            low = np.int64(np.searchsorted(r.start, r.end[t] + r.rest[w]))
            if best[low] + worth > best[t]:
                best[t] = best[low] + worth
    m = 0
    t = 0
    while t < n:
        if best[t] == best[t + 1]:
            t += 1
            continue
        taken[m] = t
        m += 1
        t = max(t + 1, np.searchsorted(r.start, r.end[t] + r.rest[w]))
    return m


@compiled
def _invite(r: Rosters, w: int, taken: Any, m: int, size: int, state: Any, party: Any) -> int:
    """Person w, holders of what they wish in random order, then anybody; returns the party's size."""
    party[0] = w
    k = 1
    people = r.points.shape[0]
    for tries in range(m + 4 * size):
        if k == size:
            break
        if tries < m:
            j = tries + _random(state) % (m - tries)
            t = taken[j]
            taken[j] = taken[tries]
            taken[tries] = t
            other = r.owner[t]
        else:
            other = _random(state) % people
        known = other < 0
        for i in range(k):
            known = known or party[i] == other
        if not known:
            party[k] = other
            k += 1
    return k


@compiled
def _gather(r: Rosters, x: Room, k: int, low: int, high: int, warmth: int, state: Any) -> int:
    """The party's shifts that start within [low, high) and open ones that one of them can take, by start, into
    ``x.shifts``; how many, -1 if too many. Says in ``x.first`` from when each person is free, in ``x.worth`` what a
    shift earns them (-1: not theirs to take)."""
    m = 0
    ends = np.full(k, -(1 << 40), np.int64)
    until = np.full(k, 1 << 40, np.int64)
    for t in range(len(r.start)):
        o = r.owner[t]
        mine = -1
        for j in range(k):
            if o == x.party[j]:
                mine = j
        if mine >= 0 and r.start[t] < low:
            ends[mine] = max(ends[mine], r.end[t] + r.rest[o])
        elif mine >= 0 and r.start[t] >= high:
            until[mine] = min(until[mine], r.start[t] - r.rest[o])
        elif r.start[t] >= low and r.start[t] < high:
            able = mine >= 0
            if o < 0:
                for j in range(k):
                    able = able or r.points[x.party[j], t] >= 0
            if able:
                if m == len(x.shifts):
                    return -1
                x.shifts[m] = t
                m += 1
    for j in range(k):
        w = x.party[j]
        x.first[j] = 0
        for i in range(m):
            t = x.shifts[i]
            x.worth[j, i] = -1
            if r.start[t] < ends[j]:
                x.first[j] = i + 1
            elif r.end[t] <= until[j] and r.points[w, t] >= 0:
                x.worth[j, i] = max(0, r.points[w, t] + r.weight[t] + _random(state) % (2 * warmth + 1) - warmth)
            i2 = i + 1
            while i2 < m and r.start[x.shifts[i2]] < r.end[t] + r.rest[w]:
                i2 += 1
            x.after[j, i] = i2
        x.ahead[j, m] = 0
        for i in range(m - 1, -1, -1):
            x.ahead[j, i] = x.ahead[j, i + 1]
            if x.worth[j, i] >= 0:
                t = x.shifts[i]
                then = x.worth[j, i] - r.price[t] - r.weight[t] + x.ahead[j, x.after[j, i]]
                x.ahead[j, i] = max(x.ahead[j, i], then)
    return m


@compiled
def _lead(r: Rosters, at: int, step: int, state: Any) -> tuple[int, int]:
    """Who leads the next party, and the open shift that it is about (-1: none). Such a shift gains weight."""
    w = _random(state) % r.points.shape[0]
    open_shifts = np.flatnonzero(r.owner < 0)
    if len(open_shifts) == 0 or at % 2:
        return w, -1
    urgent = open_shifts[_random(state) % len(open_shifts)]
    r.weight[urgent] += step
    for _ in range(50):
        if r.points[w, urgent] >= 0:
            break
        w = _random(state) % r.points.shape[0]
    return w, urgent


@compiled
def _now(r: Rosters, x: Room, k: int, m: int) -> int:
    """What the party earns with its shifts as they are held."""
    now = 0
    for i in range(m):
        for j in range(k):
            if x.party[j] == r.owner[x.shifts[i]]:
                now += x.worth[j, i]
    return now


@compiled
def rounds(r: Rosters, x: Room, first: int, count: int, span: int, noise: int, warmth: int, state: Any) -> None:
    """So many parties, their points blurred by ``warmth`` either way. ``state`` is [random, stamp of the table]."""
    n = len(r.start)
    best = np.zeros(n + 1, np.int64)
    taken = np.zeros(n, np.int64)
    for at in range(first, first + count):
        w, urgent = _lead(r, at, max(1, noise // 20), state)
        m = _wish(r, w, noise, urgent, state, best, taken)
        k = _invite(r, w, taken, m, PARTY, state, x.party)
        low, high = -(1 << 40), 1 << 40
        if span > 0:
            low = r.start[urgent if urgent >= 0 else _random(state) % n] - np.int64(_random(state) % span)
            high = low + span
        m = _gather(r, x, k, low, high, warmth, state)
        if m < 1:
            continue
        state[1] += np.uint64(m)
        if deal(r, x, k, m, _now(r, x, k, m), int(state[1]) - m) < 0:
            continue
        for i in range(m):
            r.owner[x.shifts[i]] = x.party[x.best[i]] if x.best[i] >= 0 else -1


def suits(f: Field) -> bool:
    """Whether this is a problem of long rosters: single places, no hours, journeys or bonds, several shifts each."""
    people, shifts = len(f.rest), len(f.need)
    if people < 2 or len(f.who) < MANY * people or people * shifts > LARGEST or shifts < 2 * people:
        return False
    return bool(
        f.travel <= 0 and not f.continuity and f.need.max() <= 1 and f.left.min() >= UNLIMITED and f.value.min() >= 0
    )


def _rosters(f: Field, order: Longs, held: Mask, prices: NDArray[np.float64]) -> Rosters:
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    points = np.full((len(f.rest), len(order)), -1, np.int64)
    points[f.who, place[f.shift_of]] = f.value
    owner = np.full(len(order), -1, np.int64)
    owner[place[f.shift_of[held]]] = f.who[held]
    times = (f.start[order].astype(np.int64), f.end[order].astype(np.int64), f.rest.astype(np.int64))
    return Rosters(*times, points, np.rint(prices[order]).astype(np.int64), owner, np.zeros(len(order), np.int64))


def _span(f: Field) -> int:
    """Minutes in which a party holds about as many shifts as there is room for; 0 if the whole time will do."""
    most = len(f.need) * PARTY / len(f.rest)
    return 0 if most < MOST // 2 else int((f.end.max() - f.start.min()) * (MOST // 2) / most)


def exchange(f: Field, held: Mask, dual: NDArray[Any], left: Callable[[], float | None]) -> tuple[Mask, float, bool]:
    """A plan no worse than ``held`` (mask of pairs), a valid bound, and whether the time cut the exchange short."""
    value = value_of(f, held)
    bound, prices = descent(f, dual, value, STEPS)
    order = np.argsort(f.start, kind="stable").astype(np.int64)
    r, x, span = _rosters(f, order, held, prices), room(), _span(f)
    spread, crowd = _spread(f), min(1.0, CROWD / len(f.rest))
    state, total = np.array([SEED, 0], np.uint64), ROUNDS * len(order)
    begun = left()
    for first in range(0, total, SLICE):
        now = left()
        progress = first / total
        if begun is not None and now is not None:
            progress = max(progress, (begun - now) / max(1e-9, SHARE * begun))
        if progress >= 1 or value >= bound:
            return held, bound, progress >= 1
        warmth = 0 if progress > COLD else round(spread * crowd * WARM * COOLING ** (progress / COLD))
        rounds(r, x, first, SLICE, span, max(1, round(spread * BLUR)), warmth, state)
        chosen = _chosen(f, order, r.owner)
        if (worth := value_of(f, chosen)) > value and valid(f, chosen):
            held, value = chosen, worth
    return held, bound, False


def _spread(f: Field) -> float:
    """How far the points of a shift's pairs lie apart, on average."""
    able = np.flatnonzero(np.diff(f.begin) > 0)
    return float(np.mean(f.value[f.begin[able]] - f.value[f.begin[able + 1] - 1]))


def _chosen(f: Field, order: Longs, owner: Longs) -> Mask:
    """The mask of the pairs that these owners hold."""
    of = np.empty(len(order), np.int64)
    of[order] = owner
    return of[f.shift_of] == f.who
