"""Large neighbourhood search: a few shifts that compete for the same people are emptied and bid again.

P. Shaw, "Using constraint programming and local search methods to solve vehicle routing problems", 1998, with the
auction as the repair. What is worse is taken back. A fixed seed: the same problem gives the same plan.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from .auction import Scratch, auction
from .board import Board, Field, release, undo
from .jit import compiled

SEED: Final = 88_172_645_463_325_252
# bids a shift of the neighbourhood, so that two shifts with one person do not raise prices for ever
BIDS: Final = 12


@compiled
def _random(state: Any) -> int:
    """The next of G. Marsaglia's xorshift generators (2003), as a whole number from 0."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    found: Any = np.int64(x >> np.uint64(11))
    return found


@compiled
def _neighbours(f: Field, b: Board, seed: int, region: Any, inside: Any, state: Any) -> int:
    """Shifts that hold the people whom the shifts of the region would like best; returns how many."""
    m = 1
    region[0] = seed
    inside[seed] = 1
    i = 0
    while i < m and m < len(region):
        t = region[i]
        i += 1
        last = min(f.begin[t + 1], f.begin[t] + 3 * f.need[t] + 7)
        for p in range(f.begin[t], last):
            if _random(state) % 4 == 0:
                continue
            q = b.first[f.who[p]]
            while q >= 0 and m < len(region):
                out = f.shift_of[q]
                if not inside[out]:
                    inside[out] = 1
                    region[m] = out
                    m += 1
                q = b.after[q]
    for i in range(m):
        inside[region[i]] = 0
    return m


@compiled
def _empty(f: Field, b: Board, region: Any) -> int:
    """Release every holder of these shifts; returns the value lost."""
    lost: Any = np.int64(0)
    for t in region:
        p = f.begin[t]
        while b.filled[t] > 0 and p < f.begin[t + 1]:
            if b.held[p]:
                lost += release(f, b, p)
            p += 1
    return lost


@compiled
def _undoable(b: Board, region: Any) -> int:
    """How many of the shifts can be emptied with half the log left for what follows."""
    moves = 0
    for i in range(len(region)):
        moves += b.filled[region[i]]
        if 2 * moves > len(b.log):
            return i
    return len(region)


@compiled
def search(f: Field, b: Board, queue: Any, first: int, rounds: int, size: int, eps: int, state: Any, s: Scratch) -> int:
    """``rounds`` attempts around the shifts of ``queue`` in turn, from number ``first`` on; returns the gain."""
    total: Any = np.int64(0)
    region = np.empty(size, np.int64)
    inside = np.zeros(len(f.start), np.uint8)
    for at in range(first, first + rounds):
        m = _neighbours(f, b, queue[at % len(queue)], region, inside, state)
        b.count[0] = 0
        m = _undoable(b, region[:m])
        gain = -_empty(f, b, region[:m])
        for i in range(m - 1, 0, -1):
            j = _random(state) % (i + 1)
            other = region[i]
            region[i] = region[j]
            region[j] = other
        gain += auction(f, b, region[:m], eps, BIDS * m, True, s)
        if gain < 0:
            undo(f, b, 0)
        else:
            total += gain
    return total


@compiled
def unite(f: Field, b: Board, shifts: Any, at: Any, eps: int, s: Scratch) -> int:
    """Bid again for all shifts of one order after another, now that being on several of them counts; returns the gain.

    The shifts of order ``g`` are ``shifts[at[g]:at[g + 1]]``. What is worse is taken back.
    """
    total: Any = np.int64(0)
    for g in range(len(at) - 1):
        region = shifts[at[g] : at[g + 1]]
        region = region[: _undoable(b, region)]
        b.count[0] = 0
        gain = -_empty(f, b, region)
        gain += auction(f, b, region, eps, BIDS * len(region), True, s)
        if gain < 0:
            undo(f, b, 0)
        else:
            total += gain
    return total
