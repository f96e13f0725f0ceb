"""The dispatcher's pages: who may open them, what they show, and what their buttons do."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from orders.models import Assignment, Offer, Position, Timesheet
from orders.services import attendance, ordering, timesheets
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, TimesheetStatus
from staffing.core import outbox
from staffing.core.actors import actor_of
from staffing.core.models import AuditEvent, Heartbeat, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, proposed, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def pages(agency: Agency) -> list[str]:
    """Every address that is opened with GET."""
    work = booked(agency)
    order, shift = work.position.shift.order, work.position.shift
    return [
        *[url(name) for name in ("desk", "desk-live", "desk-today", "desk-today-strip", "desk-outbox")],
        url("desk-views"),
        *[url(name, order.pk) for name in ("desk-order", "desk-order-live", "desk-panel", "desk-cancel")],
        *[url(name, shift.pk) for name in ("desk-shift", "desk-shift-live")],
        *[url(name, work.position_id) for name in ("desk-exchange", "desk-compare")],
        *[url(f"desk-{deed}", work.pk) for deed in ("release", "check-in", "check-out", "no-show")],
        url("desk-person-shifts", work.worker_id),
    ]


def test_every_page_opens_for_dispatchers_and_managers(agency, client):
    found = pages(agency)
    for user in (agency.dispatcher(), agency.manager()):
        client.force_login(user)
        for address in found:
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("role", ["client", "worker"])
def test_nobody_else_gets_in(agency, client, role):
    found = pages(agency)
    client.force_login(agency.worker().user if role == "worker" else agency.member(agency.client()))
    assert {client.get(address).status_code for address in found} == {403}


def test_without_login_every_page_leads_to_the_login(agency, client):
    for address in pages(agency):
        assert client.get(address).url.startswith(reverse("login")), address


def test_wrong_methods_are_refused(agency, desk):
    order = proposed(agency)
    for name in (
        "desk-confirm",
        "desk-rematch",
        "desk-restore-all",
        "desk-restore",
        "desk-view-delete",
        "desk-replace",
    ):
        assert desk.get(url(name, order.pk)).status_code == 405
    assert desk.get(url("desk-confirm-many")).status_code == 405
    for name in ("desk", "desk-live", "desk-today", "desk-outbox"):
        assert desk.post(url(name)).status_code == 405
    assert desk.put(url("desk-cancel", order.pk)).status_code == 405


def test_a_clients_draft_is_none_of_the_desks_business(agency, desk):
    draft = agency.draft()
    shift = draft.shifts.get()
    for address in (
        *[url(name, draft.pk) for name in ("desk-order", "desk-panel", "desk-order-live", "desk-cancel")],
        url("desk-shift", shift.pk),
        url("desk-exchange", shift.positions.get().pk),
    ):
        assert desk.get(address).status_code == 404, address
    assert desk.post(url("desk-confirm", draft.pk)).status_code == 404


def test_the_queue_puts_unconfirmed_before_unfilled_and_the_nearer_day_first(agency, desk):
    later = proposed(agency, 6, start=NOW + timedelta(days=3))
    key = proposed(agency, 0, company=agency.client(value=2), start=NOW + timedelta(days=2, hours=3))
    plain = proposed(agency, 0, company=agency.client(), start=NOW + timedelta(days=2))
    asked = proposed(agency, 0, start=NOW + timedelta(days=1))
    ordering.confirm(asked.pk, by=actor_of(agency.dispatcher()), now=NOW)
    shown = desk.get(url("desk")).context["page"].object_list
    assert [row.pk for row in shown] == [key.pk, plain.pk, later.pk, asked.pk]


def test_what_is_urgent_or_late_goes_before_the_nearer_day_and_value(agency, desk):
    late = agency.submitted(now=NOW - timedelta(minutes=31), start=NOW + timedelta(days=4))
    key = proposed(agency, 3, company=agency.client(value=2), start=NOW + timedelta(hours=9))
    soon = proposed(agency, 3, now=NOW - timedelta(minutes=1), start=NOW + timedelta(hours=2))
    shown = desk.get(url("desk")).context["page"].object_list
    assert [row.pk for row in shown] == [soon.pk, late.pk, key.pk]


def test_the_queue_is_filtered_by_state_city_client_and_text(agency, desk):
    one, other = proposed(agency, title="夜班热线"), proposed(agency, title="展会接待")
    ordering.cancel(other.pk, by=actor_of(agency.dispatcher()), now=NOW, reason="客户改期")

    def shown(**query: Any) -> list[int]:
        return [row.pk for row in desk.get(url("desk"), query).context["page"].object_list]

    assert shown() == [one.pk]
    assert shown(state="over") == shown(state=OrderStatus.CANCELLED) == [other.pk]
    assert set(shown(state="all")) == {one.pk, other.pk}
    assert shown(text="热线") == shown(text=one.number) == shown(client=one.client_id) == [one.pk]
    assert shown(text="热线", state="over") == []
    assert shown(skill=agency.skill.pk) == shown(value=0) == [one.pk]
    assert shown(value=2) == []
    assert shown(value="x", city="999999") == [one.pk]
    assert shown(city=one.city_id) == [one.pk]


def test_htmx_gets_the_queue_alone_and_going_back_gets_the_page(agency, desk):
    proposed(agency)
    part = desk.get(url("desk"), headers={"HX-Request": "true", "HX-Target": "queue"}).content.decode()
    assert part.lstrip().startswith('<section class="card queue-card" id="queue"')
    assert 'id="panel"' not in part
    again = desk.get(url("desk"), headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert again.content.decode().lstrip().startswith("<!doctype html>")


def test_figures_come_from_rows(agency, desk):
    proposed(agency, 4)
    unanswered = agency.submitted(now=NOW - timedelta(hours=1))
    work = booked(agency, 0, start=NOW + timedelta(hours=1))
    attendance.declare_absent(work.pk, work.start_at, by=actor_of(agency.dispatcher()))
    found = desk.get(url("desk-live")).context["figures"]
    assert (found.waiting, found.late) == (2, 1)
    assert (found.responses, found.response) == (2, timedelta(0))
    assert (found.absent, found.replacing) == (1, 1)
    assert unanswered.number not in desk.get(url("desk-live")).content.decode()


def test_the_alarm_names_who_is_missing_and_leads_to_the_place(agency, desk):
    work = booked(agency, start=NOW + timedelta(hours=1))
    attendance.declare_absent(work.pk, work.start_at, by=actor_of(agency.dispatcher()))
    text = desk.get(url("desk")).content.decode()
    assert work.worker.user.name in text
    order, place = work.position.shift.order_id, work.position_id
    assert f"{url('desk-order', order)}?place={place}#place-{place}" in text


def test_a_proposal_is_explained(agency, desk):
    order = proposed(agency, 2)
    text = desk.get(url("desk-order", order.pk)).content.decode()
    place = Position.objects.get(shift__order=order)
    assert place.proposed_worker is not None
    assert place.proposed_worker.user.name in text
    assert 'class="score-bar"' in text
    assert "与下一位得分相同" in text
    assert "匹配完成" in text


def test_every_rejected_person_is_shown_with_all_reasons(agency, desk):
    low = agency.worker(skills={agency.skill: 1}, remote_ok=False, windows=())
    low.user.name = "低级别"
    low.user.save()
    order = proposed(agency, 2)
    address = url("desk-shift", order.shifts.get().pk)
    text = desk.get(address).content.decode()
    assert "技能「在线客服 1 级」，要求「2 级」" in text
    assert "8 小时的班次中有 8 小时不在可工作时间内" in text
    assert "技能：1 人，仅因此 0 人" in text
    assert "低级别" in desk.get(address, {"q": "低级"}).content.decode()
    nobody = desk.get(address, {"q": "查无此人"}).context["told"]
    assert (len(nobody.ranked), len(nobody.rejected)) == (0, 0)


def test_confirming_asks_everybody_once(agency, desk):
    order = proposed(agency, headcount=2)
    for _ in range(2):
        assert desk.post(url("desk-confirm", order.pk)).url == url("desk-order", order.pk)
    assert Offer.objects.filter(position__shift__order=order).count() == 2
    order.refresh_from_db()
    assert order.status == OrderStatus.OFFERING


def test_confirming_beside_the_queue_returns_the_panel_and_says_so(agency, desk):
    order = proposed(agency)
    answer = desk.post(url("desk-confirm", order.pk), headers={"HX-Request": "true"})
    assert 'id="panel"' in answer.content.decode()
    assert {"toast", "desk-changed"} <= set(json.loads(answer.headers["HX-Trigger"]))
    assert Offer.objects.get().status == OfferStatus.PENDING


def test_a_cancelled_order_cannot_be_confirmed(agency, desk):
    order = proposed(agency)
    ordering.cancel(order.pk, by=actor_of(agency.dispatcher()), now=NOW, reason="客户改期")
    assert desk.post(url("desk-confirm", order.pk)).status_code == 409
    assert not Offer.objects.exists()


def test_rematching_repeats_without_harm(agency, desk):
    order = proposed(agency)
    for _ in range(2):
        assert desk.post(url("desk-rematch", order.pk)).status_code == 302
        order.refresh_from_db()
        assert order.status == OrderStatus.SUBMITTED
    assert AuditEvent.objects.filter(action="repropose").count() == 1


def test_cancelling_needs_a_reason_and_keeps_it(agency, desk):
    order = proposed(agency)
    assert desk.post(url("desk-cancel", order.pk), {"reason": " "}).status_code == 422
    for _ in range(2):
        assert desk.post(url("desk-cancel", order.pk), {"reason": "客户改期"}).status_code == 302
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    assert AuditEvent.objects.get(subject_type="order", action="cancel").reason == "客户改期"


@pytest.mark.parametrize(
    ("deed", "status"),
    [
        ("release", AssignmentStatus.RELEASED),
        ("check-in", AssignmentStatus.CHECKED_IN),
        ("no-show", AssignmentStatus.NO_SHOW),
    ],
)
def test_deeds_on_a_booked_worker(agency, desk, deed, status):
    work = booked(agency, start=NOW + timedelta(minutes=30))
    address, sent = url(f"desk-{deed}", work.pk), {"reason": "手机没电"}
    if deed != "no-show":
        assert desk.post(address, {"reason": ""}).status_code == 422
    with time_machine.travel(work.start_at, tick=False):
        for _ in range(2):
            assert desk.post(address, sent).status_code == 302
    work.refresh_from_db()
    assert work.status == status
    assert AuditEvent.objects.filter(subject_type="assignment", to_state=status).count() == 1


def test_checking_out_for_somebody_writes_the_timesheet_once(agency, desk):
    work = booked(agency, start=NOW + timedelta(minutes=30))
    attendance.check_in(work.pk, by=actor_of(agency.dispatcher()), now=NOW, reason="手机没电")
    for _ in range(2):
        assert desk.post(url("desk-check-out", work.pk), {"reason": "手机没电"}).status_code == 302
    assert Timesheet.objects.count() == 1


def test_a_deed_that_comes_too_early_is_told_and_keeps_the_words(agency, desk):
    work = booked(agency, start=NOW + timedelta(days=2))
    assert "班次尚未开始" in desk.post(url("desk-no-show", work.pk)).content.decode()
    answer = desk.post(url("desk-check-in", work.pk), {"reason": "手机没电"})
    assert answer.status_code == 422
    assert "最早可在开始前" in answer.content.decode()
    assert "手机没电" in answer.content.decode()


def test_disputed_hours_are_corrected_within_what_was_planned(agency, desk):
    work = booked(agency, start=NOW + timedelta(minutes=30))
    by = actor_of(agency.dispatcher())
    attendance.check_in(work.pk, by=by, now=NOW, reason="手机没电")
    attendance.check_out(work.pk, by=by, now=work.end_at, reason="手机没电")
    sheet = Timesheet.objects.get()
    member = agency.acting_client(work.position.shift.order.client)
    timesheets.dispute(sheet.pk, by=member, now=work.end_at, reason="早退")
    address = url("desk-correct", sheet.pk)
    assert "早退" in desk.get(address).content.decode()
    assert desk.post(address, {"minutes": 481, "reason": "核对"}).status_code == 422
    assert desk.post(address, {"minutes": 420, "reason": "核对"}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.actual_minutes, sheet.status) == (420, TimesheetStatus.SUBMITTED)
    assert desk.post(address, {"minutes": 400, "reason": "核对"}).status_code == 422


def test_today_counts_who_came_and_who_is_missing(agency, desk):
    work = booked(agency, 3, headcount=2, start=NOW + timedelta(minutes=30))
    attendance.check_in(work.pk, by=actor_of(agency.dispatcher()), now=NOW, reason="手机没电")
    with time_machine.travel(NOW + timedelta(minutes=40), tick=False):
        answer = desk.get(url("desk-today"))
        totals = answer.context["totals"]
        assert (totals.places, totals.arrived, totals.late, totals.absent) == (2, 1, 1, 0)
        late = Assignment.objects.get(status=AssignmentStatus.BOOKED)
        assert late.worker.user.name in answer.content.decode()
        attendance.declare_absent(late.pk, late.start_at, by=actor_of(agency.dispatcher()))
        again = desk.get(url("desk-today"), {"kind": "replacing"})
        counted = {"unconfirmed": 1, "at_risk": 0, "late": 0, "no_show": 1, "replacing": 1}
        assert again.context["counts"] == counted
        assert len(again.context["page"].object_list) == 1
        assert len(desk.get(url("desk-today"), {"kind": "late"}).context["page"].object_list) == 0


def set_aside(number: int) -> OutboxMessage:
    return OutboxMessage.objects.create(
        topic="offer.send",
        subscriber="orders.handlers.tell_of_offer",
        key=f"poisoned-{number}",
        queue="notify",
        created_at=NOW,
        due_at=NOW,
        attempts=8,
        set_aside_at=NOW,
        last_error="ConnectionError: mail.example",
    )


def test_a_message_set_aside_is_shown_and_tried_again_once(agency, desk):
    row = set_aside(1)
    assert "ConnectionError: mail.example" in desk.get(url("desk-outbox")).content.decode()
    for _ in range(2):
        assert desk.post(url("desk-outbox-retry", row.pk)).url == url("desk-outbox")
    row.refresh_from_db()
    assert (row.set_aside_at, row.attempts, row.due_at) == (None, 0, NOW)


def test_a_silent_sweep_and_a_stuck_queue_are_said_aloud(agency, desk):
    Heartbeat.objects.create(name="sweep-timers", beat_at=NOW - timedelta(minutes=3))
    Heartbeat.objects.create(name="sweep-notify", beat_at=NOW - timedelta(minutes=1))
    outbox.publish("order.submit", {"id": 1}, key="x", now=NOW - timedelta(minutes=10))
    answer = desk.get(url("desk-outbox"))
    assert [(beat.name, beat.silent) for beat in answer.context["beats"]] == [
        ("sweep-notify", False),
        ("sweep-timers", True),
    ]
    assert answer.context["backlog"].stuck
    assert answer.context["backlog"].oldest == timedelta(minutes=10)


def test_a_persons_shifts_are_listed(agency, desk):
    work = booked(agency)
    text = desk.get(url("desk-person-shifts", work.worker_id)).content.decode()
    assert work.position.shift.order.number in text


def test_what_one_person_does_in_one_moment_is_one_line_of_the_history(agency, desk):
    order = proposed(agency, headcount=3)
    desk.post(url("desk-confirm", order.pk))
    titles = [event["title"] for event in desk.get(url("desk-order", order.pk)).context["events"]]
    names = list(Position.objects.order_by("number").values_list("proposed_worker__user__name", flat=True))
    assert [title for title in titles if "发出派单" in title] == [f"发出派单 × 3 · {'、'.join(names)}"]
    assert sum("推荐人选" in title for title in titles) == 1
