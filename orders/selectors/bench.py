"""The bench as one person sees it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from orders.models import BenchPlace
from orders.states import BenchStatus
from workers.models import Worker

SHOWN_DAYS = 30
OVER = (BenchStatus.CALLED, BenchStatus.RELEASED, BenchStatus.FINISHED)


def ahead(worker: Worker, now: datetime) -> QuerySet[BenchPlace]:
    """Invitations that wait, and hours one stands by now or later."""
    waiting = worker.bench_places.filter(status=BenchStatus.INVITED, answer_by__gt=now)
    standing = worker.bench_places.filter(status=BenchStatus.STANDING_BY, end_at__gt=now)
    return (waiting | standing).select_related("shift__city").order_by("start_at", "id")


def of_worker(worker: Worker, now: datetime) -> dict[str, Any]:
    """What is ahead, and what was of late (two queries)."""
    since = now - timedelta(days=SHOWN_DAYS)
    past = worker.bench_places.filter(status__in=OVER, start_at__gte=since).select_related("shift__city")
    return {"ahead": list(ahead(worker, now)), "past": list(past.order_by("-start_at", "-id"))}
