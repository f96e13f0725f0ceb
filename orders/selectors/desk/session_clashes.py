"""Who has both a place in a training session and a shift at that time."""

from django.db.models import QuerySet

from orders.models import Assignment
from orders.states import ACTIVE_ASSIGNMENT
from workers.models import TrainingSession
from workers.training_states import COMING


def clashes(session: TrainingSession) -> QuerySet[Assignment]:
    """Booked shifts that overlap the session, of people who have or wait for a seat in it; by name."""
    coming = session.places.filter(status__in=COMING).values("worker")
    return (
        Assignment.objects.filter(worker__in=coming, status__in=ACTIVE_ASSIGNMENT)
        .filter(start_at__lt=session.ends_at, end_at__gt=session.starts_at)
        .select_related("worker__user", "position__shift__order__client")
        .order_by("worker__user__name", "start_at", "pk")
    )
