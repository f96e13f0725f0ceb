"""A plan in people and words: for each shift who suits and with which points, who does not and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import masks, rules, scoring
from .codes import BITS, GATE_BITS
from .columns import Pool
from .demand import Demand
from .explain import LISTED
from .itemised import Parts
from .kinds import Kinds, kinds_of
from .minutes import day_of
from .pairs import Pairs
from .prepared import MINUTE, Calendar, CandidateView, NeedView, travel_minutes
from .scan import scan
from .types import Candidate, Need, Ranked, Reason, Verdict, Weights
from .worth import joined, pairs_at, teams

# so many of those who do not suit are told with figures; of the others the codes are kept
NEAREST: Final = 60
_HAS_PLACE: Final = 1 << BITS["already_on_shift"]
_DECLINED: Final = 1 << BITS["declined_before"]

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]


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


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """``n`` eligible pairs: shift of the demand, row of the pool, whether the person is of the client's fixed team,
    whether they have another shift of the order, all points."""

    at: Rows
    rows: Rows
    team: Mask
    again: Mask
    score: NDArray[np.int64]

    def take(self, which: NDArray[np.integer[Any]]) -> Standing:
        """These of them, in this order."""
        return Standing(*(getattr(self, name)[which] for name in self.__slots__))


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
        self.needs = needs
        self.calendar, self.known = Calendar(), known or {}
        first, last = (day_of(demand.start), demand.last_day) if len(demand) else (np.ones(1), np.zeros(1))
        self.span = range(int(first.min()) - 2, int(last.max()) + 1)
        self.need = lru_cache(maxsize=None)(lambda at: NeedView(needs[at], self.calendar, weights))
        # people with their availability, and those of whom it is not asked
        self._views: dict[bool, dict[int, CandidateView]] = {True: {}, False: {}}
        self.parts = Parts(pool, demand, needs, weights, known)
        self.planned = np.zeros(pool.rows, bool)
        self.planned[list(plan.by_row)] = True

    @cached_property
    def team(self) -> Mask:
        """Of all pairs."""
        return teams(self.pool, self.demand, self.pairs)

    @cached_property
    def joined(self) -> Mask:
        """Of all pairs."""
        return joined(self.pool, self.demand, self.pairs)

    def views(self, rows: Sequence[int], *, hours: bool = True) -> list[CandidateView]:
        """The people of these rows; their availability may be left out if not ``hours``."""
        views, known = self._views[hours], self.known
        missing = [row for row in rows if row not in views]
        if missing:
            ids, pool = self.pool.ids, self.pool
            people = [known[int(ids[row])] for row in missing] if known else pool.candidates(missing, hours=hours)
            for row, who in zip(missing, people, strict=True):
                views[row] = CandidateView(who, self.calendar, self.span)
        return [views[row] for row in rows]

    def view(self, row: int) -> CandidateView:
        """The person of a row."""
        return self.views([row])[0]

    def verdict(self, at: int, also: Iterable[int] = ()) -> Verdict:
        """Everybody for the shift at this place; ``also`` are rows to be ranked wherever they stand."""
        out, kinds = kinds_of(scan(self.pool, self.demand, at, self.weights), self.pool.by_id)
        near = self._nearest(kinds)
        ids, of = kinds.others(self.pool.ids, out, near)
        return Verdict(
            need=self.needs[at],
            ranked=self.ranked(at, also),
            ranked_total=int(self.pairs.begin[at + 1] - self.pairs.begin[at]),
            rejected=self._rejected(at, out[near], kinds.masks[kinds.of[near]]),
            rejected_total=len(out),
            gates=masks.gate_counts(kinds.masks, kinds.count),
            masks=masks.pack(ids, kinds.masks, of),
        )

    def _rejected(self, at: int, rows: Rows, hit: NDArray[np.uint32]) -> dict[int, tuple[Reason, ...]]:
        """All that stands against these people, by id; ``hit`` are the bits of each."""
        shut = (hit & np.uint32(GATE_BITS["availability"])) != 0
        found: dict[int, tuple[Reason, ...]] = dict.fromkeys(self.pool.ids[rows].tolist(), ())
        for hours, which in ((True, shut), (False, ~shut)):
            people = self.views(rows[which].tolist(), hours=hours)
            found |= {who.id: self.reasons(at, who, m) for who, m in zip(people, hit[which].tolist(), strict=True)}
        return found

    @staticmethod
    def _nearest(kinds: Kinds) -> NDArray[np.int64]:
        """Places of those with the fewest gates, the first of equals."""
        gates, found = masks.gates_hit(kinds.masks), np.empty(0, np.int64)
        for number in np.unique(gates):
            if len(found) == NEAREST:
                break
            found = np.concatenate((found, kinds.first(gates == number, NEAREST - len(found))))
        return found

    def reasons(self, at: int, who: CandidateView, mask: int) -> tuple[Reason, ...]:
        """All that stands against a person, of which the codes are known by their bits."""
        if mask & _HAS_PLACE:
            return (Reason("already_on_shift"),)
        declined = (Reason("declined_before"),) if mask & _DECLINED else ()
        return (*rules.reasons(self.need(at), who, mask), *declined)

    def ranked(self, at: int, also: Iterable[int] = ()) -> tuple[Ranked, ...]:
        """The first `LISTED` who suit, and ``also``, in the order of the ranking."""
        span = slice(self.pairs.begin[at], self.pairs.begin[at + 1])
        rows = self.pairs.who[span]
        places = np.full(len(rows), at, np.int32)
        found = self._standing(places, rows, self.team[span], self.joined[span], self.pairs.score[span])
        order = self.order(found)
        wanted = np.isin(found.rows[order[LISTED:]], list(also))
        return tuple(self.entries(found.take(np.concatenate((order[:LISTED], order[LISTED:][wanted])))))

    def standing(self, pairs: NDArray[np.int32]) -> Standing:
        """The same columns of these pairs alone, by shift: (shift, row) of each, all of them eligible."""
        at, rows = pairs.T.copy()
        begin = np.searchsorted(at, np.arange(len(self.demand) + 1))
        score = self.pairs.score[pairs_at(self.pairs.begin, self.pairs.who, at, rows)]
        some = Pairs(begin, rows, score)
        return self._standing(
            at, rows, teams(self.pool, self.demand, some), joined(self.pool, self.demand, some), score
        )

    def _standing(self, at: Rows, rows: Rows, team: Mask, booked: Mask, score: NDArray[np.int32]) -> Standing:
        again = booked.copy()
        for i in np.flatnonzero(self.planned[rows] & ~booked).tolist():
            again[i] = self._planned_again(int(at[i]), int(rows[i]))
        return Standing(at, rows, team, again, score + self.weights.continuity * again.astype(np.int64))

    def _planned_again(self, at: int, row: int) -> bool:
        order = self.needs[at].order_id
        return any(t != at and self.needs[t].order_id == order for t in self.plan.by_row.get(row, ()))

    def order(self, found: Standing) -> NDArray[np.int64]:
        """The order of the ranking, shift by shift: the fixed team first, then by points, then by id."""
        return np.lexsort((self.pool.ids[found.rows], -found.score, ~found.team, found.at))

    def entries(self, found: Standing) -> Iterator[Ranked]:
        """Each with all points, and the shift of the plan that is in the way."""
        parts = self.parts.of(found.at, found.rows, found.team, found.again)
        columns = (found.at.tolist(), found.rows.tolist(), self.pool.ids[found.rows].tolist(), found.score.tolist())
        for told, at, row, worker, score in zip(parts, *columns, strict=True):
            yield Ranked(worker, score, told, self.taken_by(at, row))

    def score_of(self, at: int, row: int) -> int:
        """Points of somebody, eligible or not."""
        need, who = self.need(at), self.view(row)
        again = self._planned_again(at, row) or who.on_other_shift(need)
        return scoring.total(scoring.base_parts(need, who, self.weights)) + self.weights.continuity * again

    def taken_by(self, at: int, row: int) -> int | None:
        """The first shift of this plan, by start, that keeps the person from this one."""
        planned = self.plan.by_row.get(row, ())
        if not planned or at in planned:
            return None
        mine, need, who = [self.need(t) for t in planned], self.need(at), self.view(row)
        colliding = [other for other in mine if _collide(need, other, who, self.weights)]
        if not colliding and _over_cap(need, mine, who):
            weeks = {week for week, _ in need.weeks}
            colliding = [other for other in mine if any(week in weeks for week, _ in other.weeks)]
        found = min(colliding, key=lambda other: (other.start, other.need.shift_id), default=None)
        return None if found is None else found.need.shift_id


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
