"""The auction: every shift bids for people and pays the prices of all holders that it evicts.

A form of Bertsekas' auction (D. P. Bertsekas, "The auction algorithm", 1988) for intervals: a person is not one
object but a week of time, so a bid for one shift may push out several (overlap, rest, travel or weekly hours) and
must pay all of their prices. A bid raises what a person earns by at least ``eps``, so it ends.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .board import Board, Field, blockers, bond, release, take
from .jit import compiled


class Scratch(NamedTuple):
    """Room for bidding: the shifts that wait (a ring, [head, tail] of it and a mark for each) and the best people of
    one bid."""

    ring: Any
    ends: Any
    waiting: Any
    top: Any
    profits: Any


@compiled
def bid(f: Field, b: Board, t: int, top: Any, profits: Any) -> int:
    """The best people for the open places of shift t, net of the prices of whom they push out; returns how many.

    ``profits`` gets one more than there are open places: the second best of the auction.
    """
    places = f.need[t] - b.filled[t]
    count = 0
    for p in range(f.begin[t], f.begin[t + 1]):
        most = f.value[p] + f.continuity
        if most <= 0 or (count == places + 1 and most <= profits[places]):
            break
        if b.held[p]:
            continue
        n = 0
        profit = f.value[p]
        # nobody to push out for those who have nothing yet: `fitting` has seen to it that each shift alone fits
        if b.first[f.who[p]] >= 0:
            n, cost = blockers(f, b, p)
            profit += bond(f, b, t, f.who[p]) - cost
        if n < 0 or profit <= 0 or (count == places + 1 and profit <= profits[places]):
            continue
        j = min(count, places)
        while j > 0 and profits[j - 1] < profit:
            profits[j] = profits[j - 1]
            top[j] = top[j - 1]
            j -= 1
        profits[j] = profit
        top[j] = p
        count = min(count + 1, places + 1)
    return count


@compiled
def auction(f: Field, b: Board, queue: Any, eps: int, most: int, undoable: bool, s: Scratch) -> int:
    """Bid in the order of ``queue``, the evicted again at its end, until nobody wants to or ``most`` bids are made.

    Returns the change of the plan's value. ``undoable`` stops before the log is full and lets nobody wait any longer;
    otherwise whoever still waits comes first in the next call.
    """
    size = len(s.ring)
    head = s.ends[0]
    tail = s.ends[1]
    gain: Any = np.int64(0)
    for t in queue:
        if not s.waiting[t]:
            s.ring[tail] = t
            s.waiting[t] = 1
            tail = tail + 1 if tail + 1 < size else 0
    while head != tail:
        if most <= 0 and not undoable:
            break
        t = s.ring[head]
        head = head + 1 if head + 1 < size else 0
        s.waiting[t] = 0
        places = f.need[t] - b.filled[t]
        if places <= 0 or most <= 0:
            continue
        most -= 1
        b.bids[t] += 1
        count = bid(f, b, t, s.top, s.profits)
        second = s.profits[places] if count > places else 0
        b.dual[t] = second
        for i in range(min(count, places)):
            p = s.top[i]
            n, _ = blockers(f, b, p)
            if undoable and b.count[0] + n + 1 > len(b.log):
                most = 0
                break
            for j in range(n):
                out = f.shift_of[b.out[j]]
                gain -= release(f, b, b.out[j])
                if not s.waiting[out]:
                    s.waiting[out] = 1
                    s.ring[tail] = out
                    tail = tail + 1 if tail + 1 < size else 0
            price = f.value[p] + bond(f, b, t, f.who[p]) - second + eps
            gain += take(f, b, p, price)
    s.ends[0] = head
    s.ends[1] = tail
    return gain


@compiled
def scarcest(f: Field, b: Board, queue: Any) -> int:
    """Fill open places in the order of ``queue`` with the best who are free, pushing nobody out; returns the gain."""
    gain: Any = np.int64(0)
    for t in queue:
        # whoever is held or busy stays so while this shift is filled: the next place starts behind them
        first = f.begin[t]
        while b.filled[t] < f.need[t]:
            best: Any = np.int64(-1)
            most: Any = np.int64(0)
            for p in range(first, f.begin[t + 1]):
                if f.value[p] + f.continuity <= most:
                    break
                n = 1
                if not b.held[p]:
                    n, _ = blockers(f, b, p)
                if n != 0:
                    if p == first:
                        first += 1
                    continue
                worth = f.value[p] + bond(f, b, t, f.who[p])
                if worth > most:
                    best = np.int64(p)
                    most = worth
            if best < 0:
                break
            gain += take(f, b, best, most)
    return gain
