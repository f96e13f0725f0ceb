"""The whole product on one machine: servers, data, web, jobs, and the way back."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping

from staffing.runner.console import Console
from staffing.runner.guard import StopWatch, guarded
from staffing.runner.local import ROOT, DemoState, Local, Lock, environment
from staffing.runner.options import Options, port_problem
from staffing.runner.processes import Failed, Job, Supervisor
from staffing.runner.product import COLLECT_STATIC, answers, app_services, static_fingerprint
from staffing.runner.servers import local_servers, start_server

EXIT_REFUSED = 2


class Demo:
    """One run, from the servers up to the logins and back."""

    def __init__(self, options: Options, local: Local, lock: Lock, stop: StopWatch) -> None:
        self._options, self._local, self._lock = options, local, lock
        self._console = Console()
        self._supervisor = Supervisor(stop, self._console, changed=self._publish)
        self._urls: dict[str, str] = {}
        self._known = False

    def run(self) -> int:
        """Start everything, then look after it until the run has to end; raises `Stopped` or `Failed`."""
        try:
            self._start_servers()
            env = environment(self._state(), self._local)
            self._prepare(env)
            self._start_apps(env)
            self._announce(env)
            while True:
                self._supervisor.pause(0.25)
        finally:
            self._end()

    def _start_servers(self) -> None:
        for name, server in local_servers(self._local.home, durable=True).items():
            url = os.environ.get(name)
            if url:
                self._console.say(f"{name} is set: that server is used")
            else:
                with self._console.stage(server.service().name):
                    start_server(self._supervisor, server)
            self._urls[name] = url or server.url

    def _begin(self, env: Mapping[str, str], *arguments: str, show: bool = False) -> Job:
        argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return self._supervisor.begin(arguments[0], argv, env, self._local.log(arguments[0]), show=show)

    def _manage(self, env: Mapping[str, str], *arguments: str, show: bool = False) -> None:
        self._supervisor.finish(self._begin(env, *arguments, show=show))

    def _prepare(self, env: Mapping[str, str]) -> None:
        with self._static_files(env):
            with self._console.stage("database schema"):
                self._manage(env, "migrate", "--no-input")
            with self._console.stage("demo agency"):
                # The notices of a seeded agency are old news: they stay out of what the demo shows of its start.
                quiet = {**env, "LOG_LEVEL": "WARNING"}
                self._manage(quiet, "seed_demo", "--if-empty", "--scale", str(self._options.scale), show=True)

    @contextlib.contextmanager
    def _static_files(self, env: Mapping[str, str]) -> Iterator[None]:
        """Collect and compress beside the work of the block, unless nothing has changed."""
        stamp, fingerprint = self._local.home / "static.stamp", static_fingerprint()
        if stamp.exists() and stamp.read_text() == fingerprint:
            yield
            return
        job = self._begin(env, "collectstatic", *COLLECT_STATIC)
        yield
        with self._console.stage("static files"):
            self._supervisor.finish(job)
        stamp.write_text(fingerprint)

    def _start_apps(self, env: Mapping[str, str]) -> None:
        services = app_services(self._options, env, self._local)
        with self._console.stage("web, workers, beat"):
            for service in services:
                self._supervisor.start(service)
            url = f"{self._options.address}/health/ready/"
            self._supervisor.wait_until(lambda: answers(url), services[0], 90)

    def _announce(self, env: Mapping[str, str]) -> None:
        self._known = True
        self._publish()
        self._lock.tell("running")
        self._console.say(f"ready: {self._options.address}")
        self._manage(env, "demo_logins", show=True)
        self._console.plain("Ctrl-C stops everything; the data stay for the next start (RESET=1 starts afresh).")

    def _state(self) -> DemoState:
        options, urls = self._options, self._urls
        return DemoState(
            address=options.address,
            allowed_hosts=options.allowed_hosts,
            database_url=urls["DATABASE_URL"],
            redis_url=urls["REDIS_URL"],
            pid=os.getpid(),
            pids=self._supervisor.pids(),
        )

    def _publish(self) -> None:
        if self._known:
            self._local.write_state(self._state())

    def _end(self) -> None:
        self._known = False
        self._lock.tell("stopping")
        self._local.forget_state()
        self._console.say("stopping …")
        self._supervisor.stop_all()
        self._console.say("stopped; nothing is left running")


def _refused(text: str) -> int:
    print(text, file=sys.stderr, flush=True)
    return EXIT_REFUSED


def run(options: Options, *, die_with: int | None = None) -> int:
    """Run the demo until it is stopped. Returns 0 after a stop, 1 after a failure, 2 if it could not be started."""
    local = Local.default()
    lock = Lock(local.home)
    if not lock.take(patience=40.0):
        state = local.running()
        where = f" at {state.address}" if state else ""
        return _refused(f"A demo already runs on {local.home}{where}. Stop it first (Ctrl-C there).")
    if (problem := port_problem(options.host, options.port)) is not None:
        return _refused(f"Port {options.port} on {options.host} {problem}. Choose another: make demo PORT=8080")
    lock.tell("starting")
    if options.reset:
        local.wipe()

    def work(stop: StopWatch) -> int:
        try:
            return Demo(options, local, lock, stop).run()
        except Failed as error:
            print(f"\n{error}", file=sys.stderr, flush=True)
            return 1

    return guarded(work, die_with=die_with)


def in_demo(arguments: list[str]) -> int:
    """Run a command of manage.py against the running demo, in the place of this process."""
    local = Local.default()
    state = local.running()
    if state is None:
        return _refused("No demo is running: start `make demo` first.")
    argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
    os.execve(sys.executable, argv, environment(state, local))  # noqa: S606
