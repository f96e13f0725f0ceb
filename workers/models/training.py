"""Courses that somebody is to pass by a day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TrainingTask(models.Model):
    """A course that a worker was asked to pass by `due_on`."""

    class Status(models.TextChoices):
        OPEN = "open", _("待完成")
        DONE = "done", _("已完成")
        WITHDRAWN = "withdrawn", _("已撤回")

    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="training_tasks")
    course = models.ForeignKey("workers.Course", on_delete=models.PROTECT, related_name="+", verbose_name=_("培训课程"))
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    due_on = models.DateField(_("截止日期"))
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(_("布置时间"))
    status = models.CharField(_("状态"), max_length=9, choices=Status.choices, default=Status.OPEN)
    closed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("培训任务")
        verbose_name_plural = _("培训任务")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "course"], condition=Q(status="open"), name="one_open_task_a_course"
            )
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.course_id} {self.due_on}"
