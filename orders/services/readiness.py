"""Work from home: ready before the shift, and answering during it. What is kept are spans, not single signs of life."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from orders.models import Assignment, Heartbeat, ServicePolicy
from orders.services import locks
from orders.states import AssignmentStatus

Gap = tuple[datetime, datetime]


@transaction.atomic
def pulse(assignment_id: int, now: datetime) -> bool:
    """A sign of life of a remote worker's page: the running span grows, or after a gap the next begins. False if they
    are not at work."""
    work = locks.assignment(assignment_id)
    if work.status != AssignmentStatus.CHECKED_IN or not work.position.shift.order.remote:
        return False
    last = work.heartbeats.order_by("-until").first()
    if last is not None and now - last.until <= longest(ServicePolicy.current()):
        Heartbeat.objects.filter(pk=last.pk).update(until=max(last.until, now))
    else:
        Heartbeat.objects.create(assignment=work, since=now, until=now)
    return True


def longest(policy: ServicePolicy) -> timedelta:
    """How long nothing may be heard."""
    return timedelta(minutes=policy.pulse_gap_minutes)


def gaps(spans: Iterable[Gap], start: datetime, end: datetime, allowed: timedelta) -> Sequence[Gap]:
    """The times between `start` and `end` in which nothing was heard for longer than `allowed`; `spans` in order."""
    found, heard = [], start
    for since, until in [*spans, (end, end)]:
        if min(since, end) - heard > allowed:
            found.append((heard, min(since, end)))
        heard = max(heard, until)
    return found


def gaps_of(work: Assignment, policy: ServicePolicy, now: datetime) -> Sequence[Gap]:
    """When nothing was heard of a remote worker between check-in and check-out, or until now; of the planned shift."""
    if work.checked_in_at is None:
        return []
    spans = [(beat.since, beat.until) for beat in work.heartbeats.all()]
    start, end = max(work.checked_in_at, work.start_at), min(work.checked_out_at or now, work.end_at)
    return gaps(spans, start, end, longest(policy)) if end > start else []


def sweep(now: datetime) -> int:
    """Forget old spans; returns how many."""
    old = now - timedelta(days=ServicePolicy.current().pulse_retention_days)
    return Heartbeat.objects.filter(until__lt=old).delete()[0]
