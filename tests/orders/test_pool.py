"""Rows as the engine reads them: whole minutes, training, places of other work, and places held for novices."""

from datetime import date, timedelta
from typing import Any

import pytest

from orders import pool
from orders.matching import LatLng, Need, Weights
from orders.models import MatchWeights, Order, OrderCourse, Shift
from orders.services import proposing
from tests.fixtures.agency import HERE, NOW, Agency
from tests.orders.services.line import TOMORROW, booked, days, hours, proposed
from workers.models import Course, WorkerCourse

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(agency: Agency) -> Course:
    return Course.objects.create(code="pos", name_zh="智能POS操作", name_en="Smart POS")


def need_of(order: Order, **options: Any) -> Need:
    return pool.needs_of(order, list(order.shifts.all()), **options)[0]


def test_an_order_asks_for_its_courses(agency: Agency, course: Course) -> None:
    assert need_of(agency.draft(courses=[course.pk])).courses == {"pos"}
    assert need_of(agency.draft()).courses == frozenset()


def test_a_worker_brings_the_courses_passed(agency: Agency, course: Course) -> None:
    other = Course.objects.create(code="etiquette", name_zh="服务礼仪", name_en="Etiquette")
    worker = agency.worker()
    WorkerCourse.objects.create(worker=worker, course=course, passed_on=date(2026, 1, 5), valid_until=date(2027, 1, 4))
    WorkerCourse.objects.create(worker=worker, course=other, passed_on=date(2026, 1, 5), score=88)
    expected = {"pos": date(2027, 1, 4), "etiquette": None}
    assert pool.candidate(worker.pk, NOW, TOMORROW).courses == expected
    assert pool.candidates_for(NOW, TOMORROW, NOW)[0].courses == expected


def test_only_who_has_passed_the_course_is_proposed(agency: Agency, course: Course) -> None:
    agency.worker(stars=5)
    lapsed, trained = agency.worker(), agency.worker(stars=3)
    passed = {"course": course, "passed_on": date(2026, 1, 5)}
    WorkerCourse.objects.create(worker=lapsed, valid_until=TOMORROW.date() - timedelta(days=1), **passed)
    WorkerCourse.objects.create(worker=trained, valid_until=TOMORROW.date(), **passed)
    order = proposed(agency, courses=[course.pk])
    assert OrderCourse.objects.get().order == order
    place = order.shifts.get().positions.get()
    assert place.proposed_worker == trained
    assert place.match is not None
    assert place.match.gate_rows() == [{"gate": "training", "removed": 2, "only": 2}]


def test_starts_round_down_and_ends_round_up_to_the_minute(agency: Agency) -> None:
    order = agency.draft()
    odd = timedelta(seconds=20, microseconds=5)
    Shift.objects.update(start_at=TOMORROW + odd, end_at=TOMORROW + hours(8) + odd)
    need = need_of(order)
    assert (need.start, need.end) == (TOMORROW, TOMORROW + hours(8) + timedelta(minutes=1))
    assert need_of(order, not_before=TOMORROW + hours(1) + odd).start == TOMORROW + hours(1)
    found = pool.booking(TOMORROW + odd, TOMORROW + hours(1), None, None)
    assert (found.start, found.end) == (TOMORROW, TOMORROW + hours(1))


@pytest.mark.parametrize(("remote", "place"), [(False, LatLng(*HERE)), (True, None)])
def test_a_booking_knows_where_it_is(agency: Agency, remote: bool, place: LatLng | None) -> None:
    worker = agency.worker()
    where: dict[str, Any] = {"remote": True, "site": None} if remote else {}
    (work,) = booked(agency, **where)
    (booking,) = pool.candidate(worker.pk, NOW, TOMORROW).bookings
    assert (booking.order_id, booking.place) == (work.position.shift.order_id, place)


def test_a_place_proposed_elsewhere_knows_where_it_is(agency: Agency) -> None:
    agency.worker()
    order = proposed(agency)
    (candidate,) = pool.candidates_for(NOW, TOMORROW, NOW)
    assert [(b.order_id, b.place) for b in candidate.bookings] == [(order.pk, LatLng(*HERE))]


def test_nobody_is_sent_across_town_without_time_for_the_way(agency: Agency) -> None:
    worker = agency.worker(max_km=50)
    booked(agency, shifts=days(4))
    company = agency.client()
    far = agency.site(company, latitude=HERE[0] + 0.2)
    # 22 km take 82 minutes
    near_miss = proposed(agency, company=company, site=far, shifts=days(4, start=TOMORROW + hours(5)))
    place = near_miss.shifts.get().positions.get()
    assert place.proposed_worker is None
    later = proposed(agency, company=company, site=far, shifts=days(4, start=TOMORROW + hours(5.5)))
    assert later.shifts.get().positions.get().proposed_worker == worker


def test_places_for_novices_follow_the_weights_in_force(agency: Agency) -> None:
    order = agency.draft(headcount=10)
    assert need_of(order, weights=Weights()).novice_places == 1
    MatchWeights.objects.create(version="2", values={"novice_percent": 30}, created_at=NOW)
    assert need_of(order).novice_places == 3
    assert need_of(order, weights=Weights(novice_percent=0)).novice_places == 0


def test_none_for_the_clients_of_highest_value(agency: Agency) -> None:
    ordinary, best = (agency.draft(agency.client(value=value), headcount=10) for value in (1, 2))
    assert [need_of(order, weights=Weights()).novice_places for order in (ordinary, best)] == [1, 0]


def test_reading_needs_takes_as_many_queries_for_many_shifts(agency: Agency, django_assert_num_queries: Any) -> None:
    order = Order.objects.select_related("client", "site", "city").get(pk=agency.draft(shifts=days(*[4] * 9)).pk)
    shifts = list(order.shifts.all())
    with django_assert_num_queries(3):
        assert len(pool.needs_of(order, shifts)) == 9


def test_matching_a_course_that_nobody_has_leaves_the_place_open(agency: Agency, course: Course) -> None:
    agency.worker()
    order = agency.submitted(courses=[course.pk])
    run = proposing.propose_order(order.pk, NOW)
    assert run is not None
    assert run.shortage == 1
