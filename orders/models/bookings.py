"""From a place to be filled to approved hours."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from orders import states
from workers.models import Worker

from .matching import MatchShift
from .orders import Shift


class Rounding(models.TextChoices):
    """How worked minutes are rounded; the arithmetic is in `orders.hours`."""

    MINUTE = "minute", _("精确到分钟")
    NEAREST_5 = "nearest_5", _("四舍五入到 5 分钟")
    NEAREST_15 = "nearest_15", _("四舍五入到 15 分钟")
    DOWN_15 = "down_15", _("舍去不足 15 分钟的部分")


class TsTzRange(Func):
    """`tstzrange(start, end, '[)')`."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


# A statement at a time: a batch changes thousands, and a row's trigger costs it more than the row.
@pghistory.track(
    pghistory.UpdateEvent("status_changed", condition=pghistory.AnyChange("status"), level=pghistory.Statement),
    fields=["status"],
)
class Position(models.Model):
    """One of `headcount` places of a shift, with the engine's (or the dispatcher's) choice for it."""

    TRANSITIONS = states.POSITION

    # the index of `position_once` begins with it
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="positions", db_index=False)
    number = models.PositiveSmallIntegerField(_("序号"))
    status = models.CharField(
        _("状态"), max_length=12, choices=states.PositionStatus.choices, default=states.PositionStatus.OPEN
    )
    proposed_worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    backup_worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    score = models.PositiveSmallIntegerField(_("得分"), null=True, blank=True, validators=[MaxValueValidator(1000)])
    match = models.ForeignKey(MatchShift, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    chosen_by_hand = models.BooleanField(_("人工指定"), default=False)
    novice = models.BooleanField(_("留给新人"), default=False, db_default=False)
    urgent = models.BooleanField(_("紧急替补"), default=False)
    wave = models.PositiveSmallIntegerField(
        _("进行中的轮次"), default=0, db_default=0, help_text=_("同时邀请多人时是最近一轮的轮次，否则为 0")
    )

    class Meta:
        verbose_name = _("岗位名额")
        verbose_name_plural = _("岗位名额")
        ordering = ["shift_id", "number"]
        indexes = [models.Index(fields=["status"])]
        constraints = [models.UniqueConstraint(fields=["shift", "number"], name="position_once")]

    def __str__(self) -> str:
        return f"{self.shift_id}/{self.number}"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.shift.order_id


@pghistory.track(pghistory.UpdateEvent("status_changed", condition=pghistory.AnyChange("status")), fields=["status"])
class Offer(models.Model):
    """One question to one worker, answered until `expires_at`.

    Several may be asked for one place at once: those of one `wave`, and of the waves before it.
    """

    TRANSITIONS = states.OFFER

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="offers")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="offers")
    status = models.CharField(
        _("状态"), max_length=12, choices=states.OfferStatus.choices, default=states.OfferStatus.PENDING
    )
    wave = models.PositiveSmallIntegerField(_("轮次"), default=1)
    score = models.PositiveSmallIntegerField(_("得分"), null=True, blank=True)
    pay_rate = models.DecimalField(_("时薪"), max_digits=7, decimal_places=2)
    sent_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("答复截止"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("派单")
        verbose_name_plural = _("派单")
        ordering = ["expires_at", "id"]
        indexes = [models.Index(fields=["worker", "status"])]
        constraints = [
            models.UniqueConstraint(
                fields=["position", "worker"], condition=Q(status=states.OfferStatus.PENDING), name="pending_offer_once"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="offer_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} → {self.worker_id}"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.position.shift.order_id


@pghistory.track(pghistory.UpdateEvent("status_changed", condition=pghistory.AnyChange("status")), fields=["status"])
class Assignment(models.Model):
    """A worker booked on a position. The database itself refuses two active ones at the same time."""

    TRANSITIONS = states.ASSIGNMENT

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="assignments")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="assignments")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="assignment")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    status = models.CharField(
        _("状态"), max_length=12, choices=states.AssignmentStatus.choices, default=states.AssignmentStatus.BOOKED
    )
    start_at = models.DateTimeField(_("开始"))
    end_at = models.DateTimeField(_("结束"))
    pay_rate = models.DecimalField(_("时薪"), max_digits=7, decimal_places=2)
    bill_rate = models.DecimalField(_("客户单价"), max_digits=7, decimal_places=2)
    booked_at = models.DateTimeField(_("接单时间"))
    checked_in_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    checked_out_at = models.DateTimeField(_("签退时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认到岗时间"), null=True, blank=True)
    departed_at = models.DateTimeField(_("出发时间"), null=True, blank=True)
    warned_at = models.DateTimeField(
        _("再次提醒确认的时间"), null=True, blank=True, help_text=_("提醒中说明：不确认则名额转给他人")
    )

    class Meta:
        verbose_name = _("上岗安排")
        verbose_name_plural = _("上岗安排")
        ordering = ["start_at", "id"]
        indexes = [
            models.Index(fields=["worker", "start_at"]),
            models.Index(fields=["status", "start_at"]),
        ]
        constraints = [
            ExclusionConstraint(
                name="never_double_booked",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    (TsTzRange("start_at", "end_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=states.ACTIVE_ASSIGNMENT),
                violation_error_code="double_booked",
            ),
            models.UniqueConstraint(
                fields=["position"], condition=Q(status__in=states.ACTIVE_ASSIGNMENT), name="one_worker_a_position"
            ),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="assignment_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} @ {self.position_id}"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.position.shift.order_id


class Punch(models.Model):
    """A check-in or check-out as it happened. The position is erased after the retention time."""

    class Kind(models.TextChoices):
        IN = "in", _("签到")
        OUT = "out", _("签退")

    class Method(models.TextChoices):
        POSITION = "position", _("定位")
        REMOTE = "remote", _("远程登录")
        DISPATCHER = "dispatcher", _("调度代签")
        SYSTEM = "system", _("系统补签")
        CODE = "code", _("现场打卡码")
        FIELD = "field", _("外勤")
        CLAIM = "claim", _("补卡")
        MANUAL = "manual", _("未定位")

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="punches")
    kind = models.CharField(_("类型"), max_length=3, choices=Kind.choices)
    method = models.CharField(_("方式"), max_length=10, choices=Method.choices)
    at = models.DateTimeField(_("时间"))
    received_at = models.DateTimeField(_("收到时间"), null=True, blank=True)
    queued = models.BooleanField(_("离线后补传"), default=False, db_default=False)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)
    distance_m = models.FloatField(_("距离（米）"), null=True, blank=True)
    in_fence = models.BooleanField(_("在范围内"), null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("打卡")
        verbose_name_plural = _("打卡")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["assignment", "kind"], name="punch_once")]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.kind}"


@pghistory.track(pghistory.UpdateEvent("status_changed", condition=pghistory.AnyChange("status")), fields=["status"])
class Timesheet(models.Model):
    """Planned and actual minutes of one assignment, and the client's word on them.

    `rounding` names the rule the minutes were made by, `break_minutes` the unpaid break they are without.
    """

    TRANSITIONS = states.TIMESHEET

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="timesheet")
    status = models.CharField(
        _("状态"), max_length=12, choices=states.TimesheetStatus.choices, default=states.TimesheetStatus.SUBMITTED
    )
    planned_minutes = models.PositiveIntegerField(_("计划（分钟）"))
    actual_minutes = models.PositiveIntegerField(_("实际（分钟）"))
    late_minutes = models.PositiveIntegerField(_("迟到（分钟）"), default=0)
    break_minutes = models.PositiveSmallIntegerField(_("不计薪休息（分钟）"), default=0, db_default=0)
    rounding = models.CharField(
        _("取整规则"), max_length=12, choices=Rounding.choices, default=Rounding.MINUTE, db_default=Rounding.MINUTE
    )
    amount = models.DecimalField(_("费用（元）"), max_digits=10, decimal_places=2)
    submitted_at = models.DateTimeField(_("提交时间"))
    auto_approve_at = models.DateTimeField(_("自动批准时间"))
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    approved_by_time = models.BooleanField(_("到期自动批准"), default=False)
    dispute = models.CharField(_("异议"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("工时单")
        verbose_name_plural = _("工时单")
        ordering = ["assignment__start_at", "id"]
        indexes = [models.Index(fields=["status"])]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.actual_minutes} min"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.assignment.position.shift.order_id


class Replacement(models.Model):
    """A booked place that was lost, and how long it took to fill again."""

    class Cause(models.TextChoices):
        NO_SHOW = "no_show", _("未到岗")
        CANCELLED = "cancelled", _("员工取消")
        RELEASED = "released", _("调度释放")
        SWAPPED = "swapped", _("员工换班")

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="replacements")
    lost = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="replacement")
    found = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="replacement_of"
    )
    cause = models.CharField(_("起因"), max_length=10, choices=Cause.choices)
    started_at = models.DateTimeField(_("开始时间"))
    filled_at = models.DateTimeField(_("补上时间"), null=True, blank=True)
    failed_at = models.DateTimeField(_("放弃时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("替补")
        verbose_name_plural = _("替补")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.position_id} {self.cause}"
