"""The best people for one shift with their points part by part, and whom each gate removes: at once, from columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .asking import Asked, Points, points_of
from .columns import People, Pool
from .demand import Demand
from .geo import closeness, half_square
from .jit import compiled
from .layout import Layout
from .pairs import Pairs
from .reach import ONE, economy, levels_above, lowest, margin_tags, merit, qualify, skill_points
from .types import Need, Weights
from .whatif import NOBODY, Ids, Reach, demand_of, look
from .worth import joined

# columns of the points; "closeness" is "remote" for remote work and "closeness_unknown" without a site
PARTS: Final = (
    "base", "priority", "economy", "skill", "fairness", "closeness", "stars", "reliability", "quality_first",
    "team", "continuity",
)  # fmt: skip


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
    points = np.zeros((len(best), len(PARTS)), np.int32)
    _parts(pool.people, pool.layout, found.asked, numbers, rows[best], team[best], points)
    points[:, -1] = weights.continuity * again[best]
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


@compiled
def _parts(people: People, layout: Layout, asked: Asked, points: Points, rows: Any, team: Any, into: Any) -> None:
    """The points of each row, in the columns of `PARTS` but the last; the arithmetic of `scoring`."""
    x, y, z = asked.site[0, 0], asked.site[0, 1], asked.site[0, 2]
    lat, lng, most, tags = asked.lat[0], asked.lng[0], asked.max_rate[0], margin_tags(layout, asked, 0)
    full = points.fairness_minutes
    for i in range(len(rows)):
        row = rows[i]
        into[i, 0] = points.base
        into[i, 1] = points.priority * asked.priority[0]
        into[i, 2] = economy(points.economy, most, people.rate[row])
        into[i, 3] = skill_points(points, len(tags) // 2, levels_above(people.bits, tags, row))
        if full > 0:
            into[i, 4] = points.fairness * (full - min(full, max(0, people.recent[row]))) // full
        if asked.remote[0]:
            into[i, 5] = points.remote
        elif not math.isnan(lat):
            square = half_square(people.xyz, row, x, y, z)
            own_lat, own_lng = people.lat[row], people.lng[row]
            into[i, 5] = closeness(square, people.max_km[row], points.closeness, own_lat, own_lng, lat, lng)
        hundredths = people.stars[row] if people.stars[row] >= 0 else points.prior
        into[i, 6] = points.stars * min(400, max(0, hundredths - 100)) // 400
        into[i, 7] = points.reliability * min(100, max(0, people.reliability[row])) // 100
        into[i, 8] = (into[i, 6] + into[i, 7]) * points.value_first * asked.priority[0] // 100
        into[i, 9] = points.team if team[i] else 0
