"""The one writer of "passed": the course counts, tasks are done, a certificate is issued, paid time is noted."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, money, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Invalid
from workers.models import (
    Course,
    IssuedCertificate,
    Language,
    Skill,
    TrainingHours,
    TrainingPolicy,
    TrainingTask,
    Worker,
    WorkerCourse,
)
from workers.models.people import Attested
from workers.services import qualifications

Rule = TrainingHours.Rule
# Enough that nobody meets one by trying: 192 random bits.
CODE_BYTES = 24


@transaction.atomic
def passed(worker_id: int, course: Course, *, score: int | None, rule: str, by: Actor, now: datetime) -> WorkerCourse:
    """Write down that the course was passed today; it counts for matching at once. The same day again changes nothing.

    `score` in percent, `rule` the `TrainingHours.Rule` by which it is paid. Raises `Invalid` for a score that is none.
    """
    if score is not None and not 0 <= score <= 100:
        raise Invalid("bad_score", _("成绩须在 0 到 100 之间。"))
    today = timezone.localdate(now)
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    held = WorkerCourse.objects.filter(worker=worker, course=course).first()
    if held is None or held.passed_on != today:
        held = _write(worker, course, score, today)
        certificate = _issue(held)
        _pay(held, rule)
        told = {"course": course.code, "score": score, "rule": str(rule), "certificate": certificate.number}
        audit.record(worker, "pass_course", by=by, now=now, data=told)
        outbox.publish("course.passed", {"id": certificate.pk}, key=str(certificate.pk), now=now)
    _close_tasks(worker, course, score, by, now)
    return held


def _write(worker: Worker, course: Course, score: int | None, today: date) -> WorkerCourse:
    until = today + timedelta(days=course.valid_days) if course.valid_days else None
    values = {"passed_on": today, "valid_until": until, "score": score}
    return WorkerCourse.objects.update_or_create(worker=worker, course=course, defaults=values)[0]


def _issue(held: WorkerCourse) -> IssuedCertificate:
    code = secrets.token_urlsafe(CODE_BYTES)
    fields = {"code": code, "number": code[:20], "valid_until": held.valid_until, "score": held.score}
    row = IssuedCertificate.objects.create(
        worker_id=held.worker_id, course_id=held.course_id, issued_on=held.passed_on, **fields
    )
    row.number = f"LK{held.passed_on:%Y}{row.pk:06d}"
    row.save(update_fields=["number"])
    return row


def _pay(held: WorkerCourse, rule: str) -> None:
    """Once for each time that it is passed."""
    minutes = held.course.paid_minutes
    if minutes:
        rate = TrainingPolicy.current().hour_pay
        TrainingHours.objects.create(
            worker_id=held.worker_id,
            course_id=held.course_id,
            rule=rule,
            earned_on=held.passed_on,
            minutes=minutes,
            rate=rate,
            amount=money.for_minutes(rate, minutes),
        )


def _close_tasks(worker: Worker, course: Course, score: int | None, by: Actor, now: datetime) -> None:
    rows = TrainingTask.objects.select_for_update(no_key=True)
    for task in rows.filter(worker=worker, course=course, status=TrainingTask.Status.OPEN):
        task.status, task.closed_at = TrainingTask.Status.DONE, now
        task.save(update_fields=["status", "closed_at"])
        audit.record(task, "pass", by=by, now=now, data={"score": score})


def renewable_from(held: WorkerCourse | None, renew_days: int) -> date | None:
    """From which day the course may be passed (again): None never, as it holds for good; `date.min` at once."""
    if held is None:
        return date.min
    return None if held.valid_until is None else held.valid_until - timedelta(days=renew_days)


def graded(
    worker: Worker, brings: Skill | Language, level: int, *, valid_days: int | None, by: Actor, now: datetime
) -> None:
    """Write the level that a test has shown, good for `valid_days` (None: for good).

    What was verified before stays as long as it holds, if it is higher.
    """
    today = timezone.localdate(now)
    rows: Any = worker.skills.filter(skill=brings) if isinstance(brings, Skill) else _spoken(worker, brings)
    held = rows.first()
    if held is not None and held.level > level and qualifications.holds(held, today):
        return
    until = today + timedelta(days=valid_days) if valid_days else None
    attained: dict[str, Any] = {"verified_by": None, "valid_until": until, "source": Attested.Source.TEST}
    if isinstance(brings, Skill):
        qualifications.grade(worker, brings, level, **attained, by=by, now=now)
    else:
        qualifications.speak(worker, brings, level, **attained, by=by, now=now)


def _spoken(worker: Worker, language: Language) -> Any:
    return worker.languages.filter(language=language)
