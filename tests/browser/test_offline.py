"""A phone that loses its connection: the schedule stays, a punch waits with its true time, leaving clears it all."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from orders.models import Assignment, Punch
from orders.states import AssignmentStatus
from tests.browser.test_worker import INSIDE, SMALLEST, WIDER_THAN_SCREEN, login
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.bookings import booked
from tests.plugins.browser import PHONE, axe_violations
from workers.models import Worker

READY = """() => navigator.serviceWorker.ready.then(() => new Promise((resolve) => {
  const look = () => navigator.serviceWorker.controller ? resolve(true) : setTimeout(look, 50); look(); }))"""
KEPT = (
    "() => caches.open('pages').then((cache) => cache.keys()).then((keys) => keys.map((k) => new URL(k.url).pathname))"
)
NO_CONNECTION = ["ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED", "htmx:(sendError|afterRequest)", "Failed to fetch"]


@pytest.fixture
def agency(committed_agency: Agency):
    with time_machine.travel(NOW):
        yield committed_agency


@pytest.fixture
def person(agency: Agency) -> Worker:
    return agency.worker()


def phone(open_page, person: Worker, base: str, allow: Sequence[str] = (), **options) -> Page:
    """A phone on which the worker's pages have been opened once, with a service worker."""
    page = open_page(size=PHONE, service_workers="allow", allow=[*NO_CONNECTION, *allow], **options)
    login(page, person.user, base)
    page.goto("/my/")
    page.evaluate(READY)
    return page


def test_the_schedule_is_there_without_a_connection_and_gone_after_leaving(live_server, open_page, agency, person):
    work = booked(agency, person)
    page = phone(open_page, person, live_server.url)
    page.goto("/my/schedule/")
    page.goto("/my/me/")
    page.context.set_offline(True)
    page.goto("/my/schedule/")
    expect(page.locator("#offline-bar")).to_contain_text(f"离线：09:00 的内容（{person.user.name}）")
    expect(page.get_by_role("link", name=work.position.shift.order.title)).to_be_visible()
    assert axe_violations(page) == []
    page.goto("/my/me/")
    expect(page.get_by_role("heading", name="没有网络")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/my/")
    expect(page.locator("#offline-bar")).to_be_hidden()
    assert sorted(page.evaluate(KEPT)) == ["/my/", "/my/schedule/"]
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert page.evaluate(KEPT) == []
    page.context.set_offline(True)
    page.goto("/my/schedule/")
    expect(page.get_by_role("heading", name="没有网络")).to_be_visible()
    page.context.set_offline(False)


def test_the_next_person_finds_nothing_of_the_one_before(live_server, open_page, agency, person):
    page = phone(open_page, person, live_server.url)
    page.goto("/my/schedule/")
    other = agency.worker()
    login(page, other.user, live_server.url)
    page.goto("/my/")
    expect(page.locator("h1")).to_contain_text(other.user.name)
    assert page.evaluate(KEPT) == ["/my/"]


def test_a_press_without_a_connection_is_sent_once_with_its_true_time(live_server, open_page, agency, person):
    work = booked(agency, person)
    page = phone(open_page, person, live_server.url, geolocation=INSIDE, permissions=["geolocation"])
    with time_machine.travel(work.start_at - timedelta(minutes=5)) as travelled:
        page.goto("/my/")
        page.context.set_offline(True)
        page.get_by_role("button", name="上班打卡").click()
        queue = page.locator("#punch-queue")
        expect(queue).to_contain_text("上班打卡 08:55")
        expect(queue.get_by_text("待上传")).to_be_visible()
        assert not Punch.objects.exists()
        # The page is opened again without a connection: what waits still waits, and the next press is the other one.
        page.goto("/my/")
        expect(queue.get_by_text("待上传")).to_be_visible()
        expect(page.get_by_role("button", name="下班打卡")).to_be_visible()
        assert axe_violations(page) == []
        # Leaving is asked about: the end of the shift may be far.
        page.get_by_role("button", name="下班打卡").click()
        expect(page.get_by_role("dialog")).to_contain_text("少计工时")
        page.keyboard.press("Escape")
        travelled.shift(timedelta(minutes=20))
        posts: list[str] = []
        page.on("request", lambda sent: posts.append(sent.post_data or "") if sent.method == "POST" else None)
        page.context.set_offline(False)
        expect(queue).to_be_hidden()
        expect(page.get_by_role("button", name="下班打卡")).to_be_visible()
    work = Assignment.objects.get()
    assert work.status == AssignmentStatus.CHECKED_IN
    assert work.checked_in_at is not None
    assert abs(work.checked_in_at - (work.start_at - timedelta(minutes=5))) < timedelta(minutes=2)
    (sent,) = posts
    assert 'name="at"\r\n\r\n2026-11-24T08:55:' in sent and 'name="queued"\r\n\r\n1' in sent
    assert 'name="punch_key"' in sent and 'name="latitude"\r\n\r\n31.2304' in sent


def test_a_refusal_is_shown_and_kept_until_it_is_seen(live_server, open_page, agency, person):
    work = booked(agency, person)
    position = {"geolocation": INSIDE, "permissions": ["geolocation"]}
    page = phone(open_page, person, live_server.url, allow=["409 POST"], **position)
    with time_machine.travel(work.start_at):
        page.goto("/my/")
        page.context.set_offline(True)
        page.get_by_role("button", name="上班打卡").click()
        queue = page.locator("#punch-queue")
        expect(queue.get_by_text("待上传")).to_be_visible()
        Assignment.objects.update(status=AssignmentStatus.RELEASED)
        page.context.set_offline(False)
        expect(queue.get_by_text("未被接受")).to_be_visible()
        page.reload()
        expect(queue.get_by_text("未被接受")).to_be_visible()
        queue.get_by_role("button", name="知道了").click()
        expect(queue).to_be_hidden()
    assert not Punch.objects.exists()


def test_the_pages_about_ones_data_hinder_nobody(live_server, open_page, agency, person):
    booked(agency, person)
    page = login(open_page(size=SMALLEST), person.user, live_server.url)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for path in ("/my/calendar/", "/my/me/privacy/", "/my/me/privacy/close/"):
            page.goto(path)
            if make := page.get_by_role("button", name="生成日历地址").all():
                make[0].click()
                expect(page.get_by_label("复制到日历软件")).to_have_value(re.compile(r"/calendar/[\w-]{32}\.ics$"))
            assert (path, page.evaluate(WIDER_THAN_SCREEN)) == (path, 0)
            assert (path, axe_violations(page)) == (path, [])
