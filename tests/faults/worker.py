"""A Celery worker that is killed with SIGKILL at a chosen point of the outbox; without a point, a healthy one."""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staffing.settings")
HANDLER = "orders.handlers.match"


def die() -> None:
    """Gone, with nothing said to anybody."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Put the bullet where `point` says."""
    from staffing.core import outbox

    really_claim, really_run = outbox.claim, outbox.run
    subscriber = outbox._subscribers[HANDLER]

    def claim(*args: Any, **kwargs: Any) -> Any:
        rows = really_claim(*args, **kwargs)
        if rows and rows[0].subscriber == HANDLER:
            die()
        return rows

    def run(message: Any, now: datetime) -> bool:
        done = really_run(message, now)
        if message.subscriber == HANDLER:
            die()
        return done

    def before(payload: Mapping[str, Any], now: datetime) -> None:
        die()

    def after(payload: Mapping[str, Any], now: datetime) -> None:
        subscriber.handle(payload, now)
        die()

    if point == "after the claim":
        outbox.claim = claim
    elif point == "before the effect":
        outbox._subscribers[HANDLER] = replace(subscriber, handle=before)
    elif point == "between effect and commit":
        outbox._subscribers[HANDLER] = replace(subscriber, handle=after)
    elif point == "after the commit":
        outbox.run = run


if __name__ == "__main__":
    django.setup()
    from staffing.celery import QUEUES, app

    arm(sys.argv[1] if len(sys.argv) > 1 else "")
    beat = ["-B", "-s", os.environ["BEAT_FILE"]] if "BEAT_FILE" in os.environ else []
    app.worker_main(["worker", "--pool=solo", "-Q", ",".join(QUEUES), "--loglevel=WARNING", *beat])
