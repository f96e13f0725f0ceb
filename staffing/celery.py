"""The Celery app and its beat schedule.

Postgres is the queue of record (`core.OutboxMessage`): a task only wakes a sweep, so a lost broker loses nothing.
"""

import os

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staffing.settings")

QUEUES = ("timers", "matching", "notify")
HOURLY = {
    "purge": "staffing.core.tasks.purge",
    "purge-pool-changes": "workers.tasks.purge_changes",
    "forget-answers": "workers.tasks.forget_answers",
    "sweep-sources": "workers.tasks_sources.sweep",
    "sweep-applications": "workers.tasks_applications.sweep",
    "sweep-papers": "workers.tasks_papers.sweep",
    "erase-positions": "orders.tasks.erase_positions",
    "sweep-proofs": "orders.tasks.sweep_proofs",
    "empty-masks": "orders.tasks.empty_masks",
    "sweep-drafts": "orders.tasks.sweep_drafts",
    "plan-night": "workers.tasks.plan_night",
    "plan-revisits": "feedback.tasks.plan_revisits",
    "make-reports": "feedback.tasks.make_reports",
}

app = Celery("staffing")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def plan(sender: Celery, **kwargs: object) -> None:
    """Set the static beat schedule: one sweep a queue, the batch, and the hourly cleaning."""
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
    schedule |= {name: _hourly(task) for name, task in HOURLY.items()}
    # The look is cheap; whether a batch is due, and after how long, is the policy's word.
    schedule["batch"] = {
        "task": "orders.tasks.batch",
        "schedule": 60.0,
        "options": {"queue": "matching", "expires": 55.0},
    }
    # A day that is not counted yet is read row by row: late is slow, never wrong.
    schedule["figures"] = {
        "task": "feedback.tasks.count_figures",
        "schedule": 300.0,
        "options": {"queue": "timers", "expires": 290.0},
    }
    if settings.STAFFING_ENV == "demo":
        schedule["demo-life"] = {
            "task": "staffing.demo.tasks.live",
            "schedule": 60.0,
            "options": {"queue": "timers", "expires": 120.0},
        }
    sender.conf.beat_schedule = schedule


def _hourly(task: str) -> dict[str, object]:
    return {"task": task, "schedule": 3600.0, "options": {"queue": "timers"}}


@worker_process_init.connect
def warm(**kwargs: object) -> None:
    """A process that will match loads the compiled code and the pool now, so that the first order does not wait."""
    if "matching" not in app.amqp.queues.consume_from:
        return
    from staffing.warm import load

    load()
