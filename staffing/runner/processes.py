"""Services: start, log, restart with a growing pause, stop in order."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from staffing.runner.console import Console
from staffing.runner.guard import StopWatch, reap_adopted
from staffing.runner.kernel import child_setup

_TICK = 0.1
_TELL_EVERY = 5.0
_LOG_BYTES = 5_000_000
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_STEADY_AFTER = 60.0


class Failed(Exception):
    """A stage did not come to its end; the text says why, for the person at the terminal."""


@dataclass(frozen=True)
class Service:
    """One process that has to run. `tier`: higher ones stop first, so that servers outlive what uses them."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    tier: int = 1
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    grace: float = 15.0
    account: pwd.struct_passwd | None = None
    before: Callable[[], None] = lambda: None


@dataclass
class _Running:
    service: Service
    child: subprocess.Popen[bytes] | None
    since: float
    deaths: int = 0
    due: float = 0.0


@dataclass(frozen=True)
class Job:
    """A command that ends by itself."""

    service: Service
    child: subprocess.Popen[bytes]
    shown: bool


def log_tail(path: Path, lines: int = 20) -> str:
    """Return the last lines of a log, indented, or a word that there are none."""
    with contextlib.suppress(OSError):
        text = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join(f"    {line}" for line in text) or "    (the log is empty)"
    return "    (there is no log)"


def _rotate(log: Path) -> None:
    """Keep one older log once the current one has grown; only between two lives of a process."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))


def _spawn(service: Service, *, show: bool = False) -> subprocess.Popen[bytes]:
    service.before()
    _rotate(service.log)
    with service.log.open("ab") as log:
        return subprocess.Popen(
            list(service.argv),
            env=dict(service.env),
            stdin=subprocess.DEVNULL,
            stdout=None if show else log,
            stderr=None if show else subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=child_setup(service.death_signal, service.account),
        )


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


@dataclass
class Supervisor:
    """Runs services until `stop_all`. Everything happens in the thread that calls."""

    stop: StopWatch
    console: Console
    changed: Callable[[], None] = lambda: None
    _running: dict[str, _Running] = field(default_factory=dict)
    _jobs: list[Job] = field(default_factory=list)

    def start(self, service: Service) -> None:
        """Start a service and keep it running from now on."""
        self._running[service.name] = _Running(service, _spawn(service), time.monotonic())
        self.changed()

    def pids(self) -> dict[str, int]:
        """Return the pid of each service that runs now."""
        return {name: each.child.pid for name, each in self._running.items() if each.child is not None}

    def wait_until(self, ready: Callable[[], bool], service: Service, seconds: float) -> None:
        """Wait for `ready`; raise `Failed` with the end of the log when it takes too long or dies three times."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline or self._running[service.name].deaths >= 3:
                raise Failed(f"{service.name} did not become ready. End of {service.log}:\n{log_tail(service.log)}")
            self.pause()

    def pause(self, seconds: float = _TICK) -> None:
        """Wait a moment, look after the services; raise `Stopped` when the run has to end."""
        self.stop.wait(seconds)
        for each in self._running.values():
            self._look_after(each)

    def begin(self, name: str, argv: Sequence[str], env: Mapping[str, str], log: Path, *, show: bool = False) -> Job:
        """Start a command that ends by itself; its output goes into `log` or, with `show`, to the terminal."""
        service = Service(name, argv, env, log)
        job = Job(service, _spawn(service, show=show), show)
        self._jobs.append(job)
        return job

    def finish(self, job: Job) -> None:
        """Wait for the end of a command; raise `Failed` with the end of its log if it fails."""
        told = begun = time.monotonic()
        while job.child.poll() is None:
            self.pause()
            if not job.shown and time.monotonic() - told >= _TELL_EVERY:
                told = time.monotonic()
                self.console.say(f"  still at it: {job.service.name}, {told - begun:.0f} s")
        self._jobs.remove(job)
        _kill_group(job.child.pid)
        if job.child.returncode:
            tail = "" if job.shown else f" End of {job.service.log}:\n{log_tail(job.service.log)}"
            raise Failed(f"{job.service.name} ended with code {job.child.returncode}.{tail}")

    def stop_all(self) -> None:
        """End every command, then stop every service, the highest tier first; kill what outstays its grace."""
        for job in self._jobs:
            _kill_group(job.child.pid)
            job.child.wait()
        for tier in sorted({each.service.tier for each in self._running.values()}, reverse=True):
            self._stop([each for each in self._running.values() if each.service.tier == tier])
        self._running.clear()

    def _look_after(self, each: _Running) -> None:
        now = time.monotonic()
        if each.child is not None and each.child.poll() is not None:
            self._died(each, now)
        elif each.child is None and now >= each.due:
            reap_adopted(self.pids().values())
            each.child, each.since = _spawn(each.service), now
            self.changed()

    def _died(self, each: _Running, now: float) -> None:
        assert each.child is not None
        _kill_group(each.child.pid)
        each.deaths = 1 if now - each.since > _STEADY_AFTER else each.deaths + 1
        pause = min(_FIRST_PAUSE * 2 ** (each.deaths - 1), _LONGEST_PAUSE)
        code, each.child, each.due = each.child.returncode, None, now + pause
        how = f"signal {-code}" if code < 0 else f"code {code}"
        self.console.say(f"{each.service.name} ended ({how}); starts again in {pause:.1f} s. Log: {each.service.log}")

    def _stop(self, group: Sequence[_Running]) -> None:
        alive = [(each.service, each.child) for each in group if each.child is not None]
        for service, child in alive:
            child.send_signal(service.stop_signal)
        begun = time.monotonic()
        for service, child in alive:
            try:
                child.wait(timeout=max(0.0, begun + service.grace - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.console.say(f"{service.name} did not stop in {service.grace:.0f} s and is killed")
            _kill_group(child.pid)
            child.wait()
