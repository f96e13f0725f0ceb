"""What a client keeps to order again: half-filled forms, templates, orders that repeat."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .clients import Client


class FormDraft(models.Model):
    """An order form as it was typed so far, word for word; it is gone once the order has been written."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_drafts")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    form_key = models.UUIDField(_("表单键"), unique=True)
    title = models.CharField(_("标题"), max_length=80, blank=True)
    data = models.TextField(_("内容"), help_text="application/x-www-form-urlencoded")
    updated_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("未提交的表单")
        verbose_name_plural = _("未提交的表单")
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return f"{self.title} ({self.user_id})"


class OrderTemplate(models.Model):
    """An order without its dates, under a name.

    `values`: the form's fields by name; `shifts`: list of `{"day", "start", "end", "headcount"}` with `day` counted
    from the first day of the order (0) and times as `HH:MM`.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(_("模板名称"), max_length=60)
    values = models.JSONField(_("内容"))
    shifts = models.JSONField(_("班次"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("创建时间"))
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    class Meta:
        verbose_name = _("订单模板")
        verbose_name_plural = _("订单模板")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="template_name_once")]

    def __str__(self) -> str:
        return self.name


class RecurringOrder(models.Model):
    """A template that orders itself for every week from `first_week` to `last_week` (Mondays, both included).

    The order for a week is written and submitted `days_ahead` days before that Monday. `weekdays` (0 = Monday) say on
    which days the template's first day is served.
    """

    template = models.ForeignKey(OrderTemplate, on_delete=models.PROTECT, related_name="recurring")
    weekdays = models.JSONField(_("星期"))
    first_week = models.DateField(_("第一周"))
    last_week = models.DateField(_("最后一周"), null=True, blank=True)
    days_ahead = models.PositiveSmallIntegerField(_("提前几天下单"), default=7)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("创建时间"))
    stopped_at = models.DateTimeField(_("停止时间"), null=True, blank=True)
    problem = models.CharField(_("最近一次未能下单的原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("周期订单")
        verbose_name_plural = _("周期订单")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_week__isnull=True) | Q(last_week__gte=F("first_week")), name="recurring_forward"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.first_week})"
