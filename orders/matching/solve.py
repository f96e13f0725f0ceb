"""From a problem to a plan: scarcest first as the net, then the auction, the search around what is contested, the rest.

Every step starts from the plan of the one before and never makes it worse. Without a time limit the result depends
on the problem alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from .auction import Scratch, auction, scarcest
from .board import Board, Field, board_of, value_of
from .bound import lagrangian
from .exchange import exchange, final, suits
from .jit import compiled
from .problem import Problem, Solution
from .search import SEED, search, unite

Effort = Literal["greedy", "auction", "quick", "best"]
Clock = Callable[[], float]
# attempts of the search: so many a contested shift, at most so many, in slices between which the clock is read
ROUNDS: Final = 4
MOST_ROUNDS: Final = 2_000
SLICE: Final = 50
BIDS_SLICE: Final = 5_000
REGION: Final = 10
# price steps of the search, as many times those of the first auction
COARSE: Final = 20
# price steps as a share of the highest value: below it bids differ by nothing that matters
EPS_SHARE: Final = 3_000
# a bound costs some milliseconds a step
BOUND_STEPS: Final = 20


def solve(
    problem: Problem,
    *,
    effort: Effort = "best",
    seconds: float | None = None,
    bound: bool = False,
    clock: Clock = time.perf_counter,
) -> Solution:
    """The best plan found. ``effort``: "greedy" is the safety net alone, "auction" adds the auction, "quick" the search
    around it (a tenth of a second for 10,000 places), "best" the linear programme and the search for whole numbers
    (seconds).

    ``seconds``: after them the plan in hand is given back and called ``stopped``; the clock is read between steps.
    ``bound``: also prove how far any plan could go, if the effort does not do so anyway.
    """
    end = None if seconds is None else clock() + seconds

    def left() -> float | None:
        return None if end is None else end - clock()

    field, back = field_of(problem)
    if not len(field.who):
        return _solution(field, back, Found(np.zeros(0, bool), 0.0, "exact", False))
    board, scratch = board_of(field), _scratch(field)
    queue = _by_scarcity(field)
    if effort == "greedy" or _over(left()):
        scarcest(field, board, queue)
        found = Found(board.held > 0, None, "greedy", effort != "greedy")
    elif effort == "best" and suits(field):
        scarcest(field, board, queue)
        found = _exchanged(field, board.held > 0, left)
    else:
        stopped = _auction(field, board, scratch, queue, left)
        stopped = (effort != "auction" and _searched(field, board, scratch, left)) or stopped
        found = Found(board.held > 0, None, "search", stopped)
    if bound and found.bound is None and not _over(left()):
        value = value_of(field, found.held)
        found = replace(found, bound=lagrangian(field, board.dual, value, BOUND_STEPS))
    if effort == "best" and not (suits(field) and final(field)):
        found = replace(found, stopped=True) if _over(left()) else _polished(field, found, left)
    return _solution(field, back, found)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The plan in hand as a mask of the pairs; the rest as in `Solution`."""

    held: NDArray[np.bool_]
    bound: float | None
    method: str
    stopped: bool


def _exchanged(f: Field, held: NDArray[np.bool_], left: Callable[[], float | None]) -> Found:
    """What people with long rosters make of the plan by exchanging them."""
    better, bound, stopped = exchange(f, held, left)
    return Found(better, bound, "search", stopped)


def _polished(f: Field, found: Found, left: Callable[[], float | None]) -> Found:
    """What the linear programme makes of the plan."""
    from .exact import polish

    polished = polish(f, found.held, value_of(f, found.held), left)
    if polished is None:
        return replace(found, stopped=found.stopped or _over(left()))
    bound = polished.bound if found.bound is None else min(found.bound, polished.bound)
    method = "exact" if polished.proved else "polished"
    return Found(polished.chosen, bound, method, not polished.proved and (found.stopped or not polished.finished))


def _over(left: float | None) -> bool:
    return left is not None and left <= 0


def _auction(f: Field, b: Board, s: Scratch, queue: NDArray[np.int64], left: Callable[[], float | None]) -> bool:
    """The auction, and scarcest first for what it leaves open; returns whether the time ran out."""
    eps = _step(f)
    # continuity makes what a person is worth hang on who holds what: bids for it would chase one another
    alone = f._replace(continuity=np.int64(0))
    for first in range(0, 10_000 + 200 * len(queue), BIDS_SLICE):
        auction(alone, b, queue if not first else queue[:0], eps, BIDS_SLICE, False, s)
        if s.ends[0] == s.ends[1] or _over(left()):
            break
    stopped = bool(s.ends[0] != s.ends[1]) and _over(left())
    s.ends[:] = 0
    s.waiting[:] = 0
    if f.continuity:
        unite(f, b, *_siblings(f), COARSE * eps, s)
    scarcest(f, b, queue)
    return stopped


def _searched(f: Field, b: Board, s: Scratch, left: Callable[[], float | None]) -> bool:
    """The search around the shifts that were bid for most; returns whether the time ran out."""
    hot = np.argsort(-b.bids, kind="stable")
    hot = hot[: max(1, int((b.bids > 1).sum()))] if len(hot) else hot
    eps = (COARSE if f.continuity else 2) * _step(f)
    state, rounds = np.array([SEED], np.uint64), min(MOST_ROUNDS, ROUNDS * len(hot))
    for first in range(0, rounds if (b.bids > 1).any() else 0, SLICE):
        if _over(left()):
            return True
        search(f, b, hot, first, min(SLICE, rounds - first), REGION, eps, state, s)
    return False


def _step(f: Field) -> int:
    """The least difference of two bids."""
    return max(1, int(f.value.max(initial=0)) // EPS_SHARE)


def field_of(problem: Problem) -> tuple[Field, NDArray[np.int64]]:
    """The problem with each shift's pairs sorted by value, and the original place of each sorted pair.

    Without the pairs whose shift alone exceeds the hours that its person has left.
    """
    begin, back = np.zeros(problem.shifts + 1, np.int64), np.empty(len(problem.who), np.int64)
    kept = fitting(problem.begin, problem.who, problem.left, problem.week, problem.minutes, begin, back)
    back = back[:kept]
    _sort(begin, problem.score, back)
    shift_of = np.repeat(np.arange(problem.shifts, dtype=np.int32), np.diff(begin))
    return Field(
        start=problem.start,
        end=problem.end,
        need=problem.need,
        begin=begin,
        who=problem.who[back],
        value=problem.score[back].astype(np.int64),
        shift_of=shift_of,
        rest=problem.rest,
        left=problem.left,
        week=problem.week,
        minutes=problem.minutes,
        order=problem.order,
        continuity=np.int64(problem.continuity),
        place=problem.place,
        travel=float(problem.travel),
        travel_fixed=float(problem.travel_fixed),
    ), back


@compiled
def fitting(begin: Any, who: Any, left: Any, week: Any, minutes: Any, kept: Any, back: Any) -> int:
    """The pairs that fit into their person's hours, into ``back``, their ranges into ``kept``; returns how many."""
    n = 0
    for t in range(len(begin) - 1):
        for p in range(begin[t], begin[t + 1]):
            fits = minutes[t, 0] <= left[who[p], week[t]]
            if fits and minutes[t, 1] > 0:
                fits = minutes[t, 1] <= left[who[p], week[t] + 1]
            if fits:
                back[n] = p
                n += 1
        kept[t + 1] = n
    return n


@compiled
def _sort(begin: NDArray[np.int64], score: NDArray[np.int32], back: NDArray[np.int64]) -> None:
    """For each shift the places of its pairs in ``back``, best first, equal ones as they came."""
    own = np.empty(16, np.int64)
    count = np.zeros(4096, np.int64)
    for t in range(len(begin) - 1):
        x = begin[t]
        n = begin[t + 1] - x
        if n == 0:
            continue
        if n > len(own):
            own = np.empty(2 * n, np.int64)
        high = score[back[x]]
        low = high
        for i in range(n):
            own[i] = back[x + i]
            high = max(high, score[own[i]])
            low = min(low, score[own[i]])
        spread = np.int64(high) - np.int64(low) + 1
        if spread >= len(count):
            by = np.argsort(-score[own[:n]].astype(np.int64), kind="mergesort")
            for i in range(n):
                back[x + i] = own[by[i]]
            continue
        count[: spread + 1] = 0
        for i in range(n):
            count[high - score[own[i]] + 1] += 1
        for v in range(spread):
            count[v + 1] += count[v]
        for i in range(n):
            v = high - score[own[i]]
            back[x + count[v]] = own[i]
            count[v] += 1


def _scratch(f: Field) -> Scratch:
    shifts, widest = len(f.need), int(f.need.max(initial=0)) + 2
    return Scratch(
        np.zeros(shifts + 1, np.int32),
        np.zeros(2, np.int64),
        np.zeros(shifts, np.uint8),
        np.zeros(widest, np.int64),
        np.zeros(widest, np.int64),
    )


def _siblings(f: Field) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The shifts of orders with several, order by order, and where each order begins."""
    order = np.argsort(f.order, kind="stable").astype(np.int64)
    count = np.bincount(f.order)
    listed = order[count[f.order[order]] > 1]
    sizes = count[count > 1]
    return listed, np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))


def _by_scarcity(f: Field) -> NDArray[np.int64]:
    """Shifts with the fewest people a place first."""
    return np.argsort(np.diff(f.begin) / np.maximum(f.need, 1), kind="stable").astype(np.int64)


def _solution(f: Field, back: NDArray[np.int64], found: Found) -> Solution:
    held = np.flatnonzero(found.held)
    held = held[np.argsort(back[held])]
    return Solution(
        shift=f.shift_of[held],
        who=f.who[held],
        value=value_of(f, found.held),
        bound=found.bound,
        method=found.method,
        stopped=found.stopped,
    )
