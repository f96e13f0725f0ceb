"""Our command on look-alikes of the public instances."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import lookalike, public
from bench.files import ROOT, Json

TASKS = ((20, 1), (60, 2), (120, 3))
ASSIGNMENTS = ((100, 1), (300, 2), (800, 3))


def run() -> list[Json]:
    """Every look-alike's figures."""
    found = [_solved(f"tasks-{n}-{seed}", public.tasks(*lookalike.task_scheduling(n, seed), seed)) for n, seed in TASKS]
    for size, seed in ASSIGNMENTS:
        costs = lookalike.costs(size, seed)
        instance = public.assignment(costs)
        known = size * instance["meta"]["ceiling"] - lookalike.least(costs)
        found.append(_solved(f"assignment-{size}-{seed}", instance) | {"known": known})
    return found


def _solved(name: str, instance: Any) -> Json:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "raw.json")
        path.write_text(json.dumps(instance))
        command = [sys.executable, "-m", "orders.matching", str(path), "-o", f"{path}.out", "--stats", "--bound"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        stats = json.loads(done.stdout)
    return {
        "name": name,
        "shifts": len(instance["shifts"]),
        "workers": len(instance["workers"]),
        "filled": stats["filled"],
        "value": stats["value"],
        "known": stats["bound"],
        "solve": stats["seconds"]["solve"],
    }
