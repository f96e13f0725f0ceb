"""The places of an order as the dispatcher works with them: searching at once, whom it has asked, and many of them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from orders.models import Assignment, Offer, Order, Position
from orders.selectors.desk.proposal import PLACES_A_PAGE
from orders.services import offers, ordering
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, proposed, url

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MOST_BYTES = 15 * 1024


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def wanting(agency: Agency) -> Position:
    """An open place of a confirmed order, with people who could take it."""
    order = proposed(agency, people=1, headcount=2)
    ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    for _ in range(3):
        agency.worker()
    return Position.objects.get(shift__order=order, status=PositionStatus.OPEN)


def part(desk: Browser, place: Position, **asked) -> str:
    return desk.get(url("desk-shift-live", place.shift_id), asked, headers=HTMX).content.decode()


def test_a_search_is_started_from_the_order_and_a_second_click_changes_nothing(agency, desk):
    place = wanting(agency)
    assert f'id="find-{place.pk}"' in part(desk, place)
    answer = desk.post(url("desk-find", place.pk), headers=HTMX)
    asked = Offer.objects.filter(position=place).count()
    assert (answer.status_code, asked > 1) == (200, True)
    text = answer.content.decode()
    assert f'id="places-{place.shift_id}"' in text
    assert f'id="find-{place.pk}"' not in text
    assert desk.post(url("desk-find", place.pk), headers=HTMX).status_code == 200
    assert Offer.objects.filter(position=place).count() == asked
    whole = desk.post(url("desk-find", place.pk))
    assert whole.headers["Location"] == f"{url('desk-order', place.shift.order_id)}?place={place.pk}#place-{place.pk}"


def test_all_who_were_asked_are_shown_with_what_they_said(agency, desk):
    place = wanting(agency)
    desk.post(url("desk-find", place.pk))
    first, *rest = Offer.objects.filter(position=place).order_by("id")
    offers.decline(first.pk, by=actor_of(first.worker.user), now=NOW, reason="没空")
    for text in (part(desk, place), desk.get(url("desk-order", place.shift.order_id)).content.decode()):
        assert f"第 1 轮 · {first.worker.user.name} · {OfferStatus.DECLINED.label}" in text
        for offer in rest:
            assert f"第 1 轮 · {offer.worker.user.name} · {OfferStatus.PENDING.label}" in text


def test_a_booked_worker_who_is_late_is_given_up_for_others(agency, desk):
    work = booked(agency, people=1)
    for _ in range(3):
        agency.worker()
    place = work.position
    text = part(desk, place)
    assert f"{url('desk-find', place.pk)}?work={work.pk}" in text
    with time_machine.travel(work.start_at + timedelta(minutes=5), tick=False):
        desk.post(f"{url('desk-find', place.pk)}?work={work.pk}")
    assert Assignment.objects.get(pk=work.pk).status == AssignmentStatus.NO_SHOW
    assert Offer.objects.filter(position=place, status=OfferStatus.PENDING).count() > 1


def test_an_order_that_is_not_confirmed_searches_nobody(agency, desk):
    place = Position.objects.get(shift__order=proposed(agency))
    assert f'id="find-{place.pk}"' not in part(desk, place)
    assert desk.post(url("desk-find", place.pk), headers=HTMX).status_code == 409


def large(agency: Agency, headcount: int = 100) -> list[Position]:
    """A shift of many places, most of them given to people with long names."""
    order = agency.submitted(headcount=headcount, title="大促期间多语种在线客服与退换货高峰支援")
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.OFFERING)
    places = list(Position.objects.filter(shift__order=order).order_by("number"))
    people = [agency.worker() for _ in range(headcount - 10)]
    for place, worker in zip(places, people, strict=False):
        worker.user.name = f"阿卜杜热西提·麦麦提敏·吐尔逊{place.number}"
        worker.user.save()
        place.proposed_worker, place.status = worker, PositionStatus.PROPOSED
    Position.objects.bulk_update(places, ["proposed_worker", "status"])
    return places


def test_a_shift_of_a_hundred_places_keeps_its_live_part_small(agency, desk):
    places = large(agency)
    shift = places[0].shift_id
    shown: list[int] = []
    for number in range(1, 6):
        answer = desk.get(url("desk-shift-live", shift), {"page": number}, headers=HTMX | {"Accept-Encoding": "gzip"})
        assert (answer.headers["Content-Encoding"], len(answer.content) <= MOST_BYTES) == ("gzip", True)
        page = answer.context["shown"].page
        shown += [place.position.pk for place in page]
        assert len(page) <= PLACES_A_PAGE
    assert shown == [place.pk for place in places]
    text = part(desk, places[0], page=3)
    assert f"{url('desk-shift-live', shift)}?page=3" in text
    assert "共 100 个" in text


def test_a_place_is_found_whatever_page_it_is_on(agency, desk):
    places = large(agency, headcount=50)
    order, place = places[0].shift.order_id, places[44]
    assert f'id="place-{place.pk}"' in desk.get(url("desk-order", order), {"place": place.pk}).content.decode()
    by_page = desk.get(url("desk-order", order), {"shift": place.shift_id, "page": 3}).content.decode()
    assert f'id="place-{place.pk}"' in by_page
    assert f'id="place-{place.pk}"' not in desk.get(url("desk-order", order), {"page": "x"}).content.decode()


def test_a_hundred_places_cost_no_more_queries_than_two(agency, desk):
    found = []
    for headcount in (2, 40):
        address = url("desk-order", large(agency, headcount=max(12, headcount))[0].shift.order_id)
        desk.get(address)
        with CaptureQueriesContext(connection) as context:
            desk.get(address)
        found.append(sum("core_democlock" not in row["sql"] for row in context.captured_queries))
    assert found[0] == found[1] <= 12
