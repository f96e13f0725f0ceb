"""The directory `.local/`: the lock of the one run, secrets made once, and what the run tells other commands."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

ROOT = Path(__file__).resolve().parents[2]
Phase = Literal["starting", "running", "stopping"]


@dataclass(frozen=True)
class DemoState:
    """What other commands need to know of the running demo; holds passwords, so its file is private."""

    address: str
    allowed_hosts: str
    database_url: str
    redis_url: str
    pid: int
    pids: Mapping[str, int]


@dataclass(frozen=True)
class Local:
    """Paths below the directory of local data, and what is read and written there."""

    home: Path

    @classmethod
    def default(cls) -> Local:
        """Return the project's `.local/`, or the directory that STAFFING_LOCAL names."""
        return cls(Path(os.environ.get("STAFFING_LOCAL") or ROOT / ".local").absolute())

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self.home / "log" / f"{name}.log"

    def wipe(self) -> None:
        """Remove all data but the lock, which the caller holds."""
        for entry in self.home.iterdir():
            if entry.name == "lock":
                continue
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()

    def secret(self, name: str) -> str:
        """Return a random secret of 67 characters, made at the first call and kept in a private file."""
        path = self.home / "secrets" / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_private(path, secrets.token_urlsafe(50))
        return path.read_text()

    def write_state(self, state: DemoState) -> None:
        """Tell other commands where the demo is."""
        _write_private(self.home / "demo.json", json.dumps(asdict(state), indent=2))

    def forget_state(self) -> None:
        """Say that there is no demo any more."""
        (self.home / "demo.json").unlink(missing_ok=True)

    def running(self) -> DemoState | None:
        """Return the running demo, or None. A file left by a killed run does not count: nobody holds its lock."""
        path = self.home / "demo.json"
        if not path.exists():
            return None
        lock = Lock(self.home)
        if lock.take():
            lock.release()
            return None
        return DemoState(**json.loads(path.read_text()))


def _write_private(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


class Lock:
    """One run for each directory. The kernel frees it when front and engine are both gone, however they ended."""

    def __init__(self, home: Path) -> None:
        self._path = home / "lock"
        self._file: IO[str] | None = None

    def take(self, patience: float = 0.0) -> bool:
        """Try to take the lock; wait up to `patience` seconds while the holder is stopping."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+")
        begun = time.monotonic()
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # An engine whose front was killed needs a moment to say that it stops.
                allowed = patience if self.phase() == "stopping" else min(patience, 1.0)
                if time.monotonic() - begun < allowed:
                    time.sleep(0.1)
                    continue
                file.close()
                return False
            self._file = file
            return True

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def tell(self, phase: Phase) -> None:
        """Write what the holder does now, for those who wait."""
        self._path.write_text(phase)

    def phase(self) -> str:
        """Return what the holder said last."""
        return self._path.read_text()


def environment(state: DemoState, local: Local) -> dict[str, str]:
    """Return the environment of the product's processes: what the user set stays, except where the servers are."""
    defaults = {
        "SECRET_KEY": local.secret("secret_key"),
        "VAULT_KEYS": local.secret("vault_key"),
        "ALLOWED_HOSTS": state.allowed_hosts,
        "PUBLIC_URL": state.address,
        "STATIC_ROOT": str(local.home / "static"),
        "PRIVATE_ROOT": str(local.home / "private"),
    }
    fixed = {
        "STAFFING_ENV": "demo",
        "DJANGO_SETTINGS_MODULE": "staffing.settings",
        "DATABASE_URL": state.database_url,
        "REDIS_URL": state.redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    return defaults | dict(os.environ) | fixed
