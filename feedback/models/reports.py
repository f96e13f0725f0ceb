"""Reports that go out by themselves: the day to client and managers, the week to managers."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Client


class ReportNumbers(models.Model):
    """The part of `LoopPolicy` about reports and insight."""

    report_hour = models.PositiveSmallIntegerField(
        _("早上几点发日报和周报"), default=8, db_default=8, validators=[MaxValueValidator(23)]
    )
    report_back_days = models.PositiveSmallIntegerField(
        _("中断后最多补发多少天的日报"), default=7, db_default=7, validators=[MinValueValidator(1)]
    )
    weekly_sample = models.PositiveSmallIntegerField(
        _("周报中的指标至少要多少样本"), default=10, db_default=10, validators=[MinValueValidator(2)]
    )
    insight_likeness_percent = models.PositiveSmallIntegerField(
        _("洞察内容多相似（%）自动归为一组"), default=45, db_default=45, validators=[MaxValueValidator(100)]
    )

    class Meta:
        abstract = True


class DailyReport(models.Model):
    """Yesterday of one client, or of the house (no client), as it stood when the report was made."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, blank=True, related_name="daily_reports")
    day = models.DateField(_("日期"))
    figures = models.JSONField(_("数据"), default=dict)
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = _("日报")
        verbose_name_plural = _("日报")
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["client", "day"], nulls_distinct=False, name="one_daily_report")]

    def __str__(self) -> str:
        return f"{self.client_id or ''} {self.day}"


class WeeklyReport(models.Model):
    """What changed most in a week against the one before it."""

    monday = models.DateField(_("周一"), unique=True)
    changes = models.JSONField(_("变化"), default=list)
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = _("周报")
        verbose_name_plural = _("周报")
        ordering = ["-monday"]

    def __str__(self) -> str:
        return f"{self.monday}"


class ReportChoice(models.Model):
    """Whether somebody wants the reports; without a row they do."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="report_choice")
    daily = models.BooleanField(_("接收日报"), default=True)
    weekly = models.BooleanField(_("接收周报"), default=True)

    class Meta:
        verbose_name = _("报告订阅")
        verbose_name_plural = _("报告订阅")

    def __str__(self) -> str:
        return f"{self.user_id}"
