"""Gives a test run its own PostgreSQL and Valkey before Django reads its settings.

With `DATABASE_URL` or `REDIS_URL` set, that server is used instead. The servers end with this process in whatever way
it ends, since they hold the other end of its pipe. Under xdist the first process starts them; each worker gets a
database of its own from pytest-django, and a Valkey database of its own here.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_VARIABLES = ("DATABASE_URL", "REDIS_URL")
_server: subprocess.Popen[str] | None = None


def _start() -> None:
    global _server
    command = [sys.executable, "-m", "staffing.runner", "ephemeral"]
    _server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert _server.stdout is not None
    line = _server.stdout.readline()
    if not line:
        raise pytest.UsageError("the servers for the tests did not start; see the lines above")
    addresses = json.loads(line)
    os.environ.update({name: addresses[name] for name in _VARIABLES})


def _stop() -> None:
    global _server
    if _server is not None and _server.stdin is not None and _server.stdout is not None:
        _server.stdin.close()
        _server.wait()
        _server.stdout.close()
    _server = None


def _set_environment() -> None:
    os.environ["STAFFING_ENV"] = "test"
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
    # Playwright's loop runs in the thread of the tests, which makes Django refuse the database otherwise.
    os.environ.setdefault("PRIVATE_ROOT", tempfile.mkdtemp(prefix="photos-"))
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def _own_valkey_database(worker: str) -> None:
    """Give xdist's worker `gw3` the database after the one in `REDIS_URL` by four."""
    base, number = re.fullmatch(r"(.*?)(?:/(\d+))?", os.environ["REDIS_URL"].rstrip("/")).groups()  # type: ignore[union-attr]
    os.environ["REDIS_URL"] = f"{base}/{int(number or 0) + 1 + int(worker.removeprefix('gw'))}"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start what is missing; runs before pytest-django loads the settings."""
    _set_environment()
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:
        _own_valkey_database(worker)
    elif any(name not in os.environ for name in _VARIABLES):
        _start()
        early_config.add_cleanup(_stop)
