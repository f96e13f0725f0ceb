"""A bound that no plan can exceed, sharper than the linear programme's: hours are counted in whole shifts.

Only the headcounts are relaxed, at a price a shift (M. L. Fisher, "The Lagrangian relaxation method for solving
integer programming problems", 1981). Each person alone then takes the best set of shifts that time, rest and weekly
hours allow, found by trying all sets that could be best. Any prices give a valid bound. They begin at the linear
programme's and follow the mean of the subgradients; the step is Polyak's, towards the best plan known.

    python -m bench.sharp INSTANCE BEST_KNOWN      prints one line of JSON
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np

from bench import files, staffgen
from bench.pairs import Pairs
from bench.processes import ask

STEPS: Final = 6_000
# of each direction, what is that of the step before
MEMORY: Final = 0.9
# the step shrinks so when so many in a row have not lowered the bound by half a point; below the last it is no use
FIRST: Final = 0.5
SHRINK: Final = 0.7
PATIENCE: Final = 20
LEAST: Final = 1e-3


def bound(path: Path, known: int) -> files.Json:
    """The bound, from an earlier run if there was one; a minute or two for the largest instances."""
    return files.cached(path, "sharp", lambda: ask("bench.sharp", path, known))


def sharp(p: Pairs, known: int) -> float:
    """The lowest bound found; ``known`` is worth of a plan, and only sets the steps."""
    prices = _prices(p)
    order = np.lexsort((p.start[p.shift], p.who))
    at = np.searchsorted(p.who[order], np.arange(len(p.rest) + 1))
    best, turn, share, idle = np.inf, np.zeros(len(prices)), FIRST, 0
    for _ in range(STEPS):
        taken = np.zeros(len(prices), np.int64)
        value = _sets(at, order, p.shift, p.score, prices, p.start, p.end, p.rest, p.left, taken)
        value += float(prices @ p.need)
        idle = 0 if value < best - 0.5 else idle + 1
        best = min(best, value)
        if idle >= PATIENCE:
            share, idle = share * SHRINK, 0
        slope = (taken - p.need).astype(np.float64)
        slope[(slope < 0) & (prices <= 0)] = 0.0
        if share < LEAST or value <= known or not slope.any():
            break
        turn = (1 - MEMORY) * slope + MEMORY * turn
        prices = np.maximum(0.0, prices + share * (value - known) / (slope @ slope) * turn)
    return best


def _prices(p: Pairs) -> Any:
    """Those of the linear programme over the best people of each shift."""
    few = p.best(8, 14)
    _, _, prices, _, _ = staffgen.lp_solve(few.shift, few.who, few.score, p.start, p.end, p.need, p.rest, p.left)
    return np.maximum(0.0, prices)


@numba.njit(nogil=True)
def _sets(
    at: Any, order: Any, shift: Any, score: Any, prices: Any, start: Any, end: Any, rest: Any, left: Any, taken: Any
) -> float:
    """Sum over people of what their best set earns beyond its prices; ``taken`` counts who chose each shift."""
    widest = 1
    for w in range(len(rest)):
        widest = max(widest, at[w + 1] - at[w])
    own, gain, ahead = np.empty(widest, np.int64), np.empty(widest), np.zeros(widest + 1)
    # 0: not looked at, 1: taken, 2: left out
    state, best_state = np.zeros(widest + 1, np.uint8), np.zeros(widest, np.uint8)
    total = 0.0
    for w in range(len(rest)):
        n = 0
        for x in range(at[w], at[w + 1]):
            p = order[x]
            earned = score[p] - prices[shift[p]]
            if earned > 0:
                own[n], gain[n] = shift[p], earned
                n += 1
        ahead[n] = 0.0
        for i in range(n - 1, -1, -1):
            ahead[i] = ahead[i + 1] + gain[i]
        best, value, used, i = 0.0, 0.0, 0, 0
        state[: n + 1] = 0
        best_state[:n] = 0
        while True:
            if i < n and value + ahead[i] > best:
                t = own[i]
                fits = used + end[t] - start[t] <= left[w]
                for j in range(i):
                    o = own[j]
                    fits &= state[j] != 1 or end[o] + rest[w] <= start[t] or end[t] + rest[w] <= start[o]
                state[i] = 1 if fits else 2
                if fits:
                    value, used = value + gain[i], used + end[t] - start[t]
                i += 1
                continue
            if i == n and value > best:
                best = value
                best_state[:n] = state[:n]
            i -= 1
            while i >= 0 and state[i] == 2:
                i -= 1
            if i < 0:
                break
            state[i] = 2
            value, used = value - gain[i], used - (end[own[i]] - start[own[i]])
            i += 1
        total += best
        for i in range(n):
            taken[own[i]] += best_state[i] == 1
    return total


def main(argv: list[str]) -> int:
    """Print the bound of one instance."""
    pairs = Pairs.of(staffgen.load(argv[0]))
    print(json.dumps({"bound": sharp(pairs, int(argv[1]))}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
