"""The inbox of every role."""

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staffing.core import notices
from staffing.core.models import Notification, Role
from tests.fixtures.agency import NOW

DATA = {"title": "大促在线客服", "client": "云栖商贸", "until_at": "2026-11-24T09:00:00+08:00", "number": "D000001"}


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


def logged_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def tell(user, *keys: object, url: str = "/inbox/") -> None:
    for key in keys:
        notices.tell([user], "offer.sent", user, now=NOW, key=str(key), data=DATA, url=url)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_one(agency, role):
    user = agency.member(agency.client()) if role == Role.CLIENT else agency.user(role)
    browser = logged_in(user)
    assert "还没有消息" in browser.get(reverse("inbox")).content.decode()
    tell(user, 1)
    page = browser.get(reverse("inbox")).content.decode()
    assert "新派单：大促在线客服" in page
    assert "未读" in page
    assert ("tabbar" in page) == (role == Role.WORKER)


@pytest.mark.parametrize("name", ["inbox", "inbox-read"])
def test_a_visitor_is_led_to_the_login(db, name):
    browser = Browser()
    answer = browser.post(reverse(name)) if name == "inbox-read" else browser.get(reverse(name))
    assert answer.headers["Location"].startswith("/login/")


def test_following_marks_it_read_and_leads_there(agency):
    user = agency.dispatcher()
    tell(user, 1, url="/somewhere/")
    row, browser = Notification.objects.get(), logged_in(user)
    for _attempt in range(2):
        assert browser.get(reverse("inbox-follow", args=[row.pk])).headers["Location"] == "/somewhere/"
    row.refresh_from_db()
    assert row.read_at == NOW


def test_anothers_notice_is_not_found(agency):
    tell(agency.dispatcher(), 1)
    row = Notification.objects.get()
    assert logged_in(agency.dispatcher()).get(reverse("inbox-follow", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_all_are_marked_read_but_not_anothers(agency):
    user, other = agency.dispatcher(), agency.dispatcher()
    tell(user, 1, 2)
    tell(other, 1)
    browser = logged_in(user)
    for _attempt in range(2):
        assert browser.post(reverse("inbox-read")).headers["Location"] == reverse("inbox")
    assert list(Notification.objects.filter(read_at__isnull=True).values_list("user", flat=True)) == [other.pk]
    page = browser.get(reverse("inbox")).content.decode()
    assert "全部已读" in page and "全部标为已读" not in page


def test_marking_is_never_a_get(agency):
    assert logged_in(agency.dispatcher()).get(reverse("inbox-read")).status_code == 405


def test_what_has_passed_is_not_shown(agency):
    user = agency.dispatcher()
    tell(user, 1)
    Notification.objects.update(dropped_at=NOW)
    assert "还没有消息" in logged_in(user).get(reverse("inbox")).content.decode()


def test_a_long_inbox_has_pages_and_costs_the_same_queries(agency):
    user = agency.dispatcher()
    browser = logged_in(user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("inbox"))
        return len(captured)

    tell(user, 0)
    browser.get(reverse("inbox"))
    few = queries()
    tell(user, *range(1, 25))
    assert queries() == few
    page = browser.get(reverse("inbox"), {"page": 2})
    assert len(page.context["rows"]) == 5
    assert "第 21–25 条，共 25 条" in page.content.decode()
