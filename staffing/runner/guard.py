"""Two processes that watch each other, so that nothing outlives the one that was started.

The front process is what the user, `make` or a test sees: it takes Ctrl-C, SIGTERM and SIGHUP and waits. The engine,
its child in a session of its own, does the work. The front holds the only write end of a pipe: when it dies in whatever
way, the engine reads end-of-file and stops in order. When the engine is killed, its services get their death signal and
the front, which adopts orphans, ends what is left.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Collection, Sequence

import psutil

from staffing.runner.kernel import adopt_orphans, die_with_parent

# Their own children are theirs to end, and a second signal would cut their writing short.
_SERVERS = frozenset({"postgres", "valkey-server"})
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """The run was asked to end."""


class StopWatch:
    """Tells the engine that it has to stop: one of its file descriptors became readable (end-of-file)."""

    def __init__(self, descriptors: Sequence[int]) -> None:
        self._descriptors = list(descriptors)

    def wait(self, seconds: float) -> None:
        """Pause for `seconds`; raise `Stopped` at once when the end is asked for."""
        if select.select(self._descriptors, [], [], seconds)[0]:
            raise Stopped


def remains() -> list[psutil.Process]:
    """Return every living descendant of this process, adopted ones included, without those that wait to be reaped."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def reap() -> None:
    """Collect the exit status of adopted orphans, so that none stays as a zombie."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def end_remains(patience: float) -> None:
    """End what is left: servers finish within `patience` seconds what their death signal began, others are asked."""
    for process in remains():
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.name() not in _SERVERS:
                process.terminate()
    deadline = time.monotonic() + patience
    while remains() and time.monotonic() < deadline:
        reap()
        time.sleep(0.05)
    for process in remains():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(remains(), timeout=5)
    reap()


def reap_adopted(own: Collection[int]) -> None:
    """Collect the zombies among adopted orphans; `own` pids are left to the `Popen` objects that wait for them."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess, ChildProcessError):
            if child.pid not in own and child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)


def _closing(descriptor: int) -> Callable[[int, object], None]:
    """Return a signal handler that closes `descriptor` once: the other end then reads end-of-file."""
    todo = [descriptor]

    def handler(_signum: int, _frame: object) -> None:
        while todo:
            os.close(todo.pop())

    return handler


def _on_endings(handler: Callable[[int, object], None]) -> None:
    for ending in _ENDINGS:
        signal.signal(ending, handler)


def _engine(work: Callable[[StopWatch], int], descriptors: Sequence[int]) -> int:
    reading, writing = os.pipe()
    _on_endings(_closing(writing))
    adopt_orphans()
    try:
        return work(StopWatch([reading, *descriptors]))
    except Stopped:
        return 0
    except Exception:
        traceback.print_exc()
        return 1
    finally:
        end_remains(patience=0)
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()


def _wait(pid: int) -> int:
    """Return the exit code of the engine; after a kill, end what it left and return 1."""
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        end_remains(patience=15)
        return 1
    return code


def guarded(work: Callable[[StopWatch], int], *, watch: Sequence[int] = (), die_with: int | None = None) -> int:
    """Run `work` in an engine process and return its exit code when nothing of it is left.

    `watch` are further descriptors whose end-of-file stops the work. `die_with` is the pid of a parent (such as make)
    whose death is to count as SIGTERM.
    """
    reading, writing = os.pipe()
    _on_endings(_closing(writing))
    if die_with is not None:
        die_with_parent(signal.SIGTERM, die_with)
    adopt_orphans()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            os.close(writing)
        os.setsid()
        os._exit(_engine(work, [reading, *watch]))
    os.close(reading)
    return _wait(pid)
