"""Celery tasks of the core: thin, they only call a service."""

from datetime import timedelta

from celery import shared_task

from staffing.core import clock, idempotency, outbox


@shared_task(name="staffing.core.tasks.sweep_queue")
def sweep_queue(queue: str) -> int:
    """Do what is due in one outbox queue."""
    return outbox.sweep(queue, clock.now())


@shared_task(name="staffing.core.tasks.purge")
def purge() -> int:
    """Drop outbox rows done two weeks ago and idempotency answers older than a day."""
    now = clock.now()
    return outbox.purge(now, timedelta(days=14)) + idempotency.purge(now, timedelta(days=1))
