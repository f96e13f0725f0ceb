"""The product's batch over all open shifts of the database, step by step, in the product's own functions.

As `orders.services.batch` does it, but with the quick effort, and all of it in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from unittest import mock

from django.db import connection, transaction

from bench import rows, writing
from orders.matching import Held, Proposal, Weights, engine, planning
from orders.matching.columns import Pool
from orders.pool import MARGIN, weights_in_force
from orders.pool_reader import read, read_codes
from orders.services import horizon
from orders.services.horizon import Horizon
from staffing.core.memory import uncollected

# from the day before the instance's week to its end
DAYS: Final = 9
# parts of `planning.plan`, and the step that each belongs to; whatever is left of a proposal is telling it
PARTS: Final = {
    "find_pairs": "pairs",
    "plan_values": "pairs",
    "problem_of": "pairs",
    "_with_novices": "pairs",
    "solve": "solve",
    "_backups": "backups",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What a batch held and found; `present` as it was before the batch wrote."""

    pool: Pool
    horizon: Horizon
    present: Sequence[Held]
    weights: Weights
    result: Proposal

    def sizes(self) -> dict[str, Any]:
        """How much there was, and how much of it was done."""
        needs = self.horizon.needs.values()
        positions = sum(need.headcount for need in needs)
        return {
            "people": len(self.pool),
            "shifts": len(needs),
            "positions": positions,
            "filled": positions - sum(answer.shortage for answer in self.result.shifts),
            "method": self.result.method,
        }


@uncollected()
def propose_all(watch: Any) -> Run:
    """From the database to committed proposals."""
    with watch.step("read"), transaction.atomic(), connection.cursor() as cursor:
        codes = read_codes()
        tables = read(cursor, codes, since=rows.NOW - MARGIN, now=rows.NOW)
    with watch.step("index"):
        pool = Pool.build(tables, codes.catalogue)
    # as in the product, where nothing but the pool is kept
    del tables
    with watch.step("demand"):
        weights = weights_in_force()
        found = horizon.read(rows.NOW, DAYS, weights)
        present = found.present()
        pool = engine.without(pool, found.given_up())
    run = Run(pool, found, present, weights, proposed(pool, found, present, weights, watch))
    with watch.step("commit"):
        writing.write(found, run.result)
    return run


def again(run: Run, watch: Any) -> None:
    """The proposal once more, with everything loaded."""
    proposed(run.pool, run.horizon, run.present, run.weights, watch)


def proposed(pool: Pool, found: Horizon, present: Sequence[Held], weights: Weights, watch: Any) -> Proposal:
    """As `orders.services.matching.propose_all` asks for it, but for the effort; the parts timed where they are."""
    timed = {name: _timed(getattr(planning, name), watch, step) for name, step in PARTS.items()}
    with mock.patch.multiple(planning, **timed), watch.step("tell"):
        return engine.propose(
            list(found.needs.values()),
            pool,
            weights,
            excluded=found.gone,
            present=present,
            effort="quick",
            told="chosen",
        )


def _timed(function: Any, watch: Any, step: str) -> Any:
    @wraps(function)
    def within(*args: Any, **kwargs: Any) -> Any:
        if "backups" in watch.open:
            # they are solved too; that is theirs
            return function(*args, **kwargs)
        with watch.step(step):
            return function(*args, **kwargs)

    return within
