"""The best people for one shift with their points part by part, and whom each gate removes: at once, from columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .asking import Asked, Points, points_of
from .columns import People, Pool
from .demand import Demand
from .itemised import points_at
from .jit import compiled
from .layout import Layout
from .pairs import Pairs
from .reach import ONE, lowest, merit, qualify
from .types import Need, Weights
from .whatif import NOBODY, Ids, Reach, demand_of, look
from .worth import joined


@dataclass(frozen=True, slots=True, eq=False)
class Shortlist:
    """``ids`` int64[n] of the best: the fixed team first, then by points, then by id; ``score`` int64[n] and
    ``points`` int32[n, len(PARTS)] that add up to it; ``team`` bool[n]. ``reach`` counts everybody."""

    ids: NDArray[np.int64]
    score: NDArray[np.int64]
    points: NDArray[np.int32]
    team: NDArray[np.bool_]
    reach: Reach


def shortlist_of(
    pool: Pool, need: Need, weights: Weights, k: int, *, excluded: Ids = NOBODY, on_shift: Ids = NOBODY
) -> Shortlist:
    """The ``k`` best for the shift, in the order of the ranking; other arguments as in `whatif.reach_of`."""
    return shortlist_in(pool, demand_of([need], pool, excluded, on_shift), weights, k)


def shortlist_in(pool: Pool, demand: Demand, weights: Weights, k: int) -> Shortlist:
    """The same for the first shift of a demand."""
    found, numbers = look(pool, demand, weights), points_of(weights)
    args = (found.asked, numbers, found.able, found.reach.eligible)
    rows, score, team = _suitable(pool.people, pool.layout, *args)
    again = _joined(pool, demand.only(0), rows)
    score = score.astype(np.int64) + weights.continuity * again
    best = _best(pool.ids[rows], team, score, k)
    group, extra = np.zeros(len(best), np.int32), weights.continuity * again[best]
    points, _ = points_at(pool, found.asked, numbers, group, rows[best], team[best], extra)
    return Shortlist(pool.ids[rows[best]], score[best], points, team[best], found.reach)


def _joined(pool: Pool, demand: Demand, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether each person has another shift of the order already."""
    begin = np.array([0, len(rows)], np.int64)
    return joined(pool, demand, Pairs(begin, rows, np.zeros(len(rows), np.int32)))


def _best(ids: NDArray[np.int64], team: NDArray[np.bool_], score: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Places of the ``k`` best: the fixed team first, then by score, then by id."""
    # one number that sorts as the ranking does, but for the id
    key = team * (np.int64(1) << 40) + score
    some = np.arange(len(key))
    if 0 < k < len(key):
        some = np.flatnonzero(key >= np.partition(key, len(key) - k)[len(key) - k])
    return np.asarray(some[np.lexsort((ids[some], -key[some]))][:k])


@compiled
def _suitable(
    people: People, layout: Layout, asked: Asked, points: Points, able: Any, count: int
) -> tuple[Any, Any, Any]:
    """Rows of the ``count`` people of the mask, ascending, their points without continuity, and who is of the team."""
    rows, score, until = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.int32)
    own, team = np.empty(people.rows, np.int32), np.full(people.rows, -1, np.int32)
    for i in range(len(asked.team)):
        if asked.team[i] >= 0:
            team[asked.team[i]] = 0
    for word in range(len(able)):
        left = able[word]
        while left:
            row = (word << 6) + lowest(left)
            left &= left - ONE
            own[row] = merit(people.stars[row], people.reliability[row], people.recent[row], points)
    qualify(people, layout, asked, 0, points, own, team, 0, len(able), able, rows, score, until, 0)
    return rows, score, team[rows] == 0
