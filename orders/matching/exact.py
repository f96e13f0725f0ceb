"""The last hair: the linear programme of the whole problem, then whole numbers for what it leaves open.

Rows: places of each shift; for each person the largest sets of shifts that collide (cliques of intervals), single
pairs that only the journey keeps apart, the hours of each week; and for continuity one column per person and order
that costs the bonus once. Columns come in by price until none is missing (sifting), so that the programme's value,
plus what missing columns could add at most, is a bound for every plan. Columns that cannot be in a better plan by
their reduced cost are fixed. Solved by HiGHS (Q. Huangfu and J. A. J. Hall, 2018), one thread, fixed seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from .board import Field, collides, valid, value_of
from .bound import whole
from .jit import compiled, inlined

# the best of each shift to begin with: so many a place, and so many more
FIRST_A_PLACE: Final = 4
FIRST_MORE: Final = 6
# columns this close to being worth it come along into the search for whole numbers
NEAR: Final = 10
# so few columns come in all at once: what is best among them is the best there is
ALL: Final = 20_000
# up to this value a pair's share of the solver's tolerance (1e-6) is less than one point
SHARP: Final = 500_000
SLACK: Final = 1e-3
ROUNDS: Final = 12

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Polished:
    """The chosen pairs (mask), a valid bound, whether the time sufficed and whether no plan at all is better."""

    chosen: Mask
    bound: float
    finished: bool
    proved: bool


class Rows(NamedTuple):
    """Rows being written: entries (row, column, coefficient), right-hand sides, and [entries, rows] so far."""

    row: Any
    column: Any
    factor: Any
    rhs: Any
    size: Any


@inlined
def _entry(rows: Rows, column: int, factor: float) -> None:
    e = rows.size[0]
    if e < len(rows.row):
        rows.row[e] = rows.size[1]
        rows.column[e] = column
        rows.factor[e] = factor
    rows.size[0] = e + 1


@inlined
def _close(rows: Rows, rhs: float) -> None:
    r = rows.size[1]
    if r < len(rows.rhs):
        rows.rhs[r] = rhs
    rows.size[1] = r + 1


@compiled
def _cliques(f: Field, cols: Any, x: int, y: int, active: Any, rows: Rows) -> None:
    """The largest sets of shifts that collide at a point in time: written when one ends after another has begun."""
    rest = f.rest[f.who[cols[x]]]
    n = 0
    grew = False
    for i in range(x, y + 1):
        alive = 0
        if i < y:
            for j in range(n):
                if f.end[f.shift_of[cols[active[j]]]] + rest > f.start[f.shift_of[cols[i]]]:
                    alive += 1
        if alive < n and grew and n > 1:
            for j in range(n):
                _entry(rows, active[j], 1.0)
            _close(rows, 1.0)
        if i == y:
            break
        if alive < n:
            m = 0
            for j in range(n):
                if f.end[f.shift_of[cols[active[j]]]] + rest > f.start[f.shift_of[cols[i]]]:
                    active[m] = active[j]
                    m += 1
            n = m
        active[n] = i
        n += 1
        grew = True


@compiled
def _journeys(f: Field, cols: Any, x: int, y: int, rows: Rows) -> None:
    """Pairs of shifts that only the way between them keeps apart."""
    rest = f.rest[f.who[cols[x]]]
    for i in range(x, y):
        for j in range(i + 1, y):
            a = f.shift_of[cols[i]]
            c = f.shift_of[cols[j]]
            if f.start[c] >= f.end[a] + rest and collides(f, a, c, rest):
                _entry(rows, i, 1.0)
                _entry(rows, j, 1.0)
                _close(rows, 1.0)


@inlined
def _share(f: Field, s: int, k: int) -> int:
    if f.week[s] == k:
        return f.minutes[s, 0]
    return f.minutes[s, 1] if f.week[s] + 1 == k else 0


@compiled
def _hours(f: Field, cols: Any, x: int, y: int, rows: Rows) -> None:
    """The hours of each week, where they can bind."""
    w = f.who[cols[x]]
    for k in range(f.left.shape[1]):
        total = np.int64(0)
        for i in range(x, y):
            total += _share(f, f.shift_of[cols[i]], k)
        if total == 0 or total <= f.left[w, k]:
            continue
        for i in range(x, y):
            share = _share(f, f.shift_of[cols[i]], k)
            if share > 0:
                _entry(rows, i, share / 60.0)
        _close(rows, f.left[w, k] / 60.0)


@compiled
def _people(f: Field, cols: Any, at: Any, rows: Rows) -> None:
    """All rows of people over ``cols``, sorted by person and start; ``at`` are the people's slices."""
    active = np.empty(len(cols) + 1, np.int64)
    for g in range(len(at) - 1):
        if at[g + 1] - at[g] > 1:
            _cliques(f, cols, at[g], at[g + 1], active, rows)
            if f.travel > 0.0:
                _journeys(f, cols, at[g], at[g + 1], rows)
            _hours(f, cols, at[g], at[g + 1], rows)


def _rows_of(f: Field, cols: NDArray[np.int64]) -> tuple[Rows, int]:
    """The rows of people (columns are positions in ``cols``) and their number: counted first, then written."""
    people = f.who[cols]
    order = np.lexsort((f.start[f.shift_of[cols]], people))
    at = np.flatnonzero(np.r_[True, np.diff(people[order]) != 0, True]) if len(cols) else np.zeros(1, np.int64)
    empty = Rows(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0), np.zeros(2, np.int64))
    _people(f, cols[order], at, empty)
    e, r = (int(n) for n in empty.size)
    rows = Rows(np.empty(e, np.int64), np.empty(e, np.int64), np.empty(e), np.empty(r), np.zeros(2, np.int64))
    _people(f, cols[order], at, rows)
    rows.column[:] = order[rows.column]
    return rows, r


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """The linear programme over some columns: pairs first, then one bonus column per person and order."""

    cols: NDArray[np.int64]
    cost: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    upper: NDArray[np.float64]
    matrix: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


def _bonds(f: Field, cols: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each column the number of its (person, order) where that has several columns, else -1."""
    if not f.continuity:
        return np.full(len(cols), -1, np.int64)
    key = f.who[cols].astype(np.int64) * (int(f.order.max()) + 1) + f.order[f.shift_of[cols]]
    _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    several = np.full(len(count), -1, np.int64)
    several[count > 1] = np.arange(int((count > 1).sum()))
    return several[inverse]


def _programme(f: Field, cols: NDArray[np.int64]) -> Programme:
    n, m = len(cols), len(f.need)
    rows, r = _rows_of(f, cols)
    bond = _bonds(f, cols)
    tied = np.flatnonzero(bond >= 0)
    extra = int(bond.max()) + 1 if len(tied) else 0
    # x - z <= 0: the bonus column z must be whole as soon as one of its pairs is
    ties = np.arange(len(tied)) + m + r
    row = np.r_[f.shift_of[cols].astype(np.int64), rows.row + m, ties, ties]
    column = np.r_[np.arange(n), rows.column, tied, n + bond[tied]]
    factor = np.r_[np.ones(n), rows.factor, np.ones(len(tied)), -np.ones(len(tied))]
    by = np.argsort(column, kind="stable")
    starts = np.searchsorted(column[by], np.arange(n + extra + 1))
    cost = np.r_[-f.value[cols].astype(np.float64), np.zeros(extra)]
    cost[tied] -= f.continuity
    cost[n:] = f.continuity
    return Programme(
        cols,
        cost,
        np.zeros(n + extra),
        np.ones(n + extra),
        np.r_[f.need.astype(np.float64), rows.rhs, np.zeros(len(tied))],
        (starts, row[by], factor[by]),
    )


def _solver(seconds: float | None) -> Any:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.99)
    # milliseconds each, which no small problem needs; at 10,000 places they find nothing either
    solver.setOptionValue("mip_heuristic_run_feasibility_jump", False)
    solver.setOptionValue("mip_detect_symmetry", False)
    if seconds is not None:
        solver.setOptionValue("time_limit", max(0.01, seconds))
    return solver


def _model(programme: Programme, whole: int) -> Any:
    """The model for HiGHS; the first ``whole`` columns must be whole numbers."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(programme.cost), len(programme.upper)
    model.col_cost_, model.col_lower_, model.col_upper_ = programme.cost, programme.low, programme.high
    model.row_lower_ = np.full(len(programme.upper), -highspy.kHighsInf)
    model.row_upper_ = programme.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = programme.matrix
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * whole
        model.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (len(programme.cost) - whole)
    return model


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """A programme's form with what each of its columns earns beyond its prices, and each pair of the problem at most;
    a bound for every plan. All three follow from the rows' prices alone, however exact the solver was."""

    programme: Programme
    profit: NDArray[np.float64]
    reach: NDArray[np.float64]
    bound: float


def _relaxed(f: Field, programme: Programme, active: Mask, prices: NDArray[np.float64]) -> Relaxed:
    """The Lagrangian value at these prices of the rows (A. Neumaier, O. Shcherbina, "Safe bounds in linear and
    mixed-integer linear programming", 2004)."""
    prices = np.maximum(0.0, prices)
    starts, row, factor = programme.matrix
    column = np.repeat(np.arange(len(programme.cost)), np.diff(starts))
    paid = np.bincount(column, weights=factor * prices[row], minlength=len(programme.cost))
    profit = -programme.cost - paid
    reach = f.value + f.continuity - prices[: len(f.need)][f.shift_of]
    missing = float(np.maximum(0.0, reach[~active]).sum())
    bound = float(prices @ programme.upper) + float(np.maximum(0.0, profit).sum()) + missing
    return Relaxed(programme, profit, reach, bound)


def _relax(f: Field, active: Mask, left: Callable[[], float | None]) -> Relaxed | None:
    """Solve with the active columns, add those that would enter, until none would or the time is over."""
    best: Relaxed | None = None
    for _ in range(ROUNDS):
        programme = _programme(f, np.flatnonzero(active))
        solver = _solver(left())
        solver.passModel(_model(programme, 0))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return best
        relaxed = _relaxed(f, programme, active, -np.array(solver.getSolution().row_dual))
        # with the next one beside it this would be the most that is ever held
        del solver
        if best is None or relaxed.bound <= best.bound:
            best = relaxed
        if not (~active & (relaxed.reach > 1e-6)).any():
            break
        active |= relaxed.reach > -NEAR
    return best


def polish(f: Field, held: Mask, value: int, left: Callable[[], float | None]) -> Polished | None:
    """Better the plan ``held`` worth ``value``; ``left`` tells the seconds that remain (None: no limit).

    None if not even the linear programme could be solved in time.
    """
    rank = np.arange(len(f.who)) - f.begin[f.shift_of]
    useful = f.value + f.continuity > 0
    if not useful.any():
        return Polished(held, 0.0, True, True)
    few = int(useful.sum()) <= ALL
    relaxed = _relax(f, held | useful & (few | (rank < FIRST_A_PLACE * f.need[f.shift_of] + FIRST_MORE)), left)
    if relaxed is None:
        return None
    bound = whole(relaxed.bound)
    if bound <= value:
        return Polished(held, float(value), True, True)
    chosen, finished = _whole_numbers(f, relaxed, held, value, left)
    better = value if chosen is held else value_of(f, chosen)
    outside = useful.copy()
    outside[relaxed.programme.cols] = False
    # a plan with a pair that was left out loses what the pair costs beyond its points
    highest = whole(relaxed.bound + min(0.0, float(relaxed.reach[outside].max()))) if outside.any() else better
    proved = finished and highest <= better and int(f.value.max()) + f.continuity <= SHARP
    return Polished(chosen, float(better) if proved else max(bound, better), finished, proved)


def _whole_numbers(
    f: Field, relaxed: Relaxed, held: Mask, value: int, left: Callable[[], float | None]
) -> tuple[Mask, bool]:
    """The best plan among the programme's columns, ``held`` itself if none is better; whether the time sufficed."""
    programme, n = relaxed.programme, len(relaxed.programme.cols)
    now, profit = held[programme.cols], relaxed.profit[:n]
    # moving a column away from its bound costs the bound its profit or loss: more than the gap cannot pay
    gap = relaxed.bound - value + SLACK
    programme.high[:n][(profit < -gap) & ~now] = 0.0
    programme.low[:n][(profit > gap) & now] = 1.0
    solver = _solver(left())
    solver.passModel(_model(programme, n))
    start = highspy.HighsSolution()
    start.col_value = [*now.astype(float), *_bonus_columns(f, programme, now)]
    solver.setSolution(start)
    solver.run()
    finished = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found = np.array(solver.getSolution().col_value)
    chosen = np.zeros(len(f.who), bool)
    if len(found):
        chosen[programme.cols[found[:n] > 0.5]] = True
    sound = valid(f, chosen)
    return chosen if sound and value_of(f, chosen) > value else held, finished and sound


def _bonus_columns(f: Field, programme: Programme, now: Mask) -> NDArray[np.float64]:
    bond = _bonds(f, programme.cols)
    filled = np.zeros(len(programme.cost) - len(programme.cols))
    filled[bond[now & (bond >= 0)]] = 1.0
    return filled
