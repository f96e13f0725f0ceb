"""A shift at the time of a training session is told at the desk."""

from datetime import timedelta

from staffing.core.actors import actor_of
from tests.fixtures import training
from tests.fixtures.agency import NOW
from tests.fixtures.bookings import booked
from workers.services import sessions


def test_a_shift_at_that_time_is_told_and_one_beside_it_is_not(agency, client):
    desk = agency.dispatcher()
    busy, free, gone = agency.worker(), agency.worker(), agency.worker()
    work = booked(agency, busy)
    booked(agency, gone)
    course = training.course()
    meets = training.session(agency, course, seats=5, start=work.end_at - timedelta(minutes=1))
    beside = training.session(agency, course, seats=5, start=work.end_at)
    for person in (busy, free):
        for session in (meets, beside):
            sessions.enrol(session.pk, person, by=actor_of(desk), now=NOW)
    sessions.enrol(meets.pk, gone, by=actor_of(desk), now=NOW)
    sessions.leave(meets.pk, gone, by=actor_of(desk), now=NOW)
    client.force_login(desk)
    url = "/desk/training/sessions/{}/clashes/"
    part = client.get(url.format(meets.pk), headers={"HX-Request": "true"}).content.decode()
    assert busy.user.name in part and work.position.shift.order.title in part
    assert free.user.name not in part and gone.user.name not in part
    assert "没有冲突" in client.get(url.format(beside.pk)).content.decode()
