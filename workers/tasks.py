"""Celery tasks of the pool: thin, they only call a service."""

from celery import shared_task

from staffing.core import clock
from workers import pool_changes
from workers.services import courses, nightly


@shared_task(name="workers.tasks.purge_changes")
def purge_changes() -> int:
    """Drop what everybody has read of the log of changes."""
    return pool_changes.purge()


@shared_task(name="workers.tasks.plan_night")
def plan_night() -> int:
    """Ask for the pass of the new day, once."""
    return nightly.plan(clock.now())


@shared_task(name="workers.tasks.forget_answers")
def forget_answers() -> int:
    """Drop answers and how somebody typed once they are older than the policy keeps them; results stay."""
    return courses.forget(clock.now())
