"""Two hundred people and a week's work: the board's slices stay small and cost the same number of queries."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from orders.models import Assignment, Offer, Position
from orders.services.ordering import ShiftSpec
from orders.states import OrderStatus
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import proposed, url
from workers.models import Worker

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PEOPLE, MOST_QUERIES, MOST_BYTES = 200, 12, 15 * 1024
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher())
    return client


def populate(agency: Agency, people: int, shifts: int) -> None:
    """Everybody has work on several days: half of it booked, the rest proposed; and some places stay open."""
    workers = [agency.worker() for _ in range(people)]
    company = agency.client(name="云栖湾国际会展中心东区二号馆跨境电商运营有限公司")
    specs = [
        ShiftSpec(NOW + day * DAY + HOUR, NOW + day * DAY + 9 * HOUR, max(1, people * shifts // 7)) for day in range(7)
    ]
    order = agency.submitted(company, shifts=specs)
    type(order).objects.filter(pk=order.pk).update(status=OrderStatus.OFFERING)
    turn = itertools.cycle(workers)
    places = list(Position.objects.filter(shift__order=order).select_related("shift"))
    for number, place in enumerate(places[: people * shifts]):
        place.proposed_worker = next(turn)
        place.status = "filled" if number % 2 else "proposed"
    Position.objects.bulk_update(places, ["proposed_worker", "status"])
    booked = [place for place in places if place.status == "filled"]
    offers = Offer.objects.bulk_create(
        Offer(
            position=place,
            worker=place.proposed_worker,
            status="accepted",
            pay_rate=28,
            sent_at=NOW,
            expires_at=NOW + HOUR,
        )
        for place in booked
    )
    Assignment.objects.bulk_create(
        Assignment(
            position=place,
            worker=place.proposed_worker,
            offer=offer,
            start_at=place.shift.start_at,
            end_at=place.shift.end_at,
            pay_rate=28,
            bill_rate=45,
            booked_at=NOW,
        )
        for place, offer in zip(booked, offers, strict=True)
    )


def queries(desk: Browser, address: str, **asked) -> int:
    with CaptureQueriesContext(connection) as context:
        assert (
            desk.get(address, asked, headers=HTMX if "rows" in address or "fit" in address else {}).status_code == 200
        )
    # The clock that runs ahead is the demo's alone.
    return sum("core_democlock" not in row["sql"] for row in context.captured_queries)


def test_a_slice_is_small_and_costs_the_same(agency, desk):
    populate(agency, PEOPLE, shifts=3)
    shown: set[int] = set()
    begin: int | None = 0
    while begin is not None:
        answer = desk.get(
            url("desk-week-rows"), {"from": begin, "day": "2026-11-23"}, headers=HTMX | {"Accept-Encoding": "gzip"}
        )
        assert (answer.headers["Content-Encoding"], len(answer.content) <= MOST_BYTES) == ("gzip", True)
        found = answer.context["slice"]
        shown |= {row.worker.pk for row in found.rows}
        assert all(any(cell.chips for cell in row.cells) for row in found.rows)
        begin = found.after
    assert len(shown) == PEOPLE == Worker.objects.count()
    for view in ("people", "places"):
        assert queries(desk, url("desk-week"), view=view) <= MOST_QUERIES
        assert queries(desk, url("desk-week-rows"), view=view, **{"from": "40"}) <= MOST_QUERIES


@pytest.mark.parametrize("view", ["people", "places"])
def test_one_row_costs_as_much_as_three(agency, desk, view):
    found = []
    for _ in range(3):
        proposed(agency, people=2, headcount=1)
        desk.get(url("desk-week"), {"view": view})
        found.append([queries(desk, url(name), view=view) for name in ("desk-week", "desk-week-rows")])
    assert found[0] == found[2]


def test_asking_who_fits_and_copying_cost_the_same_for_many(agency, desk):
    company = agency.client()
    found = []
    for _ in range(3):
        order = proposed(agency, people=2, company=company)
        place = Position.objects.filter(shift__order=order).earliest("pk")
        copying = f"{url('desk-week-copy')}?client={company.pk}"
        for address in (url("desk-week-fit", place.pk), copying):
            desk.get(address)
        found.append((queries(desk, url("desk-week-fit", place.pk)), queries(desk, copying)))
    assert found[0] == found[2]
