"""The benchmark's own generator, law and scores are met to the last pair and point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench import staffgen
from orders.matching.columns import Pool
from orders.matching.demand import Demand
from orders.matching.formats import staffgen as form
from orders.matching.pairs import find_pairs, problem_of
from orders.matching.scan import scan
from orders.matching.shortlist import shortlist_in
from orders.matching.types import Weights

Triples = list[tuple[int, int, int]]


def read(instance: dict[str, Any]) -> tuple[Pool, Demand, Weights]:
    pool = Pool.build(form.tables_of(instance), form.catalogue_of(instance), room=0)
    return pool, form.demand_of(instance), form.WEIGHTS


def ours(instance: dict[str, Any]) -> Triples:
    pool, demand, weights = read(instance)
    pairs = find_pairs(pool, demand, weights)
    shift = np.repeat(demand.id, np.diff(pairs.begin))
    return sorted(zip(shift.tolist(), pool.ids[pairs.who].tolist(), pairs.score.tolist(), strict=True))


def theirs(instance: dict[str, Any]) -> Triples:
    shift, who, score, *_ = staffgen.build_pairs(instance)
    return sorted(zip(shift.tolist(), who.tolist(), score.tolist(), strict=True))


def by_law(instance: dict[str, Any]) -> Triples:
    found: Triples = []
    for client in instance["clients"]:
        client["_bl"], client["_fv"] = set(client["blacklist"]), set(client["favourites"])
    for order in instance["orders"]:
        client = instance["clients"][order["client"]]
        for shift in order["shifts"]:
            able = [w for w in range(instance["meta"]["n_workers"])
                    if staffgen.why_not(instance, order, shift, w, client) is None]  # fmt: skip
            found += [(shift["id"], w, staffgen.pair_score(instance, order, w, client)) for w in able]
    return sorted(found)


@pytest.mark.parametrize("profile", ["normal", "tight", "crunch"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pairs_and_points_of_generated_instances(profile: str, seed: int) -> None:
    instance = staffgen.generate("M", profile, seed, workers=3000, slots=400)
    assert len(ours(instance)) > 400
    assert ours(instance) == theirs(instance)


@pytest.mark.parametrize("seed", [4, 5])
def test_pairs_and_points_by_the_written_law(seed: int) -> None:
    instance = staffgen.generate("S", "normal", seed)
    assert ours(instance) == by_law(instance) != []


def test_times_off_the_grid_and_over_the_weeks_end() -> None:
    instance = staffgen.generate("S", "normal", 6)
    workers, draw = instance["workers"], np.random.default_rng(1)
    for order in instance["orders"]:
        for shift in order["shifts"]:
            shift["start"], shift["end"] = shift["start"] + int(draw.integers(0, 15)), shift["end"] - 7
    for windows in workers["weekly"]:
        windows[:] = [[start + int(draw.integers(0, 9)), end + int(draw.integers(0, 4000))] for start, end in windows]
    for exceptions in workers["exceptions"]:
        exceptions[:] = [[kind, start + 11, end + 11] for kind, start, end in exceptions]
    assert ours(instance) == by_law(instance) != []


def test_a_scan_of_a_shift_finds_its_pairs() -> None:
    pool, demand, weights = read(staffgen.generate("M", "tight", 7, workers=2000, slots=60))
    pairs = find_pairs(pool, demand, weights)
    for shift in range(len(demand)):
        own = slice(*pairs.begin[shift : shift + 2])
        assert np.flatnonzero(scan(pool, demand, shift, weights) == 0).tolist() == pairs.who[own].tolist()
        best = shortlist_in(pool, demand.only(shift), weights, len(pool))
        points = dict(zip(pool.rows_of(best.ids).tolist(), best.score.tolist(), strict=True))
        assert [points[row] for row in pairs.who[own].tolist()] == pairs.score[own].tolist()


def test_all_commitments_count_in_the_one_week() -> None:
    instance = staffgen.generate("S", "normal", 8)
    pool, demand, weights = read(instance)
    problem = problem_of(pool, demand, find_pairs(pool, demand, weights), weights)
    assert problem.left[:, 0][pool.rows_of(np.arange(len(pool)))].tolist() == staffgen.Arr(instance).left.tolist()
    assert problem.week.tolist() == [0] * len(demand)
    assert problem.minutes[:, 0].tolist() == (demand.end - demand.start).tolist()
