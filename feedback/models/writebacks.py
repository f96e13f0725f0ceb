"""What a repair changes for good, so that the same does not happen again."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback import states
from orders.models import Client, Order
from workers.models import TrainingTask, Worker

from .cases import ReviewCase


class CreditNote(models.Model):
    """Money given back for a bad service; above the policy's limit a second person decides."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待复核")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("已拒绝")
        WITHDRAWN = "withdrawn", _("已撤回")

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="credits")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="credits")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="credits")
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2, validators=[MinValueValidator(1)])
    reason = models.CharField(_("理由"), max_length=200)
    status = models.CharField(_("状态"), max_length=9, choices=Status.choices)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("补偿单")
        verbose_name_plural = _("补偿单")
        ordering = ["-requested_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="credit_positive")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it."""
        return f"CN{self.pk:05d}"

    @property
    def audit_order_id(self) -> int | None:
        """Groups audit events by order."""
        return self.order_id


class WriteBack(models.Model):
    """One thing that a repair changed: what was asked (`data`), and what is needed to take it back (`undo`).

    `data` holds ids and names as they were then; which keys it has is said by its kind, see `feedback.writebacks`.
    """

    class Kind(models.TextChoices):
        GATE = "gate", _("收紧要求")
        DO_NOT_SEND = "do_not_send", _("不再派遣")
        TRAINING = "training", _("培训任务")
        BACKUPS = "backups", _("增加候补")
        BRIEFING = "briefing", _("补充上岗须知")
        CREDIT = "credit", _("补偿")

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="writebacks")
    round = models.PositiveSmallIntegerField(_("轮次"))
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    cause = models.CharField(_("原因"), max_length=14, choices=states.Cause.choices, blank=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="writebacks")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    training = models.OneToOneField(
        TrainingTask, on_delete=models.SET_NULL, null=True, blank=True, related_name="writeback"
    )
    credit = models.OneToOneField(CreditNote, on_delete=models.PROTECT, null=True, blank=True, related_name="writeback")
    data = models.JSONField(_("内容"), default=dict)
    undo = models.JSONField(_("撤回所需"), default=dict)
    form_key = models.UUIDField(_("表单键"), unique=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(_("生效时间"))
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reverted_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("整改落地")
        verbose_name_plural = _("整改落地")
        ordering = ["-applied_at", "-id"]
        indexes = [models.Index(fields=["applied_at"], name="writeback_applied")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def audit_order_id(self) -> int | None:
        """Groups audit events by order."""
        return self.case.order_id
