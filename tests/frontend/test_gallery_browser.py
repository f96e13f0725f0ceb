"""All components in a real browser: readable, reachable, within the screen, apart from each other, and alive."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.browser import DESK, PHONE, TABLET, violations_in_both_lights

GALLERY = "/dev/components/"
FRAMES = ["desktop", "phone", "public"]
SMALLEST = (320, 640)

# Boxes of siblings that share more than a pixel.
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".card, .alert, .kpi, .btn, .pill, .field")];
  const related = (a, b) => a.contains(b) || b.contains(a);
  const share = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const seen = boxes.map((box) => [box, box.getBoundingClientRect()]).filter(([, rect]) => rect.width);
  const found = [];
  seen.forEach(([a, ra], i) => seen.slice(i + 1).forEach(([b, rb]) => {
    if (!related(a, b) && share(ra, rb)) found.push(`${a.className} / ${b.className}`);
  }));
  return found;
}"""
# Elements whose words run out of their own box.
CUT_OFF = """() => [...document.querySelectorAll(".card *, .alert *, .tabbar *, .sidebar *, .pill, .btn")]
  .filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1)
  .filter((e) => !e.matches(".visually-hidden, .tabbar-icon, thead, select, input"))
  .map((e) => `${e.tagName} ${e.className}`)"""
WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll("main .btn, .tabbar-link, .phone-tool, .punch")]
  .filter((e) => e.getBoundingClientRect().height < 44 || e.getBoundingClientRect().width < 44)
  .map((e) => e.textContent.trim())"""


def opened(page: Page, frame: str = "desktop") -> Page:
    page.goto(f"{GALLERY}?frame={frame}")
    return page


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("frame", FRAMES)
def test_nothing_hinders_anybody(live_server, open_page, frame, size):
    page = opened(open_page(size=size), frame)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    assert violations_in_both_lights(page) == []


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("size", [DESK, TABLET, PHONE, SMALLEST])
@pytest.mark.parametrize("frame", FRAMES)
def test_nothing_overlaps_is_cut_off_or_wider_than_the_screen(live_server, open_page, frame, size, locale):
    page = opened(open_page(size=size, locale=locale), frame)
    assert page.evaluate(WIDER_THAN_SCREEN) <= 0
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(CUT_OFF) == []


def test_what_a_thumb_touches_is_large_enough(live_server, open_page):
    assert opened(open_page(size=PHONE), "phone").evaluate(SMALL_TARGETS) == []


def test_the_theme_is_chosen_kept_and_rendered_by_the_server(live_server, open_page):
    page = opened(open_page(theme="light"))
    for expected in ("light", "dark"):
        page.locator("[data-theme-switch]").click()
        expect(page.locator("html")).to_have_attribute("data-theme-choice", expected)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert 'data-bs-theme="dark"' in page.request.get(f"{live_server.url}{GALLERY}").text()


def test_an_action_asks_first_and_cancel_does_nothing(live_server, page):
    opened(page)
    page.get_by_role("button", name="取消订单").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("真的取消订单 A1024")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.locator("#answer").count() == 0


def test_an_action_that_is_confirmed_runs_and_says_so(live_server, page):
    opened(page)
    page.get_by_role("button", name="取消订单").first.click()
    page.get_by_role("dialog").get_by_role("button", name="取消订单").click()
    expect(page.locator("#answer-light")).to_have_text("已确认")
    expect(page.get_by_role("status").locator(".toast-success")).to_have_text(re.compile("已通知 8 位客服"))


@pytest.mark.parametrize(
    ("answer", "status", "words"), [("refused", 403, "这一步只有调度可以做。"), ("broken", 500, "出错了，请稍后再试。")]
)
def test_a_refusal_is_shown_in_the_servers_words(live_server, open_page, answer, status, words):
    page = opened(open_page(allow=[f"{status} POST", f"Response Status Error Code {status}"]))
    page.get_by_role("button", name=answer).first.click()
    expect(page.locator("#toasts .toast-danger")).to_contain_text(words)
    page.locator("#toasts [data-toast-close]").click()
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)


def test_a_lost_race_swaps_what_is_true_now(live_server, open_page):
    page = opened(open_page(allow=["409 POST"]))
    page.get_by_role("button", name="conflict").first.click()
    expect(page.locator("#answer-light")).to_have_text("这个班次刚刚被别人接走了。")
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)


def test_a_redirect_to_another_page_leads_there(live_server, page):
    opened(page)
    page.get_by_role("button", name="moved").first.click()
    expect(page).to_have_url(re.compile(r"frame=public$"))
    expect(page.locator("main")).to_have_count(1)


def test_the_clock_runs_and_the_countdown_counts(live_server, open_page):
    page = opened(open_page(size=PHONE), "phone")
    clock = page.locator("[data-clock]").first
    expect(clock).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    shown = clock.text_content() or ""
    expect(clock).not_to_have_text(shown)
    expect(page.locator("[data-countdown]").first).to_have_text("剩余 18 分钟")


def test_a_live_part_renews_itself_and_keeps_the_focus(live_server, page):
    opened(page)
    line = page.locator("[data-live]")
    shown = line.text_content()
    button = page.locator("#live").get_by_role("button")
    button.focus()
    expect(line).not_to_have_text(shown)
    expect(button).to_be_focused()


def test_without_scripts_the_menu_and_the_deadlines_are_still_there(live_server, open_page):
    page = opened(open_page(java_script_enabled=False))
    expect(page.locator("[data-countdown]").first).to_contain_text("截止")
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()


def test_the_menu_of_a_small_screen_opens_by_keyboard(live_server, open_page):
    page = opened(open_page(size=TABLET))
    menu = page.get_by_role("button", name="菜单")
    expect(page.locator("#sidebar-body")).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sidebar-body")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sidebar-body")).to_be_hidden()
    expect(menu).to_be_focused()


def test_stars_are_given_with_the_arrow_keys(live_server, page):
    opened(page)
    group = page.get_by_role("group", name="评分").first
    group.get_by_role("radio", name="满意").focus()
    page.keyboard.press("ArrowRight")
    expect(group.get_by_role("radio", name="很好")).to_be_checked()


def test_the_first_tab_leads_past_the_menu(live_server, page):
    opened(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
