"""People moved on the board of places, and what the board hears of others' changes."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from orders.models import Order, Position
from orders.services import assigning
from orders.services.assigning import seen_of
from orders.states import OrderStatus, PositionStatus
from staffing.core.actors import actor_of
from tests.fixtures import pool_reads
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, holder, proposed, url
from workers.models import Worker

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PLACES = {"view": "places", "day": "2026-11-23"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def another_day(agency: Agency, **fields) -> Position:
    order = agency.submitted(start=NOW + timedelta(hours=72), headcount=1, **fields)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.PROPOSED)
    return Position.objects.get(shift__order=order)


def seen(place: Position) -> str:
    return seen_of(place.status, place.proposed_worker_id)


def sent(place: Position, to: Position, **more) -> dict[str, object]:
    return {"worker": holder(place).pk, "seen": seen(place), "to": f"{to.pk}.{seen(to)}", **more}


def reach(desk: Browser, worker: Worker, **more) -> dict:
    return desk.get(url("desk-reach", worker.pk), {**PLACES, **more}).json()


def test_what_somebody_could_take_is_told_before_the_drop(agency, desk):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    free, hard = another_day(agency), another_day(agency, skills={agency.skill.pk: 4})
    answer = reach(desk, holder(place), leaving=place.pk)
    assert set(answer["scores"]) == {str(free.shift_id)}
    out = {tuple(group["ids"]): group["why"] for group in answer["out"]}
    assert set(out) == {(place.shift_id,), (hard.shift_id,)}
    assert out[(hard.shift_id,)] == "技能：技能级别不够"


def test_leaving_a_place_frees_its_time(agency, desk):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    order = agency.submitted(start=place.shift.start_at + timedelta(hours=1), headcount=1)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.PROPOSED)
    shift = str(order.shifts.get().pk)
    assert shift not in reach(desk, holder(place))["scores"]
    assert shift in reach(desk, holder(place), leaving=place.pk)["scores"]


def test_asking_costs_the_same_for_many_places(agency, desk, monkeypatch):
    pool_reads.uncounted(monkeypatch)
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    reach(desk, holder(place), leaving=place.pk)
    found = []
    for _ in range(3):
        another_day(agency)
        with CaptureQueriesContext(connection) as context:
            reach(desk, holder(place), leaving=place.pk)
        found.append(len(context))
    assert found[0] == found[2]


def test_a_drop_on_another_place_is_done_at_once_and_repeating_it_changes_nothing(agency, desk):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    to = another_day(agency)
    asked = sent(place, to)
    for _ in range(2):
        answer = desk.post(url("desk-week-move", place.pk), asked, headers=HTMX)
        assert answer.status_code == 204
    news = json.loads(answer.headers["HX-Trigger"])["week-changed"]
    assert news["orders"] == sorted([place.shift.order_id, to.shift.order_id])
    to.refresh_from_db()
    assert to.proposed_worker == holder(place)


def test_a_refusal_says_why_and_keeps_what_was_chosen(agency, desk):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    to = another_day(agency, skills={agency.skill.pk: 4})
    answer = desk.post(url("desk-week-move", place.pk), sent(place, to, reason="试试"), headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "技能「在线客服 3 级」，要求「4 级」" in text
    assert 'name="override"' in text
    assert "试试" in text
    assert f'value="{to.pk}.open:" checked' in text
    done = desk.post(url("desk-week-move", place.pk), sent(place, to, reason="客户点名", override="on"))
    assert done.status_code == 302


def test_the_page_offers_the_weeks_open_places_and_warns_of_a_booking(agency, desk):
    work = booked(agency, people=1)
    to = another_day(agency)
    text = desk.get(url("desk-week-move", work.position_id)).content.decode()
    assert f'value="{to.pk}.open:"' in text
    assert "已接下现在的班次" in text
    assert desk.post(url("desk-week-move", work.position_id), sent(work.position, to)).status_code == 422


def test_a_place_that_has_changed_is_told(agency, desk):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    to, quick = another_day(agency), agency.worker()
    asked = sent(place, to)
    by = actor_of(agency.dispatcher())
    assigning.assign(to.pk, quick.pk, by=by, now=NOW, seen=seen(to))
    answer = desk.post(url("desk-week-move", place.pk), asked, headers=HTMX)
    assert (answer.status_code, "刚刚有变动" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("more", [{"to": ""}, {"to": "x"}, {"to": "12"}, {"worker": "999999"}])
def test_nonsense_is_refused_with_the_page(agency, desk, more):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    answer = desk.post(url("desk-week-move", place.pk), sent(place, another_day(agency)) | more, headers=HTMX)
    assert answer.status_code == 422


def test_people_at_hand_are_found_by_name(agency, desk):
    proposed(agency, people=2)
    first, second = Worker.objects.order_by("pk")
    part = desk.get(url("desk-week-people"), {**PLACES, "q": first.user.name}, headers=HTMX).content.decode()
    assert f'data-worker="{first.pk}"' in part
    assert f'data-worker="{second.pk}"' not in part
    assert desk.get(url("desk-week-people"), PLACES).status_code == 302


def marks(desk: Browser, **asked) -> dict[str, str]:
    answer = desk.get(url("desk-week-news"), asked, headers=HTMX).json()
    return dict(answer["rows"]) | dict(answer["above"])


@pytest.mark.parametrize("view", ["people", "places"])
def test_only_rows_that_were_touched_have_new_marks(agency, desk, view):
    asked = {"view": view, "day": "2026-11-23"}
    place = Position.objects.get(shift__order=proposed(agency, people=2))
    proposed(agency, people=0, start=NOW + timedelta(hours=50))
    shown = desk.get(url("desk-week"), asked).content.decode()
    before = marks(desk, **asked)
    assert all(f'id="{row}" data-mark="{mark}"' in shown for row, mark in before.items())
    assert marks(desk, **asked) == before
    (other,) = Worker.objects.exclude(pk=holder(place).pk)
    by = actor_of(agency.dispatcher())
    assigning.assign(place.pk, other.pk, by=by, now=NOW, seen=seen(place))
    after = marks(desk, **asked)
    touched = {row for row in after if before.get(row) != after[row]}
    wanted = {f"w{holder(place).pk}", f"w{other.pk}"} if view == "people" else {f"o{place.shift.order_id}"}
    assert touched == wanted
    assert desk.get(url("desk-week-news"), {**asked, "until": "1"}).json()["rows"] == [
        [row, after[row]] for row in list(after)[:1]
    ]


def test_news_of_a_board_cost_the_same_for_many_rows(agency, desk):
    found = []
    for _ in range(3):
        proposed(agency, people=2)
        with CaptureQueriesContext(connection) as context:
            marks(desk, **PLACES)
        found.append(len(context))
    assert found[0] == found[2]


def test_a_place_nobody_has_leads_nowhere(agency, desk):
    to = another_day(agency)
    assert to.status == PositionStatus.OPEN
    text = desk.get(url("desk-week-move", to.pk)).content.decode()
    assert "这一周没有别的空缺名额" in text
