"""The Celery task of papers: thin, it only calls a service."""

from celery import shared_task

from staffing.core import clock
from workers.services import retention


@shared_task(name="workers.tasks_papers.sweep")
def sweep() -> int:
    """End background checks that are over, notice what ends soon, and delete what was kept long enough."""
    return retention.sweep_all(clock.now())
