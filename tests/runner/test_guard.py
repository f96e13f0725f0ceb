"""Nothing outlives a run, however it ends; a service that dies comes back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("engine", "parent", "grandchild", "short")


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait for the state of processes, which only the kernel knows; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the deadline"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Say whether a process runs; one that only waits to be reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Run:
    """A run of fake services in a process of its own."""

    def __init__(self, place: Path, prefix: tuple[str, ...] = ()) -> None:
        self.place = place
        command = [*prefix, sys.executable, "-m", "tests.runner.fake", str(place)]
        self.front = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        until(lambda: all((place / name).exists() and (place / name).read_text() for name in NAMES))

    def pid(self, name: str) -> int:
        return int((self.place / name).read_text())

    def pids(self) -> list[int]:
        return [self.pid(name) for name in NAMES]

    def output(self) -> str:
        return self.front.communicate(timeout=15)[0]


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    run.front.terminate()
    run.front.communicate(timeout=15)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_everything_in_order(fake: Run, ending: signal.Signals) -> None:
    pids = fake.pids()
    fake.front.send_signal(ending)
    assert fake.front.wait(timeout=15) == 0
    assert [pid for pid in pids if alive(pid)] == []
    assert (fake.place / "ended").read_text() == "in order"


def test_killed_front_leaves_nothing_and_stops_in_order(fake: Run) -> None:
    pids = fake.pids()
    fake.front.kill()
    until(lambda: not any(alive(pid) for pid in pids))
    assert (fake.place / "ended").read_text() == "in order"


def test_killed_engine_leaves_nothing(fake: Run) -> None:
    pids = fake.pids()
    os.kill(fake.pid("engine"), signal.SIGKILL)
    assert fake.front.wait(timeout=30) == 1
    assert [pid for pid in pids if alive(pid)] == []


def test_front_and_engine_killed_together_take_their_services_along(fake: Run) -> None:
    fake.front.kill()
    os.kill(fake.pid("engine"), signal.SIGKILL)
    until(lambda: not alive(fake.pid("parent")) and not alive(fake.pid("short")))
    os.kill(fake.pid("grandchild"), signal.SIGKILL)


def test_killed_parent_of_the_front_counts_as_a_stop(tmp_path: Path) -> None:
    # The shell stands for make: it waits for the run and knows nothing of it.
    shell = ("sh", "-c", '"$@"; exit $?', "make")
    run = Run(tmp_path, prefix=shell)
    pids = run.pids()
    run.front.kill()
    until(lambda: not any(alive(pid) for pid in pids))
    assert (tmp_path / "ended").read_text() == "in order"
    run.output()


def test_service_that_dies_is_started_again_with_a_line_that_says_so(fake: Run) -> None:
    first = fake.pid("short")
    os.kill(first, signal.SIGKILL)
    until(lambda: (fake.place / "short").read_text() not in {"", str(first)})
    assert alive(fake.pid("short"))
    fake.front.terminate()
    assert "short ended (signal 9); starts again in 0.5 s" in fake.output()


def test_child_of_a_dead_service_does_not_stay_after_the_run(fake: Run) -> None:
    orphan = fake.pid("grandchild")
    os.kill(fake.pid("parent"), signal.SIGKILL)
    until(lambda: (fake.place / "grandchild").read_text() not in {"", str(orphan)})
    fake.front.terminate()
    assert fake.front.wait(timeout=15) == 0
    assert not alive(orphan)
