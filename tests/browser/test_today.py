"""What needs a look today, in the browser: from the strip on the desk to a replacement, by mouse and by keys alone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.models import Assignment, Offer
from orders.services import offers, ordering, proposing
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus, OfferStatus
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.fixtures.agency import Agency
from tests.plugins.browser import DESK, PHONE, TABLET, axe_violations, violations_in_both_lights

HOUR = timedelta(hours=1)
LONG = "北京朝阳区禾丘优选电子商务商贸集团有限公司第一分公司"
POLL = 20_000


class Scene:
    """Two who are late at one client, and four who could come instead."""

    def __init__(self) -> None:
        self.now = timezone.now().replace(second=0, microsecond=0)
        self.agency = Agency()
        self.dispatcher = self.agency.dispatcher(name="林调度")
        self.company = self.agency.client(name=LONG)
        self.late = [self.booked(name) for name in ("欧阳慕容雪晴", "陈静怡")]
        for number in range(4):
            self.named(f"候选{number}")

    def named(self, name: str):
        worker = self.agency.worker()
        User.objects.filter(pk=worker.user_id).update(name=name)
        return worker

    def booked(self, name: str) -> Assignment:
        """Somebody who said yes to a shift that began three minutes ago, and is not there."""
        before, start = self.now - 3 * HOUR, self.now - timedelta(minutes=3)
        self.named(name)
        order = self.agency.submitted(
            self.company,
            now=before,
            title="大促期间在线客服与退换货支援",
            shifts=[ShiftSpec(start, start + 7 * HOUR, 1)],
        )
        proposing.propose_order(order.pk, before)
        ordering.confirm(order.pk, by=actor_of(self.dispatcher), now=before)
        offer = Offer.objects.select_related("worker__user").get(position__shift__order=order)
        return offers.accept(offer.pk, by=actor_of(offer.worker.user), now=before)


@pytest.fixture
def scene(live_server, transactional_db) -> Scene:
    return Scene()


@pytest.fixture
def desk(scene: Scene, live_server, open_page) -> Callable[..., Page]:
    """A page as the dispatcher sees it."""

    def enter(name: str, query: str = "", **options) -> Page:
        browser = Browser()
        browser.force_login(scene.dispatcher)
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        page = open_page(**options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(reverse(f"orders:{name}") + query)
        return page

    return enter


def cell(page: Page, label: str):
    return page.locator(".strip-cell", has_text=label)


def test_from_the_desk_to_a_replacement_by_mouse(scene, desk):
    page = desk("desk")
    expect(cell(page, "迟到")).to_contain_text("2")
    expect(cell(page, "今日到期反馈")).to_contain_text("0")
    cell(page, "迟到").click()
    expect(page.locator("#today tbody tr")).to_have_count(2)
    row = page.locator("#today tr", has_text="欧阳慕容雪晴")
    row.get_by_role("button", name="找替补").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("把 欧阳慕容雪晴 记为未到岗")
    dialog.get_by_role("button", name="找替补").click()
    expect(page.get_by_role("status").filter(has_text="已同时邀请 3 人（第 2 轮）")).to_be_visible()
    expect(page.locator("#today tbody tr")).to_have_count(1)
    expect(cell(page, "替补中")).to_contain_text("1")
    cell(page, "替补中").click()
    row = page.locator("#today tbody tr")
    expect(row).to_contain_text("已邀请 3 人")
    expect(row).to_contain_text("候选0、候选1、候选2")
    first, second, _third = Offer.objects.filter(status=OfferStatus.PENDING).select_related("worker__user")
    offers.decline(first.pk, by=actor_of(first.worker.user), now=timezone.now())
    expect(row).to_contain_text("已答复 1 人", timeout=POLL)
    offers.accept(second.pk, by=actor_of(second.worker.user), now=timezone.now())
    expect(page.locator("#today")).to_contain_text("现在没有需要处理的", timeout=POLL)
    expect(cell(page, "替补中")).to_contain_text("0", timeout=POLL)
    assert Assignment.objects.filter(status=AssignmentStatus.BOOKED).count() == 2


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what has the focus bears these words."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if re.search(wanted, page.evaluate("() => document.activeElement.textContent.replace(/\\s+/g, ' ')")):
            return
    raise AssertionError(f"no way by keys to {wanted}")


def test_the_same_by_keys_alone(scene, desk):
    page = desk("desk")
    expect(cell(page, "迟到")).to_contain_text("2")
    tab_to(page, "^ ?2 迟到")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("kind=late"))
    tab_to(page, "找替补.*陈静怡")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("陈静怡")
    tab_to(page, "^ ?找替补") if not dialog.get_by_role("button", name="找替补").evaluate(
        "element => element === document.activeElement"
    ) else None
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="已同时邀请 3 人")).to_be_visible()
    assert Offer.objects.filter(status=OfferStatus.PENDING).count() == 3


def test_a_worker_who_comes_too_late_is_told_kindly(scene, live_server, open_page):
    from orders.services import waves

    work = scene.late[0]
    waves.replace(work.position_id, work.pk, by=actor_of(scene.dispatcher), now=timezone.now())
    first, second, _third = Offer.objects.filter(status=OfferStatus.PENDING).select_related("worker__user")
    browser = Browser()
    browser.force_login(second.worker.user)
    page = open_page(size=PHONE)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(reverse("orders:my-offer", args=[second.pk]))
    offers.accept(first.pk, by=actor_of(first.worker.user), now=timezone.now())
    page.get_by_role("button", name="接单").click()
    expect(page.get_by_text("此班次刚刚已被他人接走")).to_be_visible()
    page.goto(reverse("orders:my-offer", args=[second.pk]))
    expect(page.get_by_text("这个班次已被他人接走")).to_be_visible()
    assert axe_violations(page) == []


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE])
def test_lists_are_clean_and_nothing_runs_over(scene, desk, size):
    from orders.services import waves

    work = scene.late[0]
    waves.replace(work.position_id, work.pk, by=actor_of(scene.dispatcher), now=timezone.now())
    for kind in ("late", "replacing", "no_show", "at_risk", ""):
        page = desk("desk-today", f"?kind={kind}", size=size)
        expect(cell(page, "替补中")).to_contain_text("1")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), kind
        assert page.evaluate(CUT_OFF) == [], kind
        assert violations_in_both_lights(page) == [], kind


CUT_OFF = """() => [...document.querySelectorAll("#today *, .strip *")]
  .filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1
    && getComputedStyle(element).overflowX !== "visible" && !element.closest(".table-wrap, .visually-hidden"))
  .map((element) => element.outerHTML.slice(0, 80))"""
