"""Every list of the desk costs the same number of queries for one row and for three, and never loads what it hides."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Assignment, DoNotSend, Offer, Order, TeamMember
from orders.selectors.desk.proposal import SHOWN_PLACES
from orders.selectors.desk.queue import PAGE
from orders.services import attendance, offers, ordering, proposing
from staffing.core.actors import actor_of
from staffing.core.models import Heartbeat, OutboxMessage
from tests.fixtures.agency import NOW, Agency

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher())
    return client


MOST, MOST_BYTES = 12, 15_000
PART = {"HX-Request": "true"}


def queries(desk: Browser, address: str) -> list[str]:
    """The statements that one page needs; a clock that runs ahead is asked for in demos and tests only."""
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert desk.get(address).status_code == 200
    return [row["sql"] for row in context.captured_queries if "core_democlock" not in row["sql"]]


def same_for_one_and_three(desk: Browser, address: str, add: Callable[[int], object]) -> None:
    """`add(number)` puts another row on the page."""
    add(0)
    desk.get(address)
    first = len(queries(desk, address))
    add(1)
    add(2)
    assert len(queries(desk, address)) == first <= MOST


def served(agency: Agency, hours: int) -> Order:
    """An order of two places that starts soon: one came, one is being replaced, and somebody is asked."""
    for _ in range(3):
        agency.worker()
    company = agency.client()
    order = agency.submitted(company, headcount=2, start=NOW + timedelta(hours=hours))
    proposing.propose_order(order.pk, NOW)
    by = actor_of(agency.dispatcher())
    ordering.confirm(order.pk, by=by, now=NOW)
    for offer in Offer.objects.filter(position__shift__order=order):
        offers.accept(offer.pk, by=actor_of(offer.worker.user), now=NOW)
    came, lost = Assignment.objects.filter(position__shift__order=order)
    attendance.check_in(came.pk, by=by, now=NOW, reason="手机没电")
    attendance.declare_absent(lost.pk, lost.start_at, by=by)
    proposing.seek(lost.position_id, NOW)
    TeamMember.objects.create(client=company, worker=came.worker, created_at=NOW)
    DoNotSend.objects.create(client=company, worker=lost.worker, created_at=NOW, reason="迟到")
    return order


@pytest.mark.parametrize("name", ["desk", "desk-live", "desk-today"])
def test_orders_and_shifts(agency, desk, name):
    address = reverse(f"orders:{name}") + "?state=all"
    # The desk shows the nearest order beside the queue: the ones added later start later.
    same_for_one_and_three(desk, address, lambda number: served(agency, 1))


def test_the_desk_with_an_order_that_is_not_on_its_page(agency, desk):
    order = served(agency, 1)
    assert len(queries(desk, f"{reverse('orders:desk')}?state=cancelled&order={order.pk}")) <= MOST


def test_a_full_queue_and_a_long_proposal_are_light(agency, desk):
    named = agency.client(name="北京朝阳区禾丘优选电子商务商贸集团有限公司第一分公司", value=2)
    for number in range(PAGE + 1):
        agency.submitted(named, title=f"大促期间多语种在线客服与退换货高峰支援第 {number} 组")
    for _ in range(SHOWN_PLACES + 4):
        agency.worker()
    order = agency.submitted(named, headcount=SHOWN_PLACES + 4, title="大促期间多语种在线客服")
    proposing.propose_order(order.pk, NOW)
    sizes = {
        name: len(desk.get(address, headers=PART).content)
        for name, address in (
            ("queue", reverse("orders:desk")),
            ("head", reverse("orders:desk-live")),
            ("panel", reverse("orders:desk-panel", args=[order.pk])),
        )
    }
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("name", ["desk-order", "desk-panel", "desk-order-live"])
def test_places_of_an_order(agency, desk, name):
    found = []
    for headcount in (1, 3):
        for _ in range(headcount + 1):
            agency.worker()
        order = agency.submitted(headcount=headcount)
        proposing.propose_order(order.pk, NOW)
        found.append(len(queries(desk, reverse(f"orders:{name}", args=[order.pk]))))
    assert found[0] == found[1] <= MOST


def test_everybody_for_a_shift(agency, desk):
    found = []
    for _ in range(2):
        agency.worker()
        agency.worker(skills={})
        agency.worker(skills={})
        order = agency.submitted()
        proposing.propose_order(order.pk, NOW)
        shift = order.shifts.get()
        found.append(len(queries(desk, reverse("orders:desk-shift", args=[shift.pk]))))
    assert found[0] == found[1] <= MOST


@pytest.mark.parametrize("name", ["desk-exchange", "desk-compare"])
def test_people_for_an_exchange(agency, desk, name):
    found: list[int] = []
    for _ in range(2):
        agency.worker()
        agency.worker()
        order = agency.submitted(start=NOW + timedelta(days=2 + len(found)))
        proposing.propose_order(order.pk, NOW)
        place = order.shifts.get().positions.get()
        found.append(len(queries(desk, reverse(f"orders:{name}", args=[place.pk]))))
    assert found[0] == found[1] <= MOST


def test_messages_set_aside(agency, desk):
    def add(number: int) -> None:
        Heartbeat.objects.create(name=f"sweep-{number}", beat_at=NOW)
        OutboxMessage.objects.create(
            topic="x", subscriber="y", key=str(number), queue="notify", created_at=NOW, due_at=NOW, set_aside_at=NOW
        )

    same_for_one_and_three(desk, reverse("orders:desk-outbox"), add)


def test_shifts_of_a_person(agency, desk):
    person = agency.worker()

    def add(number: int) -> None:
        order = agency.submitted(start=NOW + timedelta(days=1 + number))
        proposing.propose_order(order.pk, NOW)
        ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
        offers.accept(Offer.objects.latest("pk").pk, by=actor_of(person.user), now=NOW)

    same_for_one_and_three(desk, reverse("orders:desk-person-shifts", args=[person.pk]), add)


@pytest.mark.parametrize("name", ["desk", "desk-order", "desk-panel", "desk-order-live", "desk-today"])
def test_the_rejected_people_stay_in_the_database_until_they_are_asked_for(agency, desk, name):
    order = served(agency, 1)
    with_key = name not in ("desk", "desk-today")
    statements = queries(desk, reverse(f"orders:{name}", args=[order.pk] if with_key else []))
    assert not [sql for sql in statements if '"rejected"' in sql]
