"""The columns say what the rules and scores of single pairs say, to the last reason and point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import HealthCheck, given, settings

from orders.matching import Candidate, Held, Need, Weights
from orders.matching.codes import BITS
from orders.matching.columns import Pool
from orders.matching.demand import Demand
from orders.matching.pairs import find_pairs
from orders.matching.prepared import Index
from orders.matching.rules import reasons
from orders.matching.scan import scan, shortlist
from orders.matching.scoring import base_parts, total
from orders.matching.tables import Catalogue, Tables
from tests.orders.matching.make import need, person

from .worlds import weights, worlds

Gone = Mapping[int, frozenset[int]]
Verdicts = dict[tuple[int, int], tuple[frozenset[str], int | None]]
relaxed = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pool_of(people: Sequence[Candidate]) -> Pool:
    catalogue = Catalogue.of(people)
    return Pool.build(Tables.of(people, catalogue), catalogue)


def by_rules(needs: Sequence[Need], people: Sequence[Candidate], gone: Gone, chosen: Weights) -> Verdicts:
    """(shift, worker) -> reason codes, and points where there are none."""
    index = Index(needs, people, weights=chosen)
    found: Verdicts = {}
    for view in index.needs:
        for who in index.people.values():
            codes = {reason.code for reason in reasons(view, who)}
            codes |= {"declined_before"} if who.id in gone.get(view.need.shift_id, ()) else set()
            points = None if codes else total(base_parts(view, who, chosen))
            found[view.need.shift_id, who.id] = frozenset(codes), points
    return found


def by_scan(pool: Pool, demand: Demand, chosen: Weights) -> Verdicts:
    found: Verdicts = {}
    for at, shift in enumerate(demand.id.tolist()):
        result = scan(pool, demand, at, chosen)
        for row in pool.living.tolist():
            codes = frozenset(code for code, bit in BITS.items() if result.reasons[row] >> np.uint32(bit) & 1)
            found[shift, int(pool.ids[row])] = codes, None if codes else int(result.score[row])
    return found


def by_pairs(pool: Pool, demand: Demand, chosen: Weights) -> dict[tuple[int, int], int]:
    pairs = find_pairs(pool, demand, chosen)
    shift = np.repeat(demand.id, np.diff(pairs.begin)).tolist()
    listed = list(zip(shift, pool.ids[pairs.who].tolist(), strict=True))
    assert len(set(listed)) == len(listed)
    return dict(zip(listed, pairs.score.tolist(), strict=True))


@relaxed
@given(worlds(), weights)
def test_every_reason_and_every_point(
    world: tuple[list[Need], list[Candidate], dict[int, frozenset[int]]], chosen: Weights
) -> None:
    needs, people, gone = world
    pool = pool_of(people)
    demand = Demand.of(needs, pool.catalogue, excluded=gone)
    expected = by_rules(needs, people, gone, chosen)
    assert by_scan(pool, demand, chosen) == expected
    able = {pair: points for pair, (_, points) in expected.items() if points is not None}
    assert by_pairs(pool, demand, chosen) == able


@relaxed
@given(worlds(), weights)
def test_the_shortlist_is_the_head_of_the_ranking(
    world: tuple[list[Need], list[Candidate], dict[int, frozenset[int]]], chosen: Weights
) -> None:
    needs, people, _ = world
    pool = pool_of(people)
    demand = Demand.of(needs, pool.catalogue)
    verdicts = by_rules(needs, people, {}, chosen)
    for at, asked in enumerate(needs):
        able = [(who, points) for (shift, who), (_, points) in verdicts.items() if shift == asked.shift_id]
        ranked = sorted((who not in asked.team, -points, who) for who, points in able if points is not None)
        for k in (1, 2, 100):
            rows = shortlist(scan(pool, demand, at, chosen), k)
            assert pool.ids[rows].tolist() == [who for _, _, who in ranked[:k]]


def test_who_has_a_place_has_no_other_reason_and_no_pair() -> None:
    needs, people = [need(headcount=2)], [person(1), person(2)]
    pool = pool_of(people)
    held = [Held(needs[0].shift_id, people[0].id)]
    demand = Demand.of(needs, pool.catalogue, held=held, excluded={needs[0].shift_id: frozenset({people[0].id})})
    verdict = by_scan(pool, demand, Weights())[needs[0].shift_id, people[0].id]
    assert verdict == (frozenset({"already_on_shift"}), None)
    assert demand.need.tolist() == [needs[0].headcount - 1]
    assert set(by_pairs(pool, demand, Weights())) == {(needs[0].shift_id, people[1].id)}
