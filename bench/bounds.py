"""What nobody can exceed and the best that is known, by HiGHS. Runs in a process of its own.

python -m bench.bounds INSTANCE bound | best SECONDS      prints one line of JSON
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bench import files, staffgen
from bench.pairs import Pairs
from bench.processes import ask


def bound(path: Path) -> files.Json:
    """The clique LP's bound, from an earlier run if there was one; minutes for the largest instances."""
    return files.cached(path, "bound", lambda: ask("bench.bounds", path, "bound"))


def best_known(path: Path, seconds: int) -> files.Json:
    """What HiGHS' branch and bound reaches in this time; its solution has passed the checker."""
    return files.cached(path, f"mip{seconds}", lambda: ask("bench.bounds", path, "best", seconds), seconds)


def _best(instance: Any, seconds: int) -> files.Json:
    p = Pairs.of(instance).best(6, 10)
    _, x, _, status, info = staffgen.lp_solve(
        p.shift, p.who, p.score, p.start, p.end, p.need, p.rest, p.left, integer=True, time_limit=seconds, gap=0.0
    )
    taken = (x > 0.5).nonzero()[0]
    rows = list(zip(p.shift[taken].tolist(), p.who[taken].tolist(), strict=True))
    found: files.Json = staffgen.check(instance, {"assignments": rows})
    return found | {"status": status, "mip_bound": -float(info.mip_dual_bound)}


def main(argv: list[str]) -> int:
    """Print the figures of one instance."""
    instance = staffgen.load(argv[0])
    if argv[1] == "bound":
        found = staffgen.lp_bound(instance, log=lambda *words: print(*words, file=sys.stderr))
    else:
        found = _best(instance, int(argv[2]))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
