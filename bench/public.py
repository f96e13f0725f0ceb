"""Public instances of related problems, turned into the raw form. The files are not part of the project.

    python -m bench.public assignment assign100.txt -o a.json
    python -m bench.public tasks data_1_23_40_66.dat -o t.json [--seed 1]

Assignment: Beasley's OR-Library, ``assign*.txt``: n, then n rows of n costs. Tasks: Krishnamoorthy, Ernst and
Baatar's shift minimisation personnel task scheduling, ``data_*.dat``: ``Type``, ``Jobs`` with start and end of
each, ``Qualifications`` with each worker's number of jobs and their list.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Raw = dict[str, Any]
Costs = Sequence[Sequence[int]]
Span = tuple[int, int]

# what covering a task is worth beside the preferences 0..100 that a seed gives
COVER = 1000


def raw(shifts: Sequence[Span], workers: int, pairs: list[list[int]], **meta: Any) -> Raw:
    """A raw instance of single places without limits on rest and hours."""
    rows = [{"id": t, "start": start, "end": end, "headcount": 1} for t, (start, end) in enumerate(shifts)]
    people = [{"min_rest": None, "max_week_min": None} for _ in range(workers)]
    return {"meta": {"raw": True, **meta}, "shifts": rows, "workers": people, "pairs": pairs}


def assignment(costs: Costs) -> Raw:
    """Least cost as most points: a pair gets ``ceiling`` − cost, above 0, so that everybody is assigned.

    The cost of a solution is n × ``meta.ceiling`` − its value.
    """
    ceiling = max(map(max, costs), default=0) + 1
    pairs = [[job, worker, ceiling - cost] for job, row in enumerate(costs) for worker, cost in enumerate(row)]
    return raw([(0, 1)] * len(costs), len(costs), pairs, ceiling=ceiling)


def read_assignment(text: str) -> list[list[int]]:
    """The costs of an OR-Library file. Raises ValueError if they are not n × n."""
    size, *numbers = map(int, text.split())
    if len(numbers) != size * size:
        raise ValueError(f"{size} × {size} costs expected, {len(numbers)} found")
    return [numbers[row * size : (row + 1) * size] for row in range(size)]


def tasks(spans: Sequence[Span], qualified: Sequence[Sequence[int]], seed: int | None = None) -> Raw:
    """Each task once, by a qualified worker; a worker does one at a time.

    A pair is worth `COVER`; with a seed also 0 to 100 points of preference.
    """
    draw = random.Random(seed)
    pairs = [
        [task, worker, COVER + (draw.randint(0, 100) if seed is not None else 0)]
        for worker, can in enumerate(qualified)
        for task in sorted(set(can))
    ]
    return raw(spans, len(qualified), pairs, seed=seed)


def read_tasks(text: str) -> tuple[list[Span], list[list[int]]]:
    """(start, end) of each job and the jobs of each worker. Raises ValueError for a file of another layout."""
    lines = iter([line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")])
    spans = [_span(next(lines)) for _ in range(_count(lines, "Jobs"))]
    qualified = [_jobs(next(lines), len(spans)) for _ in range(_count(lines, "Qualifications"))]
    return spans, qualified


def _count(lines: Iterator[str], name: str) -> int:
    for line in lines:
        found = re.fullmatch(rf"{name}\s*=\s*(\d+)", line)
        if found:
            return int(found[1])
    raise ValueError(f"no line '{name} = …'")


def _span(line: str) -> Span:
    start, end = map(int, line.split()[:2])
    return start, end


def _jobs(line: str, size: int) -> list[int]:
    count, _, listed = line.partition(":")
    jobs = [int(job) for job in listed.split()]
    if len(jobs) != int(count) or not all(0 <= job < size for job in jobs):
        raise ValueError(f"{count} jobs of 0..{size - 1} expected: {line[:60]}")
    return jobs


def main(argv: Sequence[str]) -> int:
    """Convert one file."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.public", description="Turns public files into raw instances."
    )
    parser.add_argument("kind", choices=("assignment", "tasks"))
    parser.add_argument("file", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, help="tasks: preferences of 0 to 100 points")
    chosen = parser.parse_args(argv)
    text = chosen.file.read_text()
    made = assignment(read_assignment(text)) if chosen.kind == "assignment" else tasks(*read_tasks(text), chosen.seed)
    chosen.output.write_text(json.dumps(made, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
