"""Postgres is the queue of record. This module writes rows, leases them, runs their handlers and marks them done.

Guarantees: a row exists exactly if the caller's transaction committed; its handler's database effects and the
done mark commit together, so they happen once; whatever leaves the house (mail, robots) happens at least once.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from staffing.core import bulk
from staffing.core.models import Heartbeat, OutboxMessage

log = logging.getLogger(__name__)

Handler = Callable[[Mapping[str, Any], datetime], None]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A handler of one topic, and the queue its rows wait in."""

    name: str
    topic: str
    queue: str
    handle: Handler


_subscribers: dict[str, Subscriber] = {}
_by_topic: dict[str, list[Subscriber]] = {}


def on(topic: str, *, queue: str = "timers") -> Callable[[Handler], Handler]:
    """Subscribe a function `(payload, now)` to a topic. It runs in a transaction and must tolerate a repeat."""

    def register(handle: Handler) -> Handler:
        name = f"{handle.__module__}.{handle.__name__}"
        subscriber = Subscriber(name, topic, queue, handle)
        _subscribers[name] = subscriber
        _by_topic[topic] = [*(s for s in _by_topic.get(topic, []) if s.name != name), subscriber]
        return handle

    return register


def topics() -> Mapping[str, list[Subscriber]]:
    """Every topic with its subscribers."""
    return _by_topic


def publish(topic: str, payload: Mapping[str, Any], *, key: str, now: datetime, due_at: datetime | None = None) -> None:
    """Write one row per subscriber in the caller's transaction and nudge their queues after the commit.

    `key` with the topic names the fact: a second publication of the same fact changes nothing.
    A topic nobody subscribed to costs nothing.
    """
    publish_many(topic, [(payload, key)], now=now, due_at=due_at)


def publish_many(
    topic: str, facts: Iterable[tuple[Mapping[str, Any], str]], *, now: datetime, due_at: datetime | None = None
) -> None:
    """The same for many facts of one topic: (payload, key) each."""
    subscribers = _by_topic.get(topic, [])
    rows = [(f"{topic}:{key}:{s.name}"[:200], s, dict(payload)) for payload, key in facts for s in subscribers]
    if rows:
        _write(topic, rows, now, due_at or now)
    if rows and (due_at is None or due_at <= now):
        for queue in sorted({s.queue for s in subscribers}):
            nudge(queue)


def _write(topic: str, rows: Sequence[tuple[str, Subscriber, dict[str, Any]]], now: datetime, due_at: datetime) -> None:
    """Keys, each with its subscriber and payload; a key that exists already stays as it is."""
    same = {"topic": topic, "created_at": now, "due_at": due_at}
    varying: dict[str, list[Any]] = {
        "key": [key for key, _, _ in rows],
        "subscriber": [subscriber.name for _, subscriber, _ in rows],
        "queue": [subscriber.queue for _, subscriber, _ in rows],
        "payload": [payload for _, _, payload in rows],
    }
    columns = varying | {name: [value] * len(rows) for name, value in same.items()}
    bulk.insert(OutboxMessage, columns, ignore_conflicts=True)


def waiting(topic: str, key_starts: Iterable[str], *, after: datetime, until: datetime) -> set[str]:
    """With which of these a key of the topic begins whose row waits for its hour in `(after, until]`. One query."""
    starts = list(key_starts)
    begins = reduce(or_, (Q(key__startswith=f"{topic}:{start}") for start in starts), Q(pk__in=()))
    rows = OutboxMessage.objects.filter(
        begins, done_at__isnull=True, set_aside_at__isnull=True, due_at__gt=after, due_at__lte=until
    )
    keys = [key.removeprefix(f"{topic}:") for key in rows.values_list("key", flat=True)]
    return {start for start in starts if any(key.startswith(start) for key in keys)}


def nudge(queue: str) -> None:
    """Ask for a sweep of the queue once the caller has committed. Losing the nudge loses nothing."""
    transaction.on_commit(lambda: _send_nudge(queue), robust=True)


def _send_nudge(queue: str) -> None:
    from staffing.core.tasks import sweep_queue

    sweep_queue.apply_async(args=(queue,), queue=queue, expires=60)


# In a CTE of its own the rows are locked once, whatever the plan; a claim is then one round trip and its commit.
_CLAIM: Final = """
    WITH due AS MATERIALIZED (
        SELECT id FROM core_outboxmessage
        WHERE queue = %(queue)s AND done_at IS NULL AND set_aside_at IS NULL AND due_at <= %(now)s
            AND (lease_until IS NULL OR lease_until <= %(now)s)
        ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    UPDATE core_outboxmessage SET lease_token = %(token)s, lease_until = %(until)s, attempts = attempts + 1
    WHERE id IN (SELECT id FROM due) RETURNING *
"""


def claim(queue: str, now: datetime, limit: int = 1) -> list[OutboxMessage]:
    """Lease up to `limit` due rows that nobody else holds, oldest first, and commit the lease."""
    until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    asked = {"queue": queue, "now": now, "limit": limit, "token": uuid.uuid4(), "until": until}
    return sorted(OutboxMessage.objects.raw(_CLAIM, asked), key=lambda row: (row.due_at, row.pk))


def run(message: OutboxMessage, now: datetime) -> bool:
    """Handle a leased row and mark it done in one transaction. False if it failed or the lease was lost."""
    try:
        with transaction.atomic():
            mine = OutboxMessage.objects.select_for_update().filter(
                pk=message.pk, lease_token=message.lease_token, done_at__isnull=True
            )
            if not mine.exists():
                return False
            _subscribers[message.subscriber].handle(message.payload, now)
            mine.update(done_at=now, lease_until=None, lease_token=None, last_error="")
    except SoftTimeLimitExceeded as error:
        # This one goes back into the queue; the process must end before it is killed.
        _failed(message, error, now)
        raise
    except Exception as error:
        # Any failure of a handler belongs to its row: the sweep goes on with the others.
        log.exception("outbox %s #%s failed", message.subscriber, message.pk)
        _failed(message, error, now)
        return False
    return True


def backoff(attempts: int) -> timedelta:
    """Wait before the next attempt: 10 s, 20 s, 40 s … at most an hour."""
    return timedelta(seconds=min(3600, 10 * 2 ** (attempts - 1)))


def _failed(message: OutboxMessage, error: Exception, now: datetime) -> None:
    last = message.attempts >= settings.OUTBOX_MAX_ATTEMPTS
    OutboxMessage.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        lease_until=None,
        lease_token=None,
        due_at=now + backoff(message.attempts),
        set_aside_at=now if last else None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def sweep(queue: str, now: datetime, limit: int = 200) -> int:
    """Do what is due in a queue, one row at a time; returns how many rows were taken."""
    _beat(f"sweep-{queue}", now)
    taken = 0
    while taken < limit and (rows := claim(queue, now)):
        for row in rows:
            run(row, now)
            taken += 1
    return taken


def _beat(name: str, now: datetime) -> None:
    if not Heartbeat.objects.filter(name=name).update(beat_at=now):
        Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": now})


def retry(message_id: int, now: datetime) -> bool:
    """Give a row that was set aside a fresh start. False if it is not set aside."""
    queue = OutboxMessage.objects.filter(pk=message_id).values_list("queue", flat=True).first()
    changed = OutboxMessage.objects.filter(pk=message_id, set_aside_at__isnull=False).update(
        set_aside_at=None, attempts=0, due_at=now, lease_until=None, lease_token=None
    )
    if changed and queue:
        nudge(queue)
    return bool(changed)


def purge(now: datetime, keep: timedelta) -> int:
    """Delete rows done longer ago than `keep`; audit keeps the facts."""
    return OutboxMessage.objects.filter(done_at__lt=now - keep).delete()[0]
