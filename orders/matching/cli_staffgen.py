"""The benchmark's form at the command line: checked, read into columns, paired."""

from __future__ import annotations

from typing import Any

import numpy as np

from .cli_steps import Steps
from .cli_work import Job
from .formats import staffgen, staffgen_checks


def staffgen_job(instance: Any, steps: Steps) -> Job:
    """The instance as a problem, and what explains its shifts. Raises BadFile.

    The people are taken out of ``instance``: as parsed they hold more than all that is made of them.
    """
    with steps.step("check"):
        staffgen_checks.check(instance)
    with steps.step("index"):
        tables, catalogue = staffgen.tables_of(instance), staffgen.catalogue_of(instance)
        demand, weights = staffgen.demand_of(instance), staffgen.WEIGHTS
        del instance["workers"]
    with steps.step("engine"):
        # compiled code: loading it takes longer than refusing a bad file
        from . import pairs
        from .cli_reasons import Reasons
        from .columns import Pool
    with steps.step("index"):
        pool = Pool.build(tables, catalogue, room=0)
        del tables
        steps.note(f"{len(pool)} workers, {len(demand)} shifts")
    with steps.step("pairs"):
        found = pairs.find_pairs(pool, demand, weights)
        problem = pairs.problem_of(pool, demand, found, weights)
        steps.note(f"{len(found.who)} pairs")
    reasons = Reasons(instance, pool, demand, weights, problem)
    return Job("staffgen", problem, demand.id.tolist(), np.asarray(pool.ids, np.int64), reasons.explain)
