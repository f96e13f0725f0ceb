"""The worker's page about themselves, by HTTP."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW
from workers.models import AvailabilityException, CertificateType, Course, Worker, WorkerCertificate, WorkerCourse

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAGES = ["me", "me-windows", "me-exceptions", "me-preferences"]
REMOVALS = ["me-window-remove", "me-exception-remove"]
WINDOW = {"weekdays": [5], "start": "18:00", "end": "02:00"}


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(agency) -> Worker:
    return agency.worker(windows=())


@pytest.fixture
def phone(person) -> Browser:
    return logged_in(person.user)


def logged_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def url(name: str, *args: int) -> str:
    return reverse(f"workers:{name}", args=args)


@pytest.mark.parametrize("role", ["dispatcher", "manager", "client"])
@pytest.mark.parametrize("name", [*PAGES, *REMOVALS])
def test_other_roles_are_refused(agency, role, name):
    user = agency.member(agency.client()) if role == "client" else agency.user(role)
    browser = logged_in(user)
    assert (browser.post(url(name, 1)) if name in REMOVALS else browser.get(url(name))).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_login_without_a_place_in_the_pool_is_not_found(agency, name):
    assert logged_in(agency.user("worker")).get(url(name)).status_code == 404


@pytest.mark.parametrize("name", REMOVALS)
def test_a_removal_is_never_a_get(phone, name):
    assert phone.get(url(name, 1)).status_code == 405


def test_the_overview_is_never_a_post(phone):
    assert phone.post(url("me")).status_code == 405


def test_the_overview_shows_record_and_times_and_the_papers_what_one_has(agency, person, phone):
    for number, (name, expires) in enumerate(
        [("健康证", date(2026, 11, 22)), ("普通话二级甲等", date(2026, 12, 1)), ("会计证", None)]
    ):
        kind = CertificateType.objects.create(code=f"c{number}", name_zh=name, name_en=name)
        WorkerCertificate.objects.create(worker=person, type=kind, expires_on=expires)
    phone.post(url("me-windows"), WINDOW)
    page = phone.get(url("me")).content.decode()
    for words in ("4.5", "80%", "18:00–次日 02:00", "15 km"):
        assert words in page
    papers = phone.get(url("my-papers")).content.decode()
    for words in (
        "在线客服 3 级",
        "普通话 5 级",
        "已于 2026年11月22日 周日 到期",
        "有效至 2026年12月1日 周二",
        "会计证",
    ):
        assert words in papers


def test_the_overview_costs_the_same_queries_however_full(agency, person, phone):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            phone.get(url("me"))
        return len(captured)

    def add(number: int) -> None:
        kind = CertificateType.objects.create(code=f"c{number}", name_zh="证", name_en="C")
        WorkerCertificate.objects.create(worker=person, type=kind)
        phone.post(url("me-windows"), WINDOW | {"weekdays": [number]})
        start = NOW + timedelta(days=number)
        AvailabilityException.objects.create(worker=person, kind="off", start_at=start, end_at=start + timedelta(1))

    add(0)
    phone.get(url("me"))
    few = queries()
    add(1)
    add(2)
    assert queries() == few


def test_a_window_past_midnight_is_added_and_removed(person, phone):
    assert phone.post(url("me-windows"), WINDOW).url == url("me-windows")
    window = person.windows.get()
    assert (window.weekday, window.start_minute, window.end_minute) == (5, 1080, 1560)
    for _attempt in range(2):
        assert phone.post(url("me-window-remove", window.pk)).url == url("me-windows")
    assert not person.windows.exists()


@pytest.mark.parametrize(
    "sent",
    [
        WINDOW | {"weekdays": []},
        WINDOW | {"weekdays": ["7"]},
        WINDOW | {"start": ""},
        WINDOW | {"end": "25:00"},
    ],
)
def test_a_window_that_is_none_is_asked_again_with_what_was_typed(person, phone, sent):
    answer = phone.post(url("me-windows"), sent)
    assert answer.status_code == 422
    assert sent["start"] in answer.content.decode()
    assert not person.windows.exists()


@pytest.mark.parametrize(
    ("sent", "start", "end"),
    [
        ({}, datetime(2026, 11, 25), datetime(2026, 11, 26)),
        ({"last_day": "2026-11-27"}, datetime(2026, 11, 25), datetime(2026, 11, 28)),
        ({"start": "13:00", "end": "18:30"}, datetime(2026, 11, 25, 13), datetime(2026, 11, 25, 18, 30)),
        ({"start": "13:00"}, datetime(2026, 11, 25, 13), datetime(2026, 11, 26)),
    ],
)
def test_days_off_may_be_whole_days_or_hours(person, phone, sent, start, end):
    answer = phone.post(url("me-exceptions"), {"kind": "off", "first_day": "2026-11-25"} | sent)
    assert answer.url == url("me-exceptions")
    found = person.exceptions.get()
    assert (found.start_at, found.end_at) == (start.replace(tzinfo=SHANGHAI), end.replace(tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"first_day": "2026-11-20"}, "已经过去"),
        ({"last_day": "2026-11-24"}, "结束须晚于开始"),
        ({"start": "18:00", "end": "13:00"}, "结束须晚于开始"),
        ({"kind": "maybe"}, "还有内容需要改正"),
    ],
)
def test_days_that_cannot_be_are_asked_again(person, phone, sent, told):
    answer = phone.post(url("me-exceptions"), {"kind": "off", "first_day": "2026-11-25", "note": "旅行"} | sent)
    assert answer.status_code == 422
    assert told in answer.content.decode() and "旅行" in answer.content.decode()
    assert not person.exceptions.exists()


def test_an_exception_is_removed_once_and_past_ones_are_not_shown(person, phone):
    old = AvailabilityException.objects.create(
        worker=person, kind="off", start_at=NOW - timedelta(days=2), end_at=NOW, note="旧的"
    )
    assert "旧的" not in phone.get(url("me-exceptions")).content.decode()
    for _attempt in range(2):
        assert phone.post(url("me-exception-remove", old.pk)).url == url("me-exceptions")
    assert not person.exceptions.exists()


def test_anothers_times_are_not_found(agency, phone):
    other = agency.worker(windows=[(0, 0, 60)])
    off = AvailabilityException.objects.create(worker=other, kind="off", start_at=NOW, end_at=NOW + timedelta(days=1))
    assert phone.post(url("me-window-remove", other.windows.get().pk)).status_code == 404
    assert phone.post(url("me-exception-remove", off.pk)).status_code == 404
    assert other.windows.count() == other.exceptions.count() == 1


def test_preferences_are_saved_with_an_audit(person, phone):
    page = phone.get(url("me-preferences")).content.decode()
    assert 'value="15"' in page
    assert phone.post(url("me-preferences"), {"max_km": 8, "rest_hours": "10.5"}).url == url("me")
    person.refresh_from_db()
    assert (person.max_km, person.remote_ok, person.min_rest_minutes) == (8, False, 630)
    assert AuditEvent.objects.get(subject_type="worker").action == "set_preferences"


@pytest.mark.parametrize("sent", [{"max_km": 0}, {"max_km": 201}, {"rest_hours": "-1"}, {"rest_hours": "25"}])
def test_impossible_preferences_are_asked_again(person, phone, sent):
    assert phone.post(url("me-preferences"), {"max_km": 8, "rest_hours": "8"} | sent).status_code == 422
    person.refresh_from_db()
    assert person.max_km == 15


def test_what_was_passed_is_among_what_one_has(person, phone):
    for code, until in (("old", date(2026, 11, 1)), ("new", None)):
        course = Course.objects.create(code=code, name_zh=f"课程{code}", name_en=code)
        WorkerCourse.objects.create(worker=person, course=course, passed_on=date(2026, 1, 5), valid_until=until)
    assert url("my-papers") in phone.get(url("me")).content.decode()
    text = phone.get(url("my-papers")).content.decode()
    assert "课程new" in text
    assert "已于 2026年11月1日 周日 到期" in text
    assert text.count("?about=course-") == 1, "what counts for good needs no new picture"
