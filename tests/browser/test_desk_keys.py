"""The desk by keys alone: from a new order to its offers in three, and nothing that renews itself gets in the way."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders import presence
from orders.models import Offer, Order, Position, SavedView
from orders.services import choosing, proposing
from orders.services.ordering import ShiftSpec
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.fixtures.agency import Agency
from tests.plugins.browser import axe_violations, violations_in_both_lights

HOUR = timedelta(hours=1)
RENEW = "() => document.body.dispatchEvent(new CustomEvent('desk-changed', { bubbles: true }))"
ACTIVE = "() => document.activeElement.id"
CONFIRM_WHEN_SWAPPED = """() => {
  const confirm = (event) => {
    if (event.target.id !== "panel") return;
    document.removeEventListener("htmx:afterSwap", confirm);
    document.getElementById("confirm-all").requestSubmit();
  };
  document.addEventListener("htmx:afterSwap", confirm);
}"""


class Scene:
    """Two dispatchers, people enough, and three orders that wait for a word."""

    def __init__(self) -> None:
        self.now = timezone.now().replace(second=0, microsecond=0)
        self.agency = Agency()
        self.dispatcher = self.agency.dispatcher(name="林调度")
        self.other = self.agency.dispatcher(name="陆安然")
        for number in range(8):
            worker = self.agency.worker()
            User.objects.filter(pk=worker.user_id).update(name=f"候选{number}")
        self.company = self.agency.client(name="云栖商贸")
        self.first, self.second, self.third = (
            self.order(title, 24 * day) for day, title in ((1, "早班热线"), (2, "展会接待"), (3, "夜班客服"))
        )

    def order(self, title: str, hours: int) -> Order:
        """An order with a proposal whose shift begins so many hours from now."""
        start = self.now + hours * HOUR
        order = self.agency.submitted(
            self.company, now=self.now, title=title, shifts=[ShiftSpec(start, start + 6 * HOUR, 1)]
        )
        proposing.propose_order(order.pk, self.now)
        return Order.objects.get(pk=order.pk)


@pytest.fixture
def scene(live_server, transactional_db, redis_url) -> Scene:
    presence._client(redis_url).delete(presence.KEY)
    return Scene()


@pytest.fixture
def desk(scene: Scene, live_server, open_page) -> Callable[..., Page]:
    """The desk as somebody sees it."""

    def enter(user: User | None = None, address: str = "", **options) -> Page:
        browser = Browser()
        browser.force_login(user or scene.dispatcher)
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        page = open_page(**options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(address or reverse("orders:desk"))
        return page

    return enter


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def renew(page: Page) -> None:
    """Let the queue renew itself now."""
    with page.expect_response(lambda answer: "/desk/?" in answer.url):
        page.evaluate(RENEW)


def test_from_a_new_order_to_its_offers_in_three_keys(scene, desk):
    page = desk()
    expect(page.locator("#panel-title")).to_contain_text("早班热线")
    new = scene.order("刚提交的订单", 96)
    renew(page)
    expect(page.locator("#desk-news")).to_have_text("新订单：刚提交的订单")
    press(page, "n")
    expect(page.locator(f"#open-{new.pk}")).to_be_focused()
    press(page, "Enter")
    expect(page.locator("#panel-title")).to_contain_text("刚提交的订单")
    press(page, "c")
    expect(page.locator("#toasts")).to_contain_text("已派单")
    assert Offer.objects.filter(position__shift__order=new).count() == 1
    assert Offer.objects.count() == 1


def test_what_is_confirmed_is_what_has_just_been_opened(scene, desk):
    page = desk()
    expect(page.locator("#panel-title")).to_contain_text("早班热线")
    page.evaluate(CONFIRM_WHEN_SWAPPED)
    page.locator(f"#open-{scene.second.pk}").click()
    expect(page.locator("#toasts")).to_contain_text("已派单")
    assert set(Offer.objects.values_list("position__shift__order", flat=True)) == {scene.second.pk}


def test_keys_go_through_the_queue_and_open_what_they_stand_on(scene, desk):
    page = desk()
    press(page, "j")
    expect(page.locator(f"#open-{scene.first.pk}")).to_be_focused()
    press(page, "j", "ArrowDown", "k")
    expect(page.locator(f"#open-{scene.second.pk}")).to_be_focused()
    press(page, "c")
    expect(page.locator("#toasts")).to_contain_text("请先按 Enter")
    assert not Offer.objects.exists()
    press(page, "Enter")
    expect(page.locator("#panel-title")).to_contain_text("展会接待")
    expect(page.locator("#queue [aria-current]")).to_have_text("展会接待")
    press(page, "ArrowRight")
    place = Position.objects.get(shift__order=scene.second)
    expect(page.locator(f"#exchange-{place.pk}")).to_be_focused()
    press(page, "ArrowLeft")
    expect(page.locator(f"#open-{scene.second.pk}")).to_be_focused()
    press(page, "ArrowRight", "x")
    page.wait_for_url(f"**{reverse('orders:desk-exchange', args=[place.pk])}**")


def test_somebody_is_exchanged_and_given_back_by_keys(scene, desk):
    place = Position.objects.get(shift__order=scene.first)
    page = desk()
    press(page, "x")
    page.wait_for_url("**/exchange/**")
    expect(page.get_by_text("同分").first).to_be_visible()
    page.get_by_role("radio").first.focus()
    press(page, "Space")
    page.get_by_role("textbox", name="理由").focus()
    page.keyboard.type("客户点名")
    page.get_by_role("button", name="更换人选").focus()
    press(page, "Enter")
    page.wait_for_url(f"**order={scene.first.pk}")
    expect(page.locator("#panel")).to_contain_text("人工指定")
    page.get_by_role("button", name=re.compile("恢复.*系统推荐")).focus()
    press(page, "Enter")
    expect(page.locator("#toasts")).to_contain_text("已恢复")
    expect(page.locator("#panel")).not_to_contain_text("人工指定")
    assert Position.objects.get(pk=place.pk).proposed_worker_id == place.proposed_worker_id


def test_several_are_chosen_by_keys_and_confirmed_with_the_outcome_of_each(scene, desk):
    page = desk()
    choosing.confirm(scene.third.pk, by=actor_of(scene.other), now=scene.now)
    press(page, "j", "x", "j", "Space", "j", "x")
    expect(page.locator("#bulk-count")).to_have_text("(3)")
    page.get_by_role("button", name="确认所选").focus()
    press(page, "Enter")
    dialog = page.locator("#bulk-result")
    expect(dialog).to_be_visible()
    expect(dialog.locator(".bulk-item")).to_have_count(3)
    expect(dialog).to_contain_text("陆安然 于")
    assert axe_violations(page) == []
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(".bulk-bar")).to_be_hidden()
    assert Offer.objects.count() == 3


def test_a_queue_that_renews_itself_takes_neither_focus_nor_choice_nor_the_order_beside_it(scene, desk):
    page = desk()
    press(page, "j", "x", "j")
    scene.order("更急的订单", 3)
    renew(page)
    expect(page.locator("#queue .queue-item")).to_have_count(4)
    expect(page.locator("#queue .queue-item").first).to_contain_text("更急的订单")
    assert page.evaluate(ACTIVE) == f"open-{scene.second.pk}"
    expect(page.locator(f"#pick-{scene.first.pk}")).to_be_checked()
    expect(page.locator("#panel-title")).to_contain_text("早班热线")
    expect(page.locator("#queue [aria-current]")).to_have_text("早班热线")
    expect(page.locator("#desk-head")).to_have_attribute("data-waiting", "4")
    assert page.title().startswith("(4) ")


def test_keys_are_told_and_can_be_switched_off(scene, desk):
    page = desk()
    press(page, "?")
    dialog = page.locator("#desk-help")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("30 分钟、仍没有完整推荐")
    assert axe_violations(page) == []
    page.get_by_role("checkbox", name="启用单键快捷键").uncheck()
    press(page, "Escape", "j")
    assert page.evaluate(ACTIVE) in ("", "main") or "open-" not in page.evaluate(ACTIVE)
    page.reload()
    press(page, "c")
    assert not Offer.objects.exists()


def test_the_search_takes_letters_as_letters(scene, desk):
    page = desk()
    press(page, "/")
    expect(page.get_by_role("combobox").or_(page.get_by_role("searchbox")).first).to_be_focused()
    page.evaluate("() => document.activeElement.blur()")
    press(page, "f")
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.type("cxj?")
    expect(page.locator("#id_text")).to_have_value("cxj?")
    expect(page.locator("#desk-help")).to_be_hidden()
    page.locator("#id_text").fill("接待")
    expect(page.locator("#queue .queue-item")).to_have_count(1)
    page.wait_for_url("**text=**")


def test_filters_are_saved_and_one_click_away(scene, desk):
    page = desk()
    page.get_by_label("客户价值").select_option("0")
    page.wait_for_url("**value=0**")
    page.get_by_role("link", name="保存当前筛选").click()
    page.get_by_label("名称").fill("普通客户")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**value=0**")
    expect(page.get_by_role("link", name="普通客户")).to_have_attribute("aria-current", "true")
    assert SavedView.objects.get().query == "value=0"
    page.get_by_role("link", name="管理").or_(page.get_by_role("link", name="保存当前筛选")).first.click()
    page.get_by_role("button", name="设为默认").click()
    page.goto(reverse("orders:desk"))
    page.wait_for_url("**value=0**")


def test_two_at_one_order_see_each_other_and_the_second_is_told_who_was_first(scene, desk):
    mine, theirs = desk(allow=["409 POST"]), desk(scene.other)
    mine.reload()
    expect(mine.locator("#panel")).to_contain_text("陆安然 正在查看")
    theirs.get_by_role("button", name="全部确认派单").click()
    expect(theirs.locator("#toasts")).to_contain_text("已派单")
    mine.keyboard.press("c")
    expect(mine.get_by_role("alert")).to_contain_text("陆安然 于")
    expect(mine.get_by_role("alert")).to_contain_text("确认派单")
    expect(mine.locator("#panel")).to_contain_text("陆安然 正在操作")
    expect(mine.locator("#panel")).not_to_contain_text("全部确认派单")
    assert Offer.objects.count() == 1


def test_everything_at_once_hinders_nobody(scene, desk):
    """A colleague at the order, a choice by hand, a picked row, a refused confirmation."""
    place = Position.objects.get(shift__order=scene.first)
    assert place.match is not None
    free = place.match.ranked[-1]["worker"]
    proposing.exchange(place.pk, free, by=actor_of(scene.other), now=scene.now, reason="客户点名")
    presence.note(scene.other, scene.first.pk, timezone.now(), acting=True)
    page = desk(allow=["409 POST"])
    press(page, "j", "x")
    expect(page.locator(".bulk-bar")).to_be_visible()
    choosing.confirm(scene.first.pk, by=actor_of(scene.other), now=scene.now)
    press(page, "c")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations_in_both_lights(page) == []
