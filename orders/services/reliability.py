"""Keeps each worker's reliability: counted anew from their shifts, so that a repeat or a correction changes nothing
else. Who came on time is worth 100, late what the policy says; who did not come or called off at the last moment, 0.

A strike counts neither while an appeal against it is open nor after one was accepted.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from orders.models import Assignment, OrderPolicy
from orders.services import locks
from orders.states import AppealStatus, AssignmentStatus
from workers.models import Worker
from workers.reliability import Memory, reliability

# After so many half-lives a service counts a sixty-fourth.
HALF_LIVES = 6
DAY = timedelta(days=1)


@transaction.atomic
def update(worker_id: int, now: datetime) -> int:
    """Count the worker's reliability anew; returns it. Repeatable."""
    policy = OrderPolicy.current()
    locks.workers([worker_id])
    memory = Memory(policy.reliability_start, policy.reliability_start_weight, policy.reliability_half_life_days)
    found = reliability(_outcomes(worker_id, policy, now), memory)
    Worker.objects.filter(pk=worker_id).exclude(reliability=found).update(reliability=found)
    return found


def _outcomes(worker_id: int, policy: OrderPolicy, now: datetime) -> Iterator[tuple[float, int]]:
    """(Age in days, worth) of every shift that says something."""
    since = now - HALF_LIVES * timedelta(days=policy.reliability_half_life_days)
    rows = strikes_and_services(policy).filter(worker=worker_id, start_at__gte=since, start_at__lte=now + DAY)
    for status, start, late in rows.values_list("status", "start_at", "timesheet__late_minutes"):
        yield (now - start) / DAY, _worth(status, late or 0, policy)


def strikes_and_services(policy: OrderPolicy) -> QuerySet[Assignment]:
    """Shifts served, and those that count against somebody."""
    called_off = Q(
        status=AssignmentStatus.CANCELLED, ended_at__gt=F("start_at") - timedelta(hours=policy.last_cancel_hours)
    )
    said = Q(status__in=(AssignmentStatus.COMPLETED, AssignmentStatus.NO_SHOW)) | called_off
    contested = Q(appeals__status__in=(AppealStatus.OPEN, AppealStatus.ACCEPTED))
    return Assignment.objects.filter(said).exclude(contested)


def _worth(status: str, late: int, policy: OrderPolicy) -> int:
    if status != AssignmentStatus.COMPLETED:
        return 0
    return policy.reliability_late_percent if late else 100
