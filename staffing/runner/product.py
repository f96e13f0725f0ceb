"""The product's own processes and files, as the runner sees them: commands, addresses, digests."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
import urllib.request
from collections.abc import Mapping

from staffing.runner.local import ROOT, Local
from staffing.runner.options import Options, bracketed
from staffing.runner.processes import Service

# ReDoc is not served: it does not run under the content security policy.
COLLECT_STATIC = ("--no-input", "--clear", "--ignore", "redoc")
_STATIC_SOURCES = ("static", "staffing/core/static", "requirements.lock")


def _gunicorn(options: Options) -> list[str]:
    argv = [sys.executable, "-m", "gunicorn", "staffing.wsgi:application", "--bind"]
    argv += [f"{bracketed(options.host)}:{options.port}"]
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
        "worker-matching": _celery_worker("matching", "matching", 2),
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
