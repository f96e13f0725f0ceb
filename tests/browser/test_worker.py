"""A worker's day in a phone-sized Chromium with a simulated position."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Geolocation, Locator, Page, expect

from orders.models import Assignment, Punch
from orders.services import attendance, turning_up
from orders.services.attendance import Fix
from orders.states import AssignmentStatus
from staffing.core import clock, notices
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.bookings import booked, offer_to
from tests.plugins.browser import PHONE, axe_violations, violations_in_both_lights
from workers.models import Worker

SMALLEST = (320, 640)
INSIDE: Geolocation = {"latitude": HERE[0], "longitude": HERE[1], "accuracy": 15}
OUTSIDE = {"latitude": HERE[0] + 0.02, "longitude": HERE[1], "accuracy": 15}
WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = ["/my/", "/my/offers/", "/my/schedule/", "/inbox/", "/my/me/", "/my/me/windows/", "/my/me/exceptions/"]
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
def person(agency: Agency) -> Worker:
    return agency.worker()


def punch(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def test_yes_then_in_then_out(live_server, open_page, agency, person):
    offer = offer_to(agency, person)
    shift = offer.position.shift
    page = login(open_page(size=PHONE, geolocation=INSIDE, permissions=["geolocation"]), person.user, live_server.url)
    page.goto("/my/offers/")
    page.get_by_role("button", name="接单").click()
    expect(page.get_by_role("status")).to_contain_text("接单成功")
    with time_machine.travel(shift.start_at - timedelta(minutes=5)):
        page.goto("/my/")
        expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^08:5\d:\d\d$"))
        punch(page, "上班打卡")
        expect(page.get_by_role("button", name="下班打卡")).to_be_visible()
    with time_machine.travel(shift.end_at + timedelta(minutes=1)):
        page.goto("/my/")
        punch(page, "下班打卡")
        expect(page.locator("#today")).to_contain_text("辛苦了")
    assert list(Punch.objects.values_list("kind", "method", "in_fence")) == [
        ("in", "position", True),
        ("out", "position", True),
    ]


def test_leaving_early_is_asked_about(live_server, open_page, agency, person):
    work = booked(agency, person)
    attendance.check_in(work.pk, by=actor_of(person.user), now=work.start_at, fix=Fix(*HERE, 15))
    page = login(open_page(size=PHONE, geolocation=INSIDE, permissions=["geolocation"]), person.user, live_server.url)
    with time_machine.travel(work.start_at + timedelta(hours=1)):
        page.goto("/my/")
        punch(page, "下班打卡")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("会少计工时")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert Assignment.objects.get().status == AssignmentStatus.CHECKED_IN
        punch(page, "下班打卡")
        dialog.get_by_role("button", name="现在下班").click()
        expect(page.locator("#today")).to_contain_text("辛苦了")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"geolocation": OUTSIDE, "permissions": ["geolocation"]}, "不在打卡范围内"),
        ({}, "您没有允许使用位置"),
    ],
)
def test_not_there_or_not_shown_is_told_what_to_do(live_server, open_page, agency, person, options, told):
    work = booked(agency, person)
    allow = ["422 POST", "Response Status Error Code 422"]
    page = login(open_page(size=PHONE, allow=allow, **options), person.user, live_server.url)
    with time_machine.travel(work.start_at):
        page.goto("/my/")
        punch(page, "上班打卡")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(told)
        expect(alert.locator("strong")).to_be_in_viewport()
        expect(alert.get_by_role("link", name="致电调度")).to_be_visible()
        assert axe_violations(page) == []
        assert page.evaluate(WIDER_THAN_SCREEN) <= 0
        # Once at the place, the next press is enough.
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(INSIDE)
        punch(page, "上班打卡")
        expect(page.get_by_role("button", name="下班打卡")).to_be_visible()


def test_the_position_is_asked_for_by_the_press_alone(live_server, open_page, agency, person):
    work = booked(agency, person)
    page = open_page(size=PHONE, geolocation=INSIDE, permissions=["geolocation"])
    page.add_init_script(
        """window.asked = 0; const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
        navigator.geolocation.getCurrentPosition = (...args) => { window.asked += 1; real(...args); };"""
    )
    login(page, person.user, live_server.url)
    with time_machine.travel(work.start_at - timedelta(hours=2)):
        turning_up.set_out(work.pk, by=actor_of(person.user), now=clock.now())
        page.goto("/my/")
        expect(page.get_by_role("button", name="上班打卡")).to_be_disabled()
        assert page.evaluate("window.asked") == 0
    with time_machine.travel(work.start_at):
        page.goto("/my/")
        expect(page.get_by_role("button", name="上班打卡")).to_be_enabled()
        assert page.evaluate("window.asked") == 0
        punch(page, "上班打卡")
        expect(page.get_by_role("button", name="下班打卡")).to_be_visible()
        assert page.evaluate("window.asked") == 1


@pytest.mark.parametrize(("place", "told"), [(INSIDE, "已进入打卡范围"), (OUTSIDE, "还不能打卡")])
def test_the_distance_is_told_on_the_phone_and_sent_to_nobody(live_server, open_page, agency, person, place, told):
    work = booked(agency, person)
    page = login(open_page(size=PHONE, geolocation=place, permissions=["geolocation"]), person.user, live_server.url)
    with time_machine.travel(work.start_at):
        page.goto("/my/")
        posts: list[str] = []
        page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
        page.get_by_role("button", name="看看距离多远").click()
        expect(page.locator("[data-punch-status]")).to_contain_text(told)
    assert posts == []
    assert not Punch.objects.exists()


def test_what_is_due_comes_first(live_server, open_page, agency, person):
    work = booked(agency, person)
    offer = offer_to(agency, person, day=3)
    page = login(open_page(size=PHONE), person.user, live_server.url)
    page.goto("/my/")
    answer, press = page.get_by_role("button", name="接单"), page.get_by_role("button", name="上班打卡")
    assert _top(answer) < _top(page.get_by_role("button", name="确认到岗"))
    expect(page.locator(".tabbar").get_by_role("link", name=re.compile("派单 *1 待答复"))).to_be_visible()
    offer.expires_at = work.end_at
    offer.save(update_fields=["expires_at"])
    with time_machine.travel(work.start_at):
        page.goto("/my/")
        assert _top(press) < _top(answer)


def _top(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"]


def test_without_scripts_the_page_says_what_to_do(live_server, open_page, agency, person):
    work = booked(agency, person)
    page = login(open_page(size=PHONE, java_script_enabled=False), person.user, live_server.url)
    with time_machine.travel(work.start_at):
        page.goto("/my/")
        expect(page.locator("noscript p")).to_contain_text("JavaScript")


def full_house(agency: Agency, person: Worker) -> Assignment:
    """Everything at once, with the longest names."""
    work = booked(agency, person)
    company = work.position.shift.order.client
    company.name, company.briefing, company.profile = f"{LONG}有限公司", LONG * 3, LONG * 3
    company.save()
    type(work.position.shift.order).objects.update(title=LONG, notes=LONG)
    offer_to(agency, person, day=2)
    for number in range(3):
        data = {"title": LONG, "client": company.name, "number": "D000001", "until_at": "2026-11-23T10:00:00+08:00"}
        notices.tell([person.user], "offer.sent", work, now=NOW, key=str(number), data=data, url="/my/offers/")
    return work


@pytest.mark.parametrize("size", [PHONE, SMALLEST])
def test_nothing_hinders_anybody(live_server, open_page, agency, person, size):
    work = full_house(agency, person)
    page = login(open_page(size=size), person.user, live_server.url)
    offer = person.offers.latest("pk")
    more = [f"/my/shifts/{work.pk}/", f"/my/shifts/{work.pk}/cancel/", f"/my/offers/{offer.pk}/"]
    more += [f"/my/offers/{offer.pk}/decline/", "/my/me/preferences/", "/my/summary/"]
    more += ["/my/open/", "/my/figures/", "/my/limits/", "/my/schedule/month/", f"/my/shifts/{work.pk}/swap/"]
    with time_machine.travel(work.start_at - timedelta(minutes=30)):
        for path in [*PAGES, *more]:
            page.goto(path)
            assert (path, page.evaluate(WIDER_THAN_SCREEN)) == (path, 0)
            assert (path, violations_in_both_lights(page)) == (path, [])


def test_times_are_added_and_removed_by_hand(live_server, open_page, agency):
    person = agency.worker(windows=())
    page = login(open_page(size=PHONE), person.user, live_server.url)
    page.goto("/my/me/windows/")
    page.get_by_text("添加每周时间").click()
    page.get_by_role("checkbox", name="周六").check()
    page.get_by_label("开始").fill("18:00")
    page.get_by_label("结束").fill("02:00")
    page.get_by_role("button", name="添加").click()
    page.get_by_role("button", name="删除 周六 18:00–次日 02:00").click()
    expect(page.get_by_role("button", name=re.compile("删除 周六"))).to_have_count(0)
    assert not person.windows.exists()
