"""The agency's pages about people."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.fixtures.agency import NOW, Agency
from workers.models import (
    AvailabilityException,
    CertificateType,
    Course,
    Skill,
    Worker,
    WorkerCertificate,
    WorkerCourse,
)

pytestmark = pytest.mark.django_db
LIST = "/people/"


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher())
    return client


def shown(desk: Browser, **query: Any) -> list[Worker]:
    return list(desk.get(LIST, query).context["page"].object_list)


def test_only_the_agency_gets_in(agency, client):
    worker = agency.worker()
    page = reverse("workers:person", args=[worker.pk])
    for user in (worker.user, agency.member(agency.client())):
        client.force_login(user)
        assert [client.get(address).status_code for address in (LIST, page)] == [403, 403]
    for user in (agency.dispatcher(), agency.manager()):
        client.force_login(user)
        assert [client.get(address).status_code for address in (LIST, page)] == [200, 200]
        assert [client.post(address).status_code for address in (LIST, page)] == [405, 405]


def test_people_are_filtered(agency, desk):
    hotline = Skill.objects.create(code="hotline", name_zh="热线", name_en="Hotline")
    one = agency.worker(skills={hotline: 2, agency.skill: 1}, stars=None)
    other = agency.worker(stars=Decimal("3.2"), status=Worker.Status.SUSPENDED)
    assert set(shown(desk)) == {one, other}
    assert shown(desk, skill=hotline.pk) == shown(desk, stars="none") == shown(desk, status="active") == [one]
    assert shown(desk, stars="3") == shown(desk, status="suspended") == shown(desk, text=other.user.name) == [other]
    assert shown(desk, text=one.user.phone[-5:]) == [one]
    assert set(shown(desk, city=agency.city.pk)) == {one, other}
    assert shown(desk, text="查无此人") == []


def test_the_list_hides_most_of_the_phone_number(agency, desk):
    worker = agency.worker()
    text = desk.get(LIST).content.decode()
    assert worker.user.phone not in text
    assert f"{worker.user.phone[:3]}****{worker.user.phone[-4:]}" in text


def test_the_list_costs_the_same_for_one_and_three(agency, desk):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            agency.worker()
        desk.get(LIST)
        with CaptureQueriesContext(connection) as context:
            desk.get(LIST)
        counts.append(len(context.captured_queries))
    assert counts[0] == counts[1]


def test_a_persons_page_tells_papers_hours_and_exceptions(agency, desk):
    worker = agency.worker(windows=[(0, 540, 1080), (4, 1320, 1800)])
    today = date(2026, 11, 23)
    for code, day in (("health", today - timedelta(days=1)), ("fire", today), ("id", None)):
        kind = CertificateType.objects.create(code=code, name_zh=code, name_en=code)
        WorkerCertificate.objects.create(worker=worker, type=kind, expires_on=day)
    AvailabilityException.objects.create(
        worker=worker, kind="off", start_at=NOW + timedelta(days=1), end_at=NOW + timedelta(days=2), note="考试"
    )
    AvailabilityException.objects.create(
        worker=worker, kind="off", start_at=NOW - timedelta(days=2), end_at=NOW - timedelta(days=1), note="过去"
    )
    answer = desk.get(reverse("workers:person", args=[worker.pk]))
    assert [(p.certificate.type.code, p.expired, p.soon) for p in answer.context["papers"]] == [
        ("health", True, False),
        ("fire", False, True),
        ("id", False, False),
    ]
    week = answer.context["week"]
    assert [week[0].spans, week[1].spans, week[4].spans] == [["09:00–18:00"], [], ["22:00–06:00 (+1)"]]
    text = answer.content.decode()
    assert "考试" in text
    assert "过去" not in text
    assert reverse("orders:desk-person-shifts", args=[worker.pk]) in text


def test_courses_passed_say_whether_they_still_count(agency, desk):
    worker = agency.worker()
    for days in (-1, 0, 400):
        course = Course.objects.create(code=f"c{days}", name_zh=f"课程{days}", name_en=f"Course {days}")
        until = NOW.date() + timedelta(days=days)
        WorkerCourse.objects.create(worker=worker, course=course, passed_on=date(2026, 1, 5), valid_until=until)
    passed = desk.get(reverse("workers:person", args=[worker.pk])).context["courses"]
    assert [(one.expired, one.soon) for one in passed] == [(True, False), (False, True), (False, False)]
    text = desk.get(reverse("workers:person", args=[worker.pk])).content.decode()
    assert "课程400" in text
    assert "2026年1月5日 周一 通过" in text
