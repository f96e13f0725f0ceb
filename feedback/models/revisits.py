"""Planned call-backs to clients (回访) and what each call brought."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback import states
from orders.models import Client


class RevisitNumbers(models.Model):
    """The part of `LoopPolicy` about calling clients back: so many days after the last service, order or call."""

    revisit_normal_days = models.PositiveSmallIntegerField(
        _("普通客户多少天回访（0 为不回访）"), default=60, db_default=60
    )
    revisit_important_days = models.PositiveSmallIntegerField(
        _("重要客户多少天回访（0 为不回访）"), default=30, db_default=30
    )
    revisit_key_days = models.PositiveSmallIntegerField(
        _("高价值客户多少天回访（0 为不回访）"), default=14, db_default=14
    )
    revisit_retry_days = models.PositiveSmallIntegerField(
        _("未接通后多少天再次回访"), default=2, db_default=2, validators=[MinValueValidator(1)]
    )

    class Meta:
        abstract = True

    @property
    def revisit_days(self) -> dict[int, int]:
        """Days by the client's value; 0 for none."""
        return {
            Client.Value.NORMAL: self.revisit_normal_days,
            Client.Value.IMPORTANT: self.revisit_important_days,
            Client.Value.KEY: self.revisit_key_days,
        }


class Revisit(models.Model):
    """One call-back that is planned, done, or no longer wanted; a client has at most one that is planned."""

    TRANSITIONS = states.REVISIT

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="revisits")
    status = models.CharField(
        _("状态"), max_length=8, choices=states.RevisitStatus.choices, default=states.RevisitStatus.PLANNED
    )
    due_on = models.DateField(_("计划日期"))
    tries = models.PositiveSmallIntegerField(_("未接通次数"), default=0)
    planned_at = models.DateTimeField(_("计划时间"))
    closed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("回访")
        verbose_name_plural = _("回访")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["status", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(status="planned"), name="one_planned_revisit")
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.due_on}"


class RevisitCall(models.Model):
    """One call: who, when, how it ended, and when to call next."""

    class Outcome(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        ISSUE = "issue", _("有问题")
        WANTS_OFFER = "wants_offer", _("希望报价")
        NOT_REACHED = "not_reached", _("未接通")

    revisit = models.ForeignKey(Revisit, on_delete=models.PROTECT, related_name="calls")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome.choices)
    note = models.TextField(_("记录"), blank=True)
    next_on = models.DateField(_("下次回访"), null=True, blank=True)
    form_key = models.UUIDField(_("表单键"), unique=True)

    class Meta:
        verbose_name = _("回访记录")
        verbose_name_plural = _("回访记录")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.revisit_id} {self.outcome}"
