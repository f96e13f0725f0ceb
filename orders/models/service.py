"""Proof of service: codes at the place, punches that somebody has to look at, photos, signs of life, corrections."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders import states
from staffing.core.models.policy import Policy

from .bookings import Assignment, Punch, Rounding, Timesheet
from .clients import Site


class ServicePolicy(Policy):
    """Numbers about proof of service and hours."""

    fence_floor_m = models.PositiveSmallIntegerField(_("打卡范围至少（米）"), default=100, db_default=100)
    offline_hours = models.PositiveSmallIntegerField(_("离线打卡最晚多久内上传（小时）"), default=24, db_default=24)
    clock_skew_minutes = models.PositiveSmallIntegerField(_("手机时间可偏快（分钟）"), default=2, db_default=2)
    missed_punch_days = models.PositiveSmallIntegerField(_("多少天内可申请补卡"), default=3, db_default=3)
    code_tries = models.PositiveSmallIntegerField(
        _("打卡码可输错次数"), default=5, db_default=5, validators=[MinValueValidator(1)]
    )
    code_tries_minutes = models.PositiveSmallIntegerField(_("输错次数按多少分钟计"), default=10, db_default=10)
    photos_each = models.PositiveSmallIntegerField(_("每个班次最多照片数"), default=12, db_default=12)
    photo_retention_days = models.PositiveSmallIntegerField(_("照片保留（天）"), default=90, db_default=90)
    pulse_gap_minutes = models.PositiveSmallIntegerField(
        _("远程响应中断多久算断开（分钟）"), default=5, db_default=5, validators=[MinValueValidator(1)]
    )
    pulse_retention_days = models.PositiveSmallIntegerField(_("远程响应记录保留（天）"), default=90, db_default=90)
    rounding = models.CharField(
        _("工时取整规则"), max_length=12, choices=Rounding.choices, default=Rounding.MINUTE, db_default=Rounding.MINUTE
    )
    break_after_hours = models.PositiveSmallIntegerField(
        _("班次超过多少小时扣除休息"), default=6, db_default=6, validators=[MaxValueValidator(24)]
    )
    break_minutes = models.PositiveSmallIntegerField(_("不计薪休息（分钟）"), default=0, db_default=0)

    class Meta:
        verbose_name = _("服务凭证与工时参数")
        verbose_name_plural = _("服务凭证与工时参数")


class SiteCode(models.Model):
    """What the changing code of a place is made from. `kiosk` is in the link of the screen at the reception: empty
    while there is none, and another one makes all links given before worthless."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="code")
    secret = models.CharField(_("密钥"), max_length=64)
    kiosk = models.CharField(_("屏幕链接"), max_length=43, blank=True)
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = _("现场打卡码")
        verbose_name_plural = _("现场打卡码")

    def __str__(self) -> str:
        return f"{self.site_id}"


class CodeAttempt(models.Model):
    """A wrong code that somebody typed: too many, and the next has to wait."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="code_attempts")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("输错的打卡码")
        verbose_name_plural = _("输错的打卡码")

    def __str__(self) -> str:
        return f"{self.assignment_id}"


class ServicePhoto(models.Model):
    """A photo from the service: re-encoded, without metadata. `file` and `small` are random names in the private
    store; nobody but `orders.services.photos` knows where that is."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="photos")
    file = models.CharField(_("文件"), max_length=60)
    small = models.CharField(_("缩略图"), max_length=60)
    width = models.PositiveSmallIntegerField(_("宽"))
    height = models.PositiveSmallIntegerField(_("高"))
    remark = models.CharField(_("说明"), max_length=300, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("服务照片")
        verbose_name_plural = _("服务照片")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.at:%Y-%m-%d %H:%M}"


class PunchRequest(models.Model):
    """A punch that needs a dispatcher's word: made elsewhere, missed, or sent when it was too late to count by itself.

    `claimed_at` is the worker's word, `received_at` the server's. The position is erased as that of a punch is.
    """

    TRANSITIONS = states.PUNCH_REQUEST

    class Why(models.TextChoices):
        FIELD = "field", _("外勤")
        MISSED = "missed", _("补卡")
        QUEUED = "queued", _("离线补传")

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="punch_requests")
    kind = models.CharField(_("类型"), max_length=3, choices=Punch.Kind.choices)
    why = models.CharField(_("原因"), max_length=8, choices=Why.choices)
    status = models.CharField(
        _("状态"), max_length=10, choices=states.PunchRequestStatus.choices, default=states.PunchRequestStatus.WAITING
    )
    claimed_at = models.DateTimeField(_("申报时间"))
    received_at = models.DateTimeField(_("收到时间"))
    remark = models.CharField(_("说明"), max_length=300, blank=True)
    photo = models.ForeignKey(ServicePhoto, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)
    distance_m = models.FloatField(_("距离（米）"), null=True, blank=True)
    key = models.UUIDField(_("打卡编号"), null=True, blank=True, unique=True)
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.CharField(_("审核说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("待审打卡")
        verbose_name_plural = _("待审打卡")
        ordering = ["received_at", "id"]
        indexes = [models.Index(fields=["status", "received_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "kind"], condition=Q(status="waiting"), name="one_waiting_punch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.kind} {self.why}"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.assignment.position.shift.order_id


class Heartbeat(models.Model):
    """From `since` to `until` the page of a remote worker was open and answered without a break."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="heartbeats")
    since = models.DateTimeField(_("开始"))
    until = models.DateTimeField(_("结束"))

    class Meta:
        verbose_name = _("远程响应")
        verbose_name_plural = _("远程响应")
        ordering = ["since", "id"]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="heartbeat_forward")]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.since:%H:%M}–{self.until:%H:%M}"


class TimesheetCorrection(models.Model):
    """One change of submitted hours, by whom and why; the figures before are kept."""

    timesheet = models.ForeignKey(Timesheet, on_delete=models.PROTECT, related_name="corrections")
    minutes_before = models.PositiveIntegerField(_("更正前（分钟）"))
    minutes_after = models.PositiveIntegerField(_("更正后（分钟）"))
    amount_before = models.DecimalField(_("更正前（元）"), max_digits=10, decimal_places=2)
    amount_after = models.DecimalField(_("更正后（元）"), max_digits=10, decimal_places=2)
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("工时更正")
        verbose_name_plural = _("工时更正")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.timesheet_id} {self.minutes_before} → {self.minutes_after}"
