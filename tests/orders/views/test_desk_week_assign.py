"""Giving places by the board's addresses: eligibility before the drop, refusals in words, lost races told kindly."""

import json

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders import snapshot
from orders.models import Assignment, Order, Position
from orders.services import assigning, ordering
from orders.services.assigning import seen_of
from orders.states import AssignmentStatus, PositionStatus
from staffing.core.actors import actor_of
from staffing.core.models import Role
from tests.fixtures import pool_reads
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, holder, proposed, url
from workers.models import Worker

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def scene(agency: Agency) -> tuple[Position, Worker, Worker]:
    """A proposed place, somebody who could take it, and somebody who could not."""
    low = agency.worker(skills={agency.skill: 1})
    place = Position.objects.get(shift__order=proposed(agency, people=2))
    (other,) = Worker.objects.exclude(pk__in=(holder(place).pk, low.pk))
    return place, other, low


def sent(place: Position, worker: Worker, **more) -> dict[str, object]:
    return {"worker": worker.pk, "seen": seen_of(place.status, place.proposed_worker_id), **more}


@pytest.mark.parametrize("columns", [True, False])
def test_eligibility_is_told_before_the_drop(agency, desk, monkeypatch, columns):
    if not columns:
        monkeypatch.setattr(snapshot, "available", lambda now: None)
    place, other, low = scene(agency)
    answer = desk.get(url("desk-week-fit", place.pk)).json()
    assert answer["holder"] == place.proposed_worker_id
    assert list(answer["scores"]) == [str(other.pk)]
    assert answer["out"] == [{"ids": [low.pk], "why": "技能：技能级别不够", "never": False}]


def test_columns_and_objects_say_the_same(agency, desk, monkeypatch):
    place, *_ = scene(agency)
    agency.worker(windows=())
    agency.worker(remote_ok=False, latitude=None, longitude=None, skills={})
    agency.worker(status=Worker.Status.SUSPENDED)
    by_columns = desk.get(url("desk-week-fit", place.pk)).json()
    monkeypatch.setattr(snapshot, "available", lambda now: None)
    assert desk.get(url("desk-week-fit", place.pk)).json() == by_columns
    assert len(by_columns["out"]) == 3


def test_only_people_on_the_board_are_asked_about(agency, desk):
    place, other, _low = scene(agency)
    answer = desk.get(url("desk-week-fit", place.pk), {"name": other.user.name}).json()
    assert (list(answer["scores"]), answer["out"]) == ([str(other.pk)], [])
    assert len(desk.get(url("desk-week-fit", place.pk), {"until": "1"}).json()["out"]) <= 1


def test_a_drop_on_somebody_who_may_come_is_done_at_once(agency, desk):
    place, other, _low = scene(agency)
    answer = desk.post(url("desk-week-assign", place.pk), sent(place, other), headers=HTMX)
    assert answer.status_code == 204
    news = json.loads(answer.headers["HX-Trigger"])
    assert news["week-changed"] == {
        "people": sorted([holder(place).pk, other.pk]),
        "orders": [place.shift.order_id],
        "done": True,
    }
    assert other.user.name in news["toast"]["text"]
    place.refresh_from_db()
    assert place.proposed_worker == other
    again = desk.post(url("desk-week-assign", place.pk), sent(place, other))
    assert (again.status_code, again.headers["Location"]) == (302, f"{url('desk-week')}?day=2026-11-24")


def test_a_refusal_says_why_and_an_override_with_a_reason_opens_the_way(agency, desk):
    place, _other, low = scene(agency)
    shown = desk.get(url("desk-week-assign", place.pk), {"worker": low.pk}, headers=HTMX).content.decode()
    assert "技能「在线客服 1 级」，要求「2 级」" in shown
    answer = desk.post(url("desk-week-assign", place.pk), sent(place, low, reason="客户点名"), headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "技能「在线客服 1 级」，要求「2 级」" in text
    assert 'name="override"' in text
    assert "客户点名" in text
    assert f'value="{low.pk}" checked' in text
    blank = desk.post(url("desk-week-assign", place.pk), sent(place, low, override="on"), headers=HTMX)
    assert blank.status_code == 422
    done = desk.post(url("desk-week-assign", place.pk), sent(place, low, override="on", reason="客户点名"))
    assert done.status_code == 302


def test_what_is_never_overridden_offers_no_override(agency, desk):
    place, *_ = scene(agency)
    gone = agency.worker(status=Worker.Status.SUSPENDED)
    answer = desk.post(url("desk-week-assign", place.pk), sent(place, gone, override="on", reason="急"), headers=HTMX)
    assert answer.status_code == 422
    assert 'name="override"' not in answer.content.decode()
    assert "不能破例" in answer.content.decode()


def test_a_lost_race_tells_what_is_true_now(agency, desk):
    place, other, low = scene(agency)
    before = sent(place, low, reason="急", override="on")
    by = actor_of(agency.dispatcher())
    assigning.assign(place.pk, other.pk, by=by, now=NOW, seen=seen_of(place.status, place.proposed_worker_id))
    for name in ("desk-week-assign", "desk-week-clear"):
        answer = desk.post(url(name, place.pk), before, headers=HTMX)
        assert answer.status_code == 409
        assert other.user.name in answer.content.decode()
        news = json.loads(answer.headers["HX-Trigger"])["week-changed"]
        assert (other.pk in news["people"], news["done"]) == (True, False)
    assert desk.post(url("desk-week-assign", place.pk), before).status_code == 302
    place.refresh_from_db()
    assert place.proposed_worker == other


def test_moving_a_booked_worker_says_what_follows_and_wants_a_reason(agency, desk):
    work = booked(agency, people=2)
    place = Position.objects.get(pk=work.position_id)
    other = Worker.objects.exclude(pk=work.worker_id).get()
    shown = desk.get(url("desk-week-assign", place.pk), headers=HTMX).content.decode()
    assert "将释放并通知" in shown
    assert desk.post(url("desk-week-assign", place.pk), sent(place, other), headers=HTMX).status_code == 422
    assert (
        desk.post(url("desk-week-assign", place.pk), sent(place, other, reason="换人"), headers=HTMX).status_code == 204
    )
    assert Assignment.objects.get(pk=work.pk).status == AssignmentStatus.RELEASED


def test_taking_off_by_its_page(agency, desk):
    place, *_ = scene(agency)
    assert "10 分钟内没有指派" in desk.get(url("desk-week-clear", place.pk)).content.decode()
    assert desk.post(url("desk-week-clear", place.pk), sent(place, holder(place))).status_code == 422
    assert desk.post(url("desk-week-clear", place.pk), sent(place, holder(place), reason="错")).status_code == 302
    place.refresh_from_db()
    assert place.status == PositionStatus.OPEN


def test_the_people_to_choose_from_cost_the_same_however_many_they_are(agency, desk, monkeypatch):
    pool_reads.uncounted(monkeypatch)
    place, *_ = scene(agency)
    address, asked = url("desk-week-assign", place.pk), []
    for count in (1, 3):
        with CaptureQueriesContext(connection) as context:
            assert len(desk.get(address).context["people"]) == count
        # The test's clock is no query of the page.
        asked.append([row["sql"] for row in context.captured_queries if "core_democlock" not in row["sql"]])
        agency.worker()
        agency.worker()
    assert len(asked[1]) <= len(asked[0])
    assert len([sql for sql in asked[1] if "SAVEPOINT" not in sql]) <= 12


def test_people_are_found_by_name(agency, desk):
    place, _other, low = scene(agency)
    answer = desk.get(url("desk-week-assign", place.pk), {"q": low.user.name}, headers=HTMX)
    assert [one.worker for one in answer.context["people"]] == [low]
    assert not desk.get(url("desk-week-assign", place.pk), {"q": "没有这个人"}).context["people"]


def test_an_order_that_is_not_matched_yet_offers_nothing(agency, desk):
    place = Position.objects.get(shift__order=agency.submitted())
    assert 'name="worker"' not in desk.get(url("desk-week-assign", place.pk)).content.decode()
    draft = Position.objects.get(shift__order=agency.draft())
    assert desk.get(url("desk-week-assign", draft.pk)).status_code == 404


def test_a_week_is_copied_by_its_page(agency, desk):
    source = proposed(agency, people=1)
    page = desk.get(url("desk-week-copy"))
    assert source.client.name in page.content.decode()
    address = f"{url('desk-week-copy')}?day=2026-11-23&client={source.client_id}"
    shown = desk.get(address).content.decode()
    who = holder(Position.objects.get(shift__order=source))
    assert f"{who.user.name}" in shown
    assert desk.post(address, {}).status_code == 422
    done = desk.post(address, {"orders": [source.pk]})
    assert (done.status_code, Order.objects.count()) == (302, 2)
    assert "day=2026-11-30" in done.headers["Location"]
    assert "已复制" in desk.get(address).content.decode()
    assert desk.get(f"{url('desk-week-copy')}?client=99999").status_code == 404


def test_only_a_dispatcher_copies(agency, client):
    client.force_login(agency.manager())
    assert client.get(url("desk-week-copy")).status_code == 403
    assert "desk/week/copy" not in client.get(url("desk-week")).content.decode()
    client.force_login(agency.user(Role.CLIENT))
    assert client.get(url("desk-week-fit", 1)).status_code == 403


def test_a_client_with_an_order_called_off_is_offered_for_copying_all_the_same(agency: Agency, desk: Browser) -> None:
    company = agency.client()
    kept = agency.submitted(company)
    off = agency.submitted(company)
    ordering.cancel(off.pk, by=agency.acting_client(company), now=NOW, reason="换时间")
    only_off = agency.submitted()
    ordering.cancel(only_off.pk, by=agency.acting_client(only_off.client), now=NOW, reason="换时间")
    day = timezone.localdate(kept.starts_at).isoformat()
    listed = desk.get(f"{url('desk-week-copy')}?day={day}").context["clients"]
    assert [(row.pk, row.number) for row in listed] == [(company.pk, 1)]
