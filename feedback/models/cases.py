"""Cases that repair bad reviews: rounds, evidence, calls for help."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback import states
from orders.models import Client, Order

from .complaints import Complaint
from .surveys import Review


@pghistory.track(pghistory.UpdateEvent("status_changed", condition=pghistory.AnyChange("status")), fields=["status"])
class ReviewCase(models.Model):
    """A bad review or a complaint on its way to being repaired: a new 48-hour clock for every round."""

    TRANSITIONS = states.CASE

    review = models.OneToOneField(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="case")
    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="case")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="cases")
    status = models.CharField(
        _("状态"), max_length=14, choices=states.CaseStatus.choices, default=states.CaseStatus.OPEN
    )
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_cases"
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="substituted_cases"
    )
    opened_at = models.DateTimeField(_("立案时间"))
    due_at = models.DateTimeField(_("本轮截止"))
    closed_at = models.DateTimeField(_("结案时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("差评案件")
        verbose_name_plural = _("差评案件")
        ordering = ["due_at"]
        indexes = [models.Index(fields=["status", "due_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(review__isnull=True, complaint__isnull=False)
                | Q(review__isnull=False, complaint__isnull=True),
                name="case_one_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call the case."""
        return f"C{self.pk:05d}"

    @property
    def title(self) -> str:
        """What the case is about: its order, or the complaint's category."""
        if self.order is not None:
            return self.order.title
        return _t("投诉：%(category)s") % {"category": self.complaint.get_category_display() if self.complaint else ""}

    @property
    def from_worker(self) -> bool:
        """Whether a worker complained: then it is not for the client's eyes."""
        return self.complaint is not None and self.complaint.raised_by_role == Complaint.Source.WORKER

    @property
    def order_number(self) -> str:
        """The order's number; empty for a complaint about none."""
        return self.order.number if self.order else ""

    @property
    def audit_order_id(self) -> int | None:
        """Groups audit events by order."""
        return self.order_id


class CaseRound(models.Model):
    """One clock: cause, fix and report, and what the client said to it."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("已确认")
        NOT_SOLVED = "not_solved", _("未解决")
        NO_ANSWER = "no_answer", _("未答复")

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("轮次"))
    opened_at = models.DateTimeField(_("开始"))
    due_at = models.DateTimeField(_("截止"))
    cause = models.CharField(_("原因"), max_length=14, choices=states.Cause.choices, blank=True)
    cause_note = models.TextField(_("原因说明"), blank=True)
    fix = models.TextField(_("整改措施"), blank=True)
    fix_by = models.DateField(_("整改完成日"), null=True, blank=True)
    checklist = models.JSONField(_("查因清单"), null=True, blank=True)
    fix_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("整改负责人"),
    )
    fix_done_at = models.DateTimeField(_("整改完成时间"), null=True, blank=True)
    report = models.TextField(_("给客户的说明"), blank=True)
    reported_at = models.DateTimeField(_("答复客户时间"), null=True, blank=True)
    breached_at = models.DateTimeField(_("超时时间"), null=True, blank=True)
    outcome = models.CharField(_("客户答复"), max_length=10, choices=Outcome.choices, blank=True)
    outcome_note = models.TextField(_("客户说明"), blank=True)
    answered_at = models.DateTimeField(_("客户答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("案件轮次")
        verbose_name_plural = _("案件轮次")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="round_once")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"


class Evidence(models.Model):
    """A fact gathered by itself when the case opened; `data` is shown in words by its kind."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("类型"), max_length=20)
    at = models.DateTimeField(_("时间"))
    data = models.JSONField(_("数据"), default=dict)

    class Meta:
        verbose_name = _("证据")
        verbose_name_plural = _("证据")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Escalation(models.Model):
    """A call for help at 24, 40 or 48 h of a round; `sent_at` is set once, when it really was made."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="escalations")
    round = models.PositiveSmallIntegerField(_("轮次"))
    level_hours = models.PositiveSmallIntegerField(_("级别（小时）"))
    role = models.CharField(_("对象"), max_length=12)
    due_at = models.DateTimeField(_("应升级时间"))
    sent_at = models.DateTimeField(_("已升级时间"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("已无需升级"), null=True, blank=True)

    class Meta:
        verbose_name = _("升级")
        verbose_name_plural = _("升级")
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "level_hours"], name="escalation_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dropped_at__isnull=True), name="escalation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.round} {self.level_hours} h"
