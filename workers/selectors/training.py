"""Reads of training for the worker's phone: what is to be learned, how far one is, when there are sessions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Aggregate, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from workers.models import (
    Course,
    IssuedCertificate,
    Lesson,
    LessonRead,
    Quiz,
    QuizAttempt,
    SessionPlace,
    TrainingPolicy,
    TrainingSession,
    TrainingTask,
    Worker,
    WorkerCourse,
)
from workers.services import passing
from workers.services.quizzes import Standing, stands
from workers.training_states import COMING, SEATED, PlaceStatus, SessionStatus


@dataclass(frozen=True, slots=True)
class Card:
    """A course as the phone lists it. `held`: the pass there is; `left`: days for which it still counts."""

    course: Course
    task: TrainingTask | None
    held: WorkerCourse | None
    left: int | None

    @property
    def is_valid(self) -> bool:
        """Whether the pass counts today."""
        return self.held is not None and (self.left is None or self.left >= 0)


def visible(worker: Worker) -> QuerySet[Course]:
    """Courses this worker may open: those open to all, those asked of them, those they passed."""
    asked = TrainingTask.objects.filter(worker=worker, course=OuterRef("pk")).exclude(status="withdrawn")
    passed = WorkerCourse.objects.filter(worker=worker, course=OuterRef("pk"))
    return Course.objects.filter(Q(open_to_all=True) | Exists(asked) | Exists(passed), is_active=True)


def _of_lessons(figure: Aggregate, **only: Any) -> Coalesce:
    """A figure of the lessons in use of a course."""
    rows = Lesson.objects.filter(course=OuterRef("pk"), is_active=True, **only).order_by()
    return Coalesce(Subquery(rows.values("course").annotate(n=figure).values("n"), output_field=IntegerField()), 0)


def _with_progress(worker: Worker) -> QuerySet[Course]:
    """With how many lessons they have, how many this worker has read, and how many minutes they take."""
    done = LessonRead.objects.filter(worker=worker).values("lesson")
    return visible(worker).annotate(
        total=_of_lessons(Count("pk")), read=_of_lessons(Count("pk"), pk__in=done), minutes=_of_lessons(Sum("minutes"))
    )


def cards(worker: Worker, now: datetime) -> list[Card]:
    """What is asked first, then what is begun, open, passed. Three queries."""
    rows = TrainingTask.objects.filter(worker=worker, status=TrainingTask.Status.OPEN)
    tasks = {task.course_id: task for task in rows}
    held = {row.course_id: row for row in WorkerCourse.objects.filter(worker=worker)}
    today = timezone.localdate(now)
    found = [_card(course, tasks, held, today) for course in _with_progress(worker)]
    # A course with nothing in it, that nobody asks for and nobody passed, is nothing to do.
    shown = [card for card in found if card.task or card.held or card.course.total]  # type: ignore[attr-defined]
    return sorted(shown, key=_order)


def _card(course: Course, tasks: dict[int, TrainingTask], held: dict[int, WorkerCourse], today: date) -> Card:
    row = held.get(course.pk)
    left = (row.valid_until - today).days if row is not None and row.valid_until else None
    return Card(course, tasks.get(course.pk), row, left)


def _order(card: Card) -> tuple[bool, date, bool, bool, int]:
    begun = bool(card.course.read)  # type: ignore[attr-defined]
    due = card.task.due_on if card.task else date.max
    return card.task is None, due, card.is_valid, not begun, card.course.pk


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course, its lessons (`is_read` each), its quiz, and how the worker stands."""

    card: Card
    lessons: list[Lesson]
    quiz: Quiz | None
    standing: Standing | None
    attempts: list[QuizAttempt]

    @property
    def next_lesson(self) -> Lesson | None:
        """The first that is not read, of a course that is still to be passed."""
        unread = (row for row in self.lessons if not row.is_read)  # type: ignore[attr-defined]
        return None if self.card.is_valid and not self.card.task else next(unread, None)


def course_page(worker: Worker, course_id: int, now: datetime) -> CoursePage | None:
    """None if there is no such course for this worker. At most six queries."""
    course = _with_progress(worker).select_related("quiz").filter(pk=course_id).first()
    if course is None:
        return None
    tasks = TrainingTask.objects.filter(worker=worker, course=course, status=TrainingTask.Status.OPEN)
    held = WorkerCourse.objects.filter(worker=worker, course=course).first()
    task = tasks.first()
    card = _card(course, {course.pk: task} if task else {}, {course.pk: held} if held else {}, timezone.localdate(now))
    rows = lessons(worker, course)
    quiz = quiz_of(course)
    if quiz is None:
        return CoursePage(card, rows, None, None, [])
    attempts = list(quiz.attempts.filter(worker=worker))
    unread = sum(not row.is_read for row in rows)  # type: ignore[attr-defined]
    renew = passing.renewable_from(held, TrainingPolicy.current().renew_days)
    return CoursePage(card, rows, quiz, stands(quiz, attempts, unread, renew, now), attempts)


def quiz_of(course: Course) -> Quiz | None:
    """The course's quiz, if it is in use."""
    found: Quiz | None = getattr(course, "quiz", None)
    return found if found is not None and found.is_active else None


def lessons(worker: Worker, course: Course) -> list[Lesson]:
    """The lessons in use, in order, with `is_read`."""
    done = LessonRead.objects.filter(worker=worker, lesson=OuterRef("pk"))
    return list(course.lessons.filter(is_active=True).annotate(is_read=Exists(done)))


def sessions(worker: Worker, course: Course, now: datetime) -> QuerySet[TrainingSession]:
    """Sessions to come, with `taken` seats, how many wait, and the worker's own place as `mine`."""
    own = SessionPlace.objects.filter(session=OuterRef("pk"), worker=worker, status__in=COMING)
    rows = TrainingSession.objects.filter(course=course, status=SessionStatus.OPEN, starts_at__gt=now)
    return with_numbers(rows).annotate(mine=Subquery(own.values("status")[:1])).select_related("trainer")


def with_numbers(rows: QuerySet[TrainingSession]) -> QuerySet[TrainingSession]:
    """Sessions with `taken`, `waiting`, `free`."""
    taken = Count("places", filter=Q(places__status__in=SEATED))
    waiting = Count("places", filter=Q(places__status=PlaceStatus.WAITING))
    return rows.annotate(taken=taken, waiting=waiting).annotate(free=F("seats") - F("taken"))


def places(worker: Worker, now: datetime) -> QuerySet[SessionPlace]:
    """The worker's places in sessions to come, soonest first."""
    rows = worker.session_places.filter(status__in=COMING, session__ends_at__gt=now)
    return rows.select_related("session__course").order_by("session__starts_at", "pk")


def certificates(worker: Worker) -> QuerySet[IssuedCertificate]:
    """The newest first."""
    return worker.issued_certificates.select_related("course")


def open_tests(worker: Worker) -> list[Quiz]:
    """Tests of a skill or language, each with the worker's last try as `last`."""
    own = QuizAttempt.objects.filter(worker=worker).exclude(status="running").order_by("-started_at", "-pk")
    rows = Quiz.objects.filter(course=None, is_active=True).select_related("skill", "language")
    found = list(rows.prefetch_related(Prefetch("attempts", own, to_attr="own")))
    return [quiz for quiz in found if quiz.brings.is_active]
