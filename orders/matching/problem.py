"""The set problem as columns: who may take which shift for how many points, and what nobody can do together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

UNLIMITED: Final = 1 << 30


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Problem:
    """``n`` shifts, ``W`` people, ``m`` eligible pairs; times and lengths in whole minutes of one scale.

    ``start``, ``end``, ``need`` int32[n]: half-open intervals and places to fill. ``begin`` int64[n+1], ``who``
    and ``score`` int32[m]: the pairs of shift ``t`` are ``begin[t]:begin[t+1]``, each person at most once.
    ``rest`` int32[W]: minutes between two shifts of a person. ``left`` int32[W, K]: minutes a person may still
    work in each of ``K`` weeks (``UNLIMITED`` if no limit); ``week`` int32[n] is the week in which a shift
    begins, ``minutes`` int32[n, 2] what of it falls into that week and into the next.
    ``order`` int32[n]: shifts of one order share a number; ``continuity`` points go to a person for each shift
    beyond the first that they take of one order. ``place`` float64[n, 3]: unit vector of the site, zeros
    where there is none; between two places ``travel_fixed`` minutes and ``travel`` a kilometre must lie.
    """

    start: Ints
    end: Ints
    need: Ints
    begin: Longs
    who: Ints
    score: Ints
    rest: Ints
    left: Ints
    week: Ints
    minutes: Ints
    order: Ints
    continuity: int
    place: Floats
    travel: float
    travel_fixed: float

    @property
    def shifts(self) -> int:
        """Number of shifts."""
        return len(self.start)

    @property
    def people(self) -> int:
        """Number of people."""
        return len(self.rest)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Solution:
    """Chosen pairs by shift, then person; the sum of their points with continuity; a bound no plan can exceed.

    ``bound`` is None where it was not asked for. ``method`` names how far the search went: "greedy"
    for the safety net alone, "search" for auction and search, "exact" if no plan is better, "polished" if a better
    one was sought in the linear programme without such a proof; ``stopped`` says that the time limit cut it short.
    """

    shift: Ints
    who: Ints
    value: int
    bound: float | None
    method: str
    stopped: bool

    @property
    def gap(self) -> float | None:
        """How far the value may be from the best, as a share of the bound; None without a bound."""
        if self.bound is None:
            return None
        return max(0.0, 1.0 - self.value / self.bound) if self.bound > 0 else 0.0


def plain(shifts: Any, need: Any, pairs: Any, rest: Any, left: Any) -> Problem:
    """A problem with one week and no orders, places or travel: what the benchmark formats say.

    ``shifts`` is [start, end] per shift, ``pairs`` the triple (begin, who, score), all array-like.
    """
    times = np.asarray(shifts, np.int32).reshape(-1, 2)
    begin, who, score = pairs
    minutes = np.zeros((len(times), 2), np.int32)
    minutes[:, 0] = times[:, 1] - times[:, 0]
    return Problem(
        start=np.ascontiguousarray(times[:, 0]),
        end=np.ascontiguousarray(times[:, 1]),
        need=np.asarray(need, np.int32),
        begin=np.asarray(begin, np.int64),
        who=np.asarray(who, np.int32),
        score=np.asarray(score, np.int32),
        rest=np.asarray(rest, np.int32),
        left=np.asarray(left, np.int32).reshape(-1, 1),
        week=np.zeros(len(times), np.int32),
        minutes=minutes,
        order=np.arange(len(times), dtype=np.int32),
        continuity=0,
        place=np.zeros((len(times), 3)),
        travel=0.0,
        travel_fixed=0.0,
    )
