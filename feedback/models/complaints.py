"""Complaints: what anybody says is wrong, at any time, about an order or about nothing in particular."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, Client, Order


class Complaint(models.Model):
    """One complaint. Each opens a case, as a bad review does."""

    class Source(models.TextChoices):
        CLIENT = "client", _("客户")
        WORKER = "worker", _("员工")
        PHONE = "phone", _("来电")

    class Category(models.TextChoices):
        ATTENDANCE = "attendance", _("到岗")
        SKILL = "skill", _("技能")
        ATTITUDE = "attitude", _("态度")
        COMMUNICATION = "communication", _("沟通")
        COST = "cost", _("费用")
        OTHER = "other", _("其他")

    class Severity(models.IntegerChoices):
        LOW = 1, _("一般")
        HIGH = 2, _("较重")
        URGENT = 3, _("严重")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="complaints", verbose_name=_("客户"))
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("订单")
    )
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("上岗安排"),
    )
    raised_by_role = models.CharField(_("来源"), max_length=8, choices=Source.choices)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    caller = models.CharField(_("来电人"), max_length=80, blank=True)
    category = models.CharField(_("类别"), max_length=14, choices=Category.choices)
    severity = models.PositiveSmallIntegerField(_("严重程度"), choices=Severity.choices, default=Severity.LOW)
    text = models.TextField(_("内容"))
    at = models.DateTimeField(_("时间"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Where the sender is a worker: whether the client may know it.
    may_name = models.BooleanField(_("可向客户透露姓名"), default=False, db_default=False)
    fees = models.JSONField(_("费用明细"), default=list, blank=True, db_default=models.Value([], models.JSONField()))
    form_key = models.UUIDField(_("表单编号"), null=True, blank=True)
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("投诉")
        verbose_name_plural = _("投诉")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="complaint_at")]
        constraints = [
            models.CheckConstraint(condition=models.Q(severity__range=(1, 3)), name="complaint_severity"),
            models.UniqueConstraint(fields=["form_key"], name="complaint_form_once"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.category}"

    @property
    def audit_order_id(self) -> int | None:
        """Groups audit events by order."""
        return self.order_id
