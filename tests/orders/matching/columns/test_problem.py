"""The set problem of a demand's pairs."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from orders.matching import Booking, Weights
from orders.matching.demand import Demand
from orders.matching.minutes import UNLIMITED
from orders.matching.pairs import find_pairs, problem_of
from tests.orders.matching.make import at, need, person

from .test_rules_in_columns import pool_of


def test_hours_left_and_minutes_are_told_by_week() -> None:
    work = (Booking(at(6, 22), at(7, 4)), Booking(at(-9), at(-8)))
    crowd = [person(1, bookings=work, weekly_cap=timedelta(hours=20), min_rest=timedelta(hours=1)), person(2)]
    pool = pool_of(crowd)
    needs = [need(1, start=at(6, 20), hours=6, order_id=8), need(2, start=at(8, 9), order_id=8)]
    demand = Demand.of(needs, pool.catalogue)
    problem = problem_of(pool, demand, find_pairs(pool, demand, Weights()), Weights())
    rows = pool.rows_of([1, 2])
    assert problem.left[rows].tolist() == [[18 * 60, 16 * 60], [UNLIMITED, UNLIMITED]]
    assert problem.rest[rows].tolist() == [60, 0]
    assert problem.week.tolist() == [0, 1]
    assert problem.minutes.tolist() == [[240, 120], [480, 0]]
    assert problem.order.tolist() == [0, 0]
    assert [np.diff(problem.begin).tolist(), problem.who[1:].tolist()] == [[1, 2], sorted(rows.tolist())]


def test_sites_are_unit_vectors_and_remote_work_has_none() -> None:
    pool = pool_of([person(1)])
    demand = Demand.of([need(1), need(2, remote=True), need(3, site=None)], pool.catalogue)
    problem = problem_of(pool, demand, find_pairs(pool, demand, Weights()), Weights())
    assert np.linalg.norm(problem.place, axis=1).round(12).tolist() == [1.0, 0.0, 0.0]
    assert (problem.travel, problem.travel_fixed, problem.continuity) == (3.0, 15.0, 5)


def test_values_may_be_others_than_points() -> None:
    pool = pool_of([person(1), person(2)])
    demand = Demand.of([need(1)], pool.catalogue)
    pairs = find_pairs(pool, demand, Weights())
    problem = problem_of(pool, demand, pairs, Weights(), value=np.array([7, 9]), continuity=50)
    assert (problem.score.tolist(), problem.continuity) == ([7, 9], 50)
