"""Everything about one instance: ours, the bounds, and the methods beside us."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import bounds, files, scarcest, servers, sharp, staffgen
from bench.files import ROOT, Json
from bench.pairs import Pairs
from bench.processes import Failed, ask

# shifts that the naive loop is timed on; larger instances are extrapolated from them
NAIVE = {"S": 1_000_000, "M": 1_000_000, "L": 30, "XL": 10}
CPSAT_SIZES = ("S", "M", "L")


def run(size: str, profile: str, seed: int, options: argparse.Namespace, say: Callable[[str], None]) -> Json:
    """The figures of one instance, ready for the report."""
    path = files.instance(size, profile, seed)
    instance = staffgen.load(str(path))
    found: Json = {"name": path.stem, "size": size, "profile": profile, "meta": instance["meta"]}
    say(f"{path.stem}: command line")
    found["ours"] = command_line(path, instance)
    found["engine"] = attempt(lambda: ask("bench.engine", path))
    say(f"{path.stem}: scarcest first")
    found["scarcest"] = beside(instance)
    if options.bound:
        say(f"{path.stem}: bound")
        found["bound"] = attempt(lambda: bounds.bound(path))
    if options.best:
        say(f"{path.stem}: branch and bound, {options.best} s")
        found["best"] = attempt(lambda: bounds.best_known(path, options.best))
    if options.bound:
        say(f"{path.stem}: sharp bound")
        known = max(found[by].get("score", 0) for by in ("ours", "best") if by in found)
        found["sharp"] = attempt(lambda: sharp.bound(path, known))
    if options.cpsat and size in CPSAT_SIZES:
        say(f"{path.stem}: CP-SAT, {options.cpsat} s")
        found["cpsat"] = attempt(lambda: cpsat(path, options))
    if options.product and seed == options.seeds[0]:
        say(f"{path.stem}: Postgres")
        found["product"] = attempt(lambda: servers.product(path, NAIVE[size] if options.naive else 0))
        if (size, profile) == options.online:
            say(f"{path.stem}: one order at a time")
            found["online"] = attempt(lambda: servers.online(path))
    return found


def command_line(path: Path, instance: Any) -> Json:
    """Our command in a fresh process; the solution goes through the benchmark's checker."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "solution.json")
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "orders.matching", str(path), "-o", str(target), "--stats"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        took = time.perf_counter() - begun
        if done.returncode:
            return {"failed": done.stderr.strip().splitlines()[-1]}
        stats: Json = json.loads(done.stdout)
        return stats | {"wall": took} | checked(instance, staffgen.load(str(target)), stats["value"])


def checked(instance: Any, solution: Any, value: int) -> Json:
    """The benchmark's verdict; a solution whose points are not those that we claim is not valid either."""
    try:
        found: Json = staffgen.check(instance, solution)
    except ValueError as error:
        return {"valid": False, "failed": str(error)}
    return found | {"valid": found["score"] == value}


def beside(instance: Any) -> Json:
    """Scarcest first, on pairs that are there already."""
    pairs = Pairs.of(instance)
    begun = time.perf_counter()
    assigned = scarcest.assign(pairs)
    took = time.perf_counter() - begun
    return staffgen.check(instance, {"assignments": assigned}) | {"seconds": took}


def cpsat(path: Path, options: argparse.Namespace) -> Json:
    """CP-SAT, from an earlier run with the same time if there was one."""
    return files.cached(
        path,
        f"cpsat{options.cpsat}",
        lambda: ask("bench.cpsat", path, options.cpsat, python=options.cpsat_python),
        options.cpsat,
    )


def attempt(method: Callable[[], Json]) -> Json:
    """The method's figures, or why there are none."""
    try:
        return method()
    except Failed as error:
        return {"failed": str(error)}
