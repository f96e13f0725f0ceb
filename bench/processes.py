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


def last_words(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of an error, wherever it was written; the runner's own farewell comes after it."""
    said = [*done.stdout.strip().splitlines(), *done.stderr.strip().splitlines()]
    errors = [line for line in said if "Error" in line or "Failed" in line]
    return (errors or said or [f"exit code {done.returncode}"])[-1]


def ask(module: str, *arguments: object, python: str = sys.executable, env: dict[str, str] | None = None) -> Any:
    """The JSON that ``python -m module arguments`` prints last. Raises Failed."""
    command = [python, "-m", module, *map(str, arguments)]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)} | (env or {})
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(last_words(done))
    return json.loads(done.stdout.strip().splitlines()[-1])
