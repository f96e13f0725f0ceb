"""The writers of tries at quizzes: drawn and kept by the server, answered one by one, scored by the server's clock."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import outbox, transitions
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from workers.learning import quiz as rules
from workers.models import (
    AttemptQuestion,
    Course,
    Lesson,
    LessonRead,
    Question,
    Quiz,
    QuizAttempt,
    SessionPlace,
    TrainingPolicy,
    Worker,
    WorkerCourse,
)
from workers.services import passing
from workers.training_states import AttemptStatus, PlaceStatus

SEEDS = 2**62
TRUE_FALSE, SINGLE = Question.Kind.TRUE_FALSE, Question.Kind.SINGLE


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to a quiz. `again_at`: when a try is next allowed; `renew_on`: from which day, None never.

    `lessons_left`: lessons of its course that are not read yet.
    """

    running: QuizAttempt | None
    tries_left: int
    again_at: datetime
    lessons_left: int
    renew_on: date | None

    def refusal(self, now: datetime) -> Conflict | None:
        """Why no try may begin now."""
        if self.lessons_left:
            return Conflict("lessons_left", _("请先学完全部课时（还剩 %(n)s 课）。"), n=self.lessons_left)
        if self.renew_on is None or self.renew_on > timezone.localdate(now):
            return Conflict("passed_already", _("您已通过，目前不用再考。"))
        if self.again_at > now:
            return Conflict("too_soon", _("还没到可以再考的时间，请稍后再来。"))
        return None


def standing(worker: Worker, quiz: Quiz, now: datetime) -> Standing:
    """At most four queries."""
    attempts = list(quiz.attempts.filter(worker=worker))
    return stands(quiz, attempts, _lessons_left(worker, quiz.course), _renew_on(worker, quiz), now)


def stands(quiz: Quiz, attempts: Sequence[QuizAttempt], unread: int, renew_on: date | None, now: datetime) -> Standing:
    """From what was read already: the worker's tries at it, how many lessons they have not read, and the day."""
    running = next((row for row in attempts if row.status == AttemptStatus.RUNNING and row.ends_at > now), None)
    ends = [row.finished_at or row.ends_at for row in attempts if row is not running]
    rule = rules.Tries(quiz.tries, quiz.tries_days, quiz.wait_minutes)
    left, again_at = rules.tries_left(ends, rule, now), rules.may_try_at(ends, rule, now)
    return Standing(running, left, again_at, unread, renew_on)


def _lessons_left(worker: Worker, course: Course | None) -> int:
    if course is None:
        return 0
    done = LessonRead.objects.filter(worker=worker, lesson=OuterRef("pk"))
    return Lesson.objects.filter(~Exists(done), course=course, is_active=True).count()


def _renew_on(worker: Worker, quiz: Quiz) -> date | None:
    """A level may be bettered at any time; a course only once it nears its end."""
    if quiz.course_id is None:
        return date.min
    held = WorkerCourse.objects.filter(worker=worker, course=quiz.course_id).first()
    return passing.renewable_from(held, TrainingPolicy.current().renew_days)


@transaction.atomic
def start(worker_id: int, quiz: Quiz, *, by: Actor, now: datetime, seed: int | None = None) -> QuizAttempt:
    """Draw the questions and start the clock; while a try runs, it is that one. Raises `Conflict` if none may begin."""
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    late = quiz.attempts.filter(worker=worker, status=AttemptStatus.RUNNING, ends_at__lte=now)
    for pk in late.values_list("pk", flat=True):
        expire(pk, now)
    stands = standing(worker, quiz, now)
    if stands.running is not None:
        return stands.running
    bank = _bank(quiz)
    if not quiz.is_active or not bank:
        raise Conflict("no_quiz", _("这个测验现在没有开放。"))
    if (refusal := stands.refusal(now)) is not None:
        raise refusal
    return _begin(worker, quiz, bank, secrets.randbelow(SEEDS) if seed is None else seed, now)


def _bank(quiz: Quiz) -> list[Question]:
    """Questions that can be answered, always in the same order."""
    right = Count("options", filter=Q(options__is_right=True))
    rows = quiz.questions.filter(is_active=True).annotate(right=right).filter(right__gt=0)
    return list(rows.order_by("pk").prefetch_related("options"))


def _begin(worker: Worker, quiz: Quiz, bank: Sequence[Question], seed: int, now: datetime) -> QuizAttempt:
    drawn = rules.draw(bank, quiz.draw, seed)
    until = now + timedelta(minutes=quiz.minutes)
    attempt = QuizAttempt.objects.create(
        quiz=quiz, worker=worker, seed=seed, started_at=now, ends_at=until, asked=len(drawn)
    )
    AttemptQuestion.objects.bulk_create(
        AttemptQuestion(attempt=attempt, number=number, question=question, content=_content(question, seed, number))
        for number, question in enumerate(drawn, start=1)
    )
    outbox.publish("quizattempt.deadline", {"id": attempt.pk}, key=str(attempt.pk), now=now, due_at=until)
    return attempt


def _content(question: Question, seed: int, number: int) -> dict[str, Any]:
    """The question as it will be asked; true and false stay in their order."""
    rows = list(question.options.all())
    shown = rows if question.kind == TRUE_FALSE else rules.shuffled(rows, seed, number)
    return {
        "kind": question.kind,
        "text": {"zh": question.text_zh, "en": question.text_en},
        "why": {"zh": question.why_zh, "en": question.why_en},
        "options": [{"key": str(row.pk), "zh": row.text_zh, "en": row.text_en} for row in shown],
        "right": [str(row.pk) for row in rows if row.is_right],
    }


def answer(attempt_id: int, number: int, chosen: Sequence[str], *, now: datetime) -> None:
    """Keep the answer to one question; the last one counts.

    Raises `Conflict` once the try is over (after its time the server hands it in), `Invalid` for no such answer.
    """
    with transaction.atomic():
        attempt = _lock(attempt_id)
        if attempt.status == AttemptStatus.RUNNING and now < attempt.ends_at:
            _keep(attempt, {number: chosen}, now)
            return
    expire(attempt_id, now)
    raise Conflict("time_over", _("答题时间已到或已交卷，答案不能再改。"))


def _keep(attempt: QuizAttempt, given: Mapping[int, Sequence[str]], now: datetime) -> None:
    rows = {row.number: row for row in attempt.questions.filter(number__in=given)}
    if set(rows) != set(given):
        raise Invalid("no_question", _("没有这道题。"))
    for number, chosen in given.items():
        row = rows[number]
        keys = sorted(set(chosen))
        if not _answers(row, keys):
            raise Invalid("no_option", _("没有这个选项。"))
        if row.answer != keys:
            row.answer, row.answered_at = keys, now
    AttemptQuestion.objects.bulk_update(rows.values(), ["answer", "answered_at"])


def _answers(row: AttemptQuestion, keys: Sequence[str]) -> bool:
    """Whether it is an answer to the question, or none."""
    one_only = row.content["kind"] in (SINGLE, TRUE_FALSE) and len(keys) > 1
    return not one_only and set(keys) <= {option["key"] for option in row.content["options"]}


@transaction.atomic
def finish(attempt_id: int, given: Mapping[int, Sequence[str]], *, by: Actor, now: datetime) -> QuizAttempt:
    """Hand in: what is sent along counts if it came in time. Repeating it changes nothing."""
    attempt = _lock(attempt_id)
    if attempt.status != AttemptStatus.RUNNING:
        return attempt
    if given and now < attempt.ends_at:
        _keep(attempt, given, now)
    _score(attempt, by, min(now, attempt.ends_at), now)
    return attempt


def expire(attempt_id: int, now: datetime) -> None:
    """Hand in what there is once the time is over. Before that, or after it was handed in, it changes nothing."""
    if QuizAttempt.objects.filter(pk=attempt_id, ends_at__lte=now, status=AttemptStatus.RUNNING).exists():
        finish(attempt_id, {}, by=SYSTEM, now=now)


def _score(attempt: QuizAttempt, by: Actor, at: datetime, now: datetime) -> None:
    rows = list(attempt.questions.all())
    right = sum(rules.is_right(row.answer, row.content["right"]) for row in rows)
    attempt.right, attempt.score, attempt.finished_at = right, rules.percent(right, len(rows)), at
    is_passed = rules.has_passed(right, len(rows), attempt.quiz.pass_percent)
    attempt.level = _level(attempt) if is_passed else None
    fields = ["right", "score", "finished_at", "level"]
    transitions.change(attempt, "pass" if is_passed else "fail", by=by, now=now, also=fields)
    if is_passed:
        _bring(attempt, by, now)


def _level(attempt: QuizAttempt) -> int | None:
    if attempt.quiz.course_id is not None:
        return None
    reached = attempt.quiz.levels.filter(percent__lte=attempt.score or 0).order_by("percent").last()
    return reached.level if reached else None


def _bring(attempt: QuizAttempt, by: Actor, now: datetime) -> None:
    """The course, or the level."""
    quiz = attempt.quiz
    if quiz.course is not None:
        settle_course(attempt.worker_id, quiz.course, by=by, now=now)
    elif attempt.level is not None and (brings := quiz.skill or quiz.language) is not None:
        passing.graded(attempt.worker, brings, attempt.level, valid_days=quiz.valid_days, by=by, now=now)


def settle_course(worker_id: int, course: Course, *, by: Actor, now: datetime) -> None:
    """Write the pass as soon as all that the course asks for is there; before that nothing."""
    held = WorkerCourse.objects.filter(worker=worker_id, course=course).first()
    renew = passing.renewable_from(held, TrainingPolicy.current().renew_days)
    if renew is None or renew > timezone.localdate(now):
        return
    since = held.passed_on if held else date.min
    wants = {
        Course.PassRule.QUIZ: (True, False),
        Course.PassRule.ATTENDANCE: (False, True),
        Course.PassRule.BOTH: (True, True),
    }.get(Course.PassRule(course.pass_rule))
    if wants is None:
        return
    score = _best(worker_id, course, since)
    if (wants[0] and score is None) or (wants[1] and not _attended(worker_id, course, since)):
        return
    passing.passed(worker_id, course, score=score if wants[0] else None, rule=course.pass_rule, by=by, now=now)


def _best(worker_id: int, course: Course, since: date) -> int | None:
    """The best score with which its quiz was passed after that day."""
    rows = QuizAttempt.objects.filter(worker=worker_id, quiz__course=course, status=AttemptStatus.PASSED)
    return max((row.score or 0 for row in _after(rows, "finished_at", since)), default=None)


def _attended(worker_id: int, course: Course, since: date) -> bool:
    rows = SessionPlace.objects.filter(worker=worker_id, session__course=course, status=PlaceStatus.ATTENDED)
    return bool(_after(rows, "session__ends_at", since))


def _after(rows: Any, field: str, since: date) -> Iterable[Any]:
    return list(rows if since == date.min else rows.filter(**{f"{field}__date__gt": since}))


def _lock(attempt_id: int) -> QuizAttempt:
    """The attempt, after its worker."""
    worker_id = QuizAttempt.objects.values_list("worker_id", flat=True).get(pk=attempt_id)
    Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    related = ("quiz__course", "quiz__skill", "quiz__language", "worker")
    return QuizAttempt.objects.select_for_update(of=("self",)).select_related(*related).get(pk=attempt_id)
