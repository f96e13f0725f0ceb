"""The dispatcher's pages: who may open them, what they show, and what their buttons do."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from orders.models import Assignment, Offer, Order, Position, Timesheet
from orders.services import attendance, offers, ordering, proposing, timesheets
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, TimesheetStatus
from staffing.core import outbox
from staffing.core.actors import actor_of
from staffing.core.models import AuditEvent, Heartbeat, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from workers.models import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


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


def url(name: str, *args) -> str:
    return reverse(f"orders:{name}", args=args)


def pages(agency: Agency) -> list[str]:
    """Every address that is opened with GET."""
    work = booked(agency)
    order, shift = work.position.shift.order, work.position.shift
    return [
        *[url(name) for name in ("desk", "desk-live", "desk-today", "desk-outbox")],
        *[url(name, order.pk) for name in ("desk-order", "desk-order-live", "desk-panel", "desk-cancel")],
        *[url(name, shift.pk) for name in ("desk-shift", "desk-shift-live")],
        url("desk-exchange", work.position_id),
        *[url(f"desk-{deed}", work.pk) for deed in ("release", "check-in", "check-out", "no-show")],
        url("desk-person-shifts", work.worker_id),
    ]


def test_every_page_opens_for_dispatchers_and_managers(agency, client):
    found = pages(agency)
    for user in (agency.dispatcher(), agency.manager()):
        client.force_login(user)
        for address in found:
            assert client.get(address).status_code == 200, address
