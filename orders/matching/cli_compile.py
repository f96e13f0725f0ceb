"""Builds the cache of the compiled code: every kernel runs once, on instances as small as can be."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numba

from .cli_steps import EFFORTS, Steps
from .jit import PREFIX

RAW: Final[dict[str, Any]] = {
    "meta": {"raw": True},
    "shifts": [
        {"id": 0, "start": 480, "end": 960, "headcount": 1},
        {"id": 1, "start": 900, "end": 1380, "headcount": 2},
        {"id": 2, "start": 1500, "end": 1980, "headcount": 1},
    ],
    "workers": [{"min_rest": 60, "max_week_min": 960}, {"min_rest": 0, "max_week_min": None}, {}],
    "pairs": [[0, 0, 9], [0, 1, 8], [1, 0, 7], [1, 1, 9], [1, 2, 3], [2, 0, 5], [2, 2, 5]],
}


def staffgen() -> dict[str, Any]:
    """Two people, one order on site and one remote, with an exception and a commitment."""
    place = {"lat": 31.2, "lng": 121.5}
    asked = {"client": 0, "skills": [[0, 1]], "certs": [0], "langs": [0], "min_stars10": 30, "background": 1}
    order = asked | {"max_rate": 2000, "priority": 1, "headcount": 1}
    return {
        "meta": {"n_workers": 2, "n_shifts": 2, "n_skills": 1, "n_certs": 1, "n_langs": 1},
        "cities": [{"id": 0, "name": "A", "lang": 0, "radius_km": 5.0} | place],
        "workers": {
            **{"city": [0, 0], "lat": [31.2, 31.21], "lng": [121.5, 121.5], "max_km": [5, 10], "remote_ok": [1, 0]},
            **{"stars10": [40, 50], "reliability": [90, 80], "rate": [1500, 1600], "min_rest": [60, 480]},
            **{"max_week_min": [2400, 960], "recent_min": [0, 600], "background": [1, 1]},
            **{"skills": [[[0, 2]], [[0, 4]]], "certs": [[0], [0]], "langs": [[0], [0]]},
            "weekly": [[[0, 1440]], [[480, 1200], [9900, 10200]]],
            "exceptions": [[[1, 1440, 2000]], [[0, 5000, 6000]]],
            "commitments": [[], [[3000, 3300]]],
        },
        "clients": [{"id": 0, "city": 0, "blacklist": [], "favourites": [1]} | place],
        "orders": [
            order | {"id": 0, "remote": 0, "shifts": [{"id": 0, "start": 540, "end": 900}]} | place,
            order | {"id": 1, "remote": 1, "lat": None, "lng": None, "shifts": [{"id": 1, "start": 600, "end": 700}]},
        ],
    }


def compile_all(steps: Steps) -> int:
    """Solve and explain both kinds of instances, and what the product asks; the exit code is 0."""
    from . import cli_warm
    from .cli_work import work

    with tempfile.TemporaryDirectory() as folder, steps.step("compile"):
        for name, instance in (("raw", RAW), ("staffgen", staffgen())):
            path = Path(folder, f"{name}.json")
            path.write_text(json.dumps(instance))
            for effort in EFFORTS:
                options = argparse.Namespace(instance=path, time_limit=None, explain=0, bound=True, effort=effort)
                work(options, steps, time.perf_counter())
        cli_warm.run()
    forget_old()
    return 0


def forget_old() -> None:
    """Take away what was compiled from earlier sources."""
    config: Any = numba.config
    now = Path(config.CACHE_DIR)
    for folder in now.parent.glob(f"{PREFIX}*"):
        if folder != now:
            shutil.rmtree(folder, ignore_errors=True)
