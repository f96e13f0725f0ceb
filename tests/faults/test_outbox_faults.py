"""Workers are killed, Valkey forgets, Postgres goes down: nothing is lost, and every effect happens once.

On servers of its own, with real Celery workers as processes. Waiting is polling for a state, with a deadline.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
import redis

ROOT = Path(__file__).resolve().parents[2]
PROPOSED = "SELECT count(*) FROM orders_order WHERE status = 'proposed'"
CALLS = "SELECT count(*) FROM feedback_escalation WHERE level_hours = 48 AND sent_at IS NOT NULL"
WAITING = "SELECT count(*) FROM core_outboxmessage WHERE done_at IS NULL AND due_at <= now()"
POINTS = ["after the claim", "before the effect", "between effect and commit", "after the commit"]

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]


class House:
    """Servers of this module's own, with the schema in place."""

    def __init__(self, home: Path, env: Mapping[str, str], pids: Mapping[str, int]) -> None:
        self.home, self.env, self.pids = home, env, pids

    def run(self, *argv: str) -> str:
        done = subprocess.run(
            [sys.executable, *argv], cwd=ROOT, env=dict(self.env), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def scene(self, *argv: str) -> dict[str, Any]:
        return dict(json.loads(self.run("-W", "ignore", "-m", "tests.faults.scene", *argv).splitlines()[-1]))

    def escalations(self, *argv: str) -> dict[str, Any]:
        return dict(json.loads(self.run("-W", "ignore", "-m", "tests.faults.escalations", *argv).splitlines()[-1]))

    def count(self, statement: str) -> int:
        """Asked of the database directly: a process a poll would take longer than what it waits for."""
        with psycopg2.connect(self.env["DATABASE_URL"]) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return int((cursor.fetchone() or (0,))[0])

    def empty(self) -> None:
        self.run("manage.py", "flush", "--no-input")
        self.valkey().flushall()

    def valkey(self) -> Any:
        return redis.Redis.from_url(self.env["REDIS_URL"])

    @contextmanager
    def worker(self, point: str = "", *, beat: bool = False, name: str = "") -> Iterator[subprocess.Popen[bytes]]:
        env = dict(self.env) | ({"BEAT_FILE": str(self.home / f"beat{name}")} if beat else {})
        argv = [sys.executable, "-W", "ignore", "-m", "tests.faults.worker", *([point] if point else [])]
        with (self.home / "worker.log").open("ab") as log:
            process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            yield process
        finally:
            for each in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
                each.kill()
            process.kill()
            process.wait()

    def settled(self, orders: int) -> bool:
        return self.count(PROPOSED) == orders and self.count(WAITING) == 0


def until(true: Callable[[], bool], seconds: float = 45) -> None:
    """Poll; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "the deadline passed"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that is empty, and gone with the module."""
    home = tmp_path_factory.mktemp("house")
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    argv = [sys.executable, "-m", "staffing.runner", "ephemeral"]
    servers = subprocess.Popen(argv, cwd=ROOT, env=clean, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert servers.stdin and servers.stdout
    said = json.loads(servers.stdout.readline())
    speed = {"OUTBOX_LEASE_SECONDS": "2", "OUTBOX_SWEEP_SECONDS": "0.5", "STAFFING_ENV": "test"}
    env = clean | {name: said[name] for name in ("DATABASE_URL", "REDIS_URL")} | speed
    built = House(home, env, said["pids"])
    built.run("manage.py", "migrate", "--verbosity", "0")
    yield built
    servers.stdin.close()
    servers.wait(timeout=30)
    servers.stdout.close()


def assert_done_once(found: Mapping[str, Any], orders: int) -> None:
    """Every order proposed by one run, told once, nothing left over."""
    assert found == {
        "states": ["proposed"] * orders,
        "runs": [1] * orders,
        "audits": orders,
        "notices": orders,
        "waiting": 0,
        "aside": 0,
    }


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_any_point_loses_nothing_and_repeats_nothing(house: House, point: str) -> None:
    house.empty()
    with house.worker(point) as doomed:
        house.scene("post", "1")
        assert doomed.wait(timeout=45) == -signal.SIGKILL
    with house.worker(beat=True):
        until(lambda: house.settled(1))
    assert_done_once(house.scene("look"), 1)


def test_valkey_forgets_everything(house: House) -> None:
    house.empty()
    house.scene("post", "2")
    assert house.valkey().llen("matching") > 0, "the nudge waits in Valkey"
    house.valkey().flushall()
    with house.worker(beat=True):
        until(lambda: house.settled(2))
    assert_done_once(house.scene("look"), 2)


def test_postgres_is_killed_in_the_middle(house: House) -> None:
    house.empty()
    house.scene("post", "6")
    with house.worker(beat=True):
        until(lambda: has_begun(house))
        psutil.Process(house.pids["postgres"]).send_signal(signal.SIGQUIT)
        until(lambda: answers(house) and house.settled(6))
    assert_done_once(house.scene("look"), 6)


def has_begun(house: House) -> bool:
    return house.count(PROPOSED) > 0


def answers(house: House) -> bool:
    try:
        psycopg2.connect(house.env["DATABASE_URL"]).close()
    except psycopg2.OperationalError:
        return False
    return True


def test_after_two_days_without_a_beat_every_call_for_help_is_made_once(house: House) -> None:
    """350 cases, the last call of 300 fell due meanwhile; two beats and two workers return, and one is killed."""
    house.empty()
    house.escalations("post", "300", "50")
    with house.worker(beat=True, name="one") as doomed, house.worker(beat=True, name="other"):
        until(lambda: house.count(CALLS) >= 20, seconds=300)
        for each in (*psutil.Process(doomed.pid).children(recursive=True), psutil.Process(doomed.pid)):
            each.kill()
        until(lambda: house.count(CALLS) == 300 and house.count(WAITING) == 0, seconds=600)
    assert house.escalations("look") == {
        "escalations": 300,
        "early": 0,
        "audited": [[1, 300]],
        "told": [[1, 300]],
        "breaches": 300,
        "aside": 0,
    }
