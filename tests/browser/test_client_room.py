"""The client's room in a browser: a newcomer posts an order by mouse and by keyboard; pages are clean everywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client as Http
from django.urls import reverse
from playwright.sync_api import Page, expect

from orders.models import Order
from orders.states import OrderStatus
from staffing.core import clock
from staffing.core.models import User
from tests.fixtures.agency import Agency
from tests.fixtures.client_room import arrive, drain, filled, leave, replaced
from tests.plugins.browser import DESK, PHONE, TABLET, axe_violations, violations_in_both_lights
from workers.models import CertificateType, Language, Skill

OpenPage = Callable[..., Page]
LONG = "云栖湾国际会展中心东区二号馆跨境电商英语在线客服与现场接待联合班组（含夜班）"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Boxes of neighbours that cover each other; a hidden part has no box.
OVERLAPS = """() => {
  const cards = [...document.querySelectorAll("main .card")].map((card) => card.getBoundingClientRect());
  const visible = cards.filter((box) => box.width && box.height);
  return visible.flatMap((one, i) => visible.slice(i + 1).filter((other) =>
    one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1
  )).length;
}"""


@dataclass
class Room:
    """One busy company and one new one."""

    busy: User
    new: User
    running: Order
    served: Order
    draft: Order


@pytest.fixture
def room(committed_agency: Agency) -> Room:
    agency = committed_agency
    catalogue(agency)
    now = clock.now().replace(second=0, microsecond=0)
    company = agency.client(name="星澜百货（华东）有限公司")
    running = filled(agency, company, now - timedelta(hours=1))
    arrive(running, -5, 6)
    replaced(running, running.starts_at + timedelta(minutes=16))
    served = filled(agency, company, now - timedelta(hours=30))
    arrive(served, 0, 6, 0)
    leave(served)
    drain(served.ends_at)
    draft = agency.draft(company, now=now, start=now + timedelta(days=2), title=LONG, headcount=12)
    return Room(agency.member(company), agency.member(agency.client()), running, served, draft)


def catalogue(agency: Agency) -> None:
    for number, name in enumerate(("投诉处理", "退换货", "直播互动", "产品讲解")):
        Skill.objects.create(code=f"s{number}", name_zh=name, name_en=f"Skill {number}")
    Language.objects.create(code="english", name_zh="英语", name_en="English")
    CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health certificate")
    for name in ("顾一鸣", "刘洋", "Alexandra Zhang-Whitmore 张", "陈静", "赵磊"):
        worker = agency.worker()
        worker.user.name = name
        worker.user.save()


def log_in(page: Page, user: User, base: str) -> Page:
    http = Http()
    http.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": http.cookies["sessionid"].value, "url": base}])
    return page


def addresses(room: Room) -> list[str]:
    orders = [
        reverse(f"orders:{name}", args=[order.pk])
        for name, order in (
            ("client-order", room.running),
            ("client-order", room.served),
            ("client-order", room.draft),
            ("client-order-again", room.served),
        )
    ]
    return [reverse("orders:client-home"), reverse("orders:client-orders"), reverse("orders:client-new"), *orders]


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_pages_are_clean(live_server, open_page: OpenPage, room: Room, size: tuple[int, int]) -> None:
    page = log_in(open_page(size=size), room.busy, live_server.url)
    for address in addresses(room):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
        assert (address, violations_in_both_lights(page)) == (address, [])
        assert (address, page.evaluate(OVERFLOW), page.evaluate(OVERLAPS)) == (address, 0, 0)


def test_english_fits_on_a_phone(live_server, open_page: OpenPage, room: Room) -> None:
    page = log_in(open_page(size=PHONE, locale="en-GB"), room.busy, live_server.url)
    for address in addresses(room):
        page.goto(address)
        assert (address, page.evaluate(OVERFLOW), page.evaluate(OVERLAPS)) == (address, 0, 0)


def test_a_newcomer_posts_an_order_at_a_new_place(live_server, open_page: OpenPage, room: Room) -> None:
    # A page that is left while a part of it loads says so in the console.
    page = log_in(open_page(allow=["422 POST", "htmx:(afterRequest|sendAbort)"]), room.new, live_server.url)
    page.goto(reverse("orders:client-home"))
    page.get_by_role("link", name="发布第一张订单").click()
    page.locator("label").filter(has_text="售前").click()
    page.get_by_label("标题").fill("双十一在线客服")
    page.get_by_role("button", name="下一步：何时何地").click()
    expect(page.locator(".cost-total")).to_contain_text("¥405.00")
    page.get_by_role("button", name="再加一个班次").click()
    page.get_by_role("group", name="班次 2").get_by_label("人数").fill("3")
    page.get_by_role("group", name="班次 2").get_by_label("人数").press("Tab")
    expect(page.locator(".cost-total")).to_contain_text("¥1,620.00")
    page.get_by_role("button", name="移除班次 1").click()
    expect(page.locator(".cost-total")).to_contain_text("¥1,215.00")
    page.get_by_label("新地点").check()
    page.get_by_label("城市").select_option(label="上海")
    page.get_by_label("地点名称").fill("城东新店")
    page.get_by_label("详细地址").fill("示范路 8 号")
    page.get_by_role("button", name="下一步：谁来做").click()
    page.get_by_role("button", name="核对费用").click()
    expect(page.get_by_role("heading", name="核对订单")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="确认并提交").click()
    expect(page.get_by_role("heading", name="双十一在线客服")).to_be_visible()
    order = Order.objects.latest("pk")
    assert (order.status, str(order.site), order.estimate) == ("submitted", "城东新店", Decimal(1215))


def test_arrivals_appear_by_themselves_and_hours_are_approved(live_server, open_page: OpenPage, room: Room) -> None:
    page = log_in(open_page(), room.busy, live_server.url)
    page.goto(reverse("orders:client-order", args=[room.running.pk]))
    expect(page.get_by_text("2/3 已到岗")).to_be_visible()
    arrive(room.running, 30)
    expect(page.get_by_text("3/3 已到岗")).to_be_visible(timeout=15_000)
    page.goto(reverse("orders:client-order", args=[room.served.pk]))
    page.locator("#hours summary").last.click()
    page.get_by_label("有异议之处").last.fill("早退一小时")
    page.get_by_role("button", name="提交异议").last.click()
    expect(page.locator("#hours").get_by_text("早退一小时")).to_be_visible()
    page.get_by_role("button", name="批准与计划一致的 2 份").click()
    expect(page.locator("#hours").get_by_text("已批准")).to_have_count(2)


def test_posting_works_without_scripts(live_server, open_page: OpenPage, room: Room) -> None:
    page = log_in(open_page(java_script_enabled=False), room.new, live_server.url)
    page.goto(reverse("orders:client-new"))
    page.locator("label").filter(has_text="售前").click()
    page.get_by_label("标题").fill("双十一在线客服")
    page.get_by_label("已有地点").check()
    page.get_by_role("button", name="再加一个班次").click()
    page.get_by_role("button", name="核对费用").last.click()
    expect(page.locator(".cost-total")).to_contain_text("¥810.00")
    page.get_by_role("button", name="存为草稿").click()
    assert Order.objects.latest("pk").status == OrderStatus.DRAFT
