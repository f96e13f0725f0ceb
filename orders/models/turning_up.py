"""What is known of people on their way to a shift: the numbers of turning up, and calls to whoever is missing."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class TurningUpNumbers(models.Model):
    """The part of `OrderPolicy` about confirming before a shift, setting out, reliability and the reserve bench."""

    confirm_from_hours = models.PositiveSmallIntegerField(
        _("开始前多少小时起可确认到岗"), default=24, db_default=24, validators=[MinValueValidator(1)]
    )
    confirm_until_hours = models.PositiveSmallIntegerField(_("开始前多少小时仍未确认算有风险"), default=4, db_default=4)
    confirm_again_hours = models.PositiveSmallIntegerField(
        _("开始前多少小时再次提醒确认"), default=6, db_default=6, validators=[MinValueValidator(1)]
    )
    confirm_answer_minutes = models.PositiveSmallIntegerField(
        _("再次提醒后至少等多久才释放（分钟）"), default=60, db_default=60
    )
    auto_release_unconfirmed = models.BooleanField(_("未确认者到时自动释放并找替补"), default=True, db_default=True)
    auto_release_hours = models.PositiveSmallIntegerField(
        _("开始前多少小时释放未确认者"), default=2, db_default=2, validators=[MinValueValidator(1)]
    )
    quiet_from_hour = models.PositiveSmallIntegerField(
        _("夜间几点起不再发确认提醒"), default=22, db_default=22, validators=[MaxValueValidator(23)]
    )
    quiet_until_hour = models.PositiveSmallIntegerField(
        _("早上几点起恢复确认提醒"), default=8, db_default=8, validators=[MaxValueValidator(23)]
    )
    remind_minutes = models.PositiveSmallIntegerField(_("开始前多少分钟提醒出发"), default=120, db_default=120)
    set_out_from_minutes = models.PositiveSmallIntegerField(
        _("开始前多少分钟起可报告已出发"), default=180, db_default=180
    )
    reliability_start = models.PositiveSmallIntegerField(
        _("可靠度起始值"), default=80, db_default=80, validators=[MaxValueValidator(100)]
    )
    reliability_start_weight = models.PositiveSmallIntegerField(
        _("可靠度起始值相当于多少次到岗"), default=5, db_default=5, validators=[MinValueValidator(1)]
    )
    reliability_half_life_days = models.PositiveSmallIntegerField(
        _("可靠度中多少天前的记录只算一半"), default=60, db_default=60, validators=[MinValueValidator(1)]
    )
    reliability_late_percent = models.PositiveSmallIntegerField(
        _("迟到到岗计多少可靠度"), default=60, db_default=60, validators=[MaxValueValidator(100)]
    )
    bench_loss_percent = models.PositiveSmallIntegerField(
        _("预计多少比例的人不到岗（%）"), default=10, db_default=10, validators=[MaxValueValidator(100)]
    )
    bench_loss_weight = models.PositiveSmallIntegerField(
        _("预计比例相当于多少次实际记录"), default=50, db_default=50, validators=[MinValueValidator(1)]
    )
    bench_cover_percent = models.PositiveSmallIntegerField(
        _("候补够用的把握（%）"), default=95, db_default=95, validators=[MaxValueValidator(99)]
    )
    bench_hours = models.PositiveSmallIntegerField(
        _("候补每段时长（小时）"),
        default=4,
        db_default=4,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    bench_plan_hour = models.PositiveSmallIntegerField(
        _("前一天几点安排候补"), default=18, db_default=18, validators=[MaxValueValidator(23)]
    )
    bench_recount_minutes = models.PositiveSmallIntegerField(
        _("预订有变化时最多每多少分钟重算候补"), default=30, db_default=30, validators=[MinValueValidator(1)]
    )
    bench_answer_minutes = models.PositiveSmallIntegerField(
        _("候补邀请答复时限（分钟）"), default=120, db_default=120, validators=[MinValueValidator(1)]
    )
    bench_pay_rate = models.DecimalField(
        _("候补待命补贴（元/小时）"), max_digits=7, decimal_places=2, default=Decimal(6), db_default=Decimal(6)
    )

    class Meta:
        abstract = True


class CallNote(models.Model):
    """A dispatcher called somebody who is booked, and what came of it. Notes are added, never changed."""

    class Outcome(models.TextChoices):
        CAME = "came", _("已到现场")
        COMING = "coming", _("会来")
        NOT_COMING = "not_coming", _("不来了")
        NO_ANSWER = "no_answer", _("没接通")

    assignment = models.ForeignKey("orders.Assignment", on_delete=models.CASCADE, related_name="calls")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("致电人")
    )
    at = models.DateTimeField(_("致电时间"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("致电记录")
        verbose_name_plural = _("致电记录")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.outcome}"
