"""The whole product on one machine: servers, data, web, jobs, and the way back."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import socket
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from staffing.runner.console import Console
from staffing.runner.guard import StopWatch, guarded
from staffing.runner.local import ROOT, DemoState, Local, Lock, environment
from staffing.runner.processes import Failed, Job, Service, Supervisor
from staffing.runner.servers import local_servers, start_server

EXIT_REFUSED = 2
# ReDoc is not served: it does not run under the content security policy.
COLLECT_STATIC = ("--no-input", "--clear", "--ignore", "redoc")
_STATIC_SOURCES = ("static", "staffing/core/static", "requirements.lock")


@dataclass(frozen=True)
class Options:
    """What the user chose."""

    host: str = "127.0.0.1"
    port: int = 8000
    scale: int = 1
    reset: bool = False

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104
        return f"http://{host}:{self.port}"


def port_problem(host: str, port: int) -> str | None:
    """Say why no server may listen there, or None. A port that only waits for late packets of its last user is free."""
    if not 0 < port < 65536:
        return "is no port number (1 to 65535)"
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
    return None


def _gunicorn(options: Options) -> list[str]:
    host = f"[{options.host}]" if ":" in options.host else options.host
    argv = [sys.executable, "-m", "gunicorn", "staffing.wsgi:application", "--bind", f"{host}:{options.port}"]
    argv += ["--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--no-control-socket"]
    # The heartbeat file must not wait for a disk.
    return [*argv, "--worker-tmp-dir", "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()]  # noqa: S108


def _celery_worker(name: str, queues: str, concurrency: int) -> list[str]:
    argv = [sys.executable, "-m", "celery", "-A", "staffing.celery:app", "worker", "--loglevel", "INFO"]
    argv += ["--hostname", f"{name}@%h", "--queues", queues, "--concurrency", str(concurrency)]
    return [*argv, "--without-gossip", "--without-mingle"]


def app_services(options: Options, env: Mapping[str, str], local: Local) -> list[Service]:
    """Return the product's own processes: web, one worker for short jobs, one for matching, and beat."""
    beat = [sys.executable, "-m", "celery", "-A", "staffing.celery:app", "beat", "--loglevel", "INFO", "--pidfile="]
    commands = {
        "web": _gunicorn(options),
        "worker-timers": _celery_worker("timers", "timers,notify", 2),
        "worker-matching": _celery_worker("matching", "matching", 1),
        "beat": [*beat, "--schedule", str(local.home / "celerybeat-schedule")],
    }
    return [Service(name, argv, env, local.log(name)) for name, argv in commands.items()]


def static_fingerprint() -> str:
    """Return a digest of names, sizes and times of everything that `collectstatic` would collect."""
    digest = hashlib.sha256()
    for source in (ROOT / name for name in _STATIC_SOURCES):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            with contextlib.suppress(OSError):
                stat = path.stat()
                digest.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def answers(url: str) -> bool:
    """Say whether the health page answers 200; a proxy of the environment is not asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(OSError), opener.open(url, timeout=3) as response:
        return bool(response.status == 200)
    return False


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
                self._manage(env, "seed_demo", "--if-empty", "--scale", str(self._options.scale), show=True)

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
        address, urls = self._options.address, self._urls
        return DemoState(address, urls["DATABASE_URL"], urls["REDIS_URL"], os.getpid(), self._supervisor.pids())

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
