"""Seats: in the order of asking, never more than there are; who waits moves up; being there is written down."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Notification
from tests.fixtures import training
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.test_booking_race import all_at_once
from workers.models import SessionPlace, TrainingHours, TrainingSession, Worker, WorkerCourse
from workers.services import sessions

HOUR = timedelta(hours=1)
PEOPLE, SEATS = 30, 5


@pytest.fixture
def desk(agency):
    return actor_of(agency.dispatcher())


def enrol(session, worker, now=NOW):
    return sessions.enrol(session.pk, worker, by=actor_of(worker.user), now=now)


def leave(session, worker, now=NOW):
    sessions.leave(session.pk, worker, by=actor_of(worker.user), now=now)


def states(session) -> dict[int, str]:
    return dict(session.places.values_list("worker_id", "status"))


def test_who_waits_moves_up_when_somebody_leaves_and_hears_of_it_once(agency):
    session = training.session(agency, training.course(), seats=2)
    people = [agency.worker() for _ in range(4)]
    for number, person in enumerate(people):
        enrol(session, person, NOW + number * HOUR)
    first = enrol(session, people[0])
    assert [place.status for place in session.places.all()] == ["enrolled", "enrolled", "waiting", "waiting"]
    leave(session, people[0])
    leave(session, people[0])
    assert states(session) == {
        people[0].pk: "left",
        people[1].pk: "enrolled",
        people[2].pk: "enrolled",
        people[3].pk: "waiting",
    }
    assert session.places.get(worker=people[2]).seat == first.seat
    drain(NOW + 5 * HOUR)
    again("tell_of_seat", NOW + 5 * HOUR)
    told = Notification.objects.filter(kind="session.seat")
    assert [row.user for row in told] == [people[2].user]
    # Whoever left may ask again, behind those who wait.
    assert enrol(session, people[0], NOW + 6 * HOUR).status == "waiting"


def test_news_of_a_seat_that_is_gone_again_is_not_told(agency):
    session = training.session(agency, training.course(), seats=1)
    one, two = agency.worker(), agency.worker()
    enrol(session, one), enrol(session, two)
    leave(session, one)
    leave(session, two)
    drain(NOW)
    assert not Notification.objects.filter(kind="session.seat").exists()


def test_the_workers_time_to_leave_ends_and_the_desks_does_not(agency, desk):
    session = training.session(agency, training.course(), seats=1)
    one, two = agency.worker(), agency.worker()
    enrol(session, one), enrol(session, two)
    late = session.leave_by
    with pytest.raises(Conflict):
        leave(session, one, late)
    leave(session, two, late)
    sessions.leave(session.pk, one, by=desk, now=late)
    assert set(states(session).values()) == {"left"}
    with pytest.raises(Conflict):
        enrol(session, one, session.starts_at)


def test_more_seats_let_people_in_and_fewer_than_taken_are_refused(agency, desk):
    session = training.session(agency, training.course(), seats=1)
    people = [agency.worker() for _ in range(3)]
    for person in people:
        enrol(session, person)
    facts = {"place": "一楼", "link": "", "trainer": session.trainer, "by": desk, "now": NOW}
    sessions.describe(session.pk, seats=2, **facts)
    assert Counter(states(session).values()) == {"enrolled": 2, "waiting": 1}
    with pytest.raises(Invalid):
        sessions.describe(session.pk, seats=1, **facts)


def test_a_session_called_off_tells_everybody_why(agency, desk):
    session = training.session(agency, training.course(), seats=1)
    people = [agency.worker(), agency.worker()]
    for person in people:
        enrol(session, person)
    with pytest.raises(Invalid):
        sessions.cancel(session.pk, reason=" ", by=desk, now=NOW)
    for _ in range(2):
        sessions.cancel(session.pk, reason="讲师生病", by=desk, now=NOW)
    drain(NOW)
    told = Notification.objects.filter(kind="session.cancelled")
    assert {row.user for row in told} == {person.user for person in people}
    assert told[0].data["reason"] == "讲师生病"
    with pytest.raises(Conflict):
        enrol(session, agency.worker())


def test_being_there_passes_the_course_and_is_paid(agency, desk):
    session = training.session(agency, training.course(pass_rule="attendance", paid_minutes=120), seats=2)
    there, away, queue = agency.worker(), agency.worker(), agency.worker()
    for person in (there, away, queue):
        enrol(session, person)
    with pytest.raises(Conflict):
        sessions.hold(session.pk, [there.pk], by=desk, now=NOW)
    for _ in range(2):
        sessions.hold(session.pk, [there.pk, queue.pk], by=desk, now=session.ends_at)
    assert states(session) == {there.pk: "attended", away.pk: "missed", queue.pk: "dropped"}
    assert [row.worker for row in WorkerCourse.objects.all()] == [there]
    paid = TrainingHours.objects.get()
    assert (paid.rule, paid.minutes, str(paid.amount)) == ("attendance", 120, "40.00")
    drain(session.ends_at)
    assert Notification.objects.get(kind="session.full").user == queue.user


def test_everybody_with_a_seat_is_reminded(agency):
    session = training.session(agency, training.course(), seats=1)
    one, two = agency.worker(), agency.worker()
    enrol(session, one), enrol(session, two)
    drain(session.starts_at - 21 * HOUR)
    assert not Notification.objects.filter(kind="session.soon").exists()
    drain(session.starts_at - 20 * HOUR)
    assert Notification.objects.get(kind="session.soon").user == one.user


@pytest.mark.parametrize(
    "fields", [{"place": " "}, {"kind": "online"}, {"ends_at": NOW}, {"start": NOW, "ends_at": NOW + HOUR}]
)
def test_a_session_needs_a_time_to_come_and_a_place(agency, fields):
    with pytest.raises(Invalid):
        training.session(agency, training.course(), **fields)


def test_who_is_not_in_the_pool_gets_no_seat(agency):
    session = training.session(agency, training.course())
    with pytest.raises(Conflict):
        enrol(session, agency.worker(status=Worker.Status.SUSPENDED))


def _crowd(agency: Agency) -> tuple[TrainingSession, list[Callable[[], object]]]:
    session = training.session(agency, training.course(), seats=SEATS)
    people = [agency.worker() for _ in range(PEOPLE)]
    return session, [partial(enrol, session, person) for person in people]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_thirty_ask_for_five_seats_at_once_and_exactly_five_have_one():
    session, calls = _crowd(Agency())
    assert Counter(all_at_once(calls)) == {"ok": PEOPLE}
    assert Counter(states(session).values()) == {"enrolled": SEATS, "waiting": PEOPLE - SEATS}
    assert set(session.places.filter(status="enrolled").values_list("seat", flat=True)) == {1, 2, 3, 4, 5}
    seated = [place.worker for place in session.places.filter(status="enrolled").select_related("worker__user")]
    # All leave at once: the five who wait longest have the seats.
    queue = list(session.places.filter(status="waiting").order_by("asked_at", "pk").values_list("worker_id", flat=True))
    assert Counter(all_at_once([partial(leave, session, worker) for worker in seated])) == {"ok": SEATS}
    now_seated = session.places.filter(status="enrolled")
    assert sorted(now_seated.values_list("worker_id", flat=True)) == sorted(queue[:SEATS])


@contextmanager
def without_constraint() -> Iterator[None]:
    """Take the seats' constraint away for a while."""
    constraint = next(c for c in SessionPlace._meta.constraints if c.name == "one_person_a_seat")
    with connection.schema_editor() as editor:
        editor.remove_constraint(SessionPlace, constraint)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE workers_sessionplace CASCADE")
        with connection.schema_editor() as editor:
            editor.add_constraint(SessionPlace, constraint)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_constraint_too_many_have_one(monkeypatch):
    """Negative control: everybody has looked for a seat before anybody takes one."""
    session, calls = _crowd(Agency())
    calls = calls[: SEATS + 3]
    looked = threading.Barrier(len(calls))
    really = sessions._free_seat

    def look_and_wait(of: TrainingSession) -> int | None:
        seat = really(of)
        looked.wait(timeout=30)
        return seat

    monkeypatch.setattr(sessions, "_lock", lambda pk: TrainingSession.objects.get(pk=pk))
    monkeypatch.setattr(sessions, "_free_seat", look_and_wait)
    with without_constraint():
        assert Counter(all_at_once(calls)) == {"ok": SEATS + 3}
        assert session.places.filter(status="enrolled").count() == SEATS + 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_constraint_alone_still_lets_one_person_have_a_seat(monkeypatch):
    session, calls = _crowd(Agency())
    looked = threading.Barrier(4)
    really = sessions._free_seat

    def look_and_wait(of: TrainingSession) -> int | None:
        seat = really(of)
        looked.wait(timeout=30)
        return seat

    monkeypatch.setattr(sessions, "_lock", lambda pk: TrainingSession.objects.get(pk=pk))
    monkeypatch.setattr(sessions, "_free_seat", look_and_wait)
    assert Counter(all_at_once(calls[:4])) == {"ok": 1, "IntegrityError": 3}
    assert session.places.filter(status="enrolled").count() == 1
