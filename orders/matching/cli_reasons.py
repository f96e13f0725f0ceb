"""Why these people for one shift of a benchmark instance: points, leads, gates and near misses, with all reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np

from . import scoring
from .cli_explain import Explained, Json, Plan, behind_words, ranked
from .columns import Pool
from .demand import Demand
from .explain import codes_of, reason_to_dict
from .masks import gate_counts
from .minutes import HOUSE
from .prepared import SHANGHAI, Index
from .problem import Problem, Solution
from .rules import reasons as reasons_of
from .scan import scan
from .types import LatLng, Need, ScorePart, Weights

MISSES: Final = 5
# with as few reasons as the nearest: more of them are not compared by points
LOOKED_AT: Final = 300


@dataclass(frozen=True, slots=True)
class Reasons:
    """Explains the shifts of one instance."""

    instance: Any
    pool: Pool
    demand: Demand
    weights: Weights
    problem: Problem

    def explain(self, t: int, solution: Solution) -> Explained:
        """Who is chosen for the shift at position ``t``, who comes next, what stops the others."""
        need = need_of(self.instance, int(self.demand.id[t]))
        masks = scan(self.pool, self.demand, t, self.weights)
        living = self.pool.living
        chosen, others = self._eligible(need, t, solution)
        data: Json = {
            "shift": need.shift_id,
            "order": need.order_id,
            "places": int(self.problem.need[t]),
            "eligible": int(self.problem.begin[t + 1] - self.problem.begin[t]),
            "chosen": chosen,
            "next_best": others[0] if others else None,
            "next_free": next((other for other in others if not other["busy_on"]), None),
            "gates": [asdict(count) for count in gate_counts(masks[living])],
            "nearest_misses": self._misses(need, masks, living),
        }
        return Explained(data, "\n".join(_lines(data)))

    def _eligible(self, need: Need, t: int, solution: Solution) -> tuple[list[Json], list[Json]]:
        """The chosen, and the others from the best down to the first who is free."""
        plan = Plan(self.problem, solution)
        on = plan.on(t)
        chosen: list[Json] = []
        others: list[Json] = []
        for row, _ in sorted(ranked(self.problem, t), key=lambda pair: (-pair[1], self.pool.ids[pair[0]])):
            if row in on:
                chosen.append(self._scored(need, row))
            elif not others or others[-1]["busy_on"]:
                busy = [int(self.demand.id[s]) for s in plan.in_the_way(t, row)]
                others.append(self._scored(need, row) | {"busy_on": busy})
        for other in others:
            other |= _behind(chosen, other)
        return chosen, others

    def _scored(self, need: Need, row: int) -> Json:
        parts = self._parts(need, row)
        points = {part.code: part.points for part in parts}
        return {"worker": int(self.pool.ids[row]), "score": scoring.total(parts), "parts": points}

    def _parts(self, need: Need, row: int) -> tuple[ScorePart, ...]:
        index = Index([need], [self.pool.candidate(row)], SHANGHAI, self.weights)
        (who,) = index.people.values()
        return scoring.base_parts(index.needs[0], who, self.weights)

    def _misses(self, need: Need, masks: Any, living: Any) -> list[Json]:
        """Those whom the fewest reasons stop, the best of them first."""
        stopped = living[masks[living] != 0]
        counts = np.bitwise_count(masks[stopped])
        near = stopped[np.lexsort((self.pool.ids[stopped], counts))][:LOOKED_AT].tolist()
        told = [self._scored(need, row) | {"reasons": self._against(need, row, masks)} for row in near]
        told.sort(key=lambda one: (len(one["reasons"]), -one["score"], one["worker"]))
        return [{"worker": one["worker"], "score_if": one["score"], "reasons": one["reasons"]} for one in told[:MISSES]]

    def _against(self, need: Need, row: int, masks: Any) -> list[Json]:
        """Every reason of the mask; with its figures, where the rule for one pair finds it too.

        The benchmark counts commitments outside the week among its hours, which the rule for one pair does not.
        """
        index = Index([need], [self.pool.candidate(row)], SHANGHAI, self.weights)
        (who,) = index.people.values()
        told = [reason_to_dict(reason) for reason in reasons_of(index.needs[0], who)]
        known = {reason["code"] for reason in told}
        return told + [{"code": code, "params": {}} for code in codes_of(int(masks[row])) if code not in known]


def need_of(instance: Any, shift_id: int) -> Need:
    """The shift as the rules for one pair read it; codes are the numbers as text. Raises KeyError."""
    for order in instance["orders"]:
        for shift in order["shifts"]:
            if shift["id"] == shift_id:
                return _need(order, shift, instance["clients"][order["client"]])
    raise KeyError(shift_id)


def _need(order: Mapping[str, Any], shift: Mapping[str, Any], client: Mapping[str, Any]) -> Need:
    return Need(
        shift_id=shift["id"],
        order_id=order["id"],
        client_id=order["client"],
        start=HOUSE.moment(shift["start"]),
        end=HOUSE.moment(shift["end"]),
        headcount=order["headcount"],
        city=str(client["city"]),
        remote=bool(order["remote"]),
        site=None if order["remote"] else LatLng(order["lat"], order["lng"]),
        skills={str(skill): level for skill, level in order["skills"]},
        certificates=frozenset(map(str, order["certs"])),
        languages={str(language): 1 for language in order["langs"]},
        min_stars=Decimal(order["min_stars10"]) / 10 if order["min_stars10"] else None,
        clearance=int(order["background"]),
        priority=order["priority"],
        max_rate=order["max_rate"],
        blocked=frozenset(client["blacklist"]),
        team=frozenset(client["favourites"]),
    )


def _behind(chosen: Sequence[Json], other: Json) -> Json:
    """By how many points, and in which parts, somebody is behind the last of the chosen."""
    if not chosen:
        return {"behind": None, "because": []}
    mine, theirs = chosen[-1]["parts"], other["parts"]
    # a novice's stars are a part of another name
    differences = [(code, mine.get(code, 0) - theirs.get(code, 0)) for code in dict.fromkeys((*mine, *theirs))]
    told = sorted((list(d) for d in differences if d[1]), key=lambda d: -abs(d[1]))
    return {"behind": chosen[-1]["score"] - other["score"], "because": told}


def _lines(data: Json) -> Iterator[str]:
    yield f"shift {data['shift']}: {len(data['chosen'])} of {data['places']} places, {data['eligible']} eligible"
    for one in data["chosen"]:
        parts = ", ".join(f"{code} {points}" for code, points in one["parts"].items())
        yield f"  chosen     worker {one['worker']}: {one['score']} = {parts}"
    for key, name in (("next_best", "next best"), ("next_free", "next free")):
        if other := data[key]:
            because = ", ".join(f"{code} {-points:+d}" for code, points in other["because"])
            yield f"  {name}  worker {other['worker']}: {other['score']}{behind_words(other)}: {because}"
    for gate in data["gates"]:
        yield f"  gate       {gate['gate']} stops {gate['removed']}, {gate['only']} of them alone"
    for miss in data["nearest_misses"]:
        yield f"  near miss  worker {miss['worker']} would have {miss['score_if']}: {_told(miss['reasons'])}"


def _told(reasons: Sequence[Json]) -> str:
    return "; ".join(" ".join([one["code"], *(f"{k}={v}" for k, v in one["params"].items())]) for one in reasons)
