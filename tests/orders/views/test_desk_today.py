"""The strip of what needs a look today, its lists, and the one click that finds a replacement."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from feedback.services import surveys
from feedback.services.surveys import Answers
from orders.models import Assignment, Offer, OrderPolicy, Position
from orders.services import attendance, offers
from orders.states import AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.actors import actor_of
from staffing.core.models import Role, User
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import arrive, leave, person
from tests.orders.services.line import booked as all_booked
from tests.orders.views.desk_scene import booked, proposed, url

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
SOON = NOW + timedelta(hours=1)
MOST, MOST_BYTES = 12, 15_000


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def counted(desk: Browser) -> dict[str, int]:
    """The strip's numbers, by kind."""
    cells = desk.get(url("desk-today-strip")).context["strip"]
    return {cell["url"].rpartition("=")[2]: cell["count"] for cell in cells if cell["count"]}


def listed(desk: Browser, kind: str) -> list[Position]:
    return [row.place for row in desk.get(url("desk-today"), {"kind": kind}).context["page"].object_list]


def find(desk: Browser, place: int, work: int | str = "", kind: str = "late", **given: Any):
    return desk.post(f"{url('desk-replace', place)}?kind={kind}&work={work}", **given)


def test_each_kind_is_counted_and_listed(agency, desk):
    risky = booked(agency, 2, start=SOON)
    away = booked(agency, 2, start=SOON + timedelta(minutes=10))
    gone = booked(agency, 2, start=NOW + timedelta(minutes=5))
    attendance.declare_absent(gone.pk, gone.start_at, by=actor_of(agency.dispatcher()))
    proposed(agency, 0, start=NOW + timedelta(hours=6))
    with time_machine.travel(SOON - timedelta(minutes=5), tick=False):
        # Of one place nobody asked yet, of the other nobody confirmed; two are awaited, one of them within ten minutes.
        assert counted(desk) == {"unconfirmed": 2, "at_risk": 1, "no_show": 1, "replacing": 1}
        assert listed(desk, "at_risk") == [risky.position]
        assert listed(desk, "no_show") == listed(desk, "replacing") == [gone.position]
        assert len(listed(desk, "unconfirmed")) == 2
    with time_machine.travel(SOON + timedelta(minutes=1), tick=False):
        assert counted(desk)["late"] == 1
        assert listed(desk, "late") == [risky.position]
        assert listed(desk, "at_risk") == [away.position]


def test_tomorrow_and_who_has_come_are_no_trouble(agency, desk):
    booked(agency, 1, start=NOW + timedelta(days=1))
    work = booked(agency, 1, start=SOON)
    attendance.check_in(work.pk, by=actor_of(agency.dispatcher()), now=SOON, reason="手机没电")
    with time_machine.travel(SOON + timedelta(minutes=20), tick=False):
        assert counted(desk) == {}


def test_signals_are_told_in_words(agency, desk):
    work = booked(agency, 1, start=NOW + timedelta(hours=6))
    far = work.worker
    far.latitude, far.longitude = HERE[0] + 0.25, HERE[1]
    far.save()
    for n in (2, 3, 4):
        past = Assignment.objects.get(pk=work.pk)
        past.pk, past.status = None, AssignmentStatus.NO_SHOW
        past.offer = Offer.objects.create(
            position=work.position,
            worker=far,
            status=OfferStatus.ACCEPTED,
            pay_rate=28,
            sent_at=NOW - timedelta(days=n + 1),
            expires_at=NOW - timedelta(days=n),
        )
        past.start_at, past.end_at = NOW - timedelta(days=n), NOW - timedelta(days=n, hours=-4)
        past.position = Position.objects.create(shift=work.position.shift, number=n, status=PositionStatus.CLOSED)
        past.save()
    page = desk.get(url("desk-today"), {"kind": "at_risk"}).content.decode()
    assert "近 90 天未到岗或临时取消 3 次" in page
    assert "住处距服务地点约 28 公里" in page
    OrderPolicy(risk_history_days=1, risk_far_km=40).save()
    page = desk.get(url("desk-today"), {"kind": "at_risk"}).content.decode()
    assert "未到岗或临时取消 3 次" not in page
    assert "住处距服务地点" not in page


def test_two_sites_with_too_little_time_between_them(agency, desk):
    agency.worker()
    company = agency.client()
    site = agency.site(company, latitude=HERE[0] + 0.09)
    first = all_booked(agency, company=company, shifts=[_shift(2, 3)])[0]
    second = all_booked(agency, company=company, site=site, shifts=[_shift(4, 3)])
    assert second == [] or second[0].worker_id == first.worker_id
    Assignment.objects.filter(pk=first.pk).update(end_at=NOW + timedelta(hours=6, minutes=40))
    third = all_booked(agency, company=company, site=site, shifts=[_shift(7.5, 3)])[0]
    Assignment.objects.filter(pk=first.pk).update(end_at=third.start_at - timedelta(minutes=20))
    assert "与上一处工作只隔 20 分钟" in desk.get(url("desk-today"), {"kind": "at_risk"}).content.decode()


def _shift(begin: float, length: float):
    from orders.services.ordering import ShiftSpec

    return ShiftSpec(NOW + timedelta(hours=begin), NOW + timedelta(hours=begin + length), 1)


class TestFindingAReplacement:
    def test_for_somebody_late(self, agency, desk):
        work = booked(agency, 1, start=SOON)
        for _ in range(4):
            agency.worker()
        with time_machine.travel(SOON + timedelta(minutes=3), tick=False):
            assert "找替补" in desk.get(url("desk-today"), {"kind": "late"}).content.decode()
            answer = find(desk, work.position_id, work.pk, headers=PART)
            assert answer.status_code == 200
            assert "已同时邀请 3 人" in answer.headers["HX-Trigger"].encode().decode("unicode_escape")
            assert "desk-changed" in answer.headers["HX-Trigger"]
            again = find(desk, work.position_id, work.pk, headers=PART)
            assert "正在找替补" in again.headers["HX-Trigger"].encode().decode("unicode_escape")
            assert Offer.objects.filter(status=OfferStatus.PENDING).count() == 3
            page = desk.get(url("desk-today"), {"kind": "replacing"}).content.decode()
            assert "第 2 轮" in page
            assert "已邀请 3 人" in page
            assert page.count("等待答复") == 1
        work.refresh_from_db()
        assert work.status == AssignmentStatus.NO_SHOW

    def test_without_script_it_leads_to_the_list_with_a_message(self, agency, desk):
        order = proposed(agency, 0, start=SOON)
        desk.post(url("desk-confirm", order.pk))
        agency.worker()
        place = Position.objects.get()
        answer = find(desk, place.pk, kind="unconfirmed", follow=True)
        assert answer.request["QUERY_STRING"] == "kind=replacing"
        assert "已同时邀请 1 人" in answer.content.decode()

    def test_nobody_there_is_said(self, agency, desk):
        order = proposed(agency, 0, start=SOON)
        desk.post(url("desk-confirm", order.pk))
        answer = find(desk, Position.objects.get().pk, follow=True)
        assert "现在没有合适的人可以邀请" in answer.content.decode()

    def test_an_order_that_nobody_confirmed_leads_to_its_confirmation(self, agency, desk):
        order = proposed(agency, 1, start=NOW + timedelta(hours=3))
        page = desk.get(url("desk-today"), {"kind": "unconfirmed"}).content.decode()
        assert "去确认订单" in page
        assert "desk-replace" not in page
        assert find(desk, Position.objects.get(shift__order=order).pk, headers=PART).status_code == 409

    def test_a_stale_click_does_not_send_the_new_one_home(self, agency, desk):
        work = booked(agency, 1, start=SOON)
        agency.worker()
        find(desk, work.position_id, work.pk)
        offer = Offer.objects.get(status=OfferStatus.PENDING)
        found = offers.accept(offer.pk, by=person(offer), now=NOW)
        answer = find(desk, work.position_id, work.pk, headers=PART)
        assert answer.status_code == 409
        found.refresh_from_db()
        assert found.status == AssignmentStatus.BOOKED

    @pytest.mark.parametrize("work", ["", "x", "9" * 30])
    def test_a_click_that_names_nobody_releases_nobody(self, agency, desk, work):
        held = booked(agency, 1, start=SOON)
        assert find(desk, held.position_id, work, headers=PART).status_code == 409
        held.refresh_from_db()
        assert held.status == AssignmentStatus.BOOKED

    def test_of_a_draft_or_nothing_there_is_nothing(self, agency, desk):
        draft = agency.draft()
        assert find(desk, draft.shifts.get().positions.get().pk).status_code == 404
        assert find(desk, 9_999_999).status_code == 404

    @pytest.mark.parametrize("role", ["client", "worker"])
    def test_it_is_the_desks_alone(self, agency, client, role):
        work = booked(agency, 1, start=SOON)
        client.force_login(agency.worker().user if role == "worker" else agency.member(agency.client()))
        assert find(client, work.position_id, work.pk).status_code == 403
        assert client.get(url("desk-today-strip")).status_code == 403


def test_cases_due_today_are_counted_by_the_loop(agency, desk):
    from django.urls import reverse

    agency.manager()
    agency.worker()
    (work,) = all_booked(agency)
    arrive(work)
    leave(work)
    drain(work.end_at)
    survey = surveys.survey_of(surveys.token_of(work.position.shift.order.surveys.get()), work.end_at)
    surveys.answer(survey.pk, Answers(1, 1, 1, 1), work.end_at)
    address = reverse("feedback:cases-due")
    assert desk.get(address).context["count"] == 0
    with time_machine.travel(work.end_at + timedelta(days=2), tick=False):
        assert desk.get(address).context["count"] == 1


@pytest.mark.parametrize("kind", ["unconfirmed", "at_risk", "late", "no_show", "replacing", "", "strip"])
def test_the_pages_cost_the_same_for_one_and_three(agency, desk, kind):
    name, query = ("desk-today-strip", {}) if kind == "strip" else ("desk-today", {"kind": kind})
    found = []
    later = SOON + timedelta(minutes=5)
    for _ in (1, 2, 3):
        agency.worker()
        lost = booked(agency, 2, start=SOON)
        booked(agency, 2, start=SOON)
        booked(agency, 2, start=SOON + timedelta(minutes=10))
        for _more in range(3):
            agency.worker()
        find(desk, lost.position_id, lost.pk)
        with time_machine.travel(later, tick=False):
            desk.get(url(name), query)
            with CaptureQueriesContext(connection) as context:
                answer = desk.get(url(name), query)
        found.append(len([row for row in context.captured_queries if "core_democlock" not in row["sql"]]))
        if kind and kind != "strip":
            assert answer.context["page"].object_list or kind == "no_show", kind
    assert found[0] == found[1] == found[2] <= MOST, found


def test_a_full_page_of_trouble_is_a_light_part(agency, desk):
    named = agency.client(name="北京朝阳区禾丘优选电子商务商贸集团有限公司第一分公司")
    for _ in range(16):
        agency.worker()
    for work in all_booked(agency, company=named, headcount=16, start=SOON, title="大促期间多语种在线客服与退换货支援"):
        work.worker.user.name = "欧阳慕容雪晴"
        work.worker.user.save()
    with time_machine.travel(SOON + timedelta(minutes=5), tick=False):
        for kind in ("late", ""):
            answer = desk.get(url("desk-today"), {"kind": kind}, headers=PART)
            assert len(answer.content) <= MOST_BYTES, (kind, len(answer.content))
        assert len(desk.get(url("desk-today-strip"), headers=PART).content) <= MOST_BYTES / 4
        for _ in range(24):
            agency.worker()
        User.objects.filter(role=Role.WORKER).update(name="欧阳慕容雪晴")
        for work in Assignment.objects.filter(status=AssignmentStatus.BOOKED).order_by("pk")[:8]:
            find(desk, work.position_id, work.pk)
        answer = desk.get(url("desk-today"), {"kind": "replacing"}, headers=PART)
        assert answer.content.decode().count("等待答复") == 8
        assert len(answer.content) <= MOST_BYTES
