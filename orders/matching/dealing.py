"""The shifts of a few people dealt anew, exactly: a dynamic programme over who is free from when.

What the rest can still earn at the shifts' prices bounds each part plan, so few of them live (N. Christofides,
A. Mingozzi and P. Toth, "State-space relaxation procedures for the computation of bounds to routing problems", 1981).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from .jit import compiled, inlined

# people and shifts of a party: a state has 8 bits a person
PARTY: Final = 6
MOST: Final = 250
BITS: Final = 8
# part plans kept at a shift, written at a shift at most, places of the table that finds equal ones
BEAM: Final = 600
ROOM: Final = 4 * BEAM
SLOTS: Final = 1 << 14


class Rosters(NamedTuple):
    """Shifts by start. ``points[w, t]`` or -1; ``follow[w, t]`` the first shift that w could take after t;
    ``owner[t]`` or -1; ``price[t]`` and ``weight[t]`` (on top of the points, grows while the shift is open)."""

    start: Any
    end: Any
    rest: Any
    points: Any
    price: Any
    owner: Any
    weight: Any


class Room(NamedTuple):
    """Where a deal is worked out: see `_deal`."""

    party: Any
    shifts: Any
    first: Any
    worth: Any
    after: Any
    ahead: Any
    keys: Any
    most: Any
    parent: Any
    taker: Any
    slot: Any
    stamp: Any
    best: Any


def room() -> Room:
    """Empty room."""
    return Room(
        np.zeros(PARTY, np.int64),
        np.zeros(MOST, np.int64),
        np.zeros(PARTY, np.int64),
        np.zeros((PARTY, MOST), np.int64),
        np.zeros((PARTY, MOST), np.int64),
        np.zeros((PARTY, MOST + 1), np.int64),
        np.zeros((2, ROOM), np.int64),
        np.zeros((2, ROOM), np.int64),
        np.zeros((MOST + 1, ROOM), np.int32),
        np.zeros((MOST + 1, ROOM), np.int8),
        np.zeros(SLOTS, np.int32),
        np.full(SLOTS, -1, np.int64),
        np.zeros(MOST, np.int64),
    )


@compiled
def _narrow(x: Room, side: int, layer: int, n: int) -> int:
    """Keep the most promising of the states."""
    order = np.argsort(-x.most[side, :n], kind="mergesort")[:BEAM]
    keys = x.keys[side][order]
    most = x.most[side][order]
    parent = x.parent[layer][order]
    taker = x.taker[layer][order]
    m = len(order)
    x.keys[side, :m] = keys
    x.most[side, :m] = most
    x.parent[layer, :m] = parent
    x.taker[layer, :m] = taker
    return m


@compiled
def _begin(r: Rosters, x: Room, k: int, m: int) -> None:
    """The first state: everybody free from their first shift on, all still to earn."""
    x.keys[0, 0] = 0
    x.most[0, 0] = 0
    for i in range(m):
        x.most[0, 0] += r.price[x.shifts[i]] + r.weight[x.shifts[i]]
    for j in range(k):
        x.keys[0, 0] |= x.first[j] << (BITS * j)
        x.most[0, 0] += x.ahead[j, x.first[j]]


@inlined
def _slot(x: Room, layer: int, key: int, stamp: int, count: int) -> int:
    """Where the state is kept in its layer: ``count`` if it is new, -1 if there is no room for it."""
    h = ((key * -7046029254386353131) >> 40) & (SLOTS - 1)
    while x.stamp[h] == stamp and x.keys[layer, x.slot[h]] != key:
        h = (h + 1) & (SLOTS - 1)
    if x.stamp[h] != stamp:
        if count == ROOM:
            return -1
        x.stamp[h] = stamp
        x.slot[h] = count
        x.keys[layer, count] = key
        x.most[layer, count] = -1
    return x.slot[h]


@compiled
def deal(r: Rosters, x: Room, k: int, m: int, floor: int, stamp: int) -> int:
    """The most that the party earns with its m shifts if that is at least ``floor``, else -1; ``x.best``: who takes
    which (-1 nobody).

    A state is, for each person, the first shift that they could still take (0: the one at hand), 8 bits each.
    """
    mask = (1 << BITS) - 1
    _begin(r, x, k, m)
    n = 1
    for i in range(m):
        here = i & 1
        there = 1 - here
        t = x.shifts[i]
        stamp += 1
        count = 0
        for a in range(n):
            free = np.int64(0)
            base: Any = np.int64(0)
            rest = x.most[here, a] - r.price[t] - r.weight[t]
            for j in range(k):
                at = (x.keys[here, a] >> (BITS * j)) & mask
                if at <= i:
                    free |= 1 << j
                    rest -= x.ahead[j, i] - x.ahead[j, i + 1]
                elif at > i + 1:
                    base |= at << (BITS * j)
            for j in range(-1, k):
                most = rest
                child = base
                if j >= 0:
                    if not (free >> j) & 1 or x.worth[j, i] < 0:
                        continue
                    most += x.worth[j, i] - x.ahead[j, i + 1] + x.ahead[j, x.after[j, i]]
                    if x.after[j, i] > i + 1:
                        child |= x.after[j, i] << (BITS * j)
                if most < floor:
                    continue
                s = _slot(x, there, child, stamp, count)
                if s < 0:
                    continue
                count += s == count
                if most > x.most[there, s]:
                    x.most[there, s] = most
                    x.parent[i + 1, s] = a
                    x.taker[i + 1, s] = j
        if count == 0:
            return -1
        n = count if count <= BEAM else _narrow(x, there, i + 1, count)
    at = np.argmax(x.most[m & 1, :n])
    for i in range(m, 0, -1):
        x.best[i - 1] = x.taker[i, at]
        at = x.parent[i, at]
    return np.max(x.most[m & 1, :n])
