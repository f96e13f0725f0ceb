"""Before a shift on the phone, and the call list at the desk, in the browser."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, expect

from orders.models import Assignment, BenchPlace, BenchShift, Offer
from orders.services import bench
from orders.states import AssignmentStatus, OfferStatus
from staffing.core.models import User
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.line import booked
from tests.plugins.browser import DESK, PHONE, axe_violations

WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
START = NOW + timedelta(hours=30)
LONG = "西南片区国际会展与跨境电子商务综合服务示范中心（第二期）客户体验与品质保障事业部"


def login(page: Page, user: User, base: str) -> Page:
    """Put a session into the page's browser."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    page.context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": base}])
    return page


@pytest.fixture
def agency(committed_agency: Agency):
    with time_machine.travel(NOW):
        yield committed_agency


@pytest.fixture
def work(live_server, agency: Agency) -> Assignment:
    worker = agency.worker()
    User.objects.filter(pk=worker.user_id).update(name="欧阳慕容雪晴")
    return booked(agency, start=START, title=LONG)[0]


def fits(page: Page) -> None:
    assert page.evaluate(WIDER_THAN_SCREEN) <= 0
    assert axe_violations(page) == []


def test_confirmed_then_set_out_then_the_punch_is_what_is_left(live_server, open_page, agency, work):
    place = _invited(agency, work)
    page = login(open_page(size=PHONE), work.worker.user, live_server.url)
    with time_machine.travel(START - timedelta(hours=10)):
        page.goto(f"{live_server.url}/my/")
        expect(page.get_by_role("button", name="上班打卡")).to_have_count(0)
        fits(page)
        page.get_by_role("link", name=re.compile("候补邀请")).click()
        fits(page)
        page.get_by_role("button", name="愿意待命").click()
        expect(page.get_by_role("button", name="不能待命了")).to_be_visible()
        fits(page)
        page.goto(f"{live_server.url}/my/")
        page.get_by_role("button", name="确认到岗").click()
        expect(page.get_by_text("已确认到岗", exact=True)).to_be_visible()
    with time_machine.travel(START - timedelta(hours=2)):
        page.goto(f"{live_server.url}/my/")
        page.get_by_role("button", name="我已出发").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("在路上", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="我已出发")).to_have_count(0)
        fits(page)
    work.refresh_from_db()
    assert work.confirmed_at and work.departed_at
    place.refresh_from_db()
    assert place.status == "standing_by"


def _invited(agency: Agency, work: Assignment) -> BenchPlace:
    """Asked to stand by on the day after the shift."""
    start = START + timedelta(hours=20)
    times = {"start_at": start, "end_at": start + timedelta(hours=4)}
    shift = BenchShift.objects.create(city=agency.city, wanted=1, positions=9, loss=0.1, planned_at=NOW, **times)
    bench._ask(shift, work.worker_id, START - timedelta(hours=10, minutes=1))
    return BenchPlace.objects.get()


def test_a_call_that_says_no_finds_somebody_else_at_once(live_server, open_page, agency, work):
    others = [agency.worker() for _ in range(3)]
    page = login(open_page(size=DESK), agency.dispatcher(), live_server.url)
    with time_machine.travel(START + timedelta(minutes=4)):
        page.goto(f"{live_server.url}/desk/today/?kind=late")
        expect(page.locator(f"a[href='tel:{work.worker.user.phone}']")).to_be_visible()
        fits(page)
        page.get_by_role("link", name=re.compile("记录致电")).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("致电 欧阳慕容雪晴")
        fits(page)
        page.get_by_label("没接通").check()
        page.get_by_label("备注").fill("响了很久")
        page.get_by_role("button", name="记录结果").click()
        expect(page.get_by_text("没接通 · 响了很久")).to_be_visible()
        page.get_by_role("link", name=re.compile("记录致电")).click()
        page.get_by_label("不来了").check()
        page.get_by_role("button", name="记录结果").click()
        expect(page.get_by_text("已记录致电结果")).to_be_visible()
    work.refresh_from_db()
    assert work.status == AssignmentStatus.NO_SHOW
    asked = Offer.objects.filter(status=OfferStatus.PENDING)
    assert {offer.worker_id for offer in asked} == {worker.pk for worker in others}
