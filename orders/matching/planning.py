"""A plan for a whole demand: who takes which place, which of them are held for novices, who stands behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .board import Board, Field, blockers, take
from .columns import Pool
from .demand import Demand
from .jit import compiled
from .pairs import Pairs, find_pairs, problem_of
from .problem import Problem, Solution
from .solve import Effort, board_of, field_of, solve
from .types import Held, Weights
from .worth import novices, pairs_at, plan_values, shift_of

# so few pairs are solved to the proven best within some tenths of a second
SMALL: Final = 15_000
EXACT_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """The answer in columns. ``firsts`` and ``backups``: (shift, row of the pool) of each choice, by shift; ``novice``
    marks firsts whose place was held for a novice and got one; ``problem`` says what each pair is worth on an ordinary
    place; ``solution`` is how good the plan is."""

    pool: Pool
    demand: Demand
    pairs: Pairs
    problem: Problem
    firsts: NDArray[np.int32]
    novice: NDArray[np.bool_]
    backups: NDArray[np.int32]
    solution: Solution


def plan(
    pool: Pool,
    demand: Demand,
    weights: Weights,
    *,
    present: Iterable[Held] = (),
    effort: Effort | None = None,
    seconds: float | None = None,
    bound: bool = False,
) -> Planned:
    """First workers for all places together, then backups.

    ``effort`` None: the proven best where there are few pairs, else auction and search. ``seconds`` and ``bound`` as
    in `solve`.
    """
    pairs = find_pairs(pool, demand, weights)
    values = plan_values(pool, demand, pairs, weights, present=present)
    tie = weights.point * weights.continuity
    problem = problem_of(pool, demand, pairs, weights, value=values, continuity=tie)
    places = _with_novices(problem, demand, novices(pool, weights)[pairs.who], weights)
    if effort is None:
        effort, seconds = ("best", seconds or EXACT_SECONDS) if len(pairs) <= SMALL else ("quick", seconds)
    solution = solve(places, effort=effort, seconds=seconds, bound=bound)
    held = solution.shift >= problem.shifts
    shifts = np.concatenate((np.arange(problem.shifts), _novice_shifts(demand)))[solution.shift]
    order = np.lexsort((solution.who, shifts))
    firsts = np.column_stack((shifts, solution.who))[order].astype(np.int32)
    novice = (held & novices(pool, weights)[solution.who])[order]
    backups = _backups(problem, demand, firsts)
    return Planned(pool, demand, pairs, problem, firsts, novice, backups, solution)


def _novice_shifts(demand: Demand) -> NDArray[np.int64]:
    """The shifts that hold places for novices."""
    return np.flatnonzero(np.minimum(demand.novices, demand.need) > 0)


def _with_novices(problem: Problem, demand: Demand, novice: NDArray[np.bool_], weights: Weights) -> Problem:
    """The problem with a second shift for each one that holds places for novices: same times, more for a novice."""
    extra = _novice_shifts(demand)
    if not len(extra):
        return problem
    kept = np.minimum(demand.novices, demand.need)[extra].astype(np.int32)
    need = problem.need.copy()
    need[extra] -= kept
    spans = [np.arange(problem.begin[t], problem.begin[t + 1]) for t in extra]
    again = np.concatenate(spans)
    sizes = np.array([len(span) for span in spans], np.int64)
    per_shift: dict[str, Any] = {
        name: np.concatenate((getattr(problem, name), getattr(problem, name)[extra]))
        for name in ("start", "end", "week", "minutes", "order", "place")
    }
    return replace(
        problem,
        need=np.concatenate((need, kept)),
        begin=np.concatenate((problem.begin, problem.begin[-1] + np.cumsum(sizes))),
        who=np.concatenate((problem.who, problem.who[again])),
        score=np.concatenate(
            (problem.score, problem.score[again] + (weights.novice_first * novice[again]).astype(np.int32))
        ),
        **per_shift,
    )


def _backups(problem: Problem, demand: Demand, firsts: NDArray[np.int32]) -> NDArray[np.int32]:
    """One more for each place that has somebody: free beside their own work and any other backup duty."""
    wanted = np.bincount(firsts[:, 0], minlength=problem.shifts) + np.diff(demand.held.begin)
    field, back = field_of(problem)
    board = board_of(field)
    chosen = np.zeros(len(problem.who), bool)
    chosen[pairs_at(problem.begin, problem.who, firsts[:, 0], firsts[:, 1])] = True
    free = np.zeros(len(back), bool)
    _beside(field, board, chosen[back], free)
    kept = np.zeros(len(problem.who), bool)
    kept[back] = free
    left = (problem.left - board.used).astype(np.int32)
    counts = np.bincount(shift_of(problem.begin)[kept], minlength=problem.shifts)
    rest = replace(
        problem,
        need=wanted.astype(np.int32),
        begin=np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))),
        who=problem.who[kept],
        score=problem.score[kept],
        left=left,
    )
    found = solve(rest, effort="quick")
    return np.column_stack((found.shift, found.who)).astype(np.int32)


@compiled
def _beside(f: Field, b: Board, chosen: Any, free: Any) -> None:
    """Writes the chosen pairs to the board, then which others their people could take beside them."""
    for p in range(len(f.who)):
        if chosen[p]:
            take(f, b, p, 0)
    for p in range(len(f.who)):
        if not chosen[p]:
            n, _ = blockers(f, b, p)
            free[p] = n == 0
