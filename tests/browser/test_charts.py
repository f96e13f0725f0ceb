"""The manager's charts in a real browser: drawn under the page's own policy, wide and light, narrow and dark."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.models import Review
from orders.models import Order
from tests.feedback.histories import write
from tests.fixtures.agency import Agency
from tests.plugins.browser import DESK, PHONE, axe_violations

DAY = timedelta(days=1)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def opened(live_server, transactional_db, open_page) -> Callable[..., Page]:
    agency, now = Agency(), timezone.now()
    write(agency, random.Random(1), orders=12)
    # Whatever day this is: the history becomes one of these days.
    Order.objects.filter(submitted_at__isnull=False).update(submitted_at=now - 9 * DAY, proposed_at=now - 9 * DAY)
    Review.objects.update(created_at=now - 2 * DAY)
    browser = Browser()
    browser.force_login(agency.manager())
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value

    def open_it(**options) -> Page:
        page = open_page(**options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto("/dashboard/?days=90")
        return page

    return open_it


@pytest.mark.parametrize(("size", "theme"), [(DESK, "light"), (PHONE, "dark")])
def test_charts_are_drawn_under_the_pages_policy(opened, size, theme) -> None:
    page = opened(size=size, theme=theme)
    expect(page.locator(".chart").first).to_contain_text("响应达标率")
    all_is_drawn(page)
    for name in ("pictures", "splits", "people"):
        page.goto(f"/dashboard/{name}/?days=90")
        all_is_drawn(page)


def all_is_drawn(page: Page) -> None:
    """Every chart has its drawing, and the table of the last one opens by keyboard."""
    wanted = page.locator("[data-chart]").count()
    expect(page.locator(".chart svg")).to_have_count(wanted)
    if wanted:
        page.get_by_text("查看数据表").last.focus()
        page.keyboard.press("Enter")
        expect(page.locator("details[open] table").last).to_be_visible()
    assert axe_violations(page) == []
    assert page.evaluate(OVERFLOW) == 0
