"""Celery tasks of the ways in: thin, they only call a service."""

from celery import shared_task
from django.utils import timezone

from staffing.core import clock
from workers.services import sources_sweep


@shared_task(name="workers.tasks_sources.sweep")
def sweep() -> int:
    """Delete what is kept of partners' requests, news and files only for a time."""
    return sources_sweep.sweep(clock.now(), timezone.now())
