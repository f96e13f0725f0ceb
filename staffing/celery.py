"""The Celery app and its beat schedule.

Postgres is the queue of record (`core.OutboxMessage`): a task only wakes a sweep, so a lost broker loses nothing.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staffing.settings")

QUEUES = ("timers", "matching", "notify")

app = Celery("staffing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def plan(sender: Celery, **kwargs: object) -> None:
    """Set the static beat schedule: one sweep a queue, and the hourly cleaning."""
    from django.conf import settings

    every = settings.OUTBOX_SWEEP_SECONDS
    schedule: dict[str, dict[str, object]] = {
        f"sweep-{queue}": {
            "task": "staffing.core.tasks.sweep_queue",
            "schedule": every,
            "args": (queue,),
            # A sweep nobody took in time is worthless: the next one finds the same rows.
            "options": {"queue": queue, "expires": max(10.0, every * 3)},
        }
        for queue in QUEUES
    }
    schedule["purge"] = {"task": "staffing.core.tasks.purge", "schedule": 3600.0, "options": {"queue": "timers"}}
    schedule["erase-positions"] = {
        "task": "orders.tasks.erase_positions",
        "schedule": 3600.0,
        "options": {"queue": "timers"},
    }
    if settings.STAFFING_ENV == "demo":
        schedule["demo-life"] = {
            "task": "staffing.demo.tasks.live",
            "schedule": 60.0,
            "options": {"queue": "timers", "expires": 120.0},
        }
    sender.conf.beat_schedule = schedule
