"""The command line of the demo: what it refuses, what it keeps, and how it describes the product's processes."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from staffing.celery import QUEUES
from staffing.runner.local import DemoState, Local, Lock, environment
from staffing.runner.options import Options, port_problem
from staffing.runner.product import app_services
from tests.plugins.own_servers import OwnServers
from tests.runner.test_guard import ROOT, alive, until


def runner(local: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = os.environ | {"STAFFING_LOCAL": str(local)}
    command = [sys.executable, "-m", "staffing.runner", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=30)


def state(address: str, pid: int) -> DemoState:
    return DemoState(address, "127.0.0.1", "postgres:", "redis:", pid, {})


def test_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = runner(tmp_path, "demo", "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 is taken" in done.stderr
    assert "PORT=" in done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["lock"]


def test_port_out_of_range_is_refused() -> None:
    assert port_problem("127.0.0.1", 70000) == "is no port number (1 to 65535)"


@pytest.mark.parametrize(
    ("host", "address", "allowed"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "127.0.0.1,localhost"),
        ("0.0.0.0", "http://127.0.0.1:8000", "*"),
        ("::1", "http://[::1]:8000", "127.0.0.1,localhost,[::1]"),
    ],
)
def test_only_an_open_demo_answers_to_any_name(host: str, address: str, allowed: str) -> None:
    options = Options(host=host)
    assert (options.address, options.allowed_hosts) == (address, allowed)


def test_second_run_on_the_same_data_is_refused_with_the_address(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    assert lock.take()
    lock.tell("running")
    Local(tmp_path).write_state(state("http://127.0.0.1:9999", os.getpid()))
    done = runner(tmp_path, "demo", "--port", "9998")
    lock.release()
    assert done.returncode == 2
    assert "already runs" in done.stderr
    assert "http://127.0.0.1:9999" in done.stderr


def test_story_without_a_demo_says_what_to_do(tmp_path: Path) -> None:
    done = runner(tmp_path, "story")
    assert done.returncode == 2
    assert "make demo" in done.stderr


def test_file_of_a_killed_demo_does_not_count(tmp_path: Path) -> None:
    local = Local(tmp_path)
    local.write_state(state("http://127.0.0.1:9999", 1))
    assert local.running() is None


def test_wipe_keeps_only_the_lock(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    lock.take()
    Local(tmp_path).secret("secret_key")
    (tmp_path / "postgres").mkdir()
    Local(tmp_path).wipe()
    lock.release()
    assert [entry.name for entry in tmp_path.iterdir()] == ["lock"]


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    local = Local(tmp_path)
    first = local.secret("secret_key")
    assert local.secret("secret_key") == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secrets" / "secret_key").stat().st_mode) == 0o600


def test_demo_environment_is_never_production(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("STAFFING_ENV", "production")
    monkeypatch.setenv("ALLOWED_HOSTS", "chosen.example")
    env = environment(state("http://127.0.0.1:8000", 1), Local(tmp_path))
    assert env["STAFFING_ENV"] == "demo"
    assert env["ALLOWED_HOSTS"] == "chosen.example"


def test_workers_serve_every_declared_queue(tmp_path: Path) -> None:
    services = app_services(Options(), {}, Local(tmp_path))
    served = [argv[argv.index("--queues") + 1] for argv in (list(each.argv) for each in services) if "--queues" in argv]
    assert sorted(",".join(served).split(",")) == sorted(QUEUES)


def serve(home: Path) -> tuple["subprocess.Popen[str]", Mapping[str, str], dict[str, int]]:
    """Start durable servers in `home`; returns the process, their addresses and their pids."""
    env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, "-m", "staffing.runner", "ephemeral", "--home", str(home)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    return process, told, told["pids"]


def finish(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=30)


def test_data_survive_a_kill_of_everything(tmp_path: Path) -> None:
    process, told, pids = serve(tmp_path)
    with closing(psycopg2.connect(told["DATABASE_URL"])) as connection, connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    everyone = [process.pid, *(each.pid for each in psutil.Process(process.pid).children(recursive=True))]
    for pid in everyone:
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    until(lambda: not any(alive(pid) for pid in pids.values()))
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.close()

    process, told, _ = serve(tmp_path)
    with closing(psycopg2.connect(told["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchone() == (42,)
    finish(process)


def test_killed_run_stops_its_servers_in_order_and_the_next_one_finds_the_data(tmp_path: Path) -> None:
    process, told, pids = serve(tmp_path)
    with redis.Redis.from_url(told["REDIS_URL"]) as client:
        client.set("kept", "42")
    process.kill()
    finish(process)
    until(lambda: not any(alive(pid) for pid in pids.values()))
    assert "database system is shut down" in (tmp_path / "log" / "postgres.log").read_text()

    process, told, _ = serve(tmp_path)
    with redis.Redis.from_url(told["REDIS_URL"]) as client:
        assert client.get("kept") == b"42"
    finish(process)


def test_pid_file_of_somebody_else_does_not_stop_the_start(tmp_path: Path) -> None:
    process, _, pids = serve(tmp_path)
    finish(process)
    # After a restart of the machine the old pid may belong to anything.
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path / 'postgres'}\n")
    process, _, again = serve(tmp_path)
    assert again["postgres"] != pids["postgres"]
    finish(process)


@pytest.mark.faults
def test_killed_server_comes_back_at_its_address_with_its_data(own_servers: OwnServers) -> None:
    first = own_servers.postgres_pid
    with closing(psycopg2.connect(own_servers.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(first, signal.SIGKILL)
    until(lambda: answer(own_servers.database_url) == 42)
    assert own_servers.postgres_pid != first
    first = own_servers.valkey_pid
    os.kill(first, signal.SIGKILL)
    until(lambda: valkey_pid(own_servers) not in {None, first})


def answer(url: str) -> int | None:
    try:
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT answer FROM kept")
            return int(cursor.fetchone()[0])
    except psycopg2.OperationalError:
        return None


def valkey_pid(servers: OwnServers) -> int | None:
    try:
        return servers.valkey_pid
    except redis.ConnectionError:
        return None
