"""One batch over all open shifts of the database, step by step, with the product's own reader and engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from bench import rows
from orders.matching.columns import Pool
from orders.matching.demand import Demand
from orders.matching.pairs import find_pairs, problem_of
from orders.matching.problem import Problem, Solution
from orders.matching.solve import solve
from orders.matching.types import LatLng, Need, Weights
from orders.models import DoNotSend, Order, TeamMember
from orders.pool import MARGIN, weights_in_force
from orders.pool_reader import read, read_codes
from orders.states import OrderStatus


@dataclass(frozen=True, slots=True)
class Run:
    """What a batch held and found."""

    pool: Pool
    demand: Demand
    weights: Weights
    problem: Problem
    solution: Solution

    def sizes(self) -> dict[str, Any]:
        """How much there was, and how much of it was done."""
        return {
            "people": len(self.pool),
            "shifts": len(self.demand),
            "positions": int(self.problem.need.sum()),
            "pairs": len(self.problem.who),
            "filled": len(self.solution.shift),
            "method": self.solution.method,
        }


def propose_all(watch: Any) -> Run:
    """From the database to committed proposals."""
    with watch.step("read"), transaction.atomic(), connection.cursor() as cursor:
        codes = read_codes()
        tables = read(cursor, codes, since=rows.NOW - MARGIN, now=rows.NOW)
    with watch.step("index"):
        pool = Pool.build(tables, codes.catalogue)
    with watch.step("demand"):
        weights = weights_in_force()
        demand = Demand.of(open_needs(), codes.catalogue)
    problem, solution = _solved(pool, demand, weights, watch)
    run = Run(pool, demand, weights, problem, solution)
    with watch.step("commit"):
        commit(run)
    return run


def again(run: Run, watch: Any) -> None:
    """Pairs and solve once more, with everything loaded."""
    _solved(run.pool, run.demand, run.weights, watch)


def _solved(pool: Pool, demand: Demand, weights: Weights, watch: Any) -> tuple[Problem, Solution]:
    with watch.step("pairs"):
        problem = problem_of(pool, demand, find_pairs(pool, demand, weights), weights)
    with watch.step("solve"):
        return problem, solve(problem, effort="quick")


@transaction.atomic
def commit(run: Run) -> None:
    """Put the chosen people on the open places, in one statement; triggers and constraints see every row."""
    shifts = run.demand.id[run.solution.shift].tolist()
    workers = run.pool.ids[run.solution.who].tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orders_position p SET status = 'proposed', proposed_worker_id = c.worker FROM (
                SELECT shift, worker, row_number() OVER (PARTITION BY shift ORDER BY worker) AS number
                FROM unnest(%s::bigint[], %s::bigint[]) AS chosen (shift, worker)
            ) c WHERE p.shift_id = c.shift AND p.number = c.number AND p.status = 'open'
            """,
            [shifts, workers],
        )
        if cursor.rowcount != len(shifts):
            raise RuntimeError(f"{cursor.rowcount} of {len(shifts)} proposals written")


def open_needs() -> list[Need]:
    """Every shift of every submitted order; a fixed number of queries."""
    blocked, team = _workers_by_client(DoNotSend), _workers_by_client(TeamMember)
    asked = ("shifts", "skills__skill", "languages__language", "certificates__type")
    orders = Order.objects.filter(status=OrderStatus.SUBMITTED).select_related("client", "site", "city")
    return [
        need
        for order in orders.prefetch_related(*asked)
        for need in _needs(order, blocked.get(order.client_id, frozenset()), team.get(order.client_id, frozenset()))
    ]


def _workers_by_client(model: Any) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for client, worker in model.objects.values_list("client_id", "worker_id"):
        found.setdefault(client, set()).add(worker)
    return {client: frozenset(workers) for client, workers in found.items()}


def _needs(order: Order, blocked: frozenset[int], team: frozenset[int]) -> list[Need]:
    site = None if order.remote or order.site is None else LatLng(order.site.latitude, order.site.longitude)
    return [
        Need(
            shift_id=shift.pk,
            order_id=order.pk,
            client_id=order.client_id,
            start=shift.start_at,
            end=shift.end_at,
            headcount=shift.headcount,
            city=order.city.code,
            remote=order.remote,
            site=site,
            skills={row.skill.code: row.min_level for row in order.skills.all()},
            certificates=frozenset(row.type.code for row in order.certificates.all()),
            languages={row.language.code: row.min_level for row in order.languages.all()},
            min_stars=order.min_stars,
            clearance=order.clearance,
            priority=order.client.value,
            blocked=blocked,
            team=team,
        )
        for shift in order.shifts.all()
    ]
