"""What differs on a phone: WeChat's own browser, another time zone, and a check-in from home that was sent later."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from orders.models import Assignment, Punch
from orders.services import calendar
from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.bookings import booked
from workers.models import Worker

WECHAT = "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/122 Mobile Safari/537.36 MicroMessenger/8.0.49"


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def phone(person: Worker) -> Browser:
    browser = Browser()
    browser.force_login(person.user)
    return browser


def url(name: str, *args: object) -> str:
    return reverse(f"orders:{name}", args=args)


@pytest.mark.parametrize("wechat", [True, False])
def test_what_wechat_cannot_open_it_is_not_offered(agency, person, phone, wechat):
    work = booked(agency, person)
    calendar.renew(person, seen="", by=actor_of(person.user), now=NOW)
    headers = {"User-Agent": WECHAT} if wechat else {}
    subscribe = phone.get(url("my-calendar"), headers=headers).content.decode()
    shift = phone.get(url("my-shift", work.pk), headers=headers).content.decode()
    assert ("webcal://" in subscribe, "在浏览器打开" in subscribe) == (not wechat, wechat)
    assert (url("my-shift-calendar", work.pk) in shift, "在浏览器里打开本页" in shift) == (not wechat, wechat)


def test_pages_say_when_a_shift_is_so_that_any_phone_can_tell(agency, person, phone):
    work = booked(agency, person)
    for name, args in (("my-today", ()), ("my-schedule", ()), ("my-shift", (work.pk,))):
        page = phone.get(url(name, *args)).content.decode()
        start, end = re.findall(r'data-zone-(?:start|end)="([^"]+)"', page)[:2]
        assert (start, end) == (work.start_at.isoformat(), work.end_at.isoformat())
        assert 'id="zone-bar" role="status" hidden' in page


@pytest.fixture
def home(agency, person) -> Assignment:
    return booked(agency, person, remote=True, site=None, readiness="系统已登录")


def test_getting_ready_that_was_sent_later_counts_from_its_time(home, phone):
    pressed = home.start_at - timedelta(minutes=5)
    sent = {
        "item_1": "on",
        "queued": "1",
        "at": pressed.isoformat(),
        "punch_key": "0b6f1e0a-5a0c-4b8e-9b7e-2f9c52a7f3d1",
    }
    with time_machine.travel(home.start_at + timedelta(minutes=10), tick=False):
        for _attempt in range(2):
            assert phone.post(url("my-ready", home.pk), sent, headers={"HX-Request": "true"}).status_code == 204
    punch = Punch.objects.get()
    assert (punch.at, punch.queued, punch.method) == (pressed, True, "remote")


def test_getting_ready_leads_to_today(home, phone):
    with time_machine.travel(home.start_at, tick=False):
        answer = phone.post(url("my-ready", home.pk), {"item_1": "on"}, headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == url("my-today")
        assert phone.post(url("my-ready", home.pk), {"item_1": "on"}).url == url("my-today")
    assert not Punch.objects.get().queued
