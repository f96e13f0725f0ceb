"""A course somebody is to pass: asked once, passed or withdrawn, and passed it counts."""

from datetime import timedelta

import pytest

from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from tests.fixtures.agency import NOW
from workers.models import Course, TrainingTask, WorkerCourse
from workers.services import trainings

TODAY = NOW.date()


@pytest.fixture
def ask(agency):
    worker, desk = agency.worker(), actor_of(agency.dispatcher())
    course = Course.objects.create(code="calm", name_zh="情绪安抚", name_en="Calming callers")

    def assign(due_on=TODAY + timedelta(days=7)):
        return trainings.assign(worker, course, due_on=due_on, reason="C00001", by=desk, now=NOW)

    return assign


def test_it_is_asked_once_and_never_for_yesterday(ask):
    with pytest.raises(Invalid):
        ask(TODAY - timedelta(days=1))
    ask()
    with pytest.raises(Conflict):
        ask()


def test_passed_it_counts_for_matching_and_repeats_change_nothing(agency, ask):
    task, desk = ask(), actor_of(agency.dispatcher())
    with pytest.raises(Invalid):
        trainings.passed(task.pk, score=101, by=desk, now=NOW)
    for score in (90, 10):
        trainings.passed(task.pk, score=score, by=desk, now=NOW)
    row = WorkerCourse.objects.get(worker=task.worker, course=task.course)
    assert (row.passed_on, row.score) == (TODAY, 90)
    with pytest.raises(Conflict):
        trainings.withdraw(task.pk, by=desk, now=NOW)


def test_withdrawn_it_may_be_asked_anew(agency, ask):
    task, desk = ask(), actor_of(agency.dispatcher())
    assert trainings.withdraw(task.pk, by=desk, now=NOW).status == TrainingTask.Status.WITHDRAWN
    trainings.withdraw(task.pk, by=desk, now=NOW)
    with pytest.raises(Conflict):
        trainings.passed(task.pk, score=None, by=desk, now=NOW)
    assert ask() != task
