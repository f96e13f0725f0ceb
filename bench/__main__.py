"""``python -m bench``: measures, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bench import files, lookalikes, machine, report, run, staffgen


def options_of(argv: Sequence[str]) -> argparse.Namespace:
    """What to measure; everything unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures the matching engine.")
    parser.add_argument("--sizes", nargs="+", choices=staffgen.SIZES, default=list(staffgen.SIZES))
    parser.add_argument("--profiles", nargs="+", choices=staffgen.PROFILES, default=list(staffgen.PROFILES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--no-bound", dest="bound", action="store_false", help="no LP bounds (minutes when new)")
    parser.add_argument("--best", type=int, default=60, metavar="S", help="seconds of branch and bound; 0: none")
    parser.add_argument("--cpsat", type=int, default=30, metavar="S", help="seconds of CP-SAT; 0: none")
    parser.add_argument("--cpsat-python", default=sys.executable, help="interpreter that has ortools")
    parser.add_argument("--no-product", dest="product", action="store_false", help="nothing with Postgres")
    parser.add_argument("--no-naive", dest="naive", action="store_false", help="no naive loop")
    parser.add_argument("--no-lookalikes", dest="lookalikes", action="store_false", help="no public look-alikes")
    parser.add_argument("-o", "--output", type=Path, default=files.ROOT / "docs" / "benchmarks.md")
    options = parser.parse_args(argv)
    # one order at a time is measured with the people of one instance, the largest asked for
    options.online = (options.sizes[-1], options.profiles[0])
    return options


def told(options: argparse.Namespace) -> list[str]:
    """What decides the figures, as arguments again."""
    seeds = map(str, options.seeds)
    limits = ["--best", str(options.best), "--cpsat", str(options.cpsat)]
    return ["--sizes", *options.sizes, "--profiles", *options.profiles, "--seeds", *seeds, *limits]


def main(argv: Sequence[str]) -> int:
    """Measure instance after instance; 1 if any solution was not valid."""
    options = options_of(argv)
    # with the cache built, no figure holds the compiler's time
    subprocess.run([sys.executable, "-m", "orders.matching", "--compile"], cwd=files.ROOT, check=True)
    results = []
    for size in options.sizes:
        for profile in options.profiles:
            for seed in options.seeds:
                results.append(run.run(size, profile, seed, options, lambda line: print(line, file=sys.stderr)))
                (files.HOME / "results.json").write_text(json.dumps(results))
    alike = lookalikes.run() if options.lookalikes else []
    (files.HOME / "lookalikes.json").write_text(json.dumps(alike))
    about = machine.describe(options.cpsat_python)
    options.output.write_text(report.text(results, alike, about, datetime.now().astimezone(), told(options)))
    bad = [one["name"] for one in results if not one["ours"].get("valid")]
    if bad:
        print(f"not valid: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
