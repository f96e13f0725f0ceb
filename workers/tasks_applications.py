"""Celery tasks of applications: thin."""

from celery import shared_task

from staffing.core import clock
from workers.services import application_forms


@shared_task(name="workers.tasks_applications.sweep")
def sweep() -> int:
    """Forget applications that led nowhere, and forms nobody went on with."""
    return application_forms.sweep(clock.now())
