"""What the user chooses for a demo, and whether it can be had."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What the user chose."""

    host: str = "127.0.0.1"
    port: int = 8000
    scale: int = 1
    reset: bool = False

    @property
    def is_open(self) -> bool:
        """Whether other machines may come in; they use names that are not known here."""
        return self.host in {"0.0.0.0", "::", ""}  # noqa: S104

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        return f"http://{'127.0.0.1' if self.is_open else bracketed(self.host)}:{self.port}"

    @property
    def allowed_hosts(self) -> str:
        """The names that requests may ask for."""
        return "*" if self.is_open else ",".join(dict.fromkeys(["127.0.0.1", "localhost", bracketed(self.host)]))


def bracketed(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


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
