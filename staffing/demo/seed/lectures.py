"""What some people of the pool have promised elsewhere: evening school, a language course, a child to fetch."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from staffing.core.actors import actor_of
from workers.models import Worker
from workers.services import commitments
from workers.services.commitments import Plan

SHARE = 0.04
TERM = timedelta(days=7 * 8)
# What it is, on which weekdays, and from when to when (local minutes).
KINDS: tuple[tuple[str, tuple[int, ...], int, int], ...] = (
    ("成人教育夜校", (1, 3), 19 * 60, 21 * 60),
    ("日语班", (5,), 9 * 60, 11 * 60 + 30),
    ("接孩子放学", (0, 1, 2, 3, 4), 16 * 60, 17 * 60 + 30),
    ("驾校练车", (2,), 14 * 60, 16 * 60),
)
SHOWN = ("英语口语课", (2,), 7 * 60, 8 * 60 + 30)


def build_commitments(workers: Sequence[Worker], seed: int, now: datetime) -> None:
    """A few people have one; the demo login's is early in the morning, so that it is in nobody's way."""
    random, today = Random(seed), timezone.localdate(now)
    for worker in workers:
        if worker is workers[0] or random.random() < SHARE:
            kind = SHOWN if worker is workers[0] else random.choice(KINDS)
            commitments.add(worker.pk, _plan(kind, today), by=actor_of(worker.user), now=now)


def _plan(kind: tuple[str, tuple[int, ...], int, int], today: date) -> Plan:
    return Plan(*kind, first_day=today - timedelta(days=14), last_day=today + TERM)
