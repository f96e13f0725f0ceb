"""The columns say what the rules and scores of single pairs say, to the last reason and point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import HealthCheck, given, settings

from orders.matching import Candidate, Held, Need, Weights, reasons_against, score_of
from orders.matching.columns import Pool
from orders.matching.demand import Demand
from orders.matching.explain import codes_of
from orders.matching.pairs import find_pairs
from orders.matching.prepared import Index
from orders.matching.rules import reasons
from orders.matching.scan import scan
from orders.matching.scoring import base_parts, total
from orders.matching.shortlist import shortlist_of
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


def by_columns(pool: Pool, demand: Demand, chosen: Weights) -> Verdicts:
    """The codes of a scan; the points of the pairs that there are."""
    points, found = by_pairs(pool, demand, chosen), Verdicts()
    for at, shift in enumerate(demand.id.tolist()):
        against = scan(pool, demand, at, chosen)
        for row in pool.living.tolist():
            codes, pair = frozenset(codes_of(int(against[row]))), (shift, int(pool.ids[row]))
            found[pair] = codes, points.pop(pair, None)
    assert not points
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
    assert by_columns(pool, demand, chosen) == expected


@relaxed
@given(worlds(), weights)
def test_the_shortlist_is_the_head_of_the_ranking(
    world: tuple[list[Need], list[Candidate], dict[int, frozenset[int]]], chosen: Weights
) -> None:
    needs, people, _ = world
    pool = pool_of(people)
    for asked in needs:
        able = [who for who in people if not reasons_against(asked, who, weights=chosen)]
        ranked = sorted((who.id not in asked.team, -score_of(asked, who, chosen), who.id) for who in able)
        for k in (1, 2, 100):
            best = shortlist_of(pool, asked, chosen, k)
            told = zip((~best.team).tolist(), (-best.score).tolist(), best.ids.tolist(), strict=True)
            assert list(told) == ranked[:k]


def test_who_has_a_place_has_no_other_reason_and_no_pair() -> None:
    needs, people = [need(headcount=2)], [person(1), person(2)]
    pool = pool_of(people)
    held = [Held(needs[0].shift_id, people[0].id)]
    demand = Demand.of(needs, pool.catalogue, held=held, excluded={needs[0].shift_id: frozenset({people[0].id})})
    verdict = by_columns(pool, demand, Weights())[needs[0].shift_id, people[0].id]
    assert verdict == (frozenset({"already_on_shift"}), None)
    assert demand.need.tolist() == [needs[0].headcount - 1]
    assert set(by_pairs(pool, demand, Weights())) == {(needs[0].shift_id, people[1].id)}
