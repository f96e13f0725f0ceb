"""CP-SAT with the same cliques, in a process of its own (it must not share one with HiGHS).

python -m bench.cpsat INSTANCE SECONDS      prints one line of JSON
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from typing import Any

import numpy as np

from bench import staffgen
from bench.pairs import Pairs


def solve(pairs: Pairs, seconds: float) -> tuple[list[tuple[int, int]], str]:
    """(shift, person) of the best plan found in the time, and how sure the solver is of it."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(len(pairs.shift))]
    for t, columns in _by(pairs.shift, range(len(taken))).items():
        model.add(sum(taken[i] for i in columns) <= int(pairs.need[t]))
    rows, columns, coefficients, limits = staffgen.worker_rows(
        pairs.shift, pairs.who, pairs.start, pairs.end, pairs.rest, pairs.left
    )
    lengths = pairs.end - pairs.start
    # a clique's row has coefficients and a limit of 1, any other row is about hours
    cliques = (limits == 1.0) & (np.bincount(rows, coefficients != 1.0, len(limits)) == 0)
    for row, members in _by(rows, columns).items():
        _limit(model, pairs, taken, members, None if cliques[row] else lengths)
    model.maximize(sum(int(score) * var for score, var in zip(pairs.score, taken, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    status = solver.solve(model)
    chosen = [i for i, var in enumerate(taken) if solver.boolean_value(var)] if status in (2, 4) else []
    return [(int(pairs.shift[i]), int(pairs.who[i])) for i in chosen], solver.status_name(status)


def _by(keys: Any, values: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for key, value in zip(keys, values, strict=True):
        found[int(key)].append(int(value))
    return found


def _limit(model: Any, pairs: Pairs, taken: Any, members: list[int], lengths: Any) -> None:
    """At most one of a clique; or, with lengths, the minutes of one person."""
    if lengths is None:
        model.add_at_most_one(taken[i] for i in members)
        return
    left = int(pairs.left[pairs.who[members[0]]])
    model.add(sum(int(lengths[pairs.shift[i]]) * taken[i] for i in members) <= left)


def main(argv: list[str]) -> int:
    """Print value and seconds of one instance."""
    instance = staffgen.load(argv[0])
    pairs = Pairs.of(instance).best(6, 10)
    begun = time.perf_counter()
    rows, status = solve(pairs, float(argv[1]))
    took = time.perf_counter() - begun
    print(json.dumps(staffgen.check(instance, {"assignments": rows}) | {"seconds": took, "status": status}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
