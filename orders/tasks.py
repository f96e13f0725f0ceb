"""Celery tasks of the order line: thin, they only call a service."""

from celery import shared_task

from orders.services import attendance
from staffing.core import clock


@shared_task(name="orders.tasks.erase_positions")
def erase_positions() -> int:
    """Forget positions older than the retention time."""
    return attendance.erase_positions(clock.now())
