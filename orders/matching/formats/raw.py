"""The raw form: shifts, people and scored pairs as they are, without requirements. Checked and read in one go.

    {"meta": {"raw": true}, "shifts": [{"id", "start", "end", "headcount"}],
     "workers": [{"min_rest", "max_week_min"}], "pairs": [[shift, worker, score], …]}

Shift ids and times are any whole numbers, a worker is a position in the list. ``headcount``, ``min_rest``
and ``max_week_min`` may be null or left out: no limit (a rest of 0 lets shifts meet back to back).
The minutes of all shifts of a worker together stay within ``max_week_min``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..problem import UNLIMITED, Problem, plain
from . import checks
from .checks import Column

TOP: Final = ("meta", "shifts", "workers", "pairs")
LIMITS: Final = ("min_rest", "max_week_min")
# whole minutes between the first start and the last end, so that adding a rest stays within 32 bits
LONGEST: Final = 1 << 29
FAR: Final = 1 << 62
SCORE: Final = (1 << 31) - 1

Wide = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Raw:
    """A checked raw instance: ``ids`` of the shifts by position, and their problem with every pair that may help."""

    ids: Sequence[int]
    problem: Problem


@dataclass(frozen=True, slots=True)
class Pairs:
    """Positions of shift and worker and the score of each pair, all int64[m], as they come in the file."""

    shift: Wide
    who: Wide
    score: Wide


def read(instance: Any) -> Raw:
    """The problem that a parsed raw file states. Raises BadFile with the first place that is wrong."""
    checks.check_objects(checks.single(instance, ""), TOP, ())
    for key in TOP[1:]:
        checks.check_lists(checks.single(instance[key], key))
    shifts = checks.column(instance["shifts"], "shifts")
    workers = checks.column(instance["workers"], "workers")
    check_shifts(shifts)
    check_workers(workers)
    ids = [each["id"] for each in shifts.values]
    pairs = read_pairs(checks.column(instance["pairs"], "pairs"), ids, len(workers.values))
    return Raw(ids, problem_of(shifts, workers, pairs))


def check_shifts(shifts: Column) -> None:
    """Ids that differ, an end after its start, no negative headcount, times that fit together."""
    checks.check_objects(shifts, ("id", "start", "end"), ("headcount",))
    ids, start, end = (checks.member(shifts, key) for key in ("id", "start", "end"))
    checks.check_type(ids, checks.INT, "an integer")
    checks.check_unique(ids, "shift")
    for times in (start, end):
        checks.check_whole(times, -FAR, FAR)
    checks.check_order(start, end)
    checks.check_limit(checks.optional(shifts, "headcount"))
    check_span(start, end)


def check_span(start: Column, end: Column) -> None:
    """All times lie close enough together to be counted in 32 bits."""
    if not start.values:
        return
    first = min(start.values)
    for at, last in enumerate(end.values):
        if last - first > LONGEST:
            raise end.fail(at, f"lies more than {LONGEST} minutes after the first start ({checks.shown(first)})")


def check_workers(workers: Column) -> None:
    """Limits that are whole and not negative, or null, or absent."""
    checks.check_objects(workers, (), LIMITS)
    for key in LIMITS:
        checks.check_limit(checks.optional(workers, key))


def read_pairs(rows: Column, ids: Sequence[int], workers: int) -> Pairs:
    """Known shifts and workers, whole scores, no pair twice."""
    checks.check_rows(rows, 3, "[shift, worker, score]")
    shift, who, score = (checks.slot(rows, at) for at in range(3))
    checks.check_type(shift, checks.INT, "an integer")
    positions = {one: at for at, one in enumerate(ids)}
    found = list(map(positions.get, shift.values))
    if None in found:
        at = found.index(None)
        raise shift.fail(at, f"no such shift: {checks.shown(shift.values[at])}")
    checks.check_index(who, workers, "worker")
    checks.check_whole(score, -SCORE, SCORE)
    pairs = Pairs(*(np.array(values, np.int64) for values in (found, who.values, score.values)))
    check_once(rows, pairs, workers)
    return pairs


def check_once(rows: Column, pairs: Pairs, workers: int) -> None:
    """No pair of shift and worker comes twice."""
    keys = pairs.shift * workers + pairs.who
    if len(np.unique(keys)) < len(keys):
        checks.check_unique(Column([tuple(row[:2]) for row in rows.values], rows.where), "pair")


def problem_of(shifts: Column, workers: Column, pairs: Pairs) -> Problem:
    """The set problem; pairs below zero and shifts longer than all of a worker's hours can never help: left out."""
    times = _times(shifts)
    left = _limits(workers, "max_week_min", UNLIMITED, UNLIMITED)
    useful = np.flatnonzero((pairs.score >= 0) & (np.diff(times)[pairs.shift, 0] <= left[pairs.who]))
    order = useful[np.lexsort((pairs.who[useful], pairs.shift[useful]))]
    begin = np.searchsorted(pairs.shift[order], np.arange(len(times) + 1))
    span = int(times.max(initial=0))
    rest = _limits(workers, "min_rest", 0, span + 1)
    # nobody can take more places than there are pairs
    need = np.minimum(_limits(shifts, "headcount", UNLIMITED, UNLIMITED), np.diff(begin))
    return plain(times, need, (begin, pairs.who[order], pairs.score[order]), rest, left)


def _times(shifts: Column) -> Wide:
    """Start and end of each shift in minutes after the first start."""
    first = min((each["start"] for each in shifts.values), default=0)
    rows = [(each["start"] - first, each["end"] - first) for each in shifts.values]
    return np.array(rows, np.int64).reshape(-1, 2)


def _limits(objects: Column, key: str, absent: int, most: int) -> Wide:
    values = checks.optional(objects, key).values
    return np.array([absent if value is None else min(value, most) for value in values], np.int64)
