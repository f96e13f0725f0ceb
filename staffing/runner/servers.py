"""The servers that a run can start by itself, and how each comes up."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Protocol

from staffing.runner.machine import free_port, socket_directory
from staffing.runner.postgres import Postgres
from staffing.runner.processes import Service, Supervisor
from staffing.runner.valkey import Valkey


class Server(Protocol):
    """A server that a run can start by itself."""

    @property
    def url(self) -> str:
        """The address for the product's settings."""

    def prepare(self) -> None:
        """Create what the server needs before its first start."""

    def service(self) -> Service:
        """Describe the process to supervise."""

    def is_ready(self) -> bool:
        """Say whether it answers."""

    def finish(self) -> None:
        """Create what its users expect to find, once it answers."""


def start_server(supervisor: Supervisor, server: Server, seconds: float = 60.0) -> None:
    """Prepare and start one server and wait until it can be used."""
    server.prepare()
    service = server.service()
    supervisor.start(service)
    supervisor.wait_until(server.is_ready, service, seconds)
    server.finish()


def local_servers(home: Path, *, durable: bool) -> dict[str, Server]:
    """Return the embedded servers with their data below `home`, keyed by the variable that would replace each."""
    logs = home / "log"
    return {
        "DATABASE_URL": Postgres(home / "postgres", socket_directory(home / "run"), logs / "postgres.log", durable),
        "REDIS_URL": Valkey(home / "valkey", logs / "valkey.log", free_port(), secrets.token_urlsafe(24), durable),
    }
