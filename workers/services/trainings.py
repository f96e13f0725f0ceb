"""The writers of training tasks: set, withdrawn, passed."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from workers.models import Course, TrainingHours, TrainingTask, Worker
from workers.services import passing

Status = TrainingTask.Status


@transaction.atomic
def assign(worker: Worker, course: Course, *, due_on: date, reason: str, by: Actor, now: datetime) -> TrainingTask:
    """Ask somebody to pass a course by a day. Raises `Invalid` for a day that is over, `Conflict` if asked already."""
    if due_on < timezone.localdate(now):
        raise Invalid("past_day", _("截止日期不能早于今天。"))
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    if open_tasks().filter(worker=worker, course=course).exists():
        raise Conflict("task_exists", _("此人已有这门课的培训任务。"))
    assert by.user is not None
    task = TrainingTask.objects.create(
        worker=worker, course=course, due_on=due_on, reason=reason[:200], assigned_by=by.user, assigned_at=now
    )
    event = audit.record(task, "assign", by=by, now=now, reason=task.reason, data={"course": course.code})
    outbox.publish("trainingtask.assign", {"id": task.pk}, key=str(event.pk), now=now)
    return task


@transaction.atomic
def withdraw(task_id: int, *, by: Actor, now: datetime) -> TrainingTask:
    """Ask no longer. Raises `Conflict` once the course is passed; repeating it changes nothing."""
    task = _lock(task_id)
    if task.status == Status.DONE:
        raise Conflict("task_done", _("此培训任务已经完成。"))
    if task.status == Status.OPEN:
        _close(task, Status.WITHDRAWN, now)
        audit.record(task, "withdraw", by=by, now=now)
    return task


@transaction.atomic
def passed(task_id: int, *, score: int | None, by: Actor, now: datetime) -> TrainingTask:
    """Write down that the course was passed today; it counts for matching at once. Repeating it changes nothing.

    Raises `Conflict` for a task that was withdrawn, `Invalid` for a score outside 0–100.
    """
    task = _lock(task_id)
    if task.status == Status.DONE:
        return task
    if task.status == Status.WITHDRAWN:
        raise Conflict("task_withdrawn", _("此培训任务已撤回。"))
    passing.passed(task.worker_id, task.course, score=score, rule=TrainingHours.Rule.DESK, by=by, now=now)
    task.refresh_from_db(fields=["status", "closed_at"])
    return task


def open_tasks() -> QuerySet[TrainingTask]:
    """What is still to be done."""
    return TrainingTask.objects.filter(status=Status.OPEN)


def _close(task: TrainingTask, status: TrainingTask.Status, now: datetime) -> None:
    task.status, task.closed_at = status, now
    task.save(update_fields=["status", "closed_at"])


def _lock(task_id: int) -> TrainingTask:
    """The task, after its worker: whoever passes a course takes them in this order."""
    worker_id = TrainingTask.objects.values_list("worker_id", flat=True).get(pk=task_id)
    Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    return TrainingTask.objects.select_for_update(of=("self",), no_key=True).select_related("course").get(pk=task_id)
