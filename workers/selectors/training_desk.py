"""Reads of training for the desk: courses with their numbers, a course's parts, a session's people."""

from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from workers.models import (
    Course,
    Lesson,
    LessonRead,
    Question,
    Quiz,
    QuizAttempt,
    SessionPlace,
    TrainingSession,
    TrainingTask,
    Worker,
    WorkerCourse,
)
from workers.selectors.training import places as places_of
from workers.selectors.training import with_numbers
from workers.training_states import AttemptStatus, PlaceStatus, SessionStatus

RUNNING = AttemptStatus.RUNNING
LATEST = 5


def _number(rows: QuerySet[Any], to: str, *, of: str = "pk") -> Coalesce:
    """How many different `of` the rows have whose `to` is the course."""
    counted = rows.filter(**{to: OuterRef("pk")}).order_by().values(to).annotate(n=Count(of, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def courses() -> QuerySet[Course]:
    """Every course with its numbers: `learning` people who began a lesson or were asked, `passed`, `tries` and
    `good` tries at its quiz, `waiting` for a seat, `lessons`, `sessions` to come."""
    waiting = SessionPlace.objects.filter(status=PlaceStatus.WAITING, session__status=SessionStatus.OPEN)
    tries = QuizAttempt.objects.exclude(status=RUNNING)
    return Course.objects.annotate(
        learning=_number(LessonRead.objects.filter(lesson__is_active=True), "lesson__course", of="worker"),
        asked=_number(TrainingTask.objects.filter(status=TrainingTask.Status.OPEN), "course"),
        passed=_number(WorkerCourse.objects.all(), "course"),
        tries=_number(tries, "quiz__course"),
        good=_number(tries.filter(status=AttemptStatus.PASSED), "quiz__course"),
        waiting=_number(waiting, "session__course"),
        lesson_count=_number(Lesson.objects.filter(is_active=True), "course"),
        session_count=_number(TrainingSession.objects.filter(status=SessionStatus.OPEN), "course"),
    ).order_by("-is_active", "kind", "pk")


def rate(course: Any) -> float | None:
    """The share of tries that passed; None without a try."""
    return course.good / course.tries if course.tries else None


def lessons(course: Course) -> QuerySet[Lesson]:
    """In order."""
    return course.lessons.filter(is_active=True)


def quiz_of(course: Course) -> Quiz | None:
    """The course's quiz."""
    return Quiz.objects.filter(course=course).first()


def questions(quiz: Quiz) -> QuerySet[Question]:
    """The bank in use, with options."""
    return quiz.questions.filter(is_active=True).prefetch_related("options")


def sessions(course: Course) -> QuerySet[TrainingSession]:
    """Of the course, the latest first, with `taken`, `waiting` and `free`."""
    return with_numbers(course.sessions.all()).select_related("trainer").order_by("-starts_at", "-pk")


def other_tests() -> QuerySet[Quiz]:
    """Tests of skills and languages, with how many questions and tries they have."""
    active = Count("questions", filter=Q(questions__is_active=True), distinct=True)
    rows = Quiz.objects.filter(course=None).select_related("skill", "language")
    return rows.annotate(bank=active, tried=Count("attempts", distinct=True)).order_by("pk")


def places(session: TrainingSession) -> list[SessionPlace]:
    """Who has a seat by number, then who waits, then who has left."""
    order = {status: number for number, status in enumerate(PlaceStatus.values)}
    rows = session.places.select_related("worker__user", "worker__city").order_by("seat", "asked_at", "pk")
    seated = (PlaceStatus.ENROLLED, PlaceStatus.ATTENDED, PlaceStatus.MISSED)
    return sorted(rows, key=lambda row: (row.status not in seated, order[row.status]))


def of_person(worker: Worker, now: datetime) -> dict[str, Any]:
    """What is asked of somebody, their tests and typing, their places, and the time that is paid. Five queries."""
    tried = worker.quiz_attempts.exclude(status=RUNNING).select_related("quiz")
    return {
        "tasks": worker.training_tasks.filter(status=TrainingTask.Status.OPEN).select_related("course"),
        "attempts": tried[:LATEST],
        "typing": worker.typing_attempts.exclude(status="running").defer("report", "body")[:LATEST],
        "places": places_of(worker, now),
        "paid": worker.training_hours.select_related("course")[:LATEST],
    }
