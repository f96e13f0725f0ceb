"""What no plan can exceed: the Lagrangian value at the shifts' prices, for any prices.

Relaxing the headcounts with multipliers ``dual[t] >= 0`` and the weekly hours with ``hour[w, k] >= 0`` a minute leaves
each person alone with their own time, where the best set of shifts is a weighted interval schedule. Journeys are left
out there, which can only raise the value, so the bound stays valid (M. L. Fisher, "The Lagrangian relaxation method for
solving integer programming problems", 1981). Prices follow the mean of the subgradients so far (P. M. Camerini,
L. Fratta, F. Maffioli, "On improving relaxation methods by modified gradient techniques", 1975).
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .board import Field
from .jit import compiled
from .problem import UNLIMITED

STEPS: Final = 60
# how much of each direction is the one before
MEMORY: Final = 0.7
# the step is halved when so many in a row have not lowered the bound; below this share it is no use
PATIENCE: Final = 4
SHORTEST: Final = 1e-3

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@compiled
def by_person(f: Field, shifts: Any) -> tuple[Longs, Longs]:
    """All pairs person by person, each one's in the order of ``shifts``; a person's are ``pairs[at[w]:at[w + 1]]``."""
    at = np.zeros(len(f.rest) + 2, np.int64)
    for p in range(len(f.who)):
        at[f.who[p] + 2] += 1
    for w in range(len(f.rest)):
        at[w + 2] += at[w + 1]
    pairs = np.empty(len(f.who), np.int64)
    for t in shifts:
        for p in range(f.begin[t], f.begin[t + 1]):
            pairs[at[f.who[p] + 1]] = p
            at[f.who[p] + 1] += 1
    return pairs, at[:-1]


@compiled
def _weeks(f: Field, pairs: Any, at: Any, dual: Any, hour: Any, taken: Any, worked: Any) -> float:
    """Sum over people of their best set at these prices; ``pairs`` by person and end.

    Counts the choices of each shift in ``taken`` and each person's minutes in ``worked``.
    """
    widest = 1
    for w in range(len(f.rest)):
        widest = max(widest, at[w + 1] - at[w])
    own = np.empty(widest, np.int64)
    before = np.empty(widest, np.int64)
    best = np.zeros(widest + 1, np.float64)
    total = 0.0
    for w in range(len(f.rest)):
        m = 0
        for x in range(at[w], at[w + 1]):
            t = f.shift_of[pairs[x]]
            worth = f.value[pairs[x]] + f.continuity - dual[t]
            for i in range(2):
                if f.minutes[t, i] > 0:
                    worth -= hour[w, f.week[t] + i] * f.minutes[t, i]
            if worth <= 0.0:
                continue
            low, high = 0, m
            while low < high:
                mid = (low + high) >> 1
                if f.end[own[mid]] + f.rest[w] <= f.start[t]:
                    low = mid + 1
                else:
                    high = mid
            own[m] = t
            before[m] = low
            best[m + 1] = max(best[m], best[low] + worth)
            m += 1
        total += best[m]
        while m > 0:
            if best[m] == best[m - 1]:
                m -= 1
            else:
                t = own[m - 1]
                taken[t] += 1
                for i in range(2):
                    if f.minutes[t, i] > 0:
                        worked[w, f.week[t] + i] += f.minutes[t, i]
                m = before[m - 1]
    return total


def lagrangian(f: Field, dual: NDArray[Any], value: int, steps: int = STEPS) -> float:
    """The lowest bound found from the prices ``dual`` on; ``value`` is the plan in hand (only sets the step)."""
    return descent(f, dual, value, steps)[0]


def descent(f: Field, dual: NDArray[Any], value: int, steps: int) -> tuple[float, Floats]:
    """The same bound, and the shifts' prices that give it."""
    pairs, at = by_person(f, np.argsort(f.end, kind="stable"))
    limited = f.left < UNLIMITED
    # who has less than none left has no pair in that week
    left = np.where(limited, np.maximum(f.left, 0), 0)
    # a minute costs what a place costs, so that both move alike
    scale = max(1.0, float(np.mean(f.end - f.start))) if len(f.end) else 1.0
    prices, hours = np.maximum(0.0, dual), np.zeros(f.left.shape)
    turn, turn_hours = np.zeros(len(f.need)), np.zeros(f.left.shape)
    best, share, idle, cheapest = np.inf, 1.0, 0, prices
    for _ in range(steps):
        taken, worked = np.zeros(len(f.need), np.int64), np.zeros(f.left.shape, np.int64)
        bound = _weeks(f, pairs, at, prices, hours, taken, worked)
        bound += float((prices * f.need).sum() + (hours * left).sum())
        idle = 0 if bound < best else idle + 1
        if bound < best:
            best, cheapest = bound, prices
        if idle >= PATIENCE:
            share, idle = share / 2, 0
        slope = (taken - f.need).astype(np.float64)
        slope[(slope < 0) & (prices == 0)] = 0.0
        over = np.where(limited, worked - left, 0) / scale
        over[(over < 0) & (hours == 0)] = 0.0
        turn, turn_hours = slope + MEMORY * turn, over + MEMORY * turn_hours
        length = float((turn * turn).sum() + (turn_hours * turn_hours).sum())
        if length == 0 or best - value < 1 or share < SHORTEST:
            break
        step = share * (bound - value) / length
        prices = np.maximum(0.0, prices + step * turn)
        hours = np.maximum(0.0, hours + step * turn_hours / scale)
    return whole(best), cheapest


def whole(bound: float) -> float:
    """Plans are worth whole points: the bound without its fraction, but for what counting in floats may have lost."""
    return float(math.floor(bound + 1e-6 + abs(bound) * 1e-12))
