"""The dispatcher's desk in a real browser: readable, within the screen, and workable with the keyboard alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.models import Assignment, Offer, Order, Position, TeamMember
from orders.services import attendance, offers, ordering, proposing
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus
from staffing.core.actors import actor_of
from staffing.core.models import Heartbeat, OutboxMessage, User
from tests.fixtures.agency import Agency
from tests.plugins.browser import DESK, PHONE, TABLET, axe_violations

NAMES = ("顾一鸣", "林晓雯", "欧阳思远", "Alexandra Konstantinopoulou-Wang", "何雨", "卓玛", "马铭", "周知", "许若")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll("main *")]
  .filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1
    && !e.matches(".visually-hidden, .table-wrap, thead, select, input, textarea, svg, caption"))
  .map((e) => `${e.tagName} ${e.className}`)"""


class Scene:
    """An agency in the middle of a day: orders in every state, somebody late, somebody absent."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.agency = Agency()
        self.dispatcher = self.agency.dispatcher(name="林调度")
        self.desk = actor_of(self.dispatcher)
        for name in NAMES:
            self.person(name)
        self.low = self.person("低级别", skills={self.agency.skill: 1}, stars=None, remote_ok=False)
        self.company = self.agency.client(name="云栖商贸", value=2, briefing="请穿深色上衣。")
        self.waiting = self.order(2 * HOUR, headcount=2, title="大促在线客服")
        self.agency.submitted(self.company, now=self.now, title="尚未匹配的订单", start=self.now + 30 * HOUR)
        self.served = self.order(-HOUR, headcount=2, title="展会登记接待，中英双语，需提前半小时到场熟悉流程")
        self.serve()
        self.machinery()
        TeamMember.objects.create(client=self.company, worker=self.low, created_at=self.now)

    def person(self, name: str, **fields):
        """Somebody of the pool with a name of their own."""
        worker = self.agency.worker(**fields)
        User.objects.filter(pk=worker.user_id).update(name=name)
        return worker

    def order(self, begins: timedelta, **fields) -> Order:
        """A proposed order whose shift begins so long from now."""
        start = self.now.replace(second=0, microsecond=0) + begins
        # Long enough before the start that it is no emergency, which asks people at once.
        asked = min(self.now, start - 3 * HOUR)
        shifts = [ShiftSpec(start, start + 6 * HOUR, fields.pop("headcount"))]
        order = self.agency.submitted(self.company, now=asked, shifts=shifts, **fields)
        proposing.propose_order(order.pk, asked)
        return Order.objects.get(pk=order.pk)

    def serve(self) -> None:
        """Of two booked people one does not come, and a replacement is asked."""
        early = self.now - 2 * HOUR
        ordering.confirm(self.served.pk, by=self.desk, now=early)
        for offer in Offer.objects.filter(position__shift__order=self.served):
            offers.accept(offer.pk, by=actor_of(offer.worker.user), now=early)
        came, self.absent = Assignment.objects.filter(position__shift__order=self.served)
        attendance.check_in(came.pk, by=self.desk, now=self.now - HOUR, reason="手机没电")
        attendance.declare_absent(self.absent.pk, self.now - 45 * MINUTE)
        proposing.seek(self.absent.position_id, self.now)

    def machinery(self) -> None:
        """One sweep alive, one silent, one message set aside."""
        Heartbeat.objects.create(name="sweep-timers", beat_at=self.now + HOUR)
        Heartbeat.objects.create(name="sweep-notify", beat_at=self.now - HOUR)
        OutboxMessage.objects.create(
            topic="offer.send",
            subscriber="orders.handlers.tell_of_offer",
            key="poisoned",
            queue="notify",
            created_at=self.now,
            due_at=self.now,
            attempts=8,
            set_aside_at=self.now,
            last_error="ConnectionError: " + "x" * 400,
        )


@pytest.fixture
def scene(live_server, transactional_db) -> Scene:
    return Scene()


@pytest.fixture
def opened(scene: Scene, live_server, open_page) -> Callable[..., Page]:
    """Open an address as the dispatcher."""
    browser = Browser()
    browser.force_login(scene.dispatcher)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value

    def open_it(address: str, **options) -> Page:
        page = open_page(**options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(address)
        return page

    return open_it


def addresses(scene: Scene) -> list[str]:
    """Every kind of page of the desk."""
    place = Position.objects.filter(shift__order=scene.waiting).earliest("pk")
    work = Assignment.objects.get(status=AssignmentStatus.CHECKED_IN)
    return [
        reverse("orders:desk"),
        reverse("orders:desk-today"),
        reverse("orders:desk-outbox"),
        reverse("orders:desk-order", args=[scene.waiting.pk]),
        reverse("orders:desk-order", args=[scene.served.pk]),
        reverse("orders:desk-shift", args=[place.shift_id]),
        reverse("orders:desk-shift", args=[place.shift_id]) + "?q=低",
        reverse("orders:desk-what-if", args=[place.shift_id]),
        reverse("orders:desk-exchange", args=[place.pk]),
        reverse("orders:desk-compare", args=[place.pk]),
        reverse("orders:desk-views"),
        reverse("orders:desk-check-out", args=[work.pk]),
        reverse("workers:list"),
        reverse("workers:person", args=[scene.low.pk]),
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, TABLET, PHONE])
def test_nothing_hinders_anybody_and_everything_is_within_the_screen(scene, opened, size, theme):
    found: dict[str, object] = {}
    page = opened(reverse("orders:desk"), size=size, theme=theme)
    for address in addresses(scene):
        page.goto(address)
        for summary in page.locator("details.more > summary").all():
            summary.click()
            expect(page.locator("details.more .search-line").first).to_be_visible()
        for summary in page.locator("details.reach-panel > summary").all():
            summary.click()
            expect(page.locator(".change-list, .what-if p").first).to_be_visible()
        faults = [*axe_violations(page), *page.evaluate(CUT_OFF)]
        if faults or page.evaluate(WIDER_THAN_SCREEN) > 0:
            found[address] = faults or "wider than the screen"
    assert found == {}


def tab_to(page: Page, name: str, presses: int = 120) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.innerText.trim()").startswith(name):
            return
    raise AssertionError(f"{name}: not reached with the Tab key")


def test_a_proposal_is_confirmed_with_the_keyboard_alone(scene, opened):
    page = opened(reverse("orders:desk"))
    tab_to(page, "全部确认派单")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("已派单")
    expect(page.locator("#panel")).to_contain_text("已派单")
    expect(page.locator("#panel")).not_to_contain_text("全部确认派单")
    expect(page.locator("#panel")).to_be_focused()
    assert Offer.objects.filter(position__shift__order=scene.waiting).count() == 2


def test_a_worker_is_exchanged_with_the_keyboard_alone(scene, opened):
    place = Position.objects.filter(shift__order=scene.waiting).earliest("pk")
    page = opened(reverse("orders:desk-exchange", args=[place.pk]), allow=["422 POST"])
    page.get_by_label("按姓名或手机号查找").focus()
    page.keyboard.type("低级别")
    option = page.get_by_role("radio", name="低级别")
    expect(page.get_by_role("radio")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(option).to_be_focused()
    page.keyboard.press("Space")
    # First the way to a comparison with whoever has the place.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="与现任比较")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("客户点名")
    tab_to(page, "更换人选")
    page.keyboard.press("Enter")
    expect(page.get_by_text("技能「在线客服 1 级」，要求「2 级」").first).to_be_visible()
    expect(page.get_by_role("textbox", name="理由")).to_have_value("客户点名")
    page.get_by_role("checkbox", name="仍然派此人").focus()
    page.keyboard.press("Space")
    tab_to(page, "更换人选")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('orders:desk-order', args=[scene.waiting.pk])}")
    place.refresh_from_db()
    assert place.proposed_worker_id == scene.low.pk


def test_another_order_is_looked_at_without_leaving_the_queue(scene, opened):
    page = opened(reverse("orders:desk"))
    expect(page.locator("#panel-title")).to_contain_text("大促在线客服")
    page.locator("#queue").get_by_role("link", name="尚未匹配的订单").click()
    expect(page.locator("#panel-title")).to_contain_text("尚未匹配的订单")
    expect(page.locator("#queue [aria-current]")).to_have_text("尚未匹配的订单")
    page.reload()
    expect(page.locator("#panel-title")).to_contain_text("尚未匹配的订单")


def test_the_queue_follows_the_filter_and_keeps_it_in_the_address(scene, opened):
    page = opened(reverse("orders:desk"))
    page.get_by_label("状态").select_option("running")
    expect(page.locator("#queue")).to_contain_text("展会登记接待")
    expect(page.locator("#queue")).not_to_contain_text("大促在线客服")
    page.wait_for_url("**state=running**")


@pytest.mark.parametrize("size", [TABLET, PHONE])
def test_where_there_is_room_for_one_column_the_order_takes_the_queues_place_and_gives_it_back(scene, opened, size):
    page = opened(reverse("orders:desk"), size=size)
    queue, panel = page.locator("#queue"), page.locator("#panel")
    expect(panel).to_be_hidden()
    queue.get_by_role("link", name="尚未匹配的订单").click()
    expect(panel).to_contain_text("尚未匹配的订单")
    expect(queue).to_be_hidden()
    page.wait_for_url("**order=**")
    page.get_by_role("link", name="返回队列").click()
    expect(queue).to_be_visible()
    expect(panel).to_be_hidden()
    expect(queue.get_by_role("link", name="尚未匹配的订单")).to_be_focused()
    page.go_back()
    expect(panel).to_contain_text("尚未匹配的订单")
    expect(queue).to_be_hidden()


def test_the_desk_works_without_scripts(scene, opened):
    page = opened(reverse("orders:desk"), java_script_enabled=False)
    page.get_by_role("button", name="全部确认派单").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("大促在线客服")
    assert Offer.objects.filter(position__shift__order=scene.waiting).count() == 2
