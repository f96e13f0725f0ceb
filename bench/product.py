"""The engine inside the product: rows in Postgres, from the first byte read to proposals committed.

    python -m staffing.runner ephemeral -- python -m bench.product INSTANCE NAIVE_SHIFTS

makes the tables, fills them, measures in a fresh process, and prints one line of JSON. Needs the environment that
`bench.servers` sets.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

from bench.memory import bare_mb, now_mb, peak_mb
from bench.processes import ask

Json = dict[str, Any]


class Watch:
    """Seconds of named steps; what is timed inside another step counts for itself alone. `open`: steps begun."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.open: list[str] = []
        self._inner: list[float] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        begun = time.perf_counter()
        self._inner.append(0.0)
        self.open.append(name)
        yield
        self.open.pop()
        took = time.perf_counter() - begun
        self.seconds[name] = self.seconds.get(name, 0.0) + took - self._inner.pop()
        if self._inner:
            self._inner[-1] += took


def measure() -> Json:
    """One cold run from the database to committed proposals, then pairs and solve again, warm."""
    bare = bare_mb()
    django.setup()
    from bench import matching
    from orders.matching import cli_warm
    from staffing.celery import app
    from staffing.core.memory import settled

    watch = Watch()
    with watch.step("code"):
        # what a worker that matches does at its start; and it has the broker's line open
        cli_warm.run()
        settled()
        with app.producer_or_acquire() as producer:
            producer.connection.ensure_connection(max_retries=1)
    code = watch.seconds.pop("code")
    loaded = now_mb()
    began = time.perf_counter()
    run = matching.propose_all(watch)
    whole = time.perf_counter() - began
    peak = peak_mb()
    warm = Watch()
    matching.again(run, warm)
    memory = {"interpreter_mb": bare, "loaded_mb": loaded, "peak_mb": peak}
    return {"cold": watch.seconds, "warm": warm.seconds, "whole": whole, "code": code} | memory | run.sizes()


def prepare(path: str) -> None:
    """Make the tables and fill them with the instance."""
    django.setup()
    from django.core.management import call_command

    from bench import rows, staffgen

    call_command("migrate", verbosity=0)
    rows.fill(rows.tables(staffgen.load(path)))


def naive(most: int) -> Json:
    """The plain loop over this many shifts, in the filled database."""
    django.setup()
    from bench import naive as loop

    return loop.run(most)


def main(argv: list[str]) -> int:
    """Everything about one instance, or one part of it in a process of its own."""
    if argv[0] == "measure":
        print(json.dumps(measure()))
        return 0
    if argv[0] == "naive":
        print(json.dumps(naive(int(argv[1]))))
        return 0
    prepare(argv[0])
    # rolled back, and before there are any proposals in its way
    loop = ask("bench.product", "naive", argv[1]) if int(argv[1]) else None
    print(json.dumps(ask("bench.product", "measure") | {"naive": loop}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
