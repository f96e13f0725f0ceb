"""The demo's Celery task."""

from celery import shared_task

from staffing.core import clock
from staffing.demo import life


@shared_task(name="staffing.demo.tasks.live")
def live() -> int:
    """A minute in the life of the demo agency."""
    return life.catch_up(clock.now())
