"""Whether the machinery behind the desk does its work: messages set aside, waiting, and the sweeps' heartbeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet

from staffing.core.models import Heartbeat, OutboxMessage

SILENT_AFTER = timedelta(minutes=2)
STUCK_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Beat:
    """A sweep and how long ago it last did its round."""

    name: str
    at: datetime
    age: timedelta
    silent: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rows that are due and not done. `oldest`: how long the first of them has waited; None if none waits."""

    waiting: int
    oldest: timedelta | None
    stuck: bool


def set_aside() -> QuerySet[OutboxMessage]:
    """Rows whose every attempt failed, newest first."""
    return OutboxMessage.objects.filter(set_aside_at__isnull=False, done_at__isnull=True).order_by("-set_aside_at")


def backlog(now: datetime) -> Backlog:
    """What is due and waits (one query)."""
    due = OutboxMessage.objects.filter(done_at__isnull=True, set_aside_at__isnull=True, due_at__lte=now)
    found = due.aggregate(waiting=Count("pk"), first=Min("due_at"))
    oldest = now - found["first"] if found["first"] else None
    return Backlog(found["waiting"], oldest, oldest is not None and oldest > STUCK_AFTER)


def beats(now: datetime) -> Sequence[Beat]:
    """The heartbeats; one older than two minutes is silent."""
    return [
        Beat(row.name, row.beat_at, now - row.beat_at, now - row.beat_at > SILENT_AFTER)
        for row in Heartbeat.objects.order_by("name")
    ]
