"""The same days with parts switched off, side by side: each in a process and on servers of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from staffing.demo.simulate.table import VARIANTS, Figures

# The address of no server: each run starts its own.
OWN = ("DATABASE_URL", "REDIS_URL")


def compare(arguments: Sequence[str], at_once: int) -> Mapping[str, Figures]:
    """Figures of every variant, by what is switched off. `CalledProcessError` if one fails."""
    with ThreadPoolExecutor(at_once) as pool:
        found = pool.map(lambda without: _run(arguments, without), VARIANTS)
        return dict(zip(VARIANTS, found, strict=True))


def _run(arguments: Sequence[str], without: str) -> Any:
    manage = [sys.executable, "manage.py", "simulate", *arguments, "--without", without, "--json"]
    command = [sys.executable, "-m", "staffing.runner", "ephemeral", "--", *manage]
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout[done.stdout.index("{") :])
