"""The order form in a browser: few clicks, by mouse and by keyboard alone, and nothing typed is ever lost."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.models import Client, FormDraft, GateProfile, Order, OrderTemplate, ProfileSkill, TeamMember
from orders.services import planning
from orders.states import OrderStatus
from staffing.core import clock
from staffing.core.models import User
from tests.browser.test_client_room import OVERFLOW, OVERLAPS, catalogue, log_in
from tests.fixtures.agency import NOW, Agency
from tests.plugins.browser import DESK, PHONE, TABLET, violations_in_both_lights

OpenPage = Callable[..., Page]
MOST_CLICKS = 12
# A page that is left while a part of it loads says so in the console.
LEFT_BEHIND = ["htmx:(afterRequest|sendAbort)"]
PASSWORD = "lingke-demo-2026"
LONG = "云栖湾国际会展中心东区二号馆跨境电商英语在线客服与现场接待联合班组（含夜班）"
COUNT_CLICKS = "document.addEventListener('click', (event) => { if (event.detail) window.tellClick(); }, true)"


@pytest.fixture
def company(committed_agency: Agency) -> Client:
    agency = committed_agency
    catalogue(agency)
    company = agency.client(name="星澜百货（华东）有限公司")
    agency.worker(skills={agency.skill: 1})
    row = GateProfile.objects.create(name_zh="电商常用要求", name_en="Usual for e-commerce", industry="ecommerce")
    ProfileSkill.objects.create(profile=row, skill=agency.skill, min_level=2)
    pool = GateProfile.objects.create(name_zh="双语 + 设备操作", name_en="Bilingual and equipment", min_stars="4.5")
    ProfileSkill.objects.create(profile=pool, skill=agency.skill, min_level=3)
    return company


@pytest.fixture
def member(committed_agency: Agency, company: Client) -> User:
    return committed_agency.member(company)


def kept_template(agency: Agency, company: Client, name: str) -> OrderTemplate:
    spec = agency.spec(company, title=LONG)
    return planning.save_template(company, name, spec, by=agency.acting_client(company), now=NOW)


def step(page: Page, name: str) -> None:
    """To the next step, by its button."""
    page.get_by_role("button", name=f"下一步：{name}").click()


def kind(page: Page, name: str) -> None:
    """Choose a kind of work by a click on its card."""
    page.locator(".kind-card").filter(has_text=name).click()


def test_from_the_login_to_a_posted_order_in_few_clicks(live_server, open_page: OpenPage, member: User) -> None:
    member.set_password(PASSWORD)
    member.save()
    page, clicks = open_page(allow=LEFT_BEHIND), []
    page.context.expose_binding("tellClick", lambda _source: clicks.append(1))
    page.context.add_init_script(COUNT_CLICKS)
    page.goto(reverse("login"))
    page.locator("[name=username]").fill(member.phone)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("link", name="发布第一张订单").click()
    kind(page, "售后")
    expect(page.get_by_label("标题")).to_have_value("售后客服")
    step(page, "何时何地")
    page.locator("#id_shift-0-headcount").fill("2")
    step(page, "谁来做")
    expect(page.get_by_text("按电商行业常用要求预填，可修改")).to_be_visible()
    page.get_by_role("button", name="核对费用").click()
    expect(page.get_by_role("heading", name="核对订单")).to_be_visible()
    page.get_by_role("button", name="确认并提交").click()
    expect(page.get_by_role("heading", name="售后客服")).to_be_visible()
    order = Order.objects.get()
    assert (order.status, order.estimate, order.skills.count()) == (OrderStatus.SUBMITTED, Decimal(810), 1)
    assert not FormDraft.objects.exists()
    assert 0 < len(clicks) <= MOST_CLICKS


def test_by_keyboard_alone(live_server, open_page: OpenPage, member: User) -> None:
    page = log_in(open_page(allow=LEFT_BEHIND), member, live_server.url)
    page.goto(reverse("orders:client-new"))
    page.locator("#id_service_type_pre_sale").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#id_service_type_in_sale")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 何时、何地、几个人")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="远程")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".is-current .step-problem")).to_have_text("请先填写：城市")
    expect(page.locator("#id_city")).to_be_focused()
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", "document.activeElement.id === 'id_shift-0-headcount'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="3 谁来做")).to_be_focused()
    press_until(page, "Tab", "document.activeElement.textContent.includes('核对费用')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="核对订单")).to_be_visible()
    press_until(page, "Tab", "document.activeElement.value === 'submit'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="售中客服")).to_be_visible()
    assert Order.objects.get().remote


def press_until(page: Page, key: str, reached: str) -> None:
    """Press a key until the focus is where it should be."""
    for _ in range(80):
        if page.evaluate(reached):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never led to {reached}")


def test_shifts_are_copied_repeated_and_said_in_words(live_server, open_page: OpenPage, member: User) -> None:
    page = log_in(open_page(allow=LEFT_BEHIND), member, live_server.url)
    page.goto(reverse("orders:client-new"))
    kind(page, "售前")
    step(page, "何时何地")
    page.locator("#id_shift-0-start").fill("22:00")
    page.locator("#id_shift-0-end").fill("06:00")
    expect(page.locator(".shift-words").first).to_have_text("次日 06:00 结束，共 8 小时")
    page.get_by_role("button", name="复制班次 1").click()
    expect(page.get_by_role("group", name="班次 2")).to_be_visible()
    page.get_by_text("按星期重复").click()
    until = timezone.localdate(clock.now()) + timedelta(days=9)
    page.get_by_label("重复到").fill(f"{until:%Y-%m-%d}")
    page.get_by_role("button", name="排上这些班次").click()
    expect(page.get_by_text("已加")).to_be_visible()
    expect(page.locator(".cost-lines li").nth(3)).to_be_visible()
    page.get_by_role("button", name="移除班次 1").click()
    expect(page.locator("#kept")).to_contain_text("已自动保存")


def test_loosening_is_taken_over_by_a_press(live_server, open_page: OpenPage, member: User) -> None:
    page = log_in(open_page(allow=LEFT_BEHIND), member, live_server.url)
    page.goto(reverse("orders:client-new"))
    expect(page.locator("#reach")).to_contain_text("挡住 6 人中的 1 人", timeout=60_000)
    page.locator("[data-set-field]").first.click()
    expect(page.locator("#reach .reach-figure strong")).to_have_text("6", timeout=30_000)


def test_nothing_is_lost_with_the_session(live_server, open_page: OpenPage, member: User) -> None:
    page = log_in(open_page(allow=["401", "403", *LEFT_BEHIND]), member, live_server.url)
    page.goto(reverse("orders:client-new"))
    kind(page, "技术支持")
    expect(page.locator("#kept")).to_contain_text("已自动保存")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("标题").fill("断线也不丢")
    page.get_by_label("标题").press("Tab")
    page.wait_for_url("**/login/**")
    log_in(page, member, live_server.url)
    page.goto(reverse("orders:client-new"))
    page.wait_for_url("**/?draft=*")
    expect(page.get_by_label("标题")).to_have_value("断线也不丢")
    expect(page.locator("#id_service_type_technical")).to_be_checked()
    page.goto(reverse("orders:client-home"))
    page.goto(reverse("orders:client-new"))
    page.get_by_role("link", name="继续填写").click()
    expect(page.get_by_label("标题")).to_have_value("断线也不丢")
    page.wait_for_load_state("networkidle")


def test_mistakes_lead_to_their_step(live_server, open_page: OpenPage, member: User) -> None:
    page = log_in(open_page(allow=["422 POST", *LEFT_BEHIND]), member, live_server.url)
    page.goto(reverse("orders:client-new"))
    step(page, "何时何地")
    expect(page.locator(".is-current .step-problem")).to_have_text("请先填写：服务类型")
    kind(page, "VIP")
    step(page, "何时何地")
    page.locator("#id_shift-0-date").fill("2020-01-01")
    step(page, "谁来做")
    page.get_by_role("button", name="核对费用").click()
    expect(page.get_by_role("alert").first).to_contain_text("班次开始时间已过")
    expect(page.get_by_role("heading", name="2 何时、何地、几个人")).to_be_visible()


def test_templates_and_repeated_orders(
    live_server, open_page: OpenPage, committed_agency: Agency, company: Client, member: User
) -> None:
    kept_template(committed_agency, company, "周末两人")
    page = log_in(open_page(allow=LEFT_BEHIND), member, live_server.url)
    page.goto(reverse("orders:client-templates"))
    page.get_by_role("link", name="每周重复").click()
    page.get_by_label("周六").check()
    page.get_by_role("button", name="每周自动下单").click()
    expect(page.get_by_text("自动下单（")).to_be_visible()
    page.get_by_role("button", name="停止").click()
    page.get_by_role("dialog").get_by_role("button", name="停止").click()
    expect(page.get_by_text("已停止", exact=True)).to_be_visible()
    page.goto(reverse("orders:client-templates"))
    page.get_by_role("button", name="用它下单").click()
    expect(page.get_by_label("标题")).to_have_value(LONG)


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_pages_are_clean(
    live_server,
    open_page: OpenPage,
    committed_agency: Agency,
    company: Client,
    member: User,
    size: tuple[int, int],
) -> None:
    template = kept_template(committed_agency, company, LONG[:40])
    rhythm = planning.Rhythm(range(7), timezone.localdate(clock.now()), None, days_ahead=7)
    planning.repeat(template, rhythm, by=committed_agency.acting_client(company), now=clock.now())
    TeamMember.objects.create(client=company, worker=committed_agency.worker(), created_at=NOW)
    page = log_in(open_page(size=size, allow=LEFT_BEHIND), member, live_server.url)
    for address in ("client-templates", "client-recurring"):
        page.goto(reverse(f"orders:{address}"))
        clean(page, address)
    page.goto(reverse("orders:client-new"))
    expect(page.locator("#reach")).to_contain_text("可选", timeout=60_000)
    kind(page, "双语设备")
    clean(page, "1")
    step(page, "何时何地")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    clean(page, "2")
    step(page, "谁来做")
    page.locator(".kind-card").filter(has_text="特选人才池").first.click()
    page.locator(".kind-card").filter(has_text="双语 + 设备操作").click()
    clean(page, "3")
    page.get_by_role("button", name="核对费用").click()
    expect(page.get_by_role("heading", name="核对订单")).to_be_visible()
    clean(page, "confirm")


def clean(page: Page, name: str) -> None:
    """No finding, nothing wider than the page, nothing covered."""
    assert (name, violations_in_both_lights(page)) == (name, [])
    assert (name, page.evaluate(OVERFLOW), page.evaluate(OVERLAPS)) == (name, 0, 0)
