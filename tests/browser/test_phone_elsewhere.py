"""A phone in another time zone, work from home without a connection, and a week that is painted with a thumb."""

from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from orders.models import Assignment, Punch
from tests.browser.test_offline import phone
from tests.browser.test_worker import SMALLEST, WIDER_THAN_SCREEN, login
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.bookings import booked
from tests.plugins.browser import PHONE, axe_violations
from workers.models import Worker


@pytest.fixture
def agency(committed_agency: Agency):
    with time_machine.travel(NOW):
        yield committed_agency


@pytest.fixture
def person(agency: Agency) -> Worker:
    return agency.worker()


def test_a_traveller_reads_both_times(live_server, open_page, agency, person):
    work = booked(agency, person)
    page = open_page(size=PHONE, timezone_id="Europe/Berlin")
    login(page, person.user, live_server.url)
    for address in ("/my/", "/my/schedule/", f"/my/shifts/{work.pk}/"):
        page.goto(address)
        expect(page.locator("#zone-bar")).to_contain_text("UTC+1")
        # 09:00–17:00 in Shanghai.
        expect(page.locator(".zone-there").first).to_have_text("UTC+1 11月24日周二 02:00–10:00")
        assert page.evaluate(WIDER_THAN_SCREEN) <= 0
        assert axe_violations(page) == []
    page.goto("/my/calendar/")
    expect(page.locator("#zone-bar")).to_be_visible()


def test_at_home_nothing_is_said_of_time_zones(live_server, open_page, agency, person):
    booked(agency, person)
    page = open_page(size=PHONE)
    login(page, person.user, live_server.url)
    page.goto("/my/schedule/")
    expect(page.locator("[data-zone-start]").first).to_be_attached()
    expect(page.locator("#zone-bar")).to_be_hidden()
    expect(page.locator(".zone-there")).to_have_count(0)


def test_getting_ready_without_a_connection_waits_with_its_true_time(live_server, open_page, agency, person):
    work = booked(agency, person, remote=True, site=None, readiness="系统已登录")
    page = phone(open_page, person, live_server.url)
    with time_machine.travel(work.start_at - timedelta(minutes=5)) as travelled:
        page.goto(f"/my/shifts/{work.pk}/ready/")
        page.get_by_label("系统已登录").check()
        page.context.set_offline(True)
        page.get_by_role("button", name="已就绪").click()
        queue = page.locator("#punch-queue")
        expect(queue).to_contain_text("上班打卡 08:55")
        expect(page.get_by_role("button", name="已就绪")).to_be_disabled()
        assert not Punch.objects.exists()
        travelled.shift(timedelta(minutes=20))
        page.context.set_offline(False)
        expect(queue).to_be_hidden()
    work = Assignment.objects.get()
    assert work.checked_in_at is not None
    assert abs(work.checked_in_at - (work.start_at - timedelta(minutes=5))) < timedelta(minutes=2)
    punch = Punch.objects.get()
    assert punch.queued and punch.method == "remote"


@pytest.mark.parametrize("size", [PHONE, SMALLEST])
def test_an_hour_is_as_large_as_a_thumb_and_a_lecture_is_written_down(live_server, open_page, agency, person, size):
    page = open_page(size=size)
    login(page, person.user, live_server.url)
    page.goto("/my/me/windows/")
    box = page.locator("[data-cell='9']").bounding_box()
    assert box is not None and box["height"] >= 44 and box["width"] >= (44 if size == PHONE else 33)
    page.get_by_role("link", name="个人安排").click()
    page.get_by_label("什么安排").fill("算法课")
    page.get_by_label("周二").check()
    page.get_by_label("开始").fill("14:00")
    page.get_by_label("结束").fill("16:00")
    page.get_by_label("从哪天").fill("2026-11-24")
    page.get_by_label("到哪天").fill("2026-12-15")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_text("每周二 · 14:00–16:00")).to_be_visible()
    assert page.evaluate(WIDER_THAN_SCREEN) <= 0
    assert axe_violations(page) == []
    page.goto("/my/schedule/")
    expect(page.get_by_text("算法课")).to_be_visible()
