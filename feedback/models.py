"""Surveys, reviews and the cases that repair bad ones."""

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback import states
from orders.models import Assignment, Client, Order
from staffing.core.models.policy import Policy

STARS = [MinValueValidator(1), MaxValueValidator(5)]


class Survey(models.Model):
    """The question to the client after a service; its link is signed and needs no login."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="survey")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="surveys")
    nonce = models.CharField(max_length=43, unique=True)
    sent_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("满意度调查")
        verbose_name_plural = _("满意度调查")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.order_id}"


class Review(models.Model):
    """The client's answer, 1 (very bad) to 5 (very good)."""

    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="review")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="review")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="reviews")
    overall = models.PositiveSmallIntegerField(_("总体满意度"), validators=STARS)
    attendance = models.PositiveSmallIntegerField(_("到岗"), validators=STARS)
    skill_match = models.PositiveSmallIntegerField(_("技能匹配"), validators=STARS)
    attitude = models.PositiveSmallIntegerField(_("服务态度"), validators=STARS)
    solved = models.BooleanField(_("问题已解决"), default=True)
    order_again = models.BooleanField(_("愿意再次下单"), null=True)
    comment = models.TextField(_("评价"), blank=True)
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.order_id} {self.overall}"


class WorkerRating(models.Model):
    """Stars for one person of the service."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="ratings")
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("评分"), validators=STARS)

    class Meta:
        verbose_name = _("人员评分")
        verbose_name_plural = _("人员评分")

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.stars}"


@pghistory.track(pghistory.UpdateEvent("status_changed", condition=pghistory.AnyChange("status")), fields=["status"])
class ReviewCase(models.Model):
    """A bad review on its way to being repaired: a new 48-hour clock for every round."""

    TRANSITIONS = states.CASE

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="case")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="cases")
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

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call the case."""
        return f"C{self.pk:05d}"

    @property
    def audit_order_id(self) -> int:
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


class LoopPolicy(Policy):
    """Numbers about surveys and the 48-hour loop."""

    survey_valid_days = models.PositiveSmallIntegerField(_("调查有效（天）"), default=14)
    survey_reminder_hours = models.PositiveSmallIntegerField(_("调查提醒（小时后）"), default=48)
    bad_overall = models.PositiveSmallIntegerField(_("总体评分不高于此为差评"), default=2)
    bad_dimension = models.PositiveSmallIntegerField(_("任一维度不高于此为差评"), default=1)
    due_hours = models.PositiveSmallIntegerField(_("整改时限（小时）"), default=48)
    owner_hours = models.PositiveSmallIntegerField(_("升级至负责人（小时）"), default=24)
    substitute_hours = models.PositiveSmallIntegerField(_("升级至替补负责人（小时）"), default=40)
    manager_hours = models.PositiveSmallIntegerField(_("升级至经理（小时）"), default=48)
    answer_days = models.PositiveSmallIntegerField(_("客户未答复多久结案（天）"), default=7)

    class Meta:
        verbose_name = _("满意度闭环参数")
        verbose_name_plural = _("满意度闭环参数")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_hours__gt=0)
                & Q(substitute_hours__gt=F("owner_hours"))
                & Q(manager_hours__gt=F("substitute_hours"))
                & Q(due_hours__gt=0, answer_days__gt=0),
                name="escalation_hours_increase",
                violation_error_message=_("升级时间须依次递增，且均大于 0。"),
            ),
        ]
