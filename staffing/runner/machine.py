"""What a server needs of the machine: an account, a private directory, a socket or a port."""

from __future__ import annotations

import os
import pwd
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

# sockaddr_un holds 108 bytes, 104 on macOS, with the closing zero.
_LONGEST_SOCKET = 100


def server_environment() -> Mapping[str, str]:
    """Return the environment for a server: nothing of the user's own, so that no PGHOST or locale changes it."""
    return {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR", "TZ") if key in os.environ} | {"LC_ALL": "C"}


def unprivileged_account(data: Path) -> pwd.struct_passwd | None:
    """Return the account that PostgreSQL runs as when this is root: the owner of existing data, else `nobody`."""
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if data.exists() else 0
    return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")


def private_directory(path: Path, account: pwd.struct_passwd | None) -> None:
    """Create a directory that only its account may enter."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def socket_directory(wanted: Path) -> Path:
    """Return `wanted`, or a short new directory when a Unix socket in it would have too long a name."""
    if len(os.fsencode(wanted.absolute() / ".s.PGSQL.5432")) <= _LONGEST_SOCKET:
        return wanted.absolute()
    return Path(tempfile.mkdtemp(prefix="staffing-"))


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
