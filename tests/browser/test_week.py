"""The week board in a real browser: places given by drag and by the keyboard alone; readable at every width."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.models import Assignment, Offer, Order, Position
from orders.services import assigning, offers, ordering, proposing
from orders.services.assigning import seen_of
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus, PositionStatus
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.fixtures.agency import Agency
from tests.plugins.browser import DESK, PHONE, TABLET, axe_violations, violations_in_both_lights
from workers.models import Worker

LONG_CLIENT = "云栖湾国际会展中心东区二号馆跨境电商运营有限公司"
LONG_NAME = "Alexandra Konstantinopoulou-Wang"
NAMES = ("顾一鸣", "林晓雯", LONG_NAME, "何雨", "卓玛")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HOUR = timedelta(hours=1)
# The whole board at once: a pointer cannot let go below the screen's edge.
TALL = (1440, 1600)
# Text that does not fit into what holds it; the board itself may be scrolled.
CUT_OFF = """() => [...document.querySelectorAll("#week-board *, dialog[open] *")]
  .filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1
    && !e.matches(".visually-hidden, .wk-scroll, .wk-days, .wk-days *, thead *, select, input, svg, svg *"))
  .map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 20)}`)"""


class Scene:
    """A coming week with a booked, an offered, a proposed and an open place."""

    def __init__(self) -> None:
        self.agency = Agency()
        self.now = timezone.now()
        self.user = self.agency.dispatcher(name="林调度")
        self.by = actor_of(self.user)
        monday = timezone.localtime(self.now).replace(hour=9, minute=0, second=0, microsecond=0)
        self.monday = monday + timedelta(days=7 - monday.weekday())
        for name in NAMES:
            self.person(name)
        self.low = self.person("低级别", skills={self.agency.skill: 1})
        self.company = self.agency.client(name=LONG_CLIENT)
        self.booked = self.confirmed(0, accept=True)
        self.offered = self.confirmed(1)
        self.draft = self.order(2, headcount=1)
        night = self.monday + timedelta(days=3, hours=13)
        self.agency.submitted(self.company, now=self.now, shifts=[ShiftSpec(night, night + 8 * HOUR, 2)])
        self.wanting = self.order(4, headcount=1)
        self.open = Position.objects.get(shift__order=self.wanting)
        seen = seen_of(self.open.status, self.open.proposed_worker_id)
        assigning.take_off(self.open.pk, by=self.by, now=self.now, seen=seen, reason="待定")
        self.open.refresh_from_db()

    def person(self, name: str, **fields) -> Worker:
        worker = self.agency.worker(**fields)
        User.objects.filter(pk=worker.user_id).update(name=name)
        return Worker.objects.select_related("user").get(pk=worker.pk)

    def order(self, day: int, headcount: int) -> Order:
        start = self.monday + timedelta(days=day)
        shifts = [ShiftSpec(start, start + 8 * HOUR, headcount)]
        order = self.agency.submitted(
            self.company, now=self.now, shifts=shifts, title="跨境电商英语在线客服与现场接待联合班组"
        )
        proposing.propose_order(order.pk, self.now)
        return Order.objects.get(pk=order.pk)

    def confirmed(self, day: int, *, accept: bool = False) -> Position:
        order = self.order(day, 1)
        ordering.confirm(order.pk, by=self.by, now=self.now)
        if accept:
            offer = Offer.objects.get(position__shift__order=order)
            offers.accept(offer.pk, by=actor_of(offer.worker.user), now=self.now)
        return Position.objects.get(shift__order=order)

    @property
    def address(self) -> str:
        return f"{reverse('orders:desk-week')}?day={self.monday.date().isoformat()}"


@pytest.fixture
def scene(live_server, transactional_db) -> Scene:
    return Scene()


@pytest.fixture
def opened(scene: Scene, live_server, open_page) -> Callable[..., Page]:
    """Open the board as the dispatcher."""
    browser = Browser()
    browser.force_login(scene.user)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value

    def open_it(more: str = "", **options) -> Page:
        page = open_page(**options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        # The people to be dragged come by themselves, above the board: nothing is measured or dragged before.
        page.goto(scene.address + more, wait_until="networkidle")
        return page

    return open_it


def drag(page: Page, chip: str, cell: str, *, hold: str = "") -> None:
    """By mouse, in steps; `hold`: what must be seen before the button is let go."""
    start, end = page.locator(chip).bounding_box(), page.locator(cell).bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 20, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 30, steps=4)
    if hold:
        expect(page.locator(hold)).to_be_visible()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.mouse.up()


def chip_of(place: Position) -> str:
    return f'.wk-chip[data-place="{place.pk}"]'


def cell_of(worker: Worker, day: int) -> str:
    return f'#w{worker.pk} td[data-day="{day}"]'


def test_an_open_place_is_dragged_onto_somebody(scene, opened) -> None:
    page, worker = opened(), Worker.objects.get(user__name="何雨")
    drag(page, chip_of(scene.open), cell_of(worker, 4), hold=f"#w{worker.pk}.fits")
    expect(page.locator(f"{cell_of(worker, 4)} .is-proposed")).to_be_visible()
    expect(page.locator(f"#week-open {chip_of(scene.open)}")).to_have_count(0)
    scene.open.refresh_from_db()
    assert (scene.open.proposed_worker, scene.open.chosen_by_hand) == (worker, True)
    expect(page.locator(".fits, .fits-not")).to_have_count(0)


def test_who_does_not_fit_is_marked_and_refused_in_words_until_a_reason_is_given(scene, opened) -> None:
    page = opened(allow=["422 POST"])
    drag(page, chip_of(scene.open), cell_of(scene.low, 4), hold=f"#w{scene.low.pk}.fits-not")
    dialog = page.locator("#week-dialog")
    expect(dialog).to_contain_text("技能「在线客服 1 级」，要求「2 级」")
    assert axe_violations(page) == []
    dialog.get_by_role("button", name="确定指派").click()
    dialog.get_by_label("仍然派此人").check()
    dialog.get_by_label("理由", exact=True).fill("客户点名")
    dialog.get_by_role("button", name="确定指派").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(f"{cell_of(scene.low, 4)} .is-proposed")).to_be_visible()


def test_another_day_is_no_place_for_it(scene, opened) -> None:
    page, worker = opened(), Worker.objects.get(user__name="何雨")
    drag(page, chip_of(scene.open), cell_of(worker, 6))
    scene.open.refresh_from_db()
    assert scene.open.status == PositionStatus.OPEN
    expect(page.locator(f"#week-open {chip_of(scene.open)}")).to_be_visible()


def test_all_of_it_by_the_keyboard_alone(scene, opened) -> None:
    page = opened()
    page.locator(chip_of(scene.open)).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    assert axe_violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.place") == str(scene.open.pk)
    page.keyboard.press("Space")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="指派给谁")).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "worker":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#week-dialog")).to_be_hidden()
    expect(page.locator(f"tr[data-worker] {chip_of(scene.open)}.is-proposed")).to_be_focused()
    scene.open.refresh_from_db()
    assert scene.open.status == PositionStatus.PROPOSED


def test_a_booked_worker_is_moved_after_a_warning(scene, opened) -> None:
    page = opened()
    page.locator(chip_of(scene.booked)).click()
    page.get_by_role("menuitem", name="移给…").click()
    dialog = page.locator("#week-dialog")
    expect(dialog).to_contain_text("将释放并通知")
    dialog.get_by_role("radio").first.check()
    dialog.locator("[name=reason]").fill("客户要求换人")
    dialog.get_by_role("button", name="释放并移给此人").click()
    expect(page.locator(f"{chip_of(scene.booked)}.is-offered")).to_be_visible()
    assert Assignment.objects.get(position=scene.booked).status == AssignmentStatus.RELEASED


def test_a_lost_race_is_told_and_the_row_drawn_anew(scene, opened) -> None:
    page = opened(allow=["409 POST"])
    quick, slow = Worker.objects.get(user__name="何雨"), Worker.objects.get(user__name="卓玛")
    seen = seen_of(scene.open.status, None)
    scene.open.refresh_from_db()
    assigning.assign(scene.open.pk, quick.pk, by=scene.by, now=scene.now, seen=seen)
    drag(page, chip_of(scene.open), cell_of(slow, 4), hold=f"#w{slow.pk}.fits")
    dialog = page.locator("#week-dialog")
    expect(dialog).to_contain_text("刚刚有变动")
    expect(dialog).to_contain_text("何雨")
    dialog.get_by_role("button", name="知道了").click()
    expect(page.locator(f"{cell_of(quick, 4)} {chip_of(scene.open)}")).to_be_visible()


def test_taking_somebody_off_by_the_menu(scene, opened) -> None:
    page = opened()
    place = Position.objects.get(shift__order=scene.draft)
    page.locator(chip_of(place)).click()
    page.get_by_role("menuitem", name="撤下").click()
    page.locator("#week-dialog [name=reason]").fill("客户调整")
    page.locator("#week-dialog").get_by_role("button", name="撤下").click()
    expect(page.locator(f"#week-open {chip_of(place)}")).to_be_visible()


def test_rows_come_as_one_scrolls(scene, opened) -> None:
    for _ in range(50):
        scene.agency.worker()
    page = opened()
    assert page.locator("tr[data-worker]").count() == 40
    page.locator(".wk-scroll").evaluate("(part) => part.scrollTo(0, part.scrollHeight)")
    expect(page.locator("tr[data-worker]")).to_have_count(56)
    stuck = """() => document.querySelector(".wk thead").getBoundingClientRect().top
      - document.querySelector(".wk-scroll").getBoundingClientRect().top"""
    assert abs(page.evaluate(stuck)) <= 2


def test_on_the_board_of_places_somebody_at_hand_is_dragged_onto_a_place(scene, opened) -> None:
    page, worker = opened("&view=places", size=TALL), Worker.objects.get(user__name="何雨")
    page.get_by_placeholder("姓名或手机号").fill("何雨")
    hand = f'.wk-hand[data-worker="{worker.pk}"]'
    expect(page.locator(".wk-hand")).to_have_count(1)
    block = f'.wk-block[data-shift="{scene.open.shift_id}"]'
    drag(page, hand, chip_of(scene.open), hold=f"{block}.fits")
    expect(page.locator(f"{chip_of(scene.open)}.is-proposed")).to_contain_text("何雨")
    scene.open.refresh_from_db()
    assert scene.open.proposed_worker == worker
    expect(page.locator(".fits, .fits-not, .is-over")).to_have_count(0)


def test_on_the_board_of_places_somebody_is_dragged_to_another_place_or_refused_in_words(scene, opened) -> None:
    page = opened("&view=places", size=TALL, allow=["422 POST"])
    place = Position.objects.select_related("proposed_worker").get(shift__order=scene.draft)
    worker = place.proposed_worker
    assert worker is not None
    drag(page, chip_of(place), chip_of(scene.open), hold=f'.wk-block[data-shift="{scene.open.shift_id}"].fits')
    expect(page.locator(f"{chip_of(place)}.is-open")).to_be_visible()
    expect(page.locator(f"{chip_of(scene.open)}.is-proposed")).to_be_focused()
    scene.open.refresh_from_db()
    assert scene.open.proposed_worker == worker
    drag(page, chip_of(scene.open), chip_of(scene.booked))
    dialog = page.locator("#week-dialog")
    expect(dialog).to_contain_text("已接单：将被释放")
    dialog.get_by_role("button", name="调到所选名额").click()
    expect(dialog).to_contain_text("请填写理由")
    assert axe_violations(page) == []


def test_a_move_by_the_keyboard_alone(scene, opened) -> None:
    page = opened("&view=places")
    place = Position.objects.get(shift__order=scene.draft)
    page.locator(chip_of(place)).focus()
    for key in ("Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    dialog = page.locator("#week-dialog")
    expect(dialog).to_contain_text("调到别的名额")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "to":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(f"{chip_of(place)}.is-open")).to_be_visible()


def look_again(page: Page) -> None:
    """As when one comes back to the tab: the board asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("view", ["people", "places"])
def test_what_others_change_appears_without_taking_the_focus_or_the_scroll(scene, opened, view) -> None:
    for _ in range(30):
        scene.agency.worker()
    page, quick = opened(f"&view={view}"), Worker.objects.get(user__name="何雨")
    held = chip_of(scene.booked)
    page.locator(held).focus()
    page.locator(".wk-scroll").evaluate("(part) => part.scrollTo(0, 60)")
    top = page.locator(held).bounding_box()
    page.evaluate("document.querySelector('#week-board').dataset.stayed = 'yes'")
    assigning.assign(
        scene.open.pk, quick.pk, by=scene.by, now=scene.now, seen=seen_of(scene.open.status, None), reason="同事"
    )
    scene.order(5, headcount=1)
    look_again(page)
    expect(page.locator("#week-news")).to_contain_text("处已更新")
    fresh = cell_of(quick, 4) if view == "people" else f"#o{scene.wanting.pk}"
    expect(page.locator(f"{fresh} {chip_of(scene.open)}.is-proposed")).to_be_visible()
    assert page.evaluate("document.activeElement.dataset.place") == str(scene.booked.pk)
    assert page.evaluate("document.querySelector('#week-board').dataset.stayed") == "yes"
    moved = page.locator(held).bounding_box()
    assert top and moved and abs(moved["y"] - top["y"]) < 2


def test_nothing_moves_under_an_open_menu(scene, opened) -> None:
    page, quick = opened(), Worker.objects.get(user__name="何雨")
    page.locator(chip_of(scene.open)).click()
    expect(page.get_by_role("menu")).to_be_visible()
    assigning.assign(
        scene.open.pk, quick.pk, by=scene.by, now=scene.now, seen=seen_of(scene.open.status, None), reason="同事"
    )
    look_again(page)
    page.keyboard.press("Escape")
    expect(page.locator(f"#week-open {chip_of(scene.open)}")).to_be_visible()
    look_again(page)
    expect(page.locator(f"{cell_of(quick, 4)} {chip_of(scene.open)}")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_the_board_is_clean_and_within_the_screen(scene, opened, size) -> None:
    page = opened(size=size)
    copying = f"{reverse('orders:desk-week-copy')}?day={scene.monday.date().isoformat()}"
    pages = [
        scene.address,
        f"{scene.address}&view=places",
        f"{scene.address}&name=没有这个人",
        reverse("orders:desk-week-assign", args=[scene.open.pk]),
        reverse("orders:desk-week-clear", args=[scene.booked.pk]),
        reverse("orders:desk-week-move", args=[scene.booked.pk]),
        copying,
        f"{copying}&client={scene.company.pk}",
    ]
    for address in pages:
        page.goto(address)
        assert (address, violations_in_both_lights(page)) == (address, [])
        assert (address, page.evaluate(OVERFLOW), page.evaluate(CUT_OFF)) == (address, 0, [])


def test_a_phone_shows_one_day(scene, opened) -> None:
    page = opened("&d=2", size=PHONE)
    place = Position.objects.get(shift__order=scene.draft)
    expect(page.locator(chip_of(place))).to_be_visible()
    expect(page.locator(chip_of(scene.booked))).to_be_hidden()
    page.get_by_role("navigation", name="日期").get_by_role("link").first.click()
    expect(page.locator(chip_of(scene.booked))).to_be_visible()


def test_english_fits_on_a_phone(scene, opened) -> None:
    page = opened(size=PHONE, locale="en-GB")
    assert (page.evaluate(OVERFLOW), page.evaluate(CUT_OFF)) == (0, [])


def test_without_scripts_the_same_by_pages(scene, opened) -> None:
    page = opened(java_script_enabled=False)
    page.locator(chip_of(scene.open)).click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="确定指派").click()
    expect(page.get_by_role("heading", name="周排班")).to_be_visible()
    scene.open.refresh_from_db()
    assert scene.open.status == PositionStatus.PROPOSED
