"""Each method runs in a fresh process: their memory is their own, and HiGHS and OR-Tools never meet in one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from bench.files import ROOT


class Failed(RuntimeError):
    """A method that came to no result; the message is the last that it said."""


def ask(module: str, *arguments: object, python: str = sys.executable, env: dict[str, str] | None = None) -> Any:
    """The JSON that ``python -m module arguments`` prints last. Raises Failed."""
    command = [python, "-m", module, *map(str, arguments)]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)} | (env or {})
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise Failed(said[-1])
    return json.loads(done.stdout.strip().splitlines()[-1])
