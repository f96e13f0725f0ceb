"""What training would bring: at the desk by course and city, on a shift, and on the worker's phone."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import OrderCourse, Shift
from tests.fixtures import pool_reads
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.test_open_shifts import empty_place
from workers.models import Course, TrainingTask, Worker, WorkerCourse

pytestmark = pytest.mark.django_db
DEMAND = "desk-training"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def course(agency: Agency) -> Course:
    return Course.objects.create(code="pos", name_zh="智能POS操作", name_en="Smart POS", open_to_all=True)


@pytest.fixture
def desk(agency: Agency) -> Http:
    browser = Http()
    browser.force_login(agency.dispatcher())
    return browser


def holder(agency: Agency, course: Course, until: date | None = None) -> Worker:
    worker = agency.worker()
    WorkerCourse.objects.create(worker=worker, course=course, passed_on=date(2026, 1, 5), valid_until=until)
    return worker


def asked(agency: Agency, course: Course, headcount: int = 2) -> Shift:
    return agency.submitted(courses=[course.pk], headcount=headcount).shifts.get()


def url(name: str, *args: object, **query: str) -> str:
    return reverse(f"orders:{name}", args=args, query=query or None)


def cost(http: Http, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert http.get(address).status_code == 200
    return len([each for each in found if "core_democlock" not in each["sql"] and "SAVEPOINT" not in each["sql"]])


def test_the_report_counts_places_holders_and_those_who_lack_nothing_else(agency, desk, course):
    asked(agency, course)
    holder(agency, course)
    holder(agency, course, until=date(2026, 11, 20))
    lacking, other = agency.worker(), agency.worker(skills={})
    (row,) = desk.get(url(DEMAND)).context["report"].rows
    assert (row.course, row.city, row.places, row.holders, row.short) == (course, agency.city, 2, 1, True)
    assert lacking.pk in row.only
    assert other.pk not in row.only
    assert len(row.only) == 2


def test_shifts_after_the_days_of_the_policy_are_not_asked_for(agency, desk, course):
    agency.submitted(courses=[course.pk], start=NOW + timedelta(days=40))
    assert "近期的班次没有要求培训" in desk.get(url(DEMAND)).content.decode()


def test_a_course_is_assigned_to_those_who_are_chosen(agency, desk, course):
    asked(agency, course)
    one, two = agency.worker(), agency.worker()
    address = url("desk-training-course", course.pk, city="shanghai")
    assert desk.get(address).context["row"].only == {one.pk, two.pk}
    data = {"workers": [one.pk], "due_on": "2026-12-01"}
    assert desk.post(address, data).status_code == 302
    assert desk.post(address, data).status_code == 422
    (task,) = TrainingTask.objects.all()
    assert (task.worker, task.course, task.due_on) == (one, course, date(2026, 12, 1))
    assert "已布置" in desk.get(address).content.decode()


@pytest.mark.parametrize("data", [{"due_on": "2026-12-01"}, {"workers": [1], "due_on": "2026-12-01"}, {"workers": []}])
def test_bad_input_is_said_and_assigns_nothing(agency, desk, course, data):
    asked(agency, course)
    agency.worker()
    assert desk.post(url("desk-training-course", course.pk, city="shanghai"), data).status_code == 422
    assert not TrainingTask.objects.exists()


def test_a_day_that_is_over_is_said(agency, desk, course):
    asked(agency, course)
    worker = agency.worker()
    address = url("desk-training-course", course.pk, city="shanghai")
    answer = desk.post(address, {"workers": [worker.pk], "due_on": "2026-11-01"})
    assert answer.status_code == 422
    assert "截止日期不能早于今天" in answer.content.decode()


def test_a_course_that_no_shift_asks_for_needs_nobody(agency, desk, course):
    page = desk.get(url("desk-training-course", course.pk, city="shanghai")).content.decode()
    assert "没有只差这门培训的人" in page
    assert desk.get(url("desk-training-course", course.pk, city="atlantis")).status_code == 404
    assert desk.get(url("desk-training-course", course.pk + 1, city="shanghai")).status_code == 404


def test_the_report_costs_the_same_for_one_and_for_three(agency, desk, course, monkeypatch):
    pool_reads.uncounted(monkeypatch)
    asked(agency, course)
    agency.worker()
    desk.get(url(DEMAND))
    once = cost(desk, url(DEMAND)), cost(desk, url("desk-training-course", course.pk, city="shanghai"))
    for number in range(2):
        more = Course.objects.create(code=f"more{number}", name_zh="课", name_en="Course")
        asked(agency, more)
        asked(agency, course)
        agency.worker()
    desk.get(url(DEMAND))
    assert (cost(desk, url(DEMAND)), cost(desk, url("desk-training-course", course.pk, city="shanghai"))) == once
    assert max(once) <= 12


def test_a_shift_tells_whom_a_course_would_bring(agency, desk, course):
    shift = asked(agency, course)
    worker = agency.worker()
    page = desk.get(url("desk-what-if", shift.pk)).content.decode()
    assert "只差一门培训的人" in page
    assert worker.user.name in page
    assert url("desk-training-course", course.pk) in page


def test_the_phone_tells_which_course_would_open_more(agency, course):
    place = empty_place(agency)
    OrderCourse.objects.create(order=place.shift.order, course=course)
    lacking, has = agency.worker(), holder(agency, course)
    for worker, told in ((lacking, True), (has, False)):
        browser = Http()
        browser.force_login(worker.user)
        page = browser.get(url("my-open")).content.decode()
        assert ("通过培训后还能选" in page) is told
        assert (reverse("workers:my-course", args=[course.pk]) in page) is told


def test_a_course_that_one_may_not_open_is_asked_for(agency, course):
    Course.objects.update(open_to_all=False)
    OrderCourse.objects.create(order=empty_place(agency).shift.order, course=course)
    browser = Http()
    browser.force_login(agency.worker().user)
    page = browser.get(url("my-open")).content.decode()
    assert "请向调度报名" in page
    assert reverse("workers:my-course", args=[course.pk]) not in page
