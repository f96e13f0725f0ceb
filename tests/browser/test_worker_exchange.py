"""Painting the week by thumb and by keys, taking an open shift and giving it back, handing one to a colleague."""

import pytest
import time_machine
from playwright.sync_api import Page, expect

from orders.models import Assignment, OrderPolicy, SwapRule
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus
from tests.browser.test_worker import WIDER_THAN_SCREEN, login
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.bookings import booked
from tests.orders.services.test_open_shifts import empty_place
from tests.plugins.browser import PHONE, axe_violations

CELL = '[data-cell="{}"]'


@pytest.fixture
def agency(committed_agency: Agency):
    with time_machine.travel(NOW):
        yield committed_agency


def drag(page: Page, first: int, last: int) -> None:
    """A thumb put down on one cell and drawn to another."""
    page.locator(CELL.format(first)).evaluate("(cell) => cell.scrollIntoView({block: 'center'})")
    boxes = [page.locator(CELL.format(cell)).bounding_box() for cell in (first, last)]
    points = [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2} for box in boxes if box]
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points[1:]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def spans(person) -> list[tuple[int, int, int]]:
    return list(person.windows.values_list("weekday", "start_minute", "end_minute"))


def test_the_week_is_painted_by_thumb_and_by_keys(live_server, open_page, agency):
    person = agency.worker(windows=((0, 555, 600),))
    page = login(open_page(size=PHONE), person.user, live_server.url)
    page.goto("/my/me/windows/")
    save = page.get_by_role("button", name="保存")
    expect(save).to_be_disabled()
    # Tuesday to Thursday, 10 to 13 o'clock, in one stroke.
    drag(page, 24 + 10, 3 * 24 + 12)
    expect(page.locator("[data-free-total]")).to_contain_text("9 小时")
    cell = page.locator(CELL.format(24 + 10))
    expect(cell).to_have_attribute("aria-label", "周二 10:00–11:00 可用")
    cell.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(page.locator(CELL.format(10))).to_be_focused()
    assert axe_violations(page) == []
    assert page.evaluate(WIDER_THAN_SCREEN) <= 0
    save.click()
    expect(page.get_by_role("status")).to_contain_text("可用时间已更新")
    assert spans(person) == [(0, 540, 600), (1, 540, 780), (2, 600, 780), (3, 600, 780)]
    # What was painted is rubbed out in the same way.
    drag(page, 24 + 9, 3 * 24 + 12)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("可用时间已更新")
    assert spans(person) == [(0, 540, 600)]


def test_an_open_shift_is_taken_and_given_back(live_server, open_page, agency):
    place, person = empty_place(agency, title="周末客服"), agency.worker()
    page = login(open_page(size=PHONE), person.user, live_server.url)
    page.goto("/my/open/")
    assert axe_violations(page) == []
    page.get_by_role("button", name="我来上").click()
    page.get_by_role("dialog").get_by_role("button", name="我来上").click()
    expect(page.get_by_role("status")).to_contain_text("抢班成功")
    work = Assignment.objects.get(position=place)
    assert (work.worker, work.status) == (person, AssignmentStatus.BOOKED)
    page.get_by_role("button", name="抢错了，撤回").click()
    expect(page.get_by_role("status")).to_contain_text("不影响您的到岗记录")
    assert Assignment.objects.get().status == AssignmentStatus.RELEASED


def test_a_shift_goes_from_one_to_another(live_server, open_page, agency):
    giver = agency.worker()
    policy = OrderPolicy.current()
    policy.swap_rule = SwapRule.AUTO
    policy.save()
    work, taker = booked(agency, giver), agency.worker()
    page = login(open_page(size=PHONE), giver.user, live_server.url)
    page.goto(f"/my/shifts/{work.pk}/")
    page.get_by_role("link", name="请同事换班").click()
    assert axe_violations(page) == []
    page.get_by_label("给同事的话").fill("要考试")
    page.get_by_role("button", name="发出换班").click()
    expect(page.get_by_role("status")).to_contain_text("班次仍由您负责")
    other = login(open_page(size=PHONE), taker.user, live_server.url)
    other.goto("/my/open/?kind=swaps")
    other.get_by_role("link", name="看看并接手").click()
    expect(other.locator("#main")).to_contain_text("要考试")
    other.get_by_role("button", name="我来接手").click()
    expect(other.get_by_role("status")).to_contain_text("换班成功")
    assert Assignment.objects.get(position=work.position, status__in=ACTIVE_ASSIGNMENT).worker == taker
    page.reload()
    expect(page.locator("#main")).to_contain_text("由同事接手")
