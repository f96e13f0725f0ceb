"""Celery tasks of the loop: thin, they only call a service."""

from celery import shared_task

from feedback.services import counting, reports, revisits
from staffing.core import clock


@shared_task(name="feedback.tasks.plan_revisits")
def plan_revisits() -> int:
    """Plan a call-back for each client who has none."""
    return revisits.plan(clock.now())


@shared_task(name="feedback.tasks.make_reports")
def make_reports() -> int:
    """Make the reports that are due: of yesterday, and of last week."""
    now = clock.now()
    return len(reports.make_daily(now)) + (reports.make_weekly(now) is not None)


@shared_task(name="feedback.tasks.count_figures")
def count_figures() -> int:
    """Count the figures of days that are over, or have changed; how many."""
    return counting.refresh(clock.now())
