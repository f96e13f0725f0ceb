"""A person's shifts, for the page of the pool."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from orders.models import Assignment

PAST = timedelta(days=30)
SHOWN = 30


def shifts_of(worker_id: int, now: datetime) -> QuerySet[Assignment]:
    """The last month's and all coming assignments of a worker, the latest first."""
    return (
        Assignment.objects.filter(worker=worker_id, end_at__gte=now - PAST)
        .select_related("position__shift__order__client", "position__shift__order__site")
        .order_by("-start_at", "-id")[:SHOWN]
    )
