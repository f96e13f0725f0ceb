"""A client with a running order: told the cost before, changes and calls off, likes and dislikes, writes, invites."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from feedback.models import Survey
from feedback.services import surveys
from feedback.services.surveys import Answers
from orders.models import Assignment, Client, DoNotSend, Order, OrderMessage, TeamMember
from orders.services import messages
from orders.states import OrderStatus
from staffing.core import clock
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.browser.test_client_room import OVERFLOW, OVERLAPS, log_in
from tests.fixtures.agency import Agency
from tests.fixtures.client_room import arrive, drain, filled, leave, replaced
from tests.plugins.browser import DESK, PHONE, TABLET, axe_violations, violations_in_both_lights
from workers.models import CertificateType, Worker, WorkerCertificate

OpenPage = Callable[..., Page]
LONG = "云栖湾国际会展中心东区二号馆跨境电商英语在线客服与现场接待联合班组（含夜班）"
LONG_NAME = "Alexandra Zhang-Whitmore 欧阳张"


@dataclass
class Scene:
    """One company with an order that runs, one that was served and complained of, and one ahead."""

    agency: Agency
    company: Client
    member: User
    desk: User
    running: Order
    served: Order
    ahead: Order


@pytest.fixture
def scene(committed_agency: Agency) -> Scene:
    agency, now = committed_agency, clock.now().replace(second=0, microsecond=0)
    for name in ("顾一鸣", LONG_NAME, "陈静", "赵磊", "刘洋", "孙悦"):
        worker = agency.worker(services_done=28)
        User.objects.filter(pk=worker.user_id).update(name=name)
    health = CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health certificate")
    WorkerCertificate.objects.bulk_create(
        WorkerCertificate(worker=worker, type=health, verified_on=date(2026, 1, 5)) for worker in Worker.objects.all()
    )
    company, desk = agency.client(name="星澜百货（华东）有限公司"), agency.dispatcher(name="陆安然")
    company.members.update(may_manage=True)
    member = agency.member(company)
    running = filled(agency, company, now - timedelta(hours=1))
    arrive(running, -5, 6)
    replaced(running, running.starts_at + timedelta(minutes=16))
    served = filled(agency, company, now - timedelta(hours=30))
    arrive(served, 0, 6, 0)
    leave(served)
    drain(served.ends_at)
    surveys.answer(Survey.objects.get(order=served).pk, Answers(1, 1, 1, 1), now)
    ahead = filled(agency, company, now + timedelta(hours=30), headcount=2)
    Order.objects.filter(pk=ahead.pk).update(title=LONG)
    messages.post(served, "请问第二位员工为什么迟到？", form_key=uuid.uuid4(), by=actor_of(member), now=now)
    messages.post(served, "路上堵车，已和本人沟通，抱歉。", form_key=uuid.uuid4(), by=actor_of(desk), now=now)
    return Scene(agency, company, member, desk, running, served, ahead)


def addresses(scene: Scene) -> list[str]:
    orders = [reverse("orders:client-order", args=[each.pk]) for each in (scene.running, scene.served, scene.ahead)]
    of_ahead = [reverse(f"orders:client-order-{name}", args=[scene.ahead.pk]) for name in ("amend", "cancel")]
    work = Assignment.objects.filter(position__shift__order=scene.ahead).earliest("pk")
    people = [reverse("orders:client-people"), reverse("orders:client-person", args=[work.worker_id])]
    rest = [reverse(f"orders:client-{name}") for name in ("home", "company", "members")]
    member = reverse("orders:client-member", args=[scene.member.membership.pk])
    return [*orders, *of_ahead, *people, *rest, member]


def settle(page: Page) -> None:
    """Every part is there, everything that can be opened is open."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_pages_are_clean(live_server, open_page: OpenPage, scene: Scene, size: tuple[int, int]) -> None:
    page = log_in(open_page(size=size), scene.member, live_server.url)
    for address in addresses(scene):
        page.goto(address)
        settle(page)
        assert (address, violations_in_both_lights(page)) == (address, [])
        assert (address, page.evaluate(OVERFLOW), page.evaluate(OVERLAPS)) == (address, 0, 0)


def test_english_fits_on_a_phone(live_server, open_page: OpenPage, scene: Scene) -> None:
    page = log_in(open_page(size=PHONE, locale="en-GB"), scene.member, live_server.url)
    for address in addresses(scene):
        page.goto(address)
        settle(page)
        assert (address, page.evaluate(OVERFLOW), page.evaluate(OVERLAPS)) == (address, 0, 0)


def test_an_order_is_changed_and_called_off_by_mouse(live_server, open_page: OpenPage, scene: Scene) -> None:
    page = log_in(open_page(), scene.member, live_server.url)
    page.goto(reverse("orders:client-order", args=[scene.ahead.pk]))
    page.get_by_role("link", name="修改订单").click()
    page.get_by_role("spinbutton", name="人数").fill("1")
    page.get_by_role("button", name="再加一个班次").click()
    expect(page.get_by_role("group", name="新增班次")).to_be_visible()
    page.get_by_role("button", name="下一步：核对更改").click()
    expect(page.get_by_role("heading", name="核对更改")).to_be_visible()
    expect(page.get_by_text("不再需要（将立即通知）")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="确认修改").click()
    expect(page.get_by_text("订单已修改。")).to_be_visible()
    order = Order.objects.get(pk=scene.ahead.pk)
    assert ([shift.headcount for shift in order.shifts.all()], order.status) == ([1, 1], OrderStatus.OFFERING)
    page.get_by_role("link", name="取消订单").click()
    expect(page.locator(".cost-total")).to_contain_text("¥0.00")
    page.get_by_label("取消理由").fill("活动延期")
    page.get_by_role("button", name="取消订单（免费）").click()
    expect(page.get_by_text("订单已取消，相关员工会收到通知。")).to_be_visible()
    order.refresh_from_db()
    assert (order.status, order.cancel_fee) == (OrderStatus.CANCELLED, Decimal(0))


def tab_to(page: Page, text: str) -> None:
    """Move on until the element of that name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.textContent || ''"):
            return
    raise AssertionError(f"{text} is not reached by the keyboard")


def test_hours_words_and_calling_off_by_keyboard_alone(live_server, open_page: OpenPage, scene: Scene) -> None:
    page = log_in(open_page(), scene.member, live_server.url)
    page.goto(reverse("orders:client-order", args=[scene.served.pk]))
    page.wait_for_load_state("networkidle")
    tab_to(page, "批准与计划一致的 2 份")
    page.keyboard.press("Enter")
    expect(page.locator("#hours").get_by_text("已批准")).to_have_count(2)
    page.wait_for_load_state("networkidle")
    page.get_by_label("留言").last.focus()
    page.keyboard.type("谢谢")
    tab_to(page, "发送留言")
    page.keyboard.press("Enter")
    expect(page.locator("#messages-list").get_by_text("谢谢")).to_be_visible()
    assert OrderMessage.objects.filter(body="谢谢").count() == 1
    page.goto(reverse("orders:client-order", args=[scene.ahead.pk]))
    tab_to(page, "取消订单")
    page.keyboard.press("Enter")
    page.get_by_label("取消理由").focus()
    page.keyboard.type("活动延期")
    tab_to(page, "取消订单（免费）")
    page.keyboard.press("Enter")
    expect(page.get_by_text("订单已取消，相关员工会收到通知。")).to_be_visible()


def test_a_word_from_the_desk_appears_while_something_is_typed(live_server, open_page: OpenPage, scene: Scene) -> None:
    page = log_in(open_page(), scene.member, live_server.url)
    page.goto(reverse("orders:client-order", args=[scene.served.pk]))
    page.get_by_role("textbox", name="留言").fill("写到一半")
    messages.post(scene.served, "补充一句", form_key=uuid.uuid4(), by=actor_of(scene.desk), now=clock.now())
    expect(page.locator("#messages-list").get_by_text("补充一句")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("textbox", name="留言")).to_have_value("写到一半")
    desk = log_in(open_page(), scene.desk, live_server.url)
    desk.goto(reverse("orders:desk-order", args=[scene.served.pk]))
    desk.get_by_role("textbox", name="留言").fill("收到")
    desk.get_by_role("button", name="发送留言").click()
    expect(desk.locator("#messages-list").get_by_text("收到")).to_be_visible()


def test_a_person_is_liked_then_not_and_replaced(live_server, open_page: OpenPage, scene: Scene) -> None:
    page = log_in(open_page(), scene.member, live_server.url)
    work = Assignment.objects.select_related("worker__user").filter(position__shift__order=scene.ahead).earliest("pk")
    page.goto(reverse("orders:client-order", args=[scene.ahead.pk]))
    page.get_by_role("link", name=work.worker.user.name).click()
    page.get_by_role("button", name="加入固定团队").click()
    expect(page.get_by_role("button", name="移出固定团队")).to_be_visible()
    assert TeamMember.objects.filter(worker=work.worker).exists()
    page.get_by_text("列入“不再派遣”").click()
    page.get_by_label("理由").fill("态度不好")
    page.get_by_role("button", name="不再派遣此人").click()
    page.get_by_role("button", name="换人").click()
    page.get_by_role("dialog").get_by_role("button", name="换人").click()
    expect(page.get_by_text("系统正在安排替补")).to_be_visible()
    expect(page.get_by_role("button", name="换人")).to_have_count(0)
    assert DoNotSend.objects.get().reason == "态度不好"
    page.get_by_role("button", name="撤销，可再次派遣").click()
    expect(page.get_by_role("button", name="加入固定团队")).to_be_visible()


def test_a_colleague_is_invited_and_logs_in(live_server, open_page: OpenPage, scene: Scene) -> None:
    page = log_in(open_page(allow=["422 POST"]), scene.member, live_server.url)
    page.goto(reverse("orders:client-company"))
    page.get_by_role("link", name="成员与权限").click()
    page.get_by_role("button", name="邀请").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("姓名").fill("林知夏")
    page.get_by_label("手机号").fill("137 1234 5678")
    page.get_by_label("下单").uncheck()
    page.get_by_role("button", name="邀请").click()
    link = page.locator("#invitation-link").inner_text()
    assert axe_violations(page) == []
    theirs = open_page()
    theirs.goto("/join/" + link.split("/join/")[1])
    assert axe_violations(theirs) == []
    theirs.get_by_label("设置密码").fill("yun-qi-2026-long")
    theirs.get_by_label("再输入一次").fill("yun-qi-2026-long")
    theirs.get_by_role("button", name="保存并去登录").click()
    theirs.get_by_label("手机号").fill("13712345678")
    theirs.get_by_label("密码").fill("yun-qi-2026-long")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("heading", name="首页")).to_be_visible()
    expect(theirs.get_by_role("link", name="发布订单")).to_have_count(0)
