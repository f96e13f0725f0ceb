"""Whose is what: querysets and predicates that views narrow their objects with."""

from django.db.models import QuerySet

from orders.models import Assignment, Client, Offer, Order, Timesheet
from staffing.core.models import User


def offers_to(user: User | None) -> QuerySet[Offer]:
    """The offers made to this worker."""
    return Offer.objects.filter(worker__user=user)


def assignments_of(user: User | None) -> QuerySet[Assignment]:
    """The bookings of this worker."""
    return Assignment.objects.filter(worker__user=user)


def companies_of(user: User | None) -> QuerySet[Client]:
    """The client company that a client's login belongs to."""
    return Client.objects.filter(members__user=user)


def client_orders(user: User | None) -> QuerySet[Order]:
    """The orders of the asker's own company."""
    return Order.objects.filter(client__members__user=user)


def client_timesheets(user: User | None) -> QuerySet[Timesheet]:
    """The hours served for the asker's own company."""
    return Timesheet.objects.filter(assignment__position__shift__order__client__members__user=user)
