"""The open pages of those who work from home: heard of as long as they are at work."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from orders.models import Assignment, Heartbeat
from orders.states import AssignmentStatus
from staffing.demo.life.cast import lived


def heard(now: datetime) -> int:
    """Everybody at work from home has answered until now; how many. The visitor's own page answers for itself."""
    works = Assignment.objects.filter(
        lived("worker__user"),
        status=AssignmentStatus.CHECKED_IN,
        checked_in_at__lte=now,
        position__shift__order__remote=True,
    )
    later = Heartbeat.objects.filter(assignment=OuterRef("assignment"), pk__gt=OuterRef("pk"))
    latest = Heartbeat.objects.filter(~Exists(later), assignment__in=works)
    grown = latest.filter(until__lt=now).update(until=now)
    fresh = works.filter(heartbeats__isnull=True)
    rows = [Heartbeat(assignment=work, since=work.checked_in_at or now, until=now) for work in fresh]
    return grown + len(Heartbeat.objects.bulk_create(rows))
