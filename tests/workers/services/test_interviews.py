"""Appointments are set and told once; every interviewer has one sheet with every soft skill."""

from datetime import timedelta

import pytest
from django.core import mail

from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, Notification
from tests.fixtures.agency import NOW
from tests.fixtures.outbox import drain
from tests.workers.services.test_applications import hand_in
from workers.models import InterviewSheet, RecruitPolicy, SoftSkill
from workers.selectors import applications as reads
from workers.services import applications, interviews
from workers.services.interviews import Appointment

DAY = timedelta(days=1)
FOURS = dict.fromkeys(SoftSkill.values, 4)


@pytest.fixture
def desk(agency):
    return actor_of(agency.dispatcher())


def test_an_appointment_moves_there_and_is_told_once(desk):
    found = hand_in(email="lin@example.test").application
    wanted = Appointment(NOW + 9 * DAY, "on_site", "示范路 8 号")
    for _ in range(2):
        interviews.appoint(found.pk, wanted, by=desk, now=NOW)
    drain(NOW)
    found.refresh_from_db()
    assert (found.status, found.due_at) == ("interview", NOW + 9 * DAY)
    letters = [letter.subject for letter in mail.outbox if "面试时间" in letter.subject]
    assert len(letters) == 1
    assert AuditEvent.objects.filter(action="appoint").count() == 1


def test_a_letter_about_a_time_that_was_changed_is_not_sent(desk):
    found = hand_in(email="lin@example.test").application
    for days in (2, 3):
        interviews.appoint(found.pk, Appointment(NOW + days * DAY, "phone"), by=desk, now=NOW)
    drain(NOW)
    told = [letter for letter in mail.outbox if "面试时间" in letter.subject]
    assert len(told) == 1 and "11月26日" in told[0].subject


def test_both_are_reminded_the_day_before_of_the_time_that_holds(desk):
    found = hand_in(email="lin@example.test").application
    for days in (2, 4):
        interviews.appoint(found.pk, Appointment(NOW + days * DAY, "phone"), by=desk, now=NOW)
    counts = []
    for hours in (24, 71, 72, 74):
        drain(NOW + hours * DAY / 24)
        letters = sum("面试提醒" in letter.subject for letter in mail.outbox if "lin@example.test" in letter.to)
        counts.append((letters, Notification.objects.filter(kind="application.interview_soon").count()))
    assert counts == [(0, 0), (0, 0), (1, 1), (1, 1)]


def test_who_has_been_interviewed_is_not_reminded(desk):
    found = hand_in(email="lin@example.test").application
    interviews.appoint(found.pk, Appointment(NOW + 3 * DAY, "phone"), by=desk, now=NOW)
    applications.move(found.pk, "training", by=desk, now=NOW)
    drain(NOW + 2 * DAY)
    assert not [letter for letter in mail.outbox if "面试提醒" in letter.subject]


@pytest.mark.parametrize(
    ("when", "how", "place"), [(-DAY, "phone", ""), (DAY, "pigeon", ""), (DAY, "video", ""), (DAY, "on_site", " ")]
)
def test_an_impossible_appointment_is_refused(desk, when, how, place):
    found = hand_in().application
    with pytest.raises(Invalid):
        interviews.appoint(found.pk, Appointment(NOW + when, how, place), by=desk, now=NOW)


def test_two_interviewers_and_their_mean(agency, desk):
    found = hand_in().application
    other, third = actor_of(agency.dispatcher()), actor_of(agency.manager())
    interviews.score(found.pk, FOURS, by=desk, now=NOW)
    interviews.score(found.pk, FOURS | {"logic": 1}, "沉稳", by=other, now=NOW)
    interviews.score(found.pk, FOURS | {"logic": 2}, by=desk, now=NOW)
    assert InterviewSheet.objects.count() == 2
    assert reads.means(found) == FOURS | {"logic": 1.5}
    lines = {line.skill: line for line in reads.scored(reads.detailed().get())}
    assert (sorted(grade or 0 for grade in lines["logic"].grades), lines["logic"].mean) == ([1, 2], 1.5)
    with pytest.raises(Conflict):
        interviews.score(found.pk, FOURS, by=third, now=NOW)
    RecruitPolicy(interviewers=3).save()
    interviews.score(found.pk, FOURS, by=third, now=NOW)


@pytest.mark.parametrize("wrong", [{}, {"logic": 5}, FOURS | {"logic": 6}, FOURS | {"charm": 3}])
def test_a_sheet_is_whole_or_not_kept(desk, wrong):
    found = hand_in().application
    with pytest.raises(Invalid):
        interviews.score(found.pk, wrong, by=desk, now=NOW)
    assert not InterviewSheet.objects.exists()


def test_a_closed_application_is_not_scored(desk):
    found = hand_in().application
    applications.reject(found.pk, "other", by=desk, now=NOW)
    with pytest.raises(Conflict):
        interviews.score(found.pk, FOURS, by=desk, now=NOW)
