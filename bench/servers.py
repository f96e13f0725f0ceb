"""The environment in which the product runs on servers of the moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.files import ROOT, Json
from bench.processes import Failed, last_words

ENVIRONMENT = {
    "STAFFING_ENV": "test",
    "SECRET_KEY": "only-for-the-benchmark",
    "DJANGO_SETTINGS_MODULE": "staffing.settings",
}


def product(path: Path, naive_shifts: int) -> Json:
    """What :mod:`bench.product` measures, on an embedded Postgres that is gone afterwards. Raises Failed."""
    inner = [sys.executable, "-m", "bench.product", str(path), str(naive_shifts)]
    command = [sys.executable, "-m", "staffing.runner", "ephemeral", "--", *inner]
    surroundings = os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise Failed(last_words(done))
    found: Json = json.loads(lines[-1])
    return found
