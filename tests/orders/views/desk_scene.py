"""What the tests of the desk stand on: orders with a proposal, booked people, addresses."""

from django.urls import reverse

from orders.models import Assignment, Offer, Order, Position
from orders.services import offers, ordering, proposing
from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW, Agency
from workers.models import Worker


def proposed(agency: Agency, people: int = 3, **fields) -> Order:
    """An order with a proposal; `people` workers are in the pool."""
    for _ in range(people):
        agency.worker()
    order = agency.submitted(**fields)
    proposing.propose_order(order.pk, NOW)
    return Order.objects.get(pk=order.pk)


def booked(agency: Agency, people: int = 2, **fields) -> Assignment:
    """The first assignment of a confirmed order whose offers were all accepted."""
    order = proposed(agency, people, **fields)
    ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    for offer in Offer.objects.filter(position__shift__order=order):
        offers.accept(offer.pk, by=actor_of(offer.worker.user), now=NOW)
    return Assignment.objects.filter(position__shift__order=order).earliest("pk")


def holder(place: Position) -> Worker:
    """Who is proposed for a place; that somebody is, is part of the claim."""
    assert place.proposed_worker is not None
    return place.proposed_worker


def url(name: str, *args) -> str:
    return reverse(f"orders:{name}", args=args)
