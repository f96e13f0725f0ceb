"""What no plan can exceed: the Lagrangian value at the shifts' prices, for any prices.

Relaxing the headcounts with multipliers ``dual[t] >= 0`` leaves each person alone with their own week, where the best
set of shifts is a weighted interval schedule. Hours and journeys are left out there, which can only raise the value,
so the bound stays valid (M. L. Fisher, "The Lagrangian relaxation method for solving integer programming
problems", 1981). A few subgradient steps lower it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .board import Field
from .jit import compiled

STEPS: Final = 60


@compiled
def _weeks(f: Field, pairs: Any, dual: Any, taken: Any) -> int:
    """Sum over people of their best set at these prices; ``pairs`` by person and end. Counts choices in ``taken``."""
    total = np.int64(0)
    best = np.empty(len(pairs) + 1, np.int64)
    before = np.empty(len(pairs) + 1, np.int64)
    n = len(pairs)
    x = 0
    while x < n:
        w = f.who[pairs[x]]
        y = x
        best[x] = 0
        while y < n and f.who[pairs[y]] == w:
            t = f.shift_of[pairs[y]]
            j = y
            while j > x and f.end[f.shift_of[pairs[j - 1]]] + f.rest[w] > f.start[t]:
                j -= 1
            before[y] = j
            worth = f.value[pairs[y]] + (f.continuity if f.continuity > 0 else 0) - dual[t]
            best[y + 1] = max(best[y], best[j] + worth)
            y += 1
        total += best[y]
        i = y
        while i > x:
            if best[i] == best[i - 1]:
                i -= 1
            else:
                taken[f.shift_of[pairs[i - 1]]] += 1
                i = before[i - 1]
        # best[y] is the next person's zero
        x = y
    return total


def lagrangian(f: Field, dual: NDArray[np.int64], value: int, steps: int = STEPS) -> float:
    """The lowest bound found from the prices ``dual`` on; ``value`` is the plan in hand (only sets the step)."""
    scale = 1 << 10
    prices = np.maximum(0, dual).astype(np.float64)
    best, share = np.inf, 1.0
    for _ in range(steps):
        whole = np.floor(prices).astype(np.int64)
        worth = np.flatnonzero(f.value + max(0, f.continuity) > whole[f.shift_of])
        shifts = f.shift_of[worth]
        pairs = worth[np.lexsort((f.end[shifts], f.who[worth]))]
        taken = np.zeros(len(f.need), np.int64)
        bound = float(_weeks(f, pairs, whole, taken) + int((whole * f.need).sum()))
        if bound < best:
            best = bound
        else:
            share *= 0.7
        slope = taken - f.need
        slope[(slope < 0) & (whole == 0)] = 0
        length = float((slope * slope).sum())
        if length == 0 or best - value < 1 or share < 1 / scale:
            break
        prices = np.maximum(0.0, prices + share * (bound - value) / length * slope)
    return best
