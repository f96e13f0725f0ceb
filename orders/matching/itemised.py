"""The points of chosen pairs part by part, from columns: `scoring`'s arithmetic for many at once, then its words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import codes
from .asking import Asked, Points, asked_of, points_of
from .columns import People, Pool
from .demand import Demand
from .geo import closeness, half_square
from .jit import compiled
from .layout import Layout
from .prepared import distance_km
from .reach import economy, levels_above, margin_tags, skill_points
from .scoring import MOST_VALUE
from .tables import UNRATED
from .types import Candidate, LatLng, Need, ScorePart, Weights

# columns of the points; "closeness" is "remote" for remote work and "closeness_unknown" without a site
PARTS: Final = (
    "base", "priority", "economy", "skill", "fairness", "closeness", "stars", "reliability", "quality_first",
    "team", "continuity",
)  # fmt: skip
# of a person, what the words of the parts name
_NAMED: Final = ("id", "lat", "lng", "max_km", "stars", "services", "reliability", "recent", "rate")

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]
Told = tuple[ScorePart, ...]


def points_at(
    pool: Pool, asked: Asked, numbers: Points, group: Ints, rows: Ints, team: Mask, continuity: Any
) -> tuple[Ints, Ints]:
    """int32[n, len(PARTS)]: the points of each row of the pool for a shift of its ``group``; and int32[n]: its levels
    above what is asked. ``team`` and ``continuity`` (points) are the caller's, who knows the plan."""
    points, above = np.zeros((len(rows), len(PARTS)), np.int32), np.zeros(len(rows), np.int32)
    _points_at(pool.people, pool.layout, asked, numbers, group, rows, team, points, above)
    points[:, -1] = continuity
    return points, above


class Parts:
    """The score parts of eligible pairs of one demand, as `scoring.base_parts` and `scoring.continuity` tell them.
    Equal parts are one object. ``known``: people by id as they were given, where they were given as objects."""

    def __init__(
        self,
        pool: Pool,
        demand: Demand,
        needs: Sequence[Need],
        weights: Weights,
        known: Mapping[int, Candidate] | None = None,
    ) -> None:
        self.pool, self.demand, self.needs, self.weights, self.known = pool, demand, needs, weights, known
        self.asked, self.numbers = asked_of(demand, pool), points_of(weights)
        self.part = lru_cache(maxsize=None)(_part)
        self.rating = lru_cache(maxsize=None)(lambda hundredths: str(Decimal(hundredths) / 100))

    def of(self, at: Ints, rows: Ints, team: Mask, again: Mask) -> Iterator[Told]:
        """Of each pair of a shift of the demand and a row of the pool; ``again``: with another shift of the order."""
        continuity = self.weights.continuity * again
        group = np.ascontiguousarray(self.demand.group[at])
        points, above = points_at(self.pool, self.asked, self.numbers, group, rows, team, continuity)
        own = [self.pool.store.people[name][rows].tolist() for name in _NAMED]
        more = zip(above.tolist(), team.tolist(), again.tolist(), strict=True)
        for shift, listed, person, extra in zip(
            at.tolist(), points.tolist(), zip(*own, strict=True), more, strict=True
        ):
            yield self._told(self.needs[shift], listed, person, *extra)

    def _told(
        self, need: Need, points: Sequence[int], person: Sequence[Any], above: int, member: bool, again: bool
    ) -> Told:
        weights, part, value = self.weights, self.part, need.priority
        pk, lat, lng, max_km, stars, services, reliability, recent, rate = person
        required, share = len(need.skills), weights.value_first_percent * value
        return (
            *((part("base", points[0], weights.base),) if weights.base else ()),
            *((part("priority", points[1], weights.priority * MOST_VALUE, value),) if weights.priority else ()),
            *((part("economy", points[2], weights.economy, rate, need.max_rate or 0),) if weights.economy else ()),
            part("skill", points[3], weights.skill, above, required),
            part("fairness", points[4], weights.fairness, max(0, recent)),
            self._closeness(need, points[5], lat, lng, max_km),
            self._stars(points[6], pk, stars, services),
            part("reliability", points[7], weights.reliability, min(100, max(0, reliability))),
            *((self._quality_first(points[8], share),) if share else ()),
            part("team", points[9], weights.team, int(member)),
            part("continuity", points[10], weights.continuity, int(again)),
        )

    def _closeness(self, need: Need, points: int, lat: float, lng: float, max_km: float) -> ScorePart:
        if need.remote:
            return self.part("remote", points, self.weights.remote)
        if need.site is None or math.isnan(lat) or math.isnan(lng):
            return self.part("closeness_unknown", 0, self.weights.closeness)
        km = distance_km(LatLng(lat, lng), need.site)
        # hardly two are alike: not worth keeping
        return _part("closeness", points, self.weights.closeness, f"{km:.1f}", f"{max_km:g}")

    def _stars(self, points: int, pk: int, stars: int, services: int) -> ScorePart:
        if stars == UNRATED:
            prior = f"{self.weights.novice_stars_tenths / 10:.1f}"
            return self.part("stars_novice", points, self.weights.stars, prior)
        rating = str(self.known[pk].stars) if self.known else self.rating(stars)
        return self.part("stars", points, self.weights.stars, rating, services)

    def _quality_first(self, points: int, share: int) -> ScorePart:
        most = self.weights.stars + self.weights.reliability
        return self.part("quality_first", points, most * share // 100, share)


def _part(code: str, points: int, most: int, *params: str | int) -> ScorePart:
    return ScorePart(code, points, most, dict(zip(codes.PARTS[code][1], params, strict=True)))


@compiled
def _points_at(
    people: People, layout: Layout, asked: Asked, points: Points, group: Any, rows: Any, team: Any, into: Any, over: Any
) -> None:
    """The points of each row, in the columns of `PARTS` but the last."""
    full = points.fairness_minutes
    for i in range(len(rows)):
        row, g = rows[i], group[i]
        lat, lng, value = asked.lat[g], asked.lng[g], asked.priority[g]
        tags = margin_tags(layout, asked, g)
        over[i] = levels_above(people.bits, tags, row)
        into[i, 0] = points.base
        into[i, 1] = points.priority * value
        into[i, 2] = economy(points.economy, asked.max_rate[g], people.rate[row])
        into[i, 3] = skill_points(points, len(tags) // 2, over[i])
        if full > 0:
            into[i, 4] = points.fairness * (full - min(full, max(0, people.recent[row]))) // full
        if asked.remote[g]:
            into[i, 5] = points.remote
        elif not math.isnan(lat):
            square = half_square(people.xyz, row, asked.site[g, 0], asked.site[g, 1], asked.site[g, 2])
            own_lat, own_lng = people.lat[row], people.lng[row]
            into[i, 5] = closeness(square, people.max_km[row], points.closeness, own_lat, own_lng, lat, lng)
        hundredths = people.stars[row] if people.stars[row] >= 0 else points.prior
        into[i, 6] = points.stars * min(400, max(0, hundredths - 100)) // 400
        into[i, 7] = points.reliability * min(100, max(0, people.reliability[row])) // 100
        into[i, 8] = (into[i, 6] + into[i, 7]) * points.value_first * value // 100
        into[i, 9] = points.team if team[i] else 0
