"""One posted order at a time, against the real app: web, workers, broker, and a pool of the instance's people.

    python -m bench.posting INSTANCE PORT      prints one line of JSON

Needs the servers' addresses and the filled tables of :mod:`bench.online`. Starts the product's own web server and
workers with the runner's own commands (no beat: a batch would take the one worker that matches), warms them up, and
posts orders one after the other: a draft, then its submission. The clock of an order runs from just before the first
byte of the submitting POST to the moment the commit of its `MatchRun` is told: triggers of ours NOTIFY, and PostgreSQL
delivers that at the commit, so nothing polls. On the way the same triggers tell where the time goes.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import select
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import django
import psycopg2

from bench import staffgen
from bench.files import ROOT

Json = dict[str, Any]
ORDERS, WARMING, BARE = 60, 20, 200
PATIENCE = 120.0

TRIGGERS = """
CREATE OR REPLACE FUNCTION bench_tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('bench', json_build_object('what', TG_ARGV[0], 'at', extract(epoch FROM clock_timestamp()),
        'order', CASE WHEN TG_TABLE_NAME = 'orders_matchrun' THEN to_jsonb(NEW) -> 'order_id'
                      ELSE to_jsonb(NEW) -> 'payload' -> 'id' END,
        'ms', to_jsonb(NEW) -> 'duration_ms')::text);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER bench_submitted AFTER INSERT ON core_outboxmessage FOR EACH ROW
    WHEN (NEW.topic = 'order.submit') EXECUTE FUNCTION bench_tell('submitted');
CREATE OR REPLACE TRIGGER bench_claimed AFTER UPDATE ON core_outboxmessage FOR EACH ROW
    WHEN (NEW.topic = 'order.submit' AND OLD.lease_token IS NULL AND NEW.lease_token IS NOT NULL)
    EXECUTE FUNCTION bench_tell('claimed');
CREATE OR REPLACE TRIGGER bench_matched AFTER INSERT ON orders_matchrun FOR EACH ROW
    EXECUTE FUNCTION bench_tell('matched');
"""


class Ear:
    """Hears what the triggers tell, in a thread of its own, with the moment of hearing."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url)
        self.connection.autocommit = True
        with self.connection.cursor() as cursor:
            cursor.execute(TRIGGERS)
            cursor.execute("LISTEN bench")
        self.heard: queue.Queue[Json] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            select.select([self.connection], [], [])
            self.connection.poll()
            now = time.time()
            for one in self.connection.notifies:
                self.heard.put(json.loads(one.payload) | {"heard": now})
            self.connection.notifies.clear()

    def until_matched(self, order: int) -> dict[str, Json]:
        """What was told of the order until it was matched, by what it was. Raises queue.Empty if it never is."""
        found: dict[str, Json] = {}
        while "matched" not in found:
            told = self.heard.get(timeout=PATIENCE)
            if told["order"] == order:
                found[told["what"]] = told
        return found


class Caller:
    """A program of a client with one open connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def post(self, path: str, token: str, body: Any = None) -> tuple[int, Json]:
        """Status and JSON of a POST to the API; each has a key of its own."""
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": uuid.uuid4().hex} if body is not None else {}
        with suppress(http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            return self._ask(path, body, headers)
        # the server drops connections that were idle for a while
        self.connection.close()
        return self._ask(path, body, headers)

    def _ask(self, path: str, body: Any, headers: Json) -> tuple[int, Json]:
        sent = None if body is None else json.dumps(body)
        self.connection.request("POST", f"/api/v1/{path}", sent, headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())


@contextmanager
def running(port: int, home: Path) -> Iterator[None]:
    """The product's own processes but for beat, until the block ends."""
    from staffing.runner.local import Local
    from staffing.runner.options import Options
    from staffing.runner.product import answers, app_services

    services = [one for one in app_services(Options(port=port), os.environ, Local(home)) if one.name != "beat"]
    started = []
    try:
        for service in services:
            service.log.parent.mkdir(parents=True, exist_ok=True)
            with service.log.open("ab") as log:
                started.append(subprocess.Popen(service.argv, env=service.env, cwd=ROOT, stdout=log, stderr=log))
        _wait(lambda: answers(f"http://127.0.0.1:{port}/health/ready/"))
        yield
    finally:
        for child in started:
            child.terminate()
        for child in started:
            _ended(child)


def _ended(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _wait(ready: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError("the app did not become ready")
        time.sleep(0.2)


def bare(caller: Caller, order: int, token: str, stranger: str) -> Json:
    """Milliseconds of POSTs that change nothing: a submission repeated (200), and one of another's order (404)."""
    return {
        "repeated": _times(caller, f"orders/{order}/submit/", token, 200),
        "refused": _times(caller, f"orders/{order}/submit/", stranger, 404),
    }


def _times(caller: Caller, path: str, token: str, expected: int) -> list[float]:
    found = []
    for _ in range(BARE):
        begun = time.time()
        status, _body = caller.post(path, token)
        found.append((time.time() - begun) * 1000)
        assert status == expected, status
    return found


def posted(caller: Caller, ear: Ear, body: Json, token: str) -> Json:
    """Post one order; milliseconds to the stored proposal, and of each stretch of the way."""
    status, draft = caller.post("orders/", token, body)
    assert status == 201, draft
    begun = time.time()
    status, answer = caller.post(f"orders/{draft['id']}/submit/", token)
    answered = time.time()
    assert status == 200, answer
    told = ear.until_matched(draft["id"])
    moments = [
        begun,
        told["submitted"]["heard"],
        told["claimed"]["heard"],
        told["matched"]["at"] - told["matched"]["ms"] / 1000,
        told["matched"]["at"],
        told["matched"]["heard"],
    ]
    names = ("submit", "hand over", "begin", "match", "write")
    parts = {name: (b - a) * 1000 for name, a, b in zip(names, moments, moments[1:], strict=False)}
    return {"id": draft["id"], "whole": (moments[-1] - begun) * 1000, "answer": (answered - begun) * 1000} | parts


def told_of(values: Sequence[float]) -> Json:
    """Median and 95th percentile."""
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return {"n": len(values), "p50": statistics.median(values), "p95": cuts[18]}


def measure(instance: Any, port: int, home: Path) -> Json:
    """Both kinds of POST, warm."""
    from bench import agency
    from staffing.core import clock

    later, clients = agency.coming(clock.now()), instance["clients"]
    ear, caller = Ear(os.environ["DATABASE_URL"]), Caller(port)
    listed = instance["orders"][:: max(1, len(instance["orders"]) // (ORDERS + WARMING))][: ORDERS + WARMING]
    with running(port, home):
        found = []
        for order in listed:
            body = agency.body_of(order, clients[order["client"]]["city"], later)
            found.append(posted(caller, ear, body, agency.token_of(order["client"])))
        mine = listed[-1]["client"]
        stranger = next(order["client"] for order in listed if order["client"] != mine)
        caller.post(f"orders/{found[-1]['id']}/submit/", agency.token_of(mine))
        plain = bare(caller, found[-1]["id"], agency.token_of(mine), agency.token_of(stranger))
    names = ("whole", "answer", "submit", "hand over", "begin", "match", "write")
    parts = {name: told_of([one[name] for one in found[WARMING:]]) for name in names}
    return {"posted": parts, "bare": {name: told_of(values) for name, values in plain.items()}}


def main(argv: list[str]) -> int:
    """Print the figures."""
    django.setup()
    with tempfile.TemporaryDirectory() as home:
        print(json.dumps(measure(staffgen.load(argv[0]), int(argv[1]), Path(home))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
