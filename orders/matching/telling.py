"""A plan in people and words: for each shift who suits and with which points, who does not and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from . import masks, rules, scoring
from .columns import Pool
from .demand import Demand
from .explain import LISTED
from .pairs import Pairs
from .prepared import MINUTE, Calendar, CandidateView, NeedView, travel_minutes
from .scan import scan
from .types import Candidate, Need, Ranked, Reason, Verdict, Weights
from .worth import joined, teams

# so many of those who do not suit are told with figures; of the others the codes are kept
NEAREST: Final = 60

Rows = NDArray[np.int32]


@dataclass(slots=True)
class Plan:
    """Who takes which shifts of the demand, by row of the pool."""

    by_row: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, firsts: Iterable[Sequence[int]]) -> Plan:
        """From (shift, row) pairs."""
        plan = cls()
        for shift, row in firsts:
            plan.by_row.setdefault(int(row), []).append(int(shift))
        return plan


class Teller:
    """Explains the shifts of one demand; people are decoded once, however many shifts name them.

    ``known``: people by id who need not be decoded, as they are in the pool.
    """

    def __init__(
        self,
        pool: Pool,
        demand: Demand,
        pairs: Pairs,
        needs: Sequence[Need],
        weights: Weights,
        plan: Plan,
        known: Mapping[int, Candidate] | None = None,
    ) -> None:
        self.pool, self.demand, self.pairs, self.weights, self.plan = pool, demand, pairs, weights, plan
        calendar = Calendar()
        self.needs = [NeedView(need, calendar, weights) for need in needs]
        days = [day.toordinal() for view in self.needs for day in (view.first_day, view.last_day)]
        span = range(min(days) - 2, max(days) + 1) if days else range(1, 1)
        people = known or {}

        def candidate(row: int) -> Candidate:
            return people.get(int(pool.ids[row])) or pool.candidate(row)

        self.view = lru_cache(maxsize=None)(lambda row: CandidateView(candidate(row), calendar, span))
        self.team, self.joined = teams(pool, demand, pairs), joined(pool, demand, pairs)
        self.planned = np.fromiter(plan.by_row, np.int32, len(plan.by_row))

    def verdict(self, at: int, also: Iterable[int] = ()) -> Verdict:
        """Everybody for the shift at this place; ``also`` are rows to be ranked wherever they stand."""
        reasons = scan(self.pool, self.demand, at, self.weights)
        out = self.pool.by_id[reasons[self.pool.by_id] != 0]
        against = reasons[out]
        near = self._nearest(against)
        rest = np.ones(len(out), bool)
        rest[near] = False
        return Verdict(
            need=self.needs[at].need,
            ranked=self.ranked(at, also),
            ranked_total=int(self.pairs.begin[at + 1] - self.pairs.begin[at]),
            rejected={int(self.pool.ids[row]): self.reasons(at, int(row)) for row in out[near]},
            rejected_total=len(out),
            gates=masks.gate_counts(against),
            masks=masks.pack(self.pool.ids[out[rest]], against[rest]),
        )

    @staticmethod
    def _nearest(against: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Places of those with the fewest gates, the first of equals."""
        hit = masks.gates_hit(against)
        limit = np.partition(hit, NEAREST)[NEAREST] if len(hit) > NEAREST else 127
        some = np.flatnonzero(hit <= limit)
        return np.asarray(some[np.argsort(hit[some], kind="stable")][:NEAREST])

    def reasons(self, at: int, row: int) -> tuple[Reason, ...]:
        """All that stands against the person of a row."""
        who, need = self.view(row), self.needs[at]
        held = self.demand.held
        if who.id in held.values[held.begin[at] : held.begin[at + 1]]:
            return (Reason("already_on_shift"),)
        gone = self.demand.gone
        declined = who.id in gone.values[gone.begin[at] : gone.begin[at + 1]]
        return (*rules.reasons(need, who), *((Reason("declined_before"),) if declined else ()))

    def ranked(self, at: int, also: Iterable[int] = (), most: int = LISTED) -> tuple[Ranked, ...]:
        """The first ``most`` who suit, and ``also``, in the order of the ranking."""
        span = slice(self.pairs.begin[at], self.pairs.begin[at + 1])
        rows, team = self.pairs.who[span], self.team[span]
        score = self.pairs.score[span] + self.weights.continuity * self._together(at, rows)
        order = np.lexsort((self.pool.ids[rows], -score, ~team))
        wanted = {int(row) for row in also}
        first = [int(rows[i]) for i in order[:most]]
        more = [int(rows[i]) for i in order[most:] if int(rows[i]) in wanted] if wanted - set(first) else []
        return tuple(self.entry(at, row) for row in (*first, *more))

    def _together(self, at: int, rows: Rows) -> NDArray[np.bool_]:
        """Who is on another shift of the order, booked or in this plan."""
        first = int(self.pairs.begin[at])
        order = self.demand.order[at]
        earned = self.joined[first : first + len(rows)].copy()
        for i in np.flatnonzero(np.isin(rows, self.planned)):
            mine = self.plan.by_row[int(rows[i])]
            earned[i] |= any(t != at and self.demand.order[t] == order for t in mine)
        return earned

    def on_order(self, at: int, row: int) -> bool:
        """Whether the person has another shift of the same order, booked or in this plan."""
        order = self.needs[at].need.order_id
        mine = self.plan.by_row.get(row, ())
        return any(t != at and self.needs[t].need.order_id == order for t in mine) or self.view(row).on_other_shift(
            self.needs[at]
        )

    def entry(self, at: int, row: int) -> Ranked:
        """One eligible person with all points."""
        parts = (
            *scoring.base_parts(self.needs[at], self.view(row), self.weights),
            scoring.continuity(self.on_order(at, row), self.weights),
        )
        return Ranked(self.view(row).id, scoring.total(parts), parts, self.taken_by(at, row))

    def taken_by(self, at: int, row: int) -> int | None:
        """The first shift of this plan, by start, that keeps the person from this one."""
        mine = [self.needs[t] for t in self.plan.by_row.get(row, ())]
        need, who = self.needs[at], self.view(row)
        if not mine or any(other is need for other in mine):
            return None
        colliding = [other for other in mine if _collide(need, other, who, self.weights)]
        if not colliding and _over_cap(need, mine, who):
            weeks = {week for week, _ in need.weeks}
            colliding = [other for other in mine if any(week in weeks for week, _ in other.weeks)]
        found = min(colliding, key=lambda other: (other.start, other.need.shift_id), default=None)
        return None if found is None else found.need.shift_id

    def score_of(self, at: int, row: int) -> int:
        """Points of somebody, eligible or not."""
        return self.entry(at, row).score


def _collide(a: NeedView, b: NeedView, who: CandidateView, weights: Weights) -> bool:
    """Whether one person cannot do both: overlap, too little rest, or too far to go between."""
    way = 0
    if a.need.site and b.need.site and not a.need.remote and not b.need.remote:
        way = travel_minutes(a.need.site, b.need.site, weights)[0] * MINUTE
    rest = max(who.rest, way)
    return a.start < b.end + rest and b.start < a.end + rest


def _over_cap(need: NeedView, mine: Sequence[NeedView], who: CandidateView) -> bool:
    if who.cap is None:
        return False
    planned: dict[int, int] = {}
    for view in mine:
        for week, elapsed in view.weeks:
            planned[week] = planned.get(week, 0) + elapsed
    return any(who.booked.get(week, 0) + planned.get(week, 0) + elapsed > who.cap for week, elapsed in need.weeks)
