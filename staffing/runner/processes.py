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


def log_tail(path: Path, lines: int = 20) -> str:
    """Return the last lines of a log, indented, or a word that there are none."""
    with contextlib.suppress(OSError):
        text = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join(f"    {line}" for line in text) or "    (the log is empty)"
    return "    (there is no log)"


def _spawn(service: Service) -> subprocess.Popen[bytes]:
    service.before()
    service.log.parent.mkdir(parents=True, exist_ok=True)
    with service.log.open("ab") as log:
        return subprocess.Popen(
            list(service.argv),
            env=dict(service.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
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

    def run(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        *,
        show: bool = False,
    ) -> None:
        """Run a command to its end, its output in `log` or, with `show`, on the terminal; raise `Failed` if it does."""
        service = Service(name, argv, env, log)
        child = self._run_shown(service) if show else _spawn(service)
        try:
            self._wait_for(child, name, told_every=0 if show else 5)
        finally:
            _kill_group(child.pid)
            child.wait()
        if child.returncode:
            tail = "" if show else f" End of {log}:\n{log_tail(log)}"
            raise Failed(f"{name} ended with code {child.returncode}.{tail}")

    def stop_all(self) -> None:
        """Stop every service, the highest tier first; kill what does not follow in its grace."""
        for tier in sorted({each.service.tier for each in self._running.values()}, reverse=True):
            self._stop([each for each in self._running.values() if each.service.tier == tier])
        self._running.clear()

    def _wait_for(self, child: subprocess.Popen[bytes], name: str, told_every: float) -> None:
        told = begun = time.monotonic()
        while child.poll() is None:
            self.pause()
            if told_every and time.monotonic() - told >= told_every:
                told = time.monotonic()
                self.console.say(f"  still at it: {name}, {told - begun:.0f} s")

    @staticmethod
    def _run_shown(service: Service) -> subprocess.Popen[bytes]:
        setup = child_setup(service.death_signal)
        return subprocess.Popen(
            list(service.argv),
            env=dict(service.env),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=setup,
        )

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
