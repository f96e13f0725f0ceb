"""What counts against a worker: not turning up, and calling off late; and what does not count (any more)."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from orders.models import Appeal, Assignment, OrderPolicy
from orders.states import ACTIVE_ASSIGNMENT, AppealStatus, AssignmentStatus

# An appeal that waits suspends the strike, one that was accepted takes it back.
SUSPENDING = (AppealStatus.OPEN, AppealStatus.ACCEPTED)
# Whose place it is.
HOLDS = Q(status__in=ACTIVE_ASSIGNMENT)


def is_strike(work: Assignment, policy: OrderPolicy) -> bool:
    """Whether the booking ended in a way that counts against its worker."""
    if work.status == AssignmentStatus.NO_SHOW:
        return True
    late = timedelta(hours=policy.strike_hours)
    return (
        work.status == AssignmentStatus.CANCELLED and work.ended_at is not None and work.start_at - work.ended_at < late
    )


def made(policy: OrderPolicy) -> Q:
    """The same, as a condition on assignments."""
    late = Q(status=AssignmentStatus.CANCELLED, ended_at__gt=F("start_at") - timedelta(hours=policy.strike_hours))
    return late | Q(status=AssignmentStatus.NO_SHOW)


def excused() -> Exists:
    """A condition on assignments: an appeal suspends or has taken back what counts against the worker."""
    return Exists(Appeal.objects.filter(assignment=OuterRef("pk"), status__in=SUSPENDING))


def refilled(work: str = "") -> Exists:
    """A condition on assignments, or on rows that lead to one by `work`: somebody else has the place now."""
    place = OuterRef(f"{work}__position" if work else "position")
    return Exists(Assignment.objects.filter(HOLDS, position=place))


def counted(rows: QuerySet[Assignment], policy: OrderPolicy, now: datetime) -> QuerySet[Assignment]:
    """The bookings of the days that are looked at which count against their workers now."""
    since = now - timedelta(days=policy.risk_history_days)
    return rows.filter(made(policy), ~excused(), start_at__gt=since)
