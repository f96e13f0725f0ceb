"""Servers for one test that kills or stops them; the servers of the run stay whole for everybody else."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class OwnServers:
    """A PostgreSQL with an empty database and a Valkey, both durable; one that dies comes back at the same address."""

    home: Path
    database_url: str
    redis_url: str

    @property
    def env(self) -> dict[str, str]:
        """The environment for a process of the product that works on these servers."""
        return os.environ | {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    @property
    def postgres_pid(self) -> int:
        """The pid of the PostgreSQL that runs now."""
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])

    @property
    def valkey_pid(self) -> int:
        """The pid of the Valkey that runs now."""
        with redis.Redis.from_url(self.redis_url) as client:
            return int(client.info("server")["process_id"])


@pytest.fixture
def own_servers(tmp_path: Path) -> Iterator[OwnServers]:
    """Start servers for this test alone; they end with it, and with this process in whatever way it ends."""
    env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, "-m", "staffing.runner", "ephemeral", "--home", str(tmp_path / "servers")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield OwnServers(tmp_path / "servers", told["DATABASE_URL"], told["REDIS_URL"])
        process.communicate(timeout=30)
