"""What training keeps goes with the person, but for paid time; a seat they leave is somebody else's."""

from datetime import timedelta

from staffing.core import personal
from staffing.core.actors import actor_of
from tests.fixtures import training
from tests.fixtures.agency import NOW
from workers.models import AttemptQuestion, IssuedCertificate, LessonRead, QuizAttempt, TrainingHours
from workers.services import accounts, sessions


def test_only_paid_time_stays_and_the_seat_is_free(agency):
    person, waits = agency.worker(), agency.worker()
    course = training.course(paid_minutes=60)
    training.lesson(course)
    training.take(person, training.quiz(course))
    session = training.session(agency, training.course(), seats=1)
    for worker in (person, waits):
        sessions.enrol(session.pk, worker, by=actor_of(worker.user), now=NOW)
    told = personal.archive(person.user, NOW)
    assert told.read(2) == b"PK"
    accounts.close(person, by=actor_of(person.user), now=NOW + timedelta(hours=1))
    for model in (QuizAttempt, AttemptQuestion, IssuedCertificate, LessonRead):
        assert not model.objects.exists(), model
    assert TrainingHours.objects.get().worker == person
    assert session.places.get().worker == waits and session.places.get().status == "enrolled"


def test_the_copy_holds_ones_own_answers_and_nobody_elses(agency):
    person, other = agency.worker(), agency.worker()
    quiz = training.quiz(training.course())
    training.take(person, quiz)
    training.take(other, quiz)
    tables = {name: rows for holder in personal.holders() for name, rows in holder.tables(person.user).items()}
    assert {len(tables[name]) for name in ("quizzes", "certificates_issued")} == {1}
    assert {row["attempt"] for row in tables["answers"]} == {person.quiz_attempts.get().pk}
    assert "code" not in tables["certificates_issued"][0]
