"""Celery tasks of the pool: thin, they only call a service."""

from celery import shared_task

from workers import pool_changes


@shared_task(name="workers.tasks.purge_changes")
def purge_changes() -> int:
    """Drop what everybody has read of the log of changes."""
    return pool_changes.purge()
