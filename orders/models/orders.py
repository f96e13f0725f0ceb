"""What the client asks for."""

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders import states
from staffing.core.fields import SearchWords
from staffing.core.models import City
from staffing.core.models.policy import Policy
from workers.models import MOST_LEVEL, CertificateType, Clearance, Course, Language, ServiceType, Skill

from .clients import Client, Site
from .planning import RecurringOrder
from .profiles import GateProfile
from .turning_up import TurningUpNumbers


class Package(models.TextChoices):
    """How the people of an order are chosen (A8)."""

    STANDARD = "standard", _("标准")
    FIXED_TEAM = "fixed_team", _("固定团队 + 应急替补")
    SPECIAL_POOL = "special_pool", _("特选人才池")


# A statement at a time: a batch changes thousands, and a row's trigger costs it more than the row.
@pghistory.track(
    pghistory.UpdateEvent("status_changed", condition=pghistory.AnyChange("status"), level=pghistory.Statement),
    fields=["status"],
)
class Order(models.Model):
    """One order: its shifts, its requirements, its course.

    Response = `submitted_at` → `proposed_at` (every position has had a proposed worker);
    fill = `submitted_at` → `filled_at` (every position accepted). Both are set once, the first time.
    """

    TRANSITIONS = states.ORDER

    # the index of a client's orders, newest first, begins with it
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="orders", verbose_name=_("客户"), db_index=False
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    form_key = models.UUIDField(_("表单键"), unique=True, help_text=_("同一表单提交两次只产生一张订单"))
    title = models.CharField(_("标题"), max_length=80)
    service_type = models.CharField(_("服务类型"), max_length=20, choices=ServiceType.choices)
    remote = models.BooleanField(_("远程"), default=False)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("服务地点")
    )
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+", verbose_name=_("城市"))
    min_stars = models.DecimalField(
        _("最低星级"),
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
    )
    clearance = models.PositiveSmallIntegerField(_("背景核查"), choices=Clearance.choices, default=Clearance.NONE)
    package = models.CharField(
        _("服务套餐"), max_length=12, choices=Package.choices, default=Package.STANDARD, db_default=Package.STANDARD
    )
    special_pool = models.ForeignKey(
        GateProfile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("特选人才池"),
    )
    notes = models.TextField(_("备注"), blank=True)
    readiness = models.TextField(_("远程上岗清单"), blank=True, default="", db_default="")
    status = models.CharField(
        _("状态"), max_length=12, choices=states.OrderStatus.choices, default=states.OrderStatus.DRAFT
    )
    bill_rate = models.DecimalField(_("客户单价（元/小时）"), max_digits=7, decimal_places=2)
    estimate = models.DecimalField(_("预估费用（元）"), max_digits=12, decimal_places=2)
    created_at = models.DateTimeField(_("创建时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("首次完整推荐"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("派单时间"), null=True, blank=True)
    filled_at = models.DateTimeField(_("首次满员"), null=True, blank=True)
    completed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    recurring = models.ForeignKey(
        RecurringOrder,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
        # the constraint's index begins with it
        db_index=False,
        verbose_name=_("周期订单"),
    )
    recurring_week = models.DateField(_("所属周"), null=True, blank=True)
    cancel_fee = models.DecimalField(_("取消费用（元）"), max_digits=12, decimal_places=2, null=True, blank=True)
    starts_at = models.DateTimeField(_("最早开始"))
    ends_at = models.DateTimeField(_("最晚结束"))

    class Meta:
        verbose_name = _("订单")
        verbose_name_plural = _("订单")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["client", "-id"]),
            models.Index(fields=["status", "starts_at"]),
            models.Index(fields=["submitted_at"]),
            models.Index(fields=["client", "submitted_at"], name="order_comes_back"),
            models.Index(fields=["ends_at"], name="order_ends"),
            GinIndex(OpClass(SearchWords("title"), name="gin_trgm_ops"), name="order_search"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(remote=True) | Q(site__isnull=False), name="order_place"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="order_forward"),
            models.UniqueConstraint(
                fields=["recurring", "recurring_week"],
                condition=Q(recurring__isnull=False),
                name="one_order_a_recurring_week",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """What people call the order."""
        return f"D{self.pk:06d}"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.pk


class OrderSkill(models.Model):
    """A skill the order needs, at this level or higher."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    min_level = models.PositiveSmallIntegerField(
        _("最低等级"), validators=[MinValueValidator(1), MaxValueValidator(MOST_LEVEL)]
    )

    class Meta:
        verbose_name = _("所需技能")
        verbose_name_plural = _("所需技能")
        constraints = [models.UniqueConstraint(fields=["order", "skill"], name="order_skill_once")]

    def __str__(self) -> str:
        return f"{self.skill} ≥ {self.grade}"

    @property
    def grade(self) -> str:
        """What the level is called."""
        return self.skill.grade(self.min_level)


class OrderCertificate(models.Model):
    """A certificate the order needs, valid on the days served."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="certificates")
    type = models.ForeignKey(CertificateType, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("所需证书")
        verbose_name_plural = _("所需证书")
        constraints = [models.UniqueConstraint(fields=["order", "type"], name="order_certificate_once")]

    def __str__(self) -> str:
        return str(self.type)


class OrderCourse(models.Model):
    """A course that must have been passed, and still count on the days served."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="courses")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("要求培训")
        verbose_name_plural = _("要求培训")
        constraints = [models.UniqueConstraint(fields=["order", "course"], name="order_course_once")]

    def __str__(self) -> str:
        return str(self.course)


class OrderLanguage(models.Model):
    """A language the order needs, at this level or higher."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(Language, on_delete=models.PROTECT, related_name="+")
    min_level = models.PositiveSmallIntegerField(
        _("最低等级"), default=3, validators=[MinValueValidator(1), MaxValueValidator(MOST_LEVEL)]
    )

    class Meta:
        verbose_name = _("所需语言")
        verbose_name_plural = _("所需语言")
        constraints = [models.UniqueConstraint(fields=["order", "language"], name="order_language_once")]

    def __str__(self) -> str:
        return f"{self.language} ≥ {self.grade}"

    @property
    def grade(self) -> str:
        """What the level is called."""
        return self.language.grade(self.min_level)


class WantedShifts(models.Manager["Shift"]):
    """Every reader means the shifts that are wanted; a removed one is reached from its places alone."""

    def get_queryset(self) -> models.QuerySet["Shift"]:
        """Without those that were removed."""
        return super().get_queryset().filter(headcount__gt=0)


class Shift(models.Model):
    """A time at which `headcount` people serve: `[start_at, end_at)`.

    A shift that the client takes out of a submitted order keeps its row, with nobody wanted: what happened on it
    (offers, bookings, matching) stays true.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shifts")
    start_at = models.DateTimeField(_("开始"))
    end_at = models.DateTimeField(_("结束"))
    headcount = models.PositiveSmallIntegerField(_("人数"), validators=[MinValueValidator(1), MaxValueValidator(200)])
    objects: ClassVar[WantedShifts] = WantedShifts()

    class Meta:
        verbose_name = _("班次")
        verbose_name_plural = _("班次")
        ordering = ["start_at", "id"]
        indexes = [models.Index(fields=["start_at"])]
        constraints = [models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="shift_forward")]

    def __str__(self) -> str:
        return f"{self.start_at:%Y-%m-%d %H:%M} × {self.headcount}"


class SwapRule(models.TextChoices):
    """Who has the last word on a swap."""

    AUTO = "auto", _("有人接手即生效")
    DISPATCHER = "dispatcher", _("由调度批准")


class OrderPolicy(TurningUpNumbers, Policy):
    """Numbers about orders, offers and attendance."""

    offer_minutes = models.PositiveSmallIntegerField(_("派单答复时限（分钟）"), default=60)
    urgent_offer_minutes = models.PositiveSmallIntegerField(_("紧急派单答复时限（分钟）"), default=10)
    urgent_within_minutes = models.PositiveSmallIntegerField(_("开始前多久算紧急（分钟）"), default=120)
    wave_size = models.PositiveSmallIntegerField(
        _("找替补时每轮邀请人数"), default=3, db_default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    wave_minutes = models.PositiveSmallIntegerField(
        _("多久后邀请下一轮（分钟）"), default=5, db_default=5, validators=[MinValueValidator(1)]
    )
    no_show_minutes = models.PositiveSmallIntegerField(_("迟到多久算未到岗（分钟）"), default=15)
    ready_minutes = models.PositiveSmallIntegerField(_("替补出发前准备（分钟）"), default=15, db_default=15)
    arrival_minutes = models.PositiveSmallIntegerField(_("路程不明时替补赶到时间（分钟）"), default=60)
    seek_again_minutes = models.PositiveSmallIntegerField(_("找不到人时多久再找（分钟）"), default=10)
    lapsed_again_minutes = models.PositiveSmallIntegerField(
        _("没有别人时，未答复者多久后可再次邀请（分钟）"), default=60, db_default=60
    )
    seek_seldom_minutes = models.PositiveSmallIntegerField(
        _("仍找不到且不急时多久再找（分钟）"), default=120, db_default=120
    )
    replacement_until_minutes = models.PositiveSmallIntegerField(_("班次结束前多久停止找替补（分钟）"), default=60)
    check_in_from_minutes = models.PositiveSmallIntegerField(_("最早提前签到（分钟）"), default=90)
    forgotten_check_out_hours = models.PositiveSmallIntegerField(_("班次结束后多久自动签退（小时）"), default=4)
    timesheet_auto_approve_hours = models.PositiveSmallIntegerField(_("工时自动批准（小时）"), default=48)
    response_target_minutes = models.PositiveSmallIntegerField(_("响应目标（分钟）"), default=30)
    max_shift_hours = models.PositiveSmallIntegerField(_("单班最长（小时）"), default=12)
    max_days_ahead = models.PositiveSmallIntegerField(_("最多提前多少天下单"), default=90)
    free_change_hours = models.PositiveSmallIntegerField(
        _("开始前多少小时以上可免费取消或减人"), default=24, db_default=24
    )
    late_cancel_percent = models.PositiveSmallIntegerField(
        _("之后取消收取费用的百分比"), default=30, db_default=30, validators=[MaxValueValidator(100)]
    )
    last_cancel_hours = models.PositiveSmallIntegerField(_("开始前多少小时以内按临时取消计"), default=2, db_default=2)
    last_cancel_percent = models.PositiveSmallIntegerField(
        _("临时取消收取费用的百分比"), default=100, db_default=100, validators=[MaxValueValidator(100)]
    )
    change_until_minutes = models.PositiveSmallIntegerField(_("开始前多少分钟停止修改"), default=60, db_default=60)
    recurring_hour = models.PositiveSmallIntegerField(
        _("周期订单在当天几点下单"), default=8, db_default=8, validators=[MaxValueValidator(23)]
    )
    risk_due_minutes = models.PositiveSmallIntegerField(_("开始前多少分钟仍未到岗算有风险"), default=10, db_default=10)
    risk_leave_minutes = models.PositiveSmallIntegerField(
        _("应出发后多少分钟仍未出发算有风险"), default=5, db_default=5
    )
    risk_far_km = models.PositiveSmallIntegerField(_("住处多远算有风险（公里）"), default=15, db_default=15)
    risk_often_late = models.PositiveSmallIntegerField(_("迟到多少次算经常"), default=3, db_default=3)
    risk_history_days = models.PositiveSmallIntegerField(_("到岗记录看最近多少天"), default=90, db_default=90)
    open_shift_hours = models.PositiveSmallIntegerField(
        _("开始前多少小时起公开空缺班次（0 为立即）"), default=72, db_default=72
    )
    claim_undo_minutes = models.PositiveSmallIntegerField(_("自选班次可撤回（分钟）"), default=5, db_default=5)
    swap_rule = models.CharField(
        _("换班规则"),
        max_length=12,
        choices=SwapRule.choices,
        default=SwapRule.DISPATCHER,
        db_default=SwapRule.DISPATCHER,
    )
    swap_until_hours = models.PositiveSmallIntegerField(_("换班须在开始前多少小时完成"), default=6, db_default=6)
    swap_asked = models.PositiveSmallIntegerField(_("换班时通知多少人"), default=10, db_default=10)
    strike_hours = models.PositiveSmallIntegerField(_("开始前多少小时以内取消记一次违约"), default=24, db_default=24)
    appeal_days = models.PositiveSmallIntegerField(_("违约后多少天内可申诉"), default=14, db_default=14)
    accuracy_cap_m = models.PositiveSmallIntegerField(_("定位误差最多计入（米）"), default=100)
    position_retention_days = models.PositiveSmallIntegerField(_("位置数据保留（天）"), default=30)
    training_demand_days = models.PositiveSmallIntegerField(
        _("培训需求看今后多少天的班次"), default=28, db_default=28, validators=[MinValueValidator(1)]
    )
    batch_days = models.PositiveSmallIntegerField(_("统一优化的班次范围（天）"), default=7, db_default=7)
    batch_minutes = models.PositiveSmallIntegerField(_("统一优化最短间隔（分钟）"), default=5, db_default=5)
    batch_seconds = models.PositiveSmallIntegerField(_("统一优化限时（秒）"), default=20, db_default=20)
    masks_retention_days = models.PositiveSmallIntegerField(_("全员淘汰理由保留（天）"), default=90, db_default=90)
    calendar_past_days = models.PositiveSmallIntegerField(_("日历中保留过去多少天的班次"), default=30, db_default=30)
    calendar_cancelled_days = models.PositiveSmallIntegerField(
        _("日历中保留已取消班次多少天"), default=14, db_default=14
    )
    calendar_refresh_minutes = models.PositiveSmallIntegerField(
        _("建议日历多久刷新（分钟）"), default=15, db_default=15
    )
    calendar_reads_an_hour = models.PositiveSmallIntegerField(
        _("每个日历每小时最多读取次数"), default=60, db_default=60
    )
    calendar_first_alarm_hours = models.PositiveSmallIntegerField(
        _("日历第一次提醒提前（小时）"), default=24, db_default=24
    )
    calendar_last_alarm_minutes = models.PositiveSmallIntegerField(
        _("日历最后一次提醒提前（分钟）"), default=120, db_default=120
    )

    class Meta:
        verbose_name = _("订单与到岗参数")
        verbose_name_plural = _("订单与到岗参数")


class BatchLook(models.Model):
    """What the last batch had before it: one row. Written when the batch is over, so a killed one is run again.

    `seen` and `own` say up to where the log of the pool's changes was read (`workers.pool_changes.Seen`),
    `places` is the digest of the places that could be moved.
    """

    seen = models.TextField(_("已读变动"))
    own = models.CharField(_("自身事务"), max_length=20, blank=True, default="")
    places = models.CharField(_("名额摘要"), max_length=64)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("统一优化进度")
        verbose_name_plural = _("统一优化进度")

    def __str__(self) -> str:
        return self.places
