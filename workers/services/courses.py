"""The writers of what one learns: reading a lesson, and the desk's words in the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from workers.models import (
    AttemptQuestion,
    Course,
    Lesson,
    LessonRead,
    Option,
    Question,
    Quiz,
    TrainingPolicy,
    TypingAttempt,
    Worker,
)
from workers.training_states import AttemptStatus, TypingStatus

Row = TypeVar("Row", bound=models.Model)
# Signs of a code that come from the name; the rest is for a number.
MOST_CODE = 34


@dataclass(frozen=True, slots=True)
class Answer:
    """One option of a question."""

    text_zh: str
    text_en: str
    is_right: bool


def read(worker: Worker, lesson: Lesson, now: datetime) -> None:
    """The lesson is worked through; repeating it changes nothing."""
    LessonRead.objects.get_or_create(worker=worker, lesson=lesson, defaults={"at": now})


@transaction.atomic
def save(row: Row, fields: dict[str, Any], *, by: Actor, now: datetime) -> Row:
    """Write a course, lesson, quiz or question as the form says, with the names of what changed in the audit."""
    changed = sorted(name for name, value in fields.items() if getattr(row, name) != value)
    action = "change" if row.pk else "create"
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    if changed:
        audit.record(row, action, by=by, now=now, data={"fields": changed})
    return row


def save_course(course: Course, fields: dict[str, Any], *, by: Actor, now: datetime) -> Course:
    """Write a course; a new one gets its code from the English name, numbered where that is taken."""
    course.code = course.code or _free_code(fields["name_en"])
    return save(course, fields, by=by, now=now)


def _free_code(name: str) -> str:
    base = slugify(name)[:MOST_CODE] or "course"
    taken = set(Course.objects.filter(code__startswith=base).values_list("code", flat=True))
    return base if base not in taken else next(c for n in count(2) if (c := f"{base}-{n}") not in taken)


def save_lesson(lesson: Lesson, fields: dict[str, Any], *, by: Actor, now: datetime) -> Lesson:
    """Write a lesson; a new one comes last."""
    lesson.number = lesson.number or _next_number(lesson.course)
    return save(lesson, fields, by=by, now=now)


@transaction.atomic
def save_quiz(quiz: Quiz, fields: dict[str, Any], *, by: Actor, now: datetime) -> Quiz:
    """Write the numbers of a quiz. A course that gets its first is from then on passed by it."""
    course = quiz.course
    if not quiz.code and course is not None:
        quiz.code, quiz.name_zh, quiz.name_en = course.code, course.name_zh, course.name_en
        if course.pass_rule == Course.PassRule.DESK:
            save(course, {"pass_rule": Course.PassRule.QUIZ}, by=by, now=now)
    return save(quiz, fields, by=by, now=now)


def _next_number(course: Course) -> int:
    return int(course.lessons.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def move(lesson_id: int, step: int, *, by: Actor, now: datetime) -> None:
    """One place up (-1) or down (1) among the lessons of its course; at the end it stays."""
    course_id = Lesson.objects.values_list("course_id", flat=True).get(pk=lesson_id)
    rows = list(Lesson.objects.select_for_update().filter(course=course_id).order_by("number", "pk"))
    here = next(index for index, row in enumerate(rows) if row.pk == lesson_id)
    there = min(max(here + step, 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    for number, row in enumerate(rows, start=1):
        row.number = number
    Lesson.objects.bulk_update(rows, ["number"])
    audit.record(rows[there], "move", by=by, now=now, data={"number": there + 1})


@transaction.atomic
def save_question(
    question: Question, fields: dict[str, Any], answers: Sequence[Answer], *, by: Actor, now: datetime
) -> Question:
    """Write a question with its answers. Tries that run keep the question as it was drawn.

    Raises `Invalid` for fewer than two answers, none right, or more than one right where one may be chosen.
    """
    right = sum(answer.is_right for answer in answers)
    if len(answers) < 2 or right == 0:
        raise Invalid("no_right", _("至少两个选项，其中至少一个正确。"))
    if right > 1 and fields["kind"] != Question.Kind.MULTIPLE:
        raise Invalid("many_right", _("单选和判断只能有一个正确选项。"))
    save(question, fields, by=by, now=now)
    question.options.all().delete()
    Option.objects.bulk_create(
        Option(question=question, text_zh=one.text_zh, text_en=one.text_en, is_right=one.is_right) for one in answers
    )
    return question


@transaction.atomic
def remove(row: Lesson | Question, *, by: Actor, now: datetime) -> None:
    """Take it out of use; what was read or answered stays. Raises `Conflict` for the last question of a quiz."""
    if isinstance(row, Question) and row.quiz.questions.filter(is_active=True).count() <= 1:
        raise Conflict("last_question", _("题库至少要留一道题。"))
    row.is_active = False
    row.save(update_fields=["is_active"])
    audit.record(row, "remove", by=by, now=now)


def forget(now: datetime) -> int:
    """Drop what was answered and typed longer ago than the policy keeps it; results stay. Returns how many rows."""
    since = now - timedelta(days=TrainingPolicy.current().answers_days)
    ended = AttemptQuestion.objects.filter(attempt__ends_at__lt=since).exclude(attempt__status=AttemptStatus.RUNNING)
    dropped, _rows = ended.delete()
    typed = TypingAttempt.objects.filter(ends_at__lt=since).exclude(status=TypingStatus.RUNNING).exclude(report=[])
    return dropped + typed.update(report=[])
