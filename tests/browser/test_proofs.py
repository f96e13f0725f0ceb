"""Being there, proved on a phone: consent first, the screen's code, a photo from elsewhere that the desk sees."""

import io
from datetime import timedelta

import pytest
import time_machine
from PIL import Image
from playwright.sync_api import Geolocation, Page, expect

from orders.models import Assignment, Punch, PunchRequest, Site
from orders.services import site_codes
from orders.states import AssignmentStatus
from staffing.core.actors import SYSTEM
from tests.browser.test_worker import INSIDE, login
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.bookings import booked
from tests.plugins.browser import PHONE, axe_violations
from workers.models import Worker
from workers.services import consents

FAR: Geolocation = {"latitude": HERE[0] + 0.05, "longitude": HERE[1], "accuracy": 15}


@pytest.fixture
def agency(committed_agency: Agency):
    with time_machine.travel(NOW):
        yield committed_agency


@pytest.fixture
def person(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def work(agency: Agency, person: Worker) -> Assignment:
    return booked(agency, person)


def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((800, 600), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def enter(open_page, person: Worker, base: str, where: Geolocation) -> Page:
    """The worker's phone at this place; a refused punch is an answer that the browser notes."""
    page = open_page(size=PHONE, geolocation=where, permissions=["geolocation"], allow=["422 POST"])
    return login(page, person.user, base)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def test_no_position_is_asked_for_before_the_worker_agrees(live_server, open_page, person, work):
    consents.withdraw(person, NOW)
    page = enter(open_page, person, live_server.url, INSIDE)
    with time_machine.travel(work.start_at):
        page.goto("/my/")
        press(page, "上班打卡")
        expect(page.locator("[data-trouble]")).to_contain_text("需要定位才能打卡")
        assert axe_violations(page) == []
        page.goto("/my/")
        press(page, "同意用定位打卡")
        press(page, "上班打卡")
        expect(page.get_by_role("button", name="下班打卡")).to_be_visible()
    assert Punch.objects.get().method == Punch.Method.POSITION


def test_the_screens_code_is_scanned_and_one_press_does_it(live_server, open_page, person, work):
    Site.objects.update(proof=Site.Proof.CODE)
    site = work.position.shift.order.site
    screen = open_page(size=(768, 1024))
    page = login(open_page(size=PHONE), person.user, live_server.url)
    with time_machine.travel(work.start_at):
        token = site_codes.open_kiosk(site, by=SYSTEM, now=work.start_at)
        screen.goto(f"{live_server.url}/kiosk/{token}/")
        expect(screen.locator(".site-code-qr svg")).to_be_visible()
        digits = screen.locator(".site-code-digits").inner_text().replace(" ", "")
        assert axe_violations(screen) == []
        page.goto(f"/my/code/{site.pk}/{digits}/")
        press(page, "上班打卡")
        page.wait_for_url("**/my/")
    work.refresh_from_db()
    assert (work.status, Punch.objects.get().method) == (AssignmentStatus.CHECKED_IN, Punch.Method.CODE)


def test_a_photo_from_elsewhere_counts_and_the_desk_sees_it(live_server, open_page, agency, person, work):
    desk = login(open_page(size=(1440, 900)), agency.dispatcher(), live_server.url)
    page = enter(open_page, person, live_server.url, FAR)
    with time_machine.travel(work.start_at - timedelta(minutes=2)):
        page.goto("/my/")
        press(page, "上班打卡")
        expect(page.locator("[data-trouble]")).to_contain_text("不在打卡范围内")
        page.get_by_role("link", name="不在现场？外勤打卡").click()
        page.get_by_label("您在哪里").fill("展位临时换到三号馆")
        page.locator("input[type=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        assert axe_violations(page) == []
        press(page, "提交外勤打卡")
        page.wait_for_url("**/my/")
        expect(page.get_by_role("button", name="下班打卡")).to_be_visible()
        desk.goto("/desk/proofs/")
        expect(desk.locator("tbody")).to_contain_text("距服务地点 5560 米")
        expect(desk.locator("tbody img")).to_have_js_property("naturalWidth", 320)
        assert axe_violations(desk) == []
        press(desk, "通过 worker")
        expect(desk.locator("main")).to_contain_text("没有待审核的打卡")
    assert PunchRequest.objects.get().status == "approved"
