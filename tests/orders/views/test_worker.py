"""The worker's pages by HTTP: what they show, whom they let in, and what a press does."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Assignment
from orders.services import attendance, offers, timesheets
from orders.services.attendance import Fix
from orders.states import AssignmentStatus, OfferStatus, TimesheetStatus
from staffing.core.actors import actor_of
from staffing.core.models import AuditEvent
from tests.fixtures.agency import HERE, NOW
from tests.fixtures.bookings import booked, offer_to
from workers.models import Worker

AT_SITE = {"latitude": HERE[0], "longitude": HERE[1], "accuracy": 20}
FAR = {"latitude": HERE[0] + 0.02, "longitude": HERE[1], "accuracy": 20}
HTMX = {"HX-Request": "true"}
BEGINS = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(agency) -> Worker:
    return agency.worker()


@pytest.fixture
def phone(person) -> Browser:
    return logged_in(person.user)


def logged_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def at(moment) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def url(name: str, *args: int) -> str:
    return reverse(f"orders:{name}", args=args)


OWN_OFFER = ["my-offer", "my-offer-decline"]
OWN_SHIFT = ["my-shift", "my-cancel"]
POST_OFFER = ["my-offer-accept", "my-offer-decline"]
POST_SHIFT = ["my-check-in", "my-check-out", "my-cancel"]
LISTS = ["my-today", "my-offers", "my-schedule", "my-summary"]
POST_ONLY = ["my-offer-accept", "my-check-in", "my-check-out"]


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_page_says_so(phone, name):
    assert phone.get(url(name)).status_code == 200


@pytest.mark.parametrize("role", ["dispatcher", "manager", "client"])
@pytest.mark.parametrize("name", [*LISTS, *OWN_OFFER, *OWN_SHIFT, *POST_ONLY])
def test_other_roles_are_refused(agency, role, name):
    user = agency.member(agency.client()) if role == "client" else agency.user(role)
    address = url(name) if name in LISTS else url(name, 1)
    method = "post" if name in POST_ONLY else "get"
    assert getattr(logged_in(user), method)(address).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_a_visitor_is_led_to_the_login(db, name):
    assert Browser().get(url(name)).headers["Location"].startswith("/login/")


def test_a_login_without_a_place_in_the_pool_is_not_found(agency):
    assert logged_in(agency.user("worker")).get(url("my-today")).status_code == 404


@pytest.mark.parametrize("name", [*POST_ONLY])
def test_what_changes_is_never_a_get(phone, name):
    assert phone.get(url(name, 1)).status_code == 405


@pytest.mark.parametrize("name", LISTS)
def test_what_reads_is_never_a_post(phone, name):
    assert phone.post(url(name)).status_code == 405


@pytest.mark.parametrize("name", OWN_OFFER)
def test_anothers_offer_is_not_found(agency, phone, name):
    theirs = offer_to(agency, agency.worker())
    assert phone.get(url(name, theirs.pk)).status_code == 404


@pytest.mark.parametrize("name", POST_OFFER)
def test_anothers_offer_cannot_be_answered(agency, phone, name):
    theirs = offer_to(agency, agency.worker())
    assert phone.post(url(name, theirs.pk), {"quick": "time"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == OfferStatus.PENDING


@pytest.mark.parametrize("name", OWN_SHIFT)
def test_anothers_shift_is_not_found(agency, phone, name):
    assert phone.get(url(name, booked(agency, agency.worker()).pk)).status_code == 404


@pytest.mark.parametrize("name", POST_SHIFT)
def test_anothers_shift_cannot_be_touched(agency, phone, name):
    theirs = booked(agency, agency.worker())
    with at(BEGINS):
        assert phone.post(url(name, theirs.pk), {"quick": "health"} | AT_SITE).status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == AssignmentStatus.BOOKED


def test_an_offer_tells_pay_place_client_and_why(agency, person, phone):
    offer = offer_to(agency, person)
    offer.position.shift.order.client.__class__.objects.update(profile="安静的办公楼", briefing="请穿深色上衣")
    page = phone.get(url("my-offer", offer.pk)).content.decode()
    assert "¥28.00/小时" in page
    assert "预计 ¥224.00" in page
    assert "0.0 km" in page
    assert "安静的办公楼" in page and "请穿深色上衣" in page
    assert "可靠度 80%" in page


def test_a_night_shift_counts_its_uplift(agency, person, phone):
    offer = offer_to(agency, person)
    night = offer.position.shift
    night.start_at, night.end_at = NOW + timedelta(hours=13), NOW + timedelta(hours=21)
    night.save()
    page = phone.get(url("my-offers")).content.decode()
    assert "夜班 +10%" in page
    assert "预计 ¥246.40" in page


def test_yes_books_and_yes_again_gives_the_same(agency, person, phone):
    offer = offer_to(agency, person)
    first = phone.post(url("my-offer-accept", offer.pk))
    second = phone.post(url("my-offer-accept", offer.pk))
    work = Assignment.objects.get()
    assert first.url == second.url == url("my-shift", work.pk)
    assert work.worker == person


def test_no_passes_the_place_on_with_its_reason(agency, person, phone):
    offer = offer_to(agency, person)
    for _attempt in range(2):
        answer = phone.post(url("my-offer-decline", offer.pk), {"quick": "other", "text": "有考试"})
        assert answer.url == url("my-offers")
    offer.refresh_from_db()
    assert (offer.status, offer.reason) == (OfferStatus.DECLINED, "其他 · 有考试")
    assert AuditEvent.objects.filter(subject_type="offer", action="decline").count() == 1


@pytest.mark.parametrize("sent", [{}, {"quick": "other"}, {"quick": "unknown"}, {"quick": "time", "text": "长" * 151}])
def test_a_no_without_a_usable_reason_is_asked_again(agency, person, phone, sent):
    offer = offer_to(agency, person)
    answer = phone.post(url("my-offer-decline", offer.pk), sent)
    assert answer.status_code == 422 if sent else 200
    offer.refresh_from_db()
    assert offer.status == OfferStatus.PENDING


def test_an_expired_offer_is_told_and_gone_from_the_list(agency, person, phone):
    offer = offer_to(agency, person)
    with at(offer.expires_at):
        answer = phone.post(url("my-offer-accept", offer.pk), follow=True)
    page = answer.content.decode()
    assert "已过答复时限" in page
    assert f'id="offer-{offer.pk}"' not in page
    assert not Assignment.objects.exists()


def test_a_clash_is_told_with_its_reason_and_the_offer_is_gone(agency, person, phone):
    first, second = offer_to(agency, person), offer_to(agency, person, day=2)
    booked_shift = first.position.shift
    offers.accept(second.pk, by=actor_of(person.user), now=NOW)
    work = Assignment.objects.get()
    work.start_at, work.end_at = booked_shift.start_at, booked_shift.end_at
    work.save()
    page = phone.post(url("my-offer-accept", first.pk), follow=True).content.decode()
    assert "该时段您已有其他班次" in page
    assert "已有安排冲突" in page
    assert f'id="offer-{first.pk}"' not in page


def test_the_button_waits_until_it_may_be_pressed(agency, person, phone):
    work = booked(agency, person)
    with at(work.start_at - timedelta(minutes=91)):
        page = phone.get(url("my-today")).content.decode()
        assert "11月24日 周二 07:30 起可以打卡" in page
        assert url("my-check-in", work.pk) not in page
    with at(work.start_at - timedelta(minutes=90)):
        page = phone.get(url("my-today")).content.decode()
        assert url("my-check-in", work.pk) in page
        assert "只在您按下按钮时读取一次位置" in page


def test_in_and_out_once_however_often_pressed(agency, person, phone):
    work = booked(agency, person)
    with at(work.start_at):
        for _attempt in range(2):
            answer = phone.post(url("my-check-in", work.pk), AT_SITE, headers=HTMX)
            assert answer.status_code == 200
        assert url("my-check-out", work.pk) in answer.content.decode()
    with at(work.end_at):
        for _attempt in range(2):
            answer = phone.post(url("my-check-out", work.pk), AT_SITE)
            assert answer.url == url("my-today")
    assert list(work.punches.values_list("kind", "in_fence")) == [("in", True), ("out", True)]
    work.refresh_from_db()
    assert work.status == AssignmentStatus.COMPLETED


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (FAR, "不在打卡范围内"),
        ({}, "需要定位才能打卡"),
        ({"failure": "denied"}, "您没有允许使用位置"),
        ({"failure": "unavailable"}, "打开手机的定位服务"),
        ({"failure": "timeout"}, "定位超时"),
        ({"latitude": "nan", "longitude": "x", "accuracy": -1}, "需要定位才能打卡"),
        ({"latitude": 91, "longitude": 0, "accuracy": 1}, "需要定位才能打卡"),
    ],
)
def test_a_refused_punch_says_what_to_do(agency, person, phone, sent, told):
    work = booked(agency, person)
    with at(work.start_at):
        answer = phone.post(url("my-check-in", work.pk), sent, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "tel:139" in page
    assert "every 20s" not in page
    work.refresh_from_db()
    assert work.status == AssignmentStatus.BOOKED


def test_without_scripts_a_refusal_comes_back_as_a_message(agency, person, phone):
    work = booked(agency, person)
    with at(work.start_at):
        answer = phone.post(
            url("my-check-in", work.pk), headers={"referer": f"http://testserver{url('my-today')}"}, follow=True
        )
    assert answer.request["PATH_INFO"] == url("my-today")
    assert "需要定位才能打卡" in answer.content.decode()


def test_a_remote_shift_needs_and_asks_no_position(agency, person, phone):
    work = booked(agency, person, remote=True, site=None)
    with at(work.start_at):
        page = phone.get(url("my-today")).content.decode()
        assert "data-punch" not in page
        assert "不需要位置" in page
        assert phone.post(url("my-check-in", work.pk), headers=HTMX).status_code == 200
    assert work.punches.get().latitude is None


def test_an_absent_worker_learns_of_it(agency, person, phone):
    work = booked(agency, person)
    late = work.start_at + timedelta(minutes=20)
    attendance.declare_absent(work.pk, late)
    with at(late):
        assert "您被记为未到岗" in phone.get(url("my-today")).content.decode()
        answer = phone.post(url("my-check-in", work.pk), AT_SITE, headers=HTMX)
    assert answer.status_code == 409
    assert "已按未到岗处理" in answer.content.decode()


def test_calling_off_needs_a_reason_and_happens_once(agency, person, phone):
    work = booked(agency, person)
    assert "取消后不能恢复" in phone.get(url("my-cancel", work.pk)).content.decode()
    assert phone.post(url("my-cancel", work.pk), {"text": "x"}).status_code == 422
    for _attempt in range(2):
        assert phone.post(url("my-cancel", work.pk), {"quick": "health"}).url == url("my-schedule")
    work.refresh_from_db()
    assert work.status == AssignmentStatus.CANCELLED
    assert AuditEvent.objects.filter(subject_type="assignment", action="cancel").count() == 1
    assert phone.get(url("my-cancel", work.pk)).url == url("my-shift", work.pk)


def test_a_running_shift_cannot_be_called_off(agency, person, phone):
    work = booked(agency, person)
    attendance.check_in(work.pk, by=actor_of(person.user), now=work.start_at, fix=Fix(*HERE, 20))
    assert "不能由您取消" in phone.get(url("my-cancel", work.pk)).content.decode()
    phone.post(url("my-cancel", work.pk), {"quick": "health"})
    work.refresh_from_db()
    assert work.status == AssignmentStatus.CHECKED_IN


def test_the_week_shows_every_booking_and_approved_hours(agency, person, phone):
    work = booked(agency, person)
    lost = booked(agency, person, day=2)
    attendance.cancel(lost.pk, by=actor_of(person.user), now=NOW, reason="x")
    attendance.check_in(work.pk, by=actor_of(person.user), now=work.start_at, fix=Fix(*HERE, 20))
    attendance.check_out(work.pk, by=actor_of(person.user), now=work.end_at, fix=Fix(*HERE, 20))
    company = work.position.shift.order.client
    timesheets.approve(work.timesheet.pk, by=agency.acting_client(company), now=work.end_at)
    week = phone.get(url("my-schedule"), {"week": "2026-11-29"}).context["week"]
    assert [len(day.works) for day in week.days] == [0, 1, 1, 0, 0, 0, 0]
    assert (week.hours.planned, week.hours.approved) == (480, 480)
    assert work.timesheet.__class__.objects.get().status == TimesheetStatus.APPROVED
    after = phone.get(url("my-schedule"), {"week": "2026-11-30"}).context["week"]
    assert after.hours.planned == 0


def test_a_finished_shift_shows_what_its_hours_earn(agency, person, phone):
    work = booked(agency, person)
    assert "预计收入" in phone.get(url("my-shift", work.pk)).content.decode()
    late = work.start_at + timedelta(hours=1)
    attendance.check_in(work.pk, by=actor_of(person.user), now=late, fix=Fix(*HERE, 20))
    attendance.check_out(work.pk, by=actor_of(person.user), now=work.end_at, fix=Fix(*HERE, 20))
    page = phone.get(url("my-shift", work.pk)).content.decode()
    assert "按工时收入" in page and "¥196.00" in page
    assert "7 小时" in page


@pytest.mark.parametrize("asked", ["", "nonsense", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_week_that_is_none_is_this_week(phone, asked):
    assert str(phone.get(url("my-schedule"), {"week": asked}).context["week"].monday) == "2026-11-23"


def test_a_part_time_worker_sees_the_cap(agency, phone, person):
    Worker.objects.update(contract=Worker.Contract.PART_TIME)
    booked(agency, person)
    page = phone.get(url("my-summary"), headers=HTMX).content.decode()
    assert "8 小时 / 24 小时" in page
    assert "<html" not in page


def test_stored_positions_are_counted(agency, person, phone):
    work = booked(agency, person)
    attendance.check_in(work.pk, by=actor_of(person.user), now=work.start_at, fix=Fix(*HERE, 20))
    page = phone.get(url("my-summary")).content.decode()
    assert "现在保存着您的 1 个位置" in page
    assert "30 天后删除" in page


@pytest.mark.parametrize("name", ["my-today", "my-offers"])
def test_offers_cost_the_same_queries_however_many(agency, person, phone, name):
    offer_to(agency, person)
    phone.get(url(name))
    few = queries(phone, name)
    for day in (2, 3):
        offer_to(agency, person, day=day)
    assert person.offers.filter(status=OfferStatus.PENDING).count() == 3
    assert queries(phone, name) == few


def test_the_week_costs_the_same_queries_however_many(agency, person, phone):
    booked(agency, person)
    phone.get(url("my-schedule"))
    few = queries(phone, "my-schedule")
    for day in (2, 3):
        booked(agency, person, day=day)
    assert queries(phone, "my-schedule") == few


def queries(phone: Browser, name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert phone.get(url(name)).status_code == 200
    return len(captured)
