"""A plan for a whole demand: who takes which place, which of them are held for novices, who stands behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .board import Field, collides
from .columns import Pool
from .demand import Demand
from .fewer import fewer, only
from .jit import compiled
from .pairs import Pairs, find_pairs, problem_of
from .problem import Problem, Solution
from .solve import Effort, solve
from .types import Held, Weights
from .worth import novices, plan_values

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
    if effort is None and len(pairs) <= SMALL:
        places, effort, seconds = fewer(places), "best", seconds or EXACT_SECONDS
    effort = effort or "quick"
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
    used, free = np.zeros(problem.left.shape, np.int32), np.zeros(len(problem.who), np.bool_)
    _beside(_in_place(problem), firsts, used, free)
    rest = replace(only(problem, free), need=wanted.astype(np.int32), left=problem.left - used)
    found = solve(rest, effort="auction")
    return np.column_stack((found.shift, found.who)).astype(np.int32)


def _in_place(problem: Problem) -> Field:
    """The problem as moves read it, its pairs as they are."""
    known = {name: getattr(problem, name) for name in Field._fields if name not in ("value", "shift_of")}
    return Field(**known, value=problem.score, shift_of=problem.order[:0])


@compiled
def _beside(f: Field, firsts: Any, used: Any, free: Any) -> None:
    """Writes the minutes that the firsts take of each person's weeks, then which pairs their people could take beside
    them."""
    last, before = np.full(len(f.rest), -1, np.int32), np.empty(len(firsts), np.int32)
    for i in range(len(firsts)):
        t, w = firsts[i, 0], firsts[i, 1]
        before[i], last[w] = last[w], i
        for j in range(2):
            if f.minutes[t, j] > 0:
                used[w, f.week[t] + j] += f.minutes[t, j]
    for t in range(len(f.begin) - 1):
        k = f.week[t]
        for p in range(f.begin[t], f.begin[t + 1]):
            w = f.who[p]
            fits = used[w, k] + f.minutes[t, 0] <= f.left[w, k]
            if f.minutes[t, 1] > 0:
                fits &= used[w, k + 1] + f.minutes[t, 1] <= f.left[w, k + 1]
            i = last[w]
            while fits and i >= 0:
                fits = not collides(f, t, firsts[i, 0], f.rest[w])
                i = before[i]
            free[p] = fits
