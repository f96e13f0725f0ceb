"""From a problem to a plan: scarcest first as the net, then the auction, the search around what is contested, the rest.

Every step starts from the plan of the one before and never makes it worse. Without a time limit the result depends
on the problem alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from .auction import Scratch, auction, scarcest
from .board import Board, Field
from .bound import lagrangian
from .jit import compiled
from .problem import Problem, Solution
from .search import SEED, search, unite

Effort = Literal["greedy", "quick", "best"]
Clock = Callable[[], float]
# moves of one attempt that can be taken back
LOG: Final = 50_000
# attempts of the search: so many a contested shift, at most so many, in slices between which the clock is read
ROUNDS: Final = 4
MOST_ROUNDS: Final = 2_000
SLICE: Final = 200
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
    """The best plan found. ``effort``: "greedy" is the safety net alone, "quick" adds auction and search (a tenth of a
    second for 10,000 places), "best" adds the linear programme and the search for whole numbers (seconds).

    ``seconds``: after them the plan in hand is given back and called ``stopped``; the clock is read between steps.
    ``bound``: also prove how far any plan could go, if the effort does not do so anyway.
    """
    end = None if seconds is None else clock() + seconds

    def left() -> float | None:
        return None if end is None else end - clock()

    field, back = field_of(problem)
    if not len(field.who):
        return _solution(field, back, np.zeros(0, bool), bound=0.0, method="exact", stopped=False)
    board, scratch = board_of(field), _scratch(field)
    queue = _by_scarcity(field)
    if effort == "greedy" or _over(left()):
        scarcest(field, board, queue)
        return _solution(field, back, board.held > 0, bound=None, method="greedy", stopped=effort != "greedy")
    stopped = _auction(field, board, scratch, queue, left)
    held, value = board.held > 0, value_of(field, board.held > 0)
    limit = float(lagrangian(field, board.dual, value, BOUND_STEPS)) if bound and effort == "quick" else None
    method = "search"
    if effort == "best" and not _over(left()):
        from .exact import polish

        polished = polish(field, held, value, left)
        if polished is not None:
            held, limit, method = polished.chosen, polished.bound, "exact" if polished.finished else "polished"
        stopped = stopped or polished is None or not polished.finished
    return _solution(field, back, held, bound=limit, method=method, stopped=stopped)


def _over(left: float | None) -> bool:
    return left is not None and left <= 0


def _auction(f: Field, b: Board, s: Scratch, queue: NDArray[np.int64], left: Callable[[], float | None]) -> bool:
    """Auction and search; returns whether the time ran out."""
    eps = max(1, int(f.value.max(initial=0)) // EPS_SHARE)
    # continuity makes what a person is worth hang on who holds what: bids for it would chase one another
    auction(f._replace(continuity=np.int64(0)), b, queue, eps, 10_000 + 200 * len(queue), s)
    if f.continuity:
        unite(f, b, *_siblings(f), COARSE * eps, s)
    scarcest(f, b, queue)
    hot = np.argsort(-b.bids, kind="stable")
    hot = hot[: max(1, int((b.bids > 1).sum()))] if len(hot) else hot
    state, rounds = np.array([SEED], np.uint64), min(MOST_ROUNDS, ROUNDS * len(hot))
    for first in range(0, rounds if (b.bids > 1).any() else 0, SLICE):
        if _over(left()):
            return True
        search(
            f,
            b,
            hot,
            first,
            min(SLICE, rounds - first),
            REGION,
            2 * eps if not f.continuity else COARSE * eps,
            state,
            s,
        )
    return False


def field_of(problem: Problem) -> tuple[Field, NDArray[np.int64]]:
    """The problem with each shift's pairs sorted by value, and the original place of each sorted pair."""
    back = np.empty(len(problem.who), np.int64)
    _sort(problem.begin, problem.score, back)
    shift_of = np.repeat(np.arange(problem.shifts, dtype=np.int32), np.diff(problem.begin))
    return Field(
        start=problem.start,
        end=problem.end,
        need=problem.need,
        begin=problem.begin,
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
def _sort(begin: NDArray[np.int64], score: NDArray[np.int32], back: NDArray[np.int64]) -> None:
    """For each shift the places of its pairs, best first, equal ones as they came."""
    count = np.zeros(4096, np.int64)
    for t in range(len(begin) - 1):
        x = begin[t]
        n = begin[t + 1] - x
        if n == 0:
            continue
        high = score[x]
        low = score[x]
        for p in range(x, x + n):
            high = max(high, score[p])
            low = min(low, score[p])
        spread = np.int64(high) - np.int64(low) + 1
        if spread >= len(count):
            back[x : x + n] = x + np.argsort(-score[x : x + n].astype(np.int64), kind="mergesort")
            continue
        count[: spread + 1] = 0
        for p in range(x, x + n):
            count[high - score[p] + 1] += 1
        for v in range(spread):
            count[v + 1] += count[v]
        for p in range(x, x + n):
            v = high - score[p]
            back[x + count[v]] = p
            count[v] += 1


def board_of(f: Field) -> Board:
    shifts, pairs, people = len(f.need), len(f.who), len(f.rest)
    widest = int(np.bincount(f.who, minlength=1).max(initial=0)) if pairs else 0
    return Board(
        held=np.zeros(pairs, np.uint8),
        price=np.zeros(pairs, np.int64),
        first=np.full(people, -1, np.int64),
        after=np.full(pairs, -1, np.int64),
        used=np.zeros(f.left.shape, np.int64),
        filled=np.zeros(shifts, np.int32),
        log=np.zeros((LOG, 3), np.int64),
        count=np.zeros(1, np.int64),
        out=np.zeros(widest + 1, np.int64),
        bids=np.zeros(shifts, np.int64),
        dual=np.zeros(shifts, np.int64),
    )


def _scratch(f: Field) -> Scratch:
    shifts, widest = len(f.need), int(f.need.max(initial=0)) + 2
    return Scratch(
        np.zeros(shifts + 1, np.int32),
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


def value_of(f: Field, held: NDArray[np.bool_]) -> int:
    """Points of the held pairs, with continuity: for each shift beyond the first that a person has of one order."""
    total = int(f.value[held].sum())
    if f.continuity:
        key = f.who[held].astype(np.int64) * (int(f.order.max(initial=0)) + 1) + f.order[f.shift_of[held]]
        total += int(f.continuity) * (len(key) - len(np.unique(key)))
    return total


def _solution(
    f: Field, back: NDArray[np.int64], held: NDArray[np.bool_], *, bound: float | None, method: str, stopped: bool
) -> Solution:
    at = np.sort(back[held])
    shift = np.searchsorted(f.begin, at, side="right").astype(np.int32) - 1
    who = np.empty(len(f.who), np.int32)
    who[back] = f.who
    value = value_of(f, held)
    return Solution(shift=shift.astype(np.int32), who=who[at], value=value, bound=bound, method=method, stopped=stopped)
