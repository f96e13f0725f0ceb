"""The engine alone, on the benchmark's columns: seconds of index, pairs and solve, and its memory.

    python -m bench.engine INSTANCE      prints one line of JSON

The file is parsed in one process, which hands the columns over; the other measures, so that the parsed JSON does
not count as the engine's memory.
"""

from __future__ import annotations

import json
import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.memory import bare_mb, peak_mb
from bench.processes import ask

REPEATS = 5


def pack(instance: Path, into: Path) -> None:
    """The columns of an instance, for a process that has never seen the file."""
    from orders.matching.formats import reading, staffgen

    parsed = reading.read_json(instance)
    columns = (
        staffgen.tables_of(parsed),
        staffgen.catalogue_of(parsed),
        staffgen.demand_of(parsed),
        staffgen.WEIGHTS,
    )
    into.write_bytes(pickle.dumps(columns))


def measure(packed: Path) -> dict[str, Any]:
    """The quick effort: the first run, then the median of further ones; and the best effort once."""
    bare = bare_mb()
    from orders.matching.columns import Pool
    from orders.matching.pairs import find_pairs, problem_of
    from orders.matching.solve import solve

    # our own file, written a moment ago
    tables, catalogue, demand, weights = pickle.loads(packed.read_bytes())  # noqa: S301
    indexing = []
    for _ in range(1 + REPEATS):
        pool, seconds = timed(Pool.build, tables, catalogue)
        indexing.append(seconds)
    # as in the product, where nothing but the pool is kept
    del tables
    quick, runs = partial(solve, effort="quick"), []
    for index in indexing:
        pairs, pairing = timed(find_pairs, pool, demand, weights)
        problem, shaping = timed(problem_of, pool, demand, pairs, weights)
        solution, solving = timed(quick, problem)
        runs.append({"index": index, "pairs": pairing + shaping, "solve": solving})
    peak = peak_mb()
    best, solving = timed(solve, problem)
    warm = {name: statistics.median(run[name] for run in runs[1:]) for name in runs[0]}
    quality = {"pairs": len(pairs), "quick": int(solution.value), "best": int(best.value)}
    memory = {"interpreter_mb": bare, "peak_mb": peak, "best_peak_mb": peak_mb()}
    return {"cold": runs[0], "warm": warm, "best_seconds": solving} | quality | memory


def timed(function: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """The result, and the seconds that it took."""
    begun = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - begun


def main(argv: list[str]) -> int:
    """Pack and measure, each in a process of its own."""
    if argv[0] == "pack":
        pack(Path(argv[1]), Path(argv[2]))
        print("{}")
    elif argv[0] == "measure":
        print(json.dumps(measure(Path(argv[1]))))
    else:
        with tempfile.TemporaryDirectory() as folder:
            packed = Path(folder, "columns.pickle")
            ask("bench.engine", "pack", argv[0], packed)
            print(json.dumps(ask("bench.engine", "measure", packed)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
