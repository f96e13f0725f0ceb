"""A client's whole day in one go: from the login over a posted order to its hours, by mouse and by keyboard alone."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from orders.models import Assignment, Client, Offer, Order, OrderTemplate, TeamMember
from orders.services import attendance, messages, offers, ordering
from orders.states import OfferStatus, OrderStatus, TimesheetStatus
from staffing.core import clock
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.browser.hands import LEFT_BEHIND, Hands, Keyboard, Mouse, OpenPage, button, sign_in, within_the_screen
from tests.browser.test_client_room import catalogue
from tests.fixtures.agency import Agency
from tests.fixtures.client_room import AT_SITE, drain, person
from tests.plugins.browser import DESK, PHONE, TABLET

PASSWORD = "lingke-demo-2026"
# The page asks what is new every five seconds.
SOON = 15_000


@dataclass
class Day:
    """A company that has never ordered, and the agency that serves it out of its sight."""

    company: Client
    member: User
    desk: User

    @property
    def order(self) -> Order:
        """The first order."""
        return Order.objects.earliest("pk")

    def first_work(self) -> Assignment:
        """Who comes on the first day."""
        return Assignment.objects.select_related("worker__user").earliest("start_at")

    def matched(self) -> None:
        """The system has proposed people."""
        drain(clock.now())

    def filled(self) -> None:
        """The dispatcher has confirmed, and everybody asked has said yes."""
        now = clock.now()
        ordering.confirm(self.order.pk, by=actor_of(self.desk), now=now)
        for offer in Offer.objects.filter(status=OfferStatus.PENDING).select_related("worker__user"):
            offers.accept(offer.pk, by=person(offer), now=now)
        drain(now)

    def begun(self) -> None:
        """It is the morning of the first day, and the worker is there."""
        work = self.first_work()
        wait_until(work.start_at)
        attendance.check_in(work.pk, by=person(work), now=work.start_at, fix=AT_SITE)

    def ended(self) -> None:
        """It is the evening of that day."""
        work = self.first_work()
        wait_until(work.end_at)
        attendance.check_out(work.pk, by=person(work), now=work.end_at, fix=AT_SITE)
        drain(work.end_at)

    def answered(self, words: str) -> None:
        """The dispatcher has written."""
        messages.post(self.order, words, form_key=uuid.uuid4(), by=actor_of(self.desk), now=clock.now())


def wait_until(when: datetime) -> None:
    """Put the clock forward."""
    clock.set_offset(clock.offset() + max(when - clock.now(), timedelta()) + timedelta(seconds=1))


@pytest.fixture
def day(committed_agency: Agency) -> Day:
    agency = committed_agency
    catalogue(agency)
    company = agency.client(name="星澜百货（华东）有限公司")
    company.members.update(may_manage=True)
    member = agency.member(company)
    member.set_password(PASSWORD)
    member.save()
    return Day(company, member, agency.dispatcher(name="陆安然"))


def tally(page: Page, name: str) -> Locator:
    """A figure of the first shift."""
    return page.locator(".tally").first.locator(".fact", has_text=name).locator("dd")


def submit(hands: Hands, cost: str) -> None:
    """The costs once more, and off it goes."""
    page = hands.page
    hands.press(button(page, "核对费用"))
    expect(page.get_by_role("heading", name="核对订单")).to_be_visible()
    expect(page.locator(".cost-total")).to_contain_text(cost)
    hands.press(button(page, "确认并提交"))
    expect(page.get_by_role("heading", level=1)).to_have_text("售后客服")


def posts(hands: Hands) -> None:
    """Home says what to begin with; three steps, with the costs and the people in reach always in sight."""
    page = hands.page
    expect(page.get_by_text("欢迎，先发布第一张订单")).to_be_visible()
    hands.press(page.get_by_role("link", name="发布第一张订单"))
    page.wait_for_load_state()
    hands.choose(page.locator("#id_service_type_after_sale"))
    expect(page.get_by_label("标题")).to_have_value("售后客服")
    hands.press(button(page, "下一步：何时何地"))
    hands.press(button(page, "复制班次 1"))
    expect(page.get_by_role("group", name="班次 2")).to_be_visible()
    expect(page.locator(".cost-total")).to_contain_text("¥810.00")
    hands.press(button(page, "下一步：谁来做"))
    expect(page.locator("#reach")).to_contain_text("5 人可选，要 1 人", timeout=60_000)
    within_the_screen(page)
    submit(hands, "¥810.00")


def watches(page: Page, day: Day) -> None:
    """The order's page tells by itself how far it is, from the promise to the arrival."""
    expect(page.get_by_text("内给出完整人选")).to_be_visible()
    expect(page.locator("#live [data-countdown]")).to_be_visible()
    state = page.locator("#live").get_by_role("status").first
    expect(state).to_have_text("匹配中")
    day.matched()
    expect(state).to_have_text("待确认", timeout=SOON)
    expect(page.get_by_text("响应时间不到 1 分钟")).to_be_visible()
    day.filled()
    expect(state).to_have_text("已满员", timeout=SOON)
    expect(tally(page, "已接单")).to_have_text("1")
    expect(page.get_by_text("0/1 已到岗").first).to_be_visible()
    day.begun()
    expect(page.get_by_text("1/1 已到岗")).to_be_visible(timeout=SOON)
    expect(tally(page, "已到岗")).to_have_text("1")
    within_the_screen(page)


def talks(hands: Hands, day: Day) -> None:
    """A word to the dispatcher; home says that there is an answer."""
    page = hands.page
    hands.write(page.get_by_role("textbox", name="留言"), "请带员工从东门进")
    hands.press(button(page, "发送留言"))
    expect(page.locator("#messages-list")).to_contain_text("请带员工从东门进")
    day.answered("好的，已告诉本人")
    hands.press(page.get_by_role("link", name="首页"))
    waiting = page.get_by_role("region", name="等您处理")
    expect(waiting).to_contain_text("1 条新留言")
    hands.press(waiting.get_by_role("link", name="看留言"))
    expect(page.locator("#messages-list")).to_contain_text("好的，已告诉本人")


def changes(hands: Hands, day: Day) -> None:
    """One more for the second day, told what that costs before it holds."""
    page = hands.page
    hands.press(page.get_by_role("link", name="修改订单"))
    expect(page.get_by_text("已开始的班次不能修改")).to_be_visible()
    hands.write(page.get_by_role("spinbutton", name="人数"), "2")
    hands.press(button(page, "下一步：核对更改"))
    expect(page.get_by_text("1 → 2 人")).to_be_visible()
    costs = page.get_by_role("region", name="费用变化")
    expect(costs).to_contain_text("+¥405.00")
    expect(costs.locator(".cost-total")).to_contain_text("¥0.00")
    hands.press(button(page, "确认修改"))
    expect(page.get_by_text("订单已修改。")).to_be_visible()
    assert [shift.headcount for shift in day.order.shifts.order_by("start_at")] == [1, 2]


def approves(hands: Hands, day: Day) -> None:
    """Home says that hours wait; one press approves what is as planned."""
    page = hands.page
    day.ended()
    page.goto(reverse("orders:client-home"))
    waiting = page.get_by_role("region", name="等您处理")
    expect(waiting).to_contain_text("1 份工时待确认")
    expect(waiting).to_contain_text("起自动批准")
    hands.press(waiting.get_by_role("link", name="核对工时"))
    hands.press(button(page, "批准与计划一致的 1 份"))
    expect(page.locator("#hours").get_by_text("已批准")).to_be_visible()
    within_the_screen(page)
    assert day.first_work().timesheet.status == TimesheetStatus.APPROVED


def keeps_the_person(hands: Hands, day: Day) -> None:
    """Whoever was good belongs to the team."""
    page, worker = hands.page, day.first_work().worker
    hands.press(page.locator("#live").get_by_role("link", name=worker.user.name).first)
    expect(page.get_by_role("heading", level=1)).to_have_text(worker.user.name)
    hands.press(button(page, "加入固定团队"))
    expect(button(page, "移出固定团队")).to_be_visible()
    assert TeamMember.objects.get().worker == worker


def keeps_the_order(hands: Hands, day: Day) -> None:
    """The order becomes a template, and the template the next order."""
    page = hands.page
    page.goto(reverse("orders:client-order", args=[day.order.pk]))
    hands.press(page.get_by_role("link", name="存为模板"))
    hands.write(page.get_by_role("textbox"), "周末售后")
    hands.press(button(page, "保存模板"))
    expect(page.get_by_text("已存为模板。")).to_be_visible()
    hands.press(button(page, "用它下单"))
    expect(page.locator("#id_service_type_after_sale")).to_be_checked()
    expect(page.get_by_label("标题")).to_have_value("售后客服")
    hands.press(button(page, "下一步：何时何地"))
    hands.press(button(page, "下一步：谁来做"))
    submit(hands, "¥1,215.00")
    assert (OrderTemplate.objects.get().name, Order.objects.count()) == ("周末售后", 2)


def invites(hands: Hands) -> None:
    """A colleague gets a login of their own."""
    page = hands.page
    hands.press(page.get_by_role("link", name="公司与成员"))
    hands.press(page.get_by_role("link", name="成员与权限"))
    hands.write(page.get_by_label("姓名"), "林知夏")
    hands.write(page.get_by_label("手机号"), "137 1234 5678")
    hands.press(page.get_by_role("button", name="邀请", exact=True))
    expect(page.locator("#invitation-link")).to_contain_text("/join/")
    row = page.get_by_role("row", name="林知夏")
    expect(row).to_contain_text("未设密码")


@pytest.mark.parametrize("way", [Mouse, Keyboard], ids=["mouse", "keyboard"])
def test_the_whole_day(live_server, open_page: OpenPage, day: Day, way: type[Mouse | Keyboard]) -> None:
    hands = way(open_page(size=DESK, allow=[LEFT_BEHIND]))
    sign_in(hands, day.member.phone, PASSWORD)
    posts(hands)
    watches(hands.page, day)
    talks(hands, day)
    changes(hands, day)
    approves(hands, day)
    keeps_the_person(hands, day)
    keeps_the_order(hands, day)
    invites(hands)
    assert day.order.status == OrderStatus.IN_SERVICE


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_post_watch_and_approve_on_a_small_screen(
    live_server, open_page: OpenPage, day: Day, size: tuple[int, int]
) -> None:
    hands = Mouse(open_page(size=size, allow=[LEFT_BEHIND]))
    sign_in(hands, day.member.phone, PASSWORD)
    posts(hands)
    watches(hands.page, day)
    approves(hands, day)
