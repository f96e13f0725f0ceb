"""The page about what a worker has promised elsewhere, by HTTP."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staffing.core.actors import actor_of
from staffing.core.models import Role
from tests.fixtures.agency import NOW
from workers.models import Commitment, Worker
from workers.services import commitments
from workers.services.commitments import Plan

TUESDAY = date(2026, 11, 24)
LECTURE = {
    "name": "算法课",
    "weekdays": ["1"],
    "start": "14:00",
    "end": "16:00",
    "first_day": "2026-11-24",
    "last_day": "2026-12-15",
}


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(agency) -> Worker:
    return agency.worker()


@pytest.fixture
def phone(person) -> Browser:
    browser = Browser()
    browser.force_login(person.user)
    return browser


def url(name: str, *args: int) -> str:
    return reverse(f"workers:{name}", args=args)


PAGE = "/my/me/commitments/"


def test_a_lecture_is_written_down_shown_and_taken_off(person, phone):
    for _attempt in range(2):
        assert phone.post(PAGE, LECTURE).url == PAGE
    row = Commitment.objects.get()
    assert (row.weekdays, row.start_minute, row.end_minute) == ([1], 840, 960)
    page = phone.get(PAGE).content.decode()
    assert "算法课" in page and "每周二 · 14:00–16:00" in page and "还有 4 次" in page
    assert "算法课" in phone.get(url("me")).content.decode()
    for _attempt in range(2):
        assert phone.post(url("me-commitment-remove", row.pk)).url == PAGE
    assert not person.exceptions.exists()
    assert "没有个人安排" in phone.get(PAGE).content.decode()


def test_one_time_of_it_is_given_back(person, phone):
    phone.post(PAGE, LECTURE)
    row = Commitment.objects.get()
    start = person.exceptions.earliest("start_at").start_at.isoformat()
    for _attempt in range(2):
        assert phone.post(url("me-commitment-skip", row.pk), {"start": start}).url == PAGE
    assert person.exceptions.count() == 3
    phone.post(url("me-commitment-skip", row.pk), {"start": "soon"})
    assert person.exceptions.count() == 3


def test_once_needs_neither_weekdays_nor_a_last_day(person, phone):
    phone.post(PAGE, LECTURE | {"weekdays": [], "last_day": "", "start": "22:00", "end": "02:00"})
    (each,) = person.exceptions.all()
    assert each.end_at - each.start_at == timedelta(hours=4)
    assert "一次 · " in phone.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, 'aria-invalid="true"'),
        ({"last_day": ""}, "请填写到哪天"),
        ({"weekdays": []}, "请选择星期"),
        ({"weekdays": ["7"]}, "7"),
        ({"start": "25:00"}, "25:00"),
        ({"first_day": "2020-01-01", "last_day": "2020-02-01"}, "已经过去"),
        ({"last_day": "2029-01-01"}, "最长一年"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(person, phone, changed, said):
    answer = phone.post(PAGE, LECTURE | changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page and "16:00" in page
    assert not Commitment.objects.exists()


def test_anothers_commitment_does_not_exist(agency, phone):
    other = agency.worker()
    plan = Plan("课", (1,), 840, 960, TUESDAY, TUESDAY)
    row = commitments.add(other.pk, plan, by=actor_of(other.user), now=NOW)
    for name in ("me-commitment-remove", "me-commitment-skip"):
        assert phone.post(url(name, row.pk)).status_code == 404
        assert phone.get(url(name, row.pk)).status_code == 405
    assert other.exceptions.count() == 1


def test_the_schedule_and_the_agency_see_it(agency, person, phone):
    phone.post(PAGE, LECTURE)
    start = NOW + timedelta(days=2)
    person.exceptions.create(kind="off", start_at=start, end_at=start + timedelta(days=1, hours=3), note="搬家")
    week = phone.get(reverse("orders:my-schedule")).content.decode()
    assert week.count("week-away") == 3
    for words in ("14:00–16:00", "算法课", "09:00–24:00", "00:00–12:00", "搬家"):
        assert words in week
    assert phone.get(reverse("orders:my-month")).content.decode().count("dot-away") == 4
    desk = Browser()
    desk.force_login(agency.user(Role.DISPATCHER))
    page = desk.get(url("person", person.pk)).content.decode()
    assert "算法课 · 还有 4 次" in page and page.count("搬家") == 1


def test_the_page_costs_the_same_queries_however_full(person, phone):
    counts = []
    for number in range(3):
        phone.post(PAGE, LECTURE | {"name": f"课 {number}"})
        with CaptureQueriesContext(connection) as captured:
            phone.get(PAGE)
        counts.append(len([each for each in captured if "core_democlock" not in each["sql"]]))
    assert counts[0] == counts[2] <= 12
