"""Tries at a quiz: drawn and kept, answered one by one, scored by the server's clock, and what passing brings."""

from datetime import timedelta

import pytest

from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import OutboxMessage
from tests.fixtures import training
from tests.fixtures.agency import NOW
from tests.fixtures.outbox import drain
from workers.models import (
    IssuedCertificate,
    Language,
    Option,
    QuizAttempt,
    QuizLevel,
    SessionPlace,
    TrainingHours,
    TrainingTask,
    WorkerCourse,
    WorkerLanguage,
)
from workers.services import courses, quizzes, sessions, trainings

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def worker(agency):
    return agency.worker()


def start(worker, quiz, now=NOW, seed=7):
    return quizzes.start(worker.pk, quiz, by=actor_of(worker.user), now=now, seed=seed)


def test_the_same_seed_asks_the_same_and_what_was_drawn_stays(worker):
    quiz = training.quiz(training.course(), questions=9)
    first, other = start(worker, quiz), start(worker, quiz)
    assert first == other and first.questions.count() == 4
    asked = [row.content for row in first.questions.all()]
    Option.objects.update(text_zh="改过了", is_right=False)
    quiz.questions.all().update(text_zh="改过了")
    assert [row.content for row in first.questions.all()] == asked
    done = quizzes.finish(first.pk, training.answers(first), by=actor_of(worker.user), now=NOW)
    assert (done.status, done.score, done.right) == ("passed", 100, 4)


def test_answers_are_kept_one_by_one_and_handed_in_by_the_clock(worker):
    attempt = start(worker, training.quiz(training.course()))
    for number, keys in training.answers(attempt, wrong=1).items():
        quizzes.answer(attempt.pk, number, keys, now=NOW + number * MINUTE)
    with pytest.raises(Invalid):
        quizzes.answer(attempt.pk, 1, ["0"], now=NOW)
    with pytest.raises(Invalid):
        quizzes.answer(attempt.pk, 99, [], now=NOW)
    drain(NOW + 9 * MINUTE)
    attempt.refresh_from_db()
    assert attempt.status == "running"
    drain(NOW + 10 * MINUTE)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score, attempt.finished_at) == ("passed", 75, attempt.ends_at)


def test_an_answer_after_the_time_counts_nothing_and_ends_it(worker):
    attempt = start(worker, training.quiz(training.course()))
    late = NOW + 10 * MINUTE
    right = training.answers(attempt)
    with pytest.raises(Conflict) as refused:
        quizzes.answer(attempt.pk, 1, right[1], now=late)
    assert refused.value.code == "time_over"
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == ("failed", 0)
    again = quizzes.finish(attempt.pk, right, by=actor_of(worker.user), now=late)
    assert (again.status, again.score) == ("failed", 0)


def test_what_comes_with_the_handing_in_does_not_count_after_the_time(worker):
    attempt = start(worker, training.quiz(training.course()))
    by = actor_of(worker.user)
    done = quizzes.finish(attempt.pk, training.answers(attempt), by=by, now=NOW + 11 * MINUTE)
    assert (done.status, done.score) == ("failed", 0)


def test_one_may_choose_one_only_where_one_may_be_chosen(worker):
    attempt = start(worker, training.quiz(training.course()))
    single = attempt.questions.filter(content__kind="single").first()
    with pytest.raises(Invalid):
        quizzes.answer(attempt.pk, single.number, [option["key"] for option in single.content["options"]], now=NOW)


def test_the_lessons_come_first(worker):
    course = training.course()
    lesson, gone = training.lesson(course), training.lesson(course)
    courses.remove(gone, by=actor_of(worker.user), now=NOW)
    quiz = training.quiz(course)
    with pytest.raises(Conflict) as refused:
        start(worker, quiz)
    assert refused.value.code == "lessons_left" and "1" in str(refused.value)
    courses.read(worker, lesson, NOW)
    courses.read(worker, lesson, NOW)
    assert start(worker, quiz).status == "running"


def test_tries_are_few_and_apart(worker):
    quiz = training.quiz(training.course())
    assert training.take(worker, quiz, wrong=4).status == "failed"
    for minutes, allowed in ((30, False), (35, True)):
        stands = quizzes.standing(worker, quiz, NOW + minutes * MINUTE)
        assert (stands.refusal(NOW + minutes * MINUTE) is None) is allowed
    training.take(worker, quiz, NOW + 35 * MINUTE, wrong=4)
    with pytest.raises(Conflict) as refused:
        start(worker, quiz, NOW + 2 * DAY)
    assert refused.value.code == "too_soon"
    assert start(worker, quiz, NOW + 8 * DAY).status == "running"


def test_a_try_left_open_is_over_when_its_time_is(worker):
    quiz = training.quiz(training.course())
    left = start(worker, quiz)
    fresh = start(worker, quiz, NOW + 41 * MINUTE)
    left.refresh_from_db()
    assert left.status == "failed" and fresh != left


def test_passing_brings_the_course_its_certificate_and_its_pay_once(agency, worker):
    course = training.course(valid_days=365, paid_minutes=90)
    quiz, desk = training.quiz(course), actor_of(agency.dispatcher())
    task = trainings.assign(worker, course, due_on=NOW.date() + 7 * DAY, reason="x", by=desk, now=NOW)
    assert training.take(worker, quiz, wrong=1).status == "passed"
    row = WorkerCourse.objects.get()
    assert (row.passed_on, row.valid_until, row.score) == (NOW.date(), NOW.date() + 365 * DAY, 75)
    task.refresh_from_db()
    assert task.status == TrainingTask.Status.DONE
    issued = IssuedCertificate.objects.get()
    assert (issued.valid_until, issued.score, len(issued.code)) == (row.valid_until, 75, 32)
    paid = TrainingHours.objects.get()
    assert (paid.minutes, str(paid.amount), paid.rule) == (90, "30.00", "quiz")
    with pytest.raises(Conflict) as refused:
        start(worker, quiz, NOW + DAY)
    assert refused.value.code == "passed_already"
    drain(NOW + DAY)
    assert worker.user.notifications.filter(kind="course.passed").count() == 1
    # Shortly before its end it may be passed again.
    assert training.take(worker, quiz, NOW + 340 * DAY).status == "passed"
    assert TrainingHours.objects.count() == IssuedCertificate.objects.count() == 2
    row.refresh_from_db()
    assert row.valid_until == NOW.date() + 705 * DAY


def test_a_course_may_ask_for_both(agency, worker):
    course = training.course(pass_rule="both")
    quiz, session = training.quiz(course), training.session(agency, course)
    training.take(worker, quiz)
    assert not WorkerCourse.objects.exists()
    desk = actor_of(agency.dispatcher())
    sessions.enrol(session.pk, worker, by=desk, now=NOW)
    sessions.hold(session.pk, [worker.pk], by=desk, now=session.ends_at)
    row = WorkerCourse.objects.get()
    assert (row.passed_on, row.score) == (session.ends_at.date(), 100)
    assert SessionPlace.objects.get().status == "attended"


def test_a_test_of_a_language_brings_the_level_reached(agency, worker):
    english = Language.objects.create(code="english", name_zh="英语", name_en="English")
    quiz = training.quiz(language=english, pass_percent=50, valid_days=730)
    QuizLevel.objects.bulk_create(QuizLevel(quiz=quiz, percent=p, level=n) for p, n in ((50, 2), (75, 3), (100, 4)))
    attempt = training.take(worker, quiz, wrong=1)
    assert (attempt.status, attempt.level) == ("passed", 3)
    row = WorkerLanguage.objects.get(worker=worker, language=english)
    assert (row.level, row.source, row.valid_until) == (3, "test", NOW.date() + 730 * DAY)
    assert not WorkerCourse.objects.exists()


def test_the_clock_of_each_try_is_set_once(worker):
    quiz = training.quiz(training.course())
    start(worker, quiz)
    start(worker, quiz)
    assert OutboxMessage.objects.filter(topic="quizattempt.deadline").count() == 1
    assert QuizAttempt.objects.count() == 1


def test_nothing_to_ask_no_try(worker):
    quiz = training.quiz(training.course(), questions=0)
    with pytest.raises(Conflict):
        start(worker, quiz)


def test_answers_are_forgotten_results_stay(worker):
    quiz = training.quiz(training.course())
    done = training.take(worker, quiz)
    assert courses.forget(NOW + 180 * DAY) == 0
    assert courses.forget(NOW + 182 * DAY) == 4
    done.refresh_from_db()
    assert done.score == 100 and not done.questions.exists()
