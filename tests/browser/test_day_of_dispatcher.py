"""A dispatcher's whole day in one go, from a new order to the last confirmed: by mouse and by keyboard alone."""

import re
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from orders import presence
from orders.models import Assignment, Offer, Order, OrderMessage, Position
from orders.services import assigning, messages, offers, ordering, proposing
from orders.services.assigning import seen_of
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.actors import actor_of
from tests.browser.hands import LEFT_BEHIND, Hands, Keyboard, Mouse, OpenPage, button, sign_in, within_the_screen
from tests.browser.test_week import cell_of, chip_of, drag
from tests.fixtures.agency import Agency
from tests.fixtures.client_room import drain
from tests.plugins.browser import DESK, PHONE, TABLET
from workers.models import Worker

PASSWORD = "lingke-demo-2026"
NAMES = ("顾一鸣", "林晓雯", "欧阳思远", "何雨", "卓玛", "马铭", "周知", "许若")
HOUR = timedelta(hours=1)
# The queue asks what is new every fifteen seconds.
SOON = 20_000


class Day:
    """Somebody is late, a place of next week is open, orders wait for a word and a client for an answer."""

    def __init__(self) -> None:
        self.now = timezone.now().replace(second=0, microsecond=0)
        self.agency = Agency()
        self.user = self.agency.dispatcher(name="林调度")
        self.user.set_password(PASSWORD)
        self.user.save()
        self.company = self.agency.client(name="云栖商贸")
        self.late = self.booked_and_late("陈静怡")
        for number, name in enumerate(NAMES):
            self.named(name, stars=f"{4.9 - number / 10:.1f}")
        monday = timezone.localtime(self.now).replace(hour=9, minute=0)
        monday += timedelta(days=7 - monday.weekday())
        self.open = self.emptied(self.order("周三热线", monday + timedelta(days=2)))
        self.other = self.emptied(self.order("周五热线", monday + timedelta(days=4)))
        later = self.now + 15 * 24 * HOUR
        self.first, self.second = self.order("展会接待", later), self.order("夜班客服", later + 24 * HOUR)
        self.asked("请问能否安排会英语的同事？")

    def named(self, name: str, *, stars: str) -> Worker:
        """Somebody of the pool, found by the name's initials too."""
        worker = self.agency.worker(stars=stars)
        worker.user.name = name
        worker.user.save()
        return worker

    def order(self, title: str, start: datetime) -> Order:
        """An order with a proposal."""
        order = self.submitted(title, start)
        proposing.propose_order(order.pk, self.now)
        return order

    def submitted(self, title: str, start: datetime) -> Order:
        """An order as the client has just sent it."""
        shifts = [ShiftSpec(start, start + 6 * HOUR, 1)]
        return self.agency.submitted(self.company, now=self.now, title=title, shifts=shifts)

    def booked_and_late(self, name: str) -> Assignment:
        """Somebody who should have come three minutes ago."""
        self.named(name, stars="3.0")
        before, start = self.now - 3 * HOUR, self.now - timedelta(minutes=3)
        shifts = [ShiftSpec(start, start + 7 * HOUR, 1)]
        order = self.agency.submitted(self.company, now=before, title="退换货支援", shifts=shifts)
        proposing.propose_order(order.pk, before)
        ordering.confirm(order.pk, by=actor_of(self.user), now=before)
        offer = Offer.objects.select_related("worker__user").get(position__shift__order=order)
        return offers.accept(offer.pk, by=actor_of(offer.worker.user), now=before)

    def emptied(self, order: Order) -> Position:
        """Its place, taken from whoever was proposed."""
        place = Position.objects.get(shift__order=order)
        seen = seen_of(place.status, place.proposed_worker_id)
        assigning.take_off(place.pk, by=actor_of(self.user), now=self.now, seen=seen, reason="待定")
        place.refresh_from_db()
        return place

    def asked(self, words: str) -> None:
        """The client has written about the first order."""
        member = actor_of(self.agency.member(self.company))
        messages.post(self.first, words, form_key=uuid.uuid4(), by=member, now=self.now)


@pytest.fixture
def day(live_server, transactional_db, redis_url: str) -> Day:
    presence._client(redis_url).delete(presence.KEY)
    day = Day()
    drain(day.now)
    return day


def said(page: Page, words: str) -> None:
    """A short word at the edge of the page; the first search of a process compiles the engine."""
    expect(page.locator("#toasts")).to_contain_text(words, timeout=60_000)


def hears_of_a_new_order(page: Page, day: Day) -> Order:
    """It comes into the queue by itself, and is said aloud."""
    expect(page.get_by_role("heading", level=1)).to_have_text("派单台")
    new = day.order("刚提交的订单", day.now + 20 * 24 * HOUR)
    expect(page.locator("#desk-news")).to_have_text("新订单：刚提交的订单", timeout=SOON)
    expect(page.locator(f"#queue-{new.pk}")).to_be_visible()
    return new


def confirms(hands: Hands, new: Order) -> None:
    """In three keys, or in two clicks."""
    page = hands.page
    if isinstance(hands, Keyboard):
        page.keyboard.press("n")
        expect(page.locator(f"#open-{new.pk}")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#panel-title")).to_contain_text("刚提交的订单")
        page.keyboard.press("c")
    else:
        hands.press(page.locator(f"#open-{new.pk}"))
        expect(page.locator("#panel-title")).to_contain_text("刚提交的订单")
        hands.press(button(page, "全部确认派单"))
    said(page, "已派单")
    expect(page.locator("#panel")).not_to_contain_text("全部确认派单")
    assert Offer.objects.filter(position__shift__order=new, status=OfferStatus.PENDING).count() == 1


def exchanges(hands: Hands, order: Order) -> None:
    """Somebody else for a place, told what that costs."""
    page = hands.page
    hands.press(page.locator(f"#open-{order.pk}"))
    expect(page.locator("#panel-title")).to_contain_text(order.title)
    hands.press(page.locator("#panel .panel-exchange").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("更换第 1 个名额的人选")
    worse = page.locator(".option-item", has_text=re.compile(r"−\d+ 分")).last
    expect(worse).to_be_visible()
    name = worse.locator(".person-name").inner_text()
    hands.choose(worse.get_by_role("radio"))
    hands.write(page.get_by_role("textbox", name="理由"), "客户点名")
    hands.press(button(page, "更换人选"))
    page.wait_for_url(f"**order={order.pk}")
    expect(page.locator("#panel")).to_contain_text("人工指定")
    expect(page.locator("#panel")).to_contain_text(name)


def compares_and_restores(hands: Hands, order: Order) -> None:
    """Both side by side; then the engine's own choice again."""
    page = hands.page
    hands.press(page.get_by_role("link", name="查看完整方案、备选与淘汰理由"))
    expect(page.get_by_role("heading", level=1)).to_have_text(order.title)
    hands.press(page.get_by_role("link", name=re.compile("^比较")))
    expect(page.locator("#compare-title")).to_have_text(re.compile(r"高 \d+ 分"))
    expect(page.get_by_role("row", name="总分")).to_be_visible()
    hands.press(page.get_by_role("link", name="返回订单"))
    hands.press(page.locator(".place-actions").get_by_role("button", name=re.compile("^恢复")))
    said(page, "已恢复")
    expect(page.locator(".place-actions").get_by_role("button", name=re.compile("^恢复"))).to_have_count(0)
    assert not Position.objects.get(shift__order=order).chosen_by_hand


def assigns_by_menu(hands: Hands, place: Position) -> None:
    """On the week board: an open place is given by its menu and the dialog."""
    page = hands.page
    hands.press(page.locator(f"#week-open {chip_of(place)}"))
    hands.press(page.get_by_role("menuitem", name="指派给…"))
    dialog = page.locator("#week-dialog")
    expect(dialog.get_by_role("heading", name="指派给谁")).to_be_visible(timeout=SOON)
    hands.choose(dialog.get_by_role("radio").first)
    hands.press(dialog.get_by_role("button", name="确定指派"))
    expect(dialog).to_be_hidden()
    expect(page.locator(f"tr[data-worker] {chip_of(place)}.is-proposed")).to_be_visible()
    place.refresh_from_db()
    assert place.status == PositionStatus.PROPOSED


def assigns_by_drag(page: Page, place: Position) -> None:
    """The same by the mouse alone: the place is put onto somebody's day, who is told to fit before."""
    worker = Worker.objects.get(user__name="何雨")
    drag(page, chip_of(place), cell_of(worker, 4), hold=f"#w{worker.pk}.fits")
    expect(page.locator(f"{cell_of(worker, 4)} .is-proposed")).to_be_visible()
    place.refresh_from_db()
    assert place.proposed_worker == worker


def plans_the_week(hands: Hands, day: Day) -> None:
    """Two open places of next week."""
    page = hands.page
    hands.press(page.get_by_role("link", name="排班", exact=True))
    hands.press(page.get_by_role("link", name="下一周"))
    expect(page.locator(f"#week-open {chip_of(day.open)}")).to_be_visible()
    assigns_by_menu(hands, day.open)
    if isinstance(hands, Mouse):
        assigns_by_drag(page, day.other)
    else:
        assigns_by_menu(hands, day.other)
    expect(page.locator("#week-open .wk-chip")).to_have_count(0)


def strip(page: Page, label: str) -> Locator:
    """A figure of what needs a look today."""
    return page.locator(".strip-cell", has_text=label)


def finds_a_replacement(hands: Hands) -> None:
    """Somebody is late: the best are asked at once, the first who accepts has the place."""
    page = hands.page
    expect(strip(page, "迟到")).to_contain_text("1")
    hands.press(strip(page, "迟到"))
    row = page.locator("#today tbody tr", has_text="陈静怡")
    hands.press(row.get_by_role("button", name="找替补"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("把 陈静怡 记为未到岗")
    hands.press(dialog.get_by_role("button", name="找替补"))
    said(page, "已同时邀请 3 人")
    expect(strip(page, "替补中")).to_contain_text("1")
    hands.press(strip(page, "替补中"))
    row = page.locator("#today tbody tr")
    expect(row).to_contain_text("已邀请 3 人")
    offer = Offer.objects.filter(status=OfferStatus.PENDING, position__shift__order__title="退换货支援").first()
    assert offer is not None
    offers.accept(offer.pk, by=actor_of(offer.worker.user), now=timezone.now())
    expect(page.locator("#today")).to_contain_text("现在没有需要处理的", timeout=SOON)
    assert Assignment.objects.filter(status=AssignmentStatus.BOOKED, worker=offer.worker).exists()


def searches(hands: Hands) -> None:
    """By the initials of a name, from any page."""
    page, box = hands.page, hands.page.get_by_role("combobox", name="搜索订单、人员和客户")
    if isinstance(hands, Keyboard):
        page.keyboard.press("/")
        expect(box).to_be_focused()
    hands.write(box, "gym")
    hit = page.get_by_role("option", name="顾一鸣")
    expect(hit).to_be_visible()
    if isinstance(hands, Keyboard):
        page.keyboard.press("ArrowDown")
        expect(hit).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
    else:
        hands.press(hit)
    expect(page.get_by_role("heading", level=1)).to_contain_text("顾一鸣")


def takes_a_list(hands: Hands, day: Day) -> None:
    """The queue as a file."""
    page = hands.page
    hands.press(page.get_by_role("link", name="派单台").first)
    hands.press(page.locator("#queue .export-menu summary"))
    with page.expect_download() as download:
        hands.press(page.locator("#queue").get_by_role("link", name="CSV"))
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert day.first.number in text
    assert "展会接待" in text


def answers(hands: Hands, day: Day) -> None:
    """The client's question is in the inbox, and leads to its order."""
    page = hands.page
    hands.press(page.get_by_role("link", name=re.compile("^消息")))
    hands.press(page.locator("main").get_by_role("link", name=re.compile("留言")).first)
    expect(page.get_by_role("heading", level=1)).to_have_text(day.first.title)
    expect(page.locator("#messages-list")).to_contain_text("请问能否安排会英语的同事？")
    hands.write(page.get_by_role("textbox", name="留言"), "可以，已换成英语流利的同事")
    hands.press(button(page, "发送留言"))
    expect(page.locator("#messages-list")).to_contain_text("可以，已换成英语流利的同事")
    assert OrderMessage.objects.filter(from_client=False).count() == 1


def confirms_the_rest(hands: Hands, day: Day) -> None:
    """Several at once, with the outcome of each."""
    page = hands.page
    hands.press(page.get_by_role("link", name=re.compile("^返回派单台")))
    for order in (day.first, day.second):
        hands.choose(page.locator(f"#pick-{order.pk}"))
    expect(page.locator("#bulk-count")).to_have_text("(2)")
    hands.press(button(page, "确认所选"))
    dialog = page.locator("#bulk-result")
    expect(dialog.locator(".bulk-item", has_text="已派单")).to_have_count(2)
    hands.press(dialog.get_by_role("button", name="关闭"))
    expect(dialog).to_be_hidden()
    assert Offer.objects.filter(position__shift__order__in=(day.first, day.second)).count() == 2


@pytest.mark.parametrize("way", [Mouse, Keyboard], ids=["mouse", "keyboard"])
def test_the_whole_day(live_server, open_page: OpenPage, day: Day, way: type[Mouse | Keyboard]) -> None:
    hands = way(open_page(size=DESK, allow=[LEFT_BEHIND]))
    sign_in(hands, day.user.phone, PASSWORD)
    confirms(hands, hears_of_a_new_order(hands.page, day))
    exchanges(hands, day.second)
    compares_and_restores(hands, day.second)
    plans_the_week(hands, day)
    hands.press(hands.page.get_by_role("link", name="今日到岗").first)
    finds_a_replacement(hands)
    searches(hands)
    takes_a_list(hands, day)
    answers(hands, day)
    confirms_the_rest(hands, day)


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_confirm_replace_and_answer_on_a_small_screen(
    live_server, open_page: OpenPage, day: Day, size: tuple[int, int]
) -> None:
    page = open_page(size=size, allow=[LEFT_BEHIND])
    hands = Mouse(page)
    sign_in(hands, day.user.phone, PASSWORD)
    within_the_screen(page)
    confirms(hands, hears_of_a_new_order(page, day))
    within_the_screen(page)
    hands.press(page.get_by_role("link", name="返回队列"))
    finds_a_replacement(hands)
    within_the_screen(page)
    page.goto(reverse("inbox"))
    hands.press(page.locator("main").get_by_role("link", name=re.compile("留言")).first)
    hands.write(page.get_by_role("textbox", name="留言"), "可以")
    hands.press(button(page, "发送留言"))
    expect(page.locator("#messages-list")).to_contain_text("可以")
    within_the_screen(page)
