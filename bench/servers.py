"""The environment in which the product runs on servers of the moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.files import ROOT, Json
from bench.processes import Failed, last_words

# as in production, but on one machine and without TLS
ENVIRONMENT = {
    "STAFFING_ENV": "production",
    "SECRET_KEY": "only-for-the-benchmark-and-long-enough-for-production",
    "VAULT_KEYS": "only-for-the-benchmark-and-long-enough-for-production",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECURE_SSL_REDIRECT": "0",
    "SECURE_COOKIES": "0",
    "DJANGO_SETTINGS_MODULE": "staffing.settings",
    "LOG_LEVEL": "WARNING",
}


def product(path: Path, naive_shifts: int) -> Json:
    """What :mod:`bench.product` measures, on an embedded Postgres that is gone afterwards. Raises Failed."""
    return _asked("bench.product", path, naive_shifts)


def online(path: Path) -> Json:
    """What :mod:`bench.online` measures, likewise."""
    return _asked("bench.online", path)


def _asked(module: str, *arguments: object) -> Json:
    inner = [sys.executable, "-m", module, *map(str, arguments)]
    command = [sys.executable, "-m", "staffing.runner", "ephemeral", "--", *inner]
    surroundings = os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise Failed(last_words(done))
    found: Json = json.loads(lines[-1])
    return found
