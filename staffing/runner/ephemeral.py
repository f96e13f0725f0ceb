"""Servers for tests and checks: in a temporary directory, without durability, gone with the one who asked for them."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from staffing.runner.console import Console, Silent
from staffing.runner.guard import StopWatch, guarded
from staffing.runner.processes import Failed, Supervisor
from staffing.runner.servers import local_servers, start_server


def _serve(home: Path, stop: StopWatch, command: Sequence[str], durable: bool) -> int:
    supervisor = Supervisor(stop, Console() if command else Silent())
    try:
        urls = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if name in os.environ}
        for name, server in local_servers(home, durable=durable).items():
            if name not in urls:
                start_server(supervisor, server)
                urls[name] = server.url
        if command:
            log = home / "log" / "command.log"
            supervisor.finish(supervisor.begin(command[0], command, os.environ | urls, log, show=True))
            return 0
        print(json.dumps(urls | {"pids": supervisor.pids()}), flush=True)
        while True:
            supervisor.pause(0.25)
    finally:
        supervisor.stop_all()


def run(command: Sequence[str], home: Path | None = None) -> int:
    """Start servers, then run `command` with their addresses in its environment and return its code.

    Without a command, print one line of JSON with the addresses and serve until standard input ends. With `home`, the
    data are durable and stay there.
    """
    place = home or Path(tempfile.mkdtemp(prefix="staffing-"))

    def work(stop: StopWatch) -> int:
        try:
            return _serve(place, stop, command, durable=home is not None)
        except Failed as error:
            print(error, file=sys.stderr, flush=True)
            return 1
        finally:
            if home is None:
                shutil.rmtree(place, ignore_errors=True)

    return guarded(work, watch=[] if command else [sys.stdin.fileno()])
