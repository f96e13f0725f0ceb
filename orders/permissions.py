"""Whose is what: querysets and predicates that views narrow their objects with."""

from django.db.models import QuerySet

from orders.models import Assignment, Offer
from staffing.core.models import User


def offers_to(user: User | None) -> QuerySet[Offer]:
    """The offers made to this worker."""
    return Offer.objects.filter(worker__user=user)


def assignments_of(user: User | None) -> QuerySet[Assignment]:
    """The bookings of this worker."""
    return Assignment.objects.filter(worker__user=user)
