"""A Celery worker is killed in the middle of a batch: what it wrote is whole, and the next one does the rest.

Run as a module it is what the test starts: `post`, `look`, `ask`, or `work [POINT]`, a worker that dies at the point.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.faults.test_outbox_faults import ROOT, House, house, until

__all__ = ["house"]
MODULE = "tests.faults.test_batch_faults"
POINTS = ["after the plan", "within a slice", "between slices", "before the look is kept"]

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]


def scene(where: House, *argv: str) -> Any:
    return json.loads(where.run("-W", "ignore", "-m", MODULE, *argv).splitlines()[-1])


@contextmanager
def worker(where: House, point: str = "") -> Iterator[subprocess.Popen[bytes]]:
    argv = [sys.executable, "-W", "ignore", "-m", MODULE, "work", *([point] if point else [])]
    with (where.home / "worker.log").open("ab") as log:
        process = subprocess.Popen(argv, cwd=ROOT, env=dict(where.env), stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_within_a_batch_leaves_nothing_half_done(house: House, point: str) -> None:
    house.empty()
    scene(house, "post")
    scene(house, "ask")
    with worker(house, point) as doomed:
        assert doomed.wait(timeout=90) == -signal.SIGKILL
    found = scene(house, "look")
    assert found["complaints"] == []
    assert found["moved"] == {"after the plan": 0, "within a slice": 0, "between slices": 2}.get(point, 4)
    assert found["runs"] == (found["moved"] > 0)
    scene(house, "ask")
    with worker(house):
        until(lambda: scene(house, "look")["looked"], seconds=90)
    found = scene(house, "look")
    assert (found["complaints"], found["moved"]) == ([], 4)


def post() -> None:
    """Two days with a clash each, which a batch solves by two moves each."""
    from orders.services import proposing
    from staffing.core import clock
    from tests.fixtures.agency import Agency
    from workers.models import Skill

    agency, now = Agency(), clock.now()
    rare = Skill.objects.create(code="rare")
    agency.worker(skills={agency.skill: 5, rare: 5})
    starts = [now + timedelta(days=day) for day in (1, 3)]
    for asked in ({agency.skill.pk: 2}, {rare.pk: 2}):
        for start in starts:
            order = agency.submitted(now=now, start=start, skills=asked)
            proposing.propose_order(order.pk, now)
    agency.worker(reliability=20)


def ask() -> None:
    """What the beat does."""
    from orders.tasks import plan_together

    plan_together.apply_async(queue="matching")


def look() -> dict[str, Any]:
    """What a person would find."""
    from orders.models import BatchLook, MatchRun
    from staffing.core.models import AuditEvent
    from tests.journeys.invariants import complaints

    return {
        "complaints": complaints(),
        "moved": AuditEvent.objects.filter(subject_type="position", reason="batch").count(),
        "runs": MatchRun.objects.filter(cause="batch").count(),
        "looked": BatchLook.objects.exists(),
    }


def arm(point: str) -> None:
    """Put the bullet where `point` says."""
    from orders.services import batch, proposing

    die = partial(os.kill, os.getpid(), signal.SIGKILL)
    really_plan, really_write, really_replan = batch._plan, batch._write, proposing.replan
    written: list[object] = []

    def plan(now: Any) -> Any:
        made = really_plan(now)
        if point == "after the plan":
            die()
        return made

    def write(*args: Any) -> Any:
        if written and point == "between slices":
            die()
        written.append(really_write(*args))
        return written[-1]

    def replan(*args: Any) -> None:
        really_replan(*args)
        if point == "within a slice":
            die()

    for where, name, value in ((batch, "SLICE", 1), (batch, "_plan", plan), (batch, "_write", write)):
        setattr(where, name, value)
    setattr(proposing, "replan", replan)  # noqa: B010
    if point == "before the look is kept":
        setattr(batch.BatchLook.objects, "update_or_create", lambda **given: die())  # noqa: B010


def work(point: str = "") -> None:
    """A Celery worker."""
    from staffing.celery import app

    arm(point)
    app.worker_main(["worker", "--pool=solo", "-Q", "matching", "--loglevel=WARNING"])


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staffing.settings")
    django.setup()
    told = {"post": post, "ask": ask, "look": look, "work": work}[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(json.dumps(told) + "\n")
