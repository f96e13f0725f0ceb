"""Putting another worker on a place: by rank or by name, refused with every reason, overridden with a reason kept."""

import pytest
import time_machine
from django.test import Client as Browser

from orders.models import Position
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, proposed, url
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


def exchangeable(agency: Agency) -> tuple[Position, list[Worker]]:
    """A proposed place and the others who could take it."""
    order = proposed(agency)
    place = Position.objects.get(shift__order=order)
    return place, [other for other in Worker.objects.all() if other.pk != place.proposed_worker_id]


def test_exchanging_puts_the_other_person_there_with_the_reason(agency, desk):
    place, (other, *_) = exchangeable(agency)
    sent = {"worker": other.pk, "reason": "客户点名"}
    for _ in range(2):
        assert desk.post(url("desk-exchange", place.pk), sent).status_code == 302
    place.refresh_from_db()
    assert (place.proposed_worker_id, place.chosen_by_hand) == (other.pk, True)
    assert [event.reason for event in AuditEvent.objects.filter(action="exchange")] == ["客户点名"]


def test_exchanging_without_reason_or_person_loses_nothing(agency, desk):
    place, (other, *_) = exchangeable(agency)
    answer = desk.post(url("desk-exchange", place.pk), {"worker": other.pk, "reason": ""})
    assert answer.status_code == 422
    assert answer.context["picked"] == other.pk
    answer = desk.post(url("desk-exchange", place.pk), {"reason": "客户点名"})
    assert answer.status_code == 422
    assert "客户点名" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="exchange").exists()


def test_a_refused_exchange_tells_every_reason_and_an_override_is_kept(agency, desk):
    low = agency.worker(skills={agency.skill: 1}, windows=())
    place, _others = exchangeable(agency)
    sent = {"worker": low.pk, "reason": "客户点名"}
    answer = desk.post(url("desk-exchange", place.pk), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "技能「在线客服 1 级」，要求「2 级」" in text
    assert "不在可工作时间内" in text
    assert 'name="override"' in text
    assert "客户点名" in text
    assert desk.post(url("desk-exchange", place.pk), {**sent, "override": "on"}).status_code == 302
    kept = AuditEvent.objects.get(action="override")
    assert kept.reason == "客户点名"
    assert {row["code"] for row in kept.data["reasons"]} == {"skill_level", "outside_hours"}
    shown = desk.get(url("desk-order", place.shift.order_id)).content.decode()
    assert "破例派单" in shown
    assert "技能「在线客服 1 级」，要求「2 级」" in shown


def test_what_must_not_be_overridden_offers_no_override(agency, desk):
    gone = agency.worker(status=Worker.Status.SUSPENDED)
    place, _others = exchangeable(agency)
    sent = {"worker": gone.pk, "reason": "客户点名", "override": "on"}
    answer = desk.post(url("desk-exchange", place.pk), sent)
    assert answer.status_code == 422
    assert "不在可派人员名单中" in answer.content.decode()
    assert 'name="override"' not in answer.content.decode()


def test_people_are_found_by_name_or_phone_for_an_exchange(agency, desk):
    place, (other, *_) = exchangeable(agency)
    for text in (other.user.name, other.user.phone):
        answer = desk.get(url("desk-exchange", place.pk), {"q": text}, headers={"HX-Request": "true"})
        assert [person.worker for person in answer.context["people"]] == [other]


def test_a_place_that_somebody_accepted_offers_no_exchange(agency, desk):
    work = booked(agency)
    text = desk.get(url("desk-exchange", work.position_id)).content.decode()
    assert 'name="worker"' not in text
    assert "请先在订单页释放" in text
