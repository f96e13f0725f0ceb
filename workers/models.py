"""The pool's tables: who a worker is, what they can do, when they are free, what an hour costs."""

from datetime import time
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staffing.core.models import City
from staffing.core.models.catalogue import Named
from staffing.core.models.policy import Policy

from .changes import PoolChange as PoolChange
from .commitment import Commitment as Commitment
from .consent import PositionConsent as PositionConsent
from .training import TrainingTask as TrainingTask


class Clearance(models.IntegerChoices):
    """Background check passed; the higher includes the lower."""

    NONE = 0, _("无")
    STANDARD = 1, _("标准背调")
    HIGH = 2, _("高信任背调")


class ServiceType(models.TextChoices):
    """Kinds of work (A5)."""

    PRE_SALE = "pre_sale", _("售前")
    IN_SALE = "in_sale", _("售中")
    AFTER_SALE = "after_sale", _("售后")
    TECHNICAL = "technical", _("技术支持")
    VIP = "vip", _("VIP 专属")
    EXHIBITION = "exhibition", _("展会服务")
    PROMOTER = "promoter", _("促销导购")
    RETAIL = "retail", _("零售门店")
    CATERING = "catering", _("餐饮服务")
    BILINGUAL = "bilingual", _("双语设备")
    LIVE_STREAM = "live_stream", _("直播客服")
    SHORT_VIDEO = "short_video", _("短视频运营")
    MEDICAL_ESCORT = "medical_escort", _("陪诊")
    FAMILY_EDUCATION = "family_education", _("家庭教育")


class Level(models.TextChoices):
    """Career level (B8)."""

    JUNIOR = "junior", _("初级")
    SENIOR = "senior", _("高级")
    SUPERVISOR = "supervisor", _("主管")
    MANAGER = "manager", _("经理")
    DIRECTOR = "director", _("总监")


class Skill(Named):
    """Something one can be able to do, at level 1–5."""

    class Meta(Named.Meta):
        verbose_name = _("技能")
        verbose_name_plural = _("技能")


class CertificateType(Named):
    """A kind of certificate."""

    class Meta(Named.Meta):
        verbose_name = _("证书类型")
        verbose_name_plural = _("证书类型")


class Language(Named):
    """A language, at level 1–5 (5 = native)."""

    class Meta(Named.Meta):
        verbose_name = _("语言")
        verbose_name_plural = _("语言")


class Course(Named):
    """A training that ends with a test: passed, one may do work that asks for it."""

    class Meta(Named.Meta):
        verbose_name = _("培训课程")
        verbose_name_plural = _("培训课程")


class Worker(models.Model):
    """One person of the pool."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("在岗")
        SUSPENDED = "suspended", _("暂停")
        LEFT = "left", _("已离开")

    class Contract(models.TextChoices):
        PART_TIME = "part_time", _("非全日制")
        SERVICE = "service", _("劳务")

    class Source(models.TextChoices):
        """Through whom somebody came to the agency (B5)."""

        DIRECT = "direct", _("自主报名")
        STUDENT = "student", _("高校学生")
        TRAINING = "training", _("培训机构")
        CAREER = "career", _("转行人员")
        PARTNER = "partner", _("合作渠道")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="worker")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+", verbose_name=_("城市"))
    latitude = models.FloatField(_("纬度"), null=True, blank=True, help_text="WGS-84")
    longitude = models.FloatField(_("经度"), null=True, blank=True, help_text="WGS-84")
    max_km = models.PositiveSmallIntegerField(_("最远距离（公里）"), default=15)
    remote_ok = models.BooleanField(_("可远程"), default=False)
    stars = models.DecimalField(
        _("星级"),
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
        help_text=_("空为新人：尚无足够评价"),
    )
    reliability = models.PositiveSmallIntegerField(_("到岗可靠度"), default=80, validators=[MaxValueValidator(100)])
    services_done = models.PositiveIntegerField(_("完成服务数"), default=0)
    clearance = models.PositiveSmallIntegerField(_("背景核查"), choices=Clearance.choices, default=Clearance.NONE)
    level = models.CharField(_("级别"), max_length=12, choices=Level.choices, default=Level.JUNIOR)
    contract = models.CharField(_("合同"), max_length=12, choices=Contract.choices, default=Contract.PART_TIME)
    weekly_cap_minutes = models.PositiveIntegerField(_("每周上限（分钟）"), null=True, blank=True)
    min_rest_minutes = models.PositiveSmallIntegerField(_("班次间隔（分钟）"), default=480)
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    joined_on = models.DateField(_("入职日期"))
    source = models.CharField(
        _("来源"), max_length=8, choices=Source.choices, default=Source.DIRECT, db_default=Source.DIRECT
    )

    class Meta:
        verbose_name = _("兼职客服")
        verbose_name_plural = _("兼职客服")
        indexes = [models.Index(fields=["city", "status"])]

    def __str__(self) -> str:
        return self.user.name


class WorkerSkill(models.Model):
    """A worker's level in a skill."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("等级"), validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        verbose_name = _("技能")
        verbose_name_plural = _("技能")
        constraints = [models.UniqueConstraint(fields=["worker", "skill"], name="one_level_a_skill")]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class WorkerCertificate(models.Model):
    """A certificate a worker holds; it counts through the whole of `expires_on`."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="certificates")
    type = models.ForeignKey(CertificateType, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(_("发证机构"), max_length=80, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta:
        verbose_name = _("证书")
        verbose_name_plural = _("证书")
        constraints = [models.UniqueConstraint(fields=["worker", "type"], name="one_certificate_a_type")]

    def __str__(self) -> str:
        return str(self.type)


class WorkerCourse(models.Model):
    """A course a worker has passed; it counts through the whole of `valid_until`."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="courses")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    passed_on = models.DateField(_("通过日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(
        _("考核成绩"), null=True, blank=True, validators=[MaxValueValidator(100)], help_text=_("百分制")
    )

    class Meta:
        verbose_name = _("通过的培训")
        verbose_name_plural = _("通过的培训")
        constraints = [
            models.UniqueConstraint(fields=["worker", "course"], name="one_pass_a_course"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("passed_on")), name="pass_forward"),
        ]

    def __str__(self) -> str:
        return str(self.course)


class WorkerLanguage(models.Model):
    """A worker's level in a language."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(Language, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("等级"), validators=[MinValueValidator(1), MaxValueValidator(5)])

    class Meta:
        verbose_name = _("语言")
        verbose_name_plural = _("语言")
        constraints = [models.UniqueConstraint(fields=["worker", "language"], name="one_level_a_language")]

    def __str__(self) -> str:
        return f"{self.language} {self.level}"


class AvailabilityWindow(models.Model):
    """Free every week: local minutes from `start_minute` of `weekday` (0 = Monday); the end may pass midnight."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("星期"), validators=[MaxValueValidator(6)])
    start_minute = models.PositiveSmallIntegerField(_("开始"), validators=[MaxValueValidator(1439)])
    end_minute = models.PositiveSmallIntegerField(_("结束"), validators=[MaxValueValidator(2880)])

    class Meta:
        verbose_name = _("每周可用时间")
        verbose_name_plural = _("每周可用时间")
        ordering = ["weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(end_minute__gt=F("start_minute")), name="window_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start_minute}–{self.end_minute}"


class AvailabilityException(models.Model):
    """Off, or free in addition, on one occasion; `commitment`: it is one time of that."""

    class Kind(models.TextChoices):
        OFF = "off", _("不可用")
        EXTRA = "extra", _("额外可用")

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="exceptions")
    kind = models.CharField(_("类型"), max_length=5, choices=Kind.choices)
    start_at = models.DateTimeField(_("开始"))
    end_at = models.DateTimeField(_("结束"))
    note = models.CharField(_("说明"), max_length=100, blank=True)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="times", null=True, blank=True, db_index=False
    )

    class Meta:
        verbose_name = _("可用时间例外")
        verbose_name_plural = _("可用时间例外")
        ordering = ["start_at"]
        constraints = [models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="exception_forward")]
        indexes = [
            models.Index(fields=["commitment"], condition=Q(commitment__isnull=False), name="times_of_commitment")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start_at:%Y-%m-%d %H:%M}"


class RateCard(models.Model):
    """CNY an hour by city tier × level × service type: what the worker is paid and what the client is billed."""

    tier = models.PositiveSmallIntegerField(_("城市级别"))
    level = models.CharField(_("级别"), max_length=12, choices=Level.choices)
    service_type = models.CharField(_("服务类型"), max_length=20, choices=ServiceType.choices)
    pay_rate = models.DecimalField(_("时薪"), max_digits=7, decimal_places=2)
    bill_rate = models.DecimalField(_("客户单价"), max_digits=7, decimal_places=2)

    class Meta:
        verbose_name = _("费率表")
        verbose_name_plural = _("费率表")
        constraints = [
            models.UniqueConstraint(fields=["tier", "level", "service_type"], name="one_rate"),
            models.CheckConstraint(condition=Q(pay_rate__gt=0, bill_rate__gte=F("pay_rate")), name="rate_covers_pay"),
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.level} {self.service_type}"


class PoolPolicy(Policy):
    """Numbers about people and pay."""

    part_time_week_minutes = models.PositiveIntegerField(_("非全日制每周上限（分钟）"), default=24 * 60)
    night_percent = models.PositiveSmallIntegerField(_("夜班加价 %"), default=10)
    holiday_percent = models.PositiveSmallIntegerField(_("节假日加价 %"), default=20)
    night_start = models.TimeField(_("夜班开始"), default=time(22))
    night_end = models.TimeField(_("夜班结束"), default=time(6))
    fairness_days = models.PositiveSmallIntegerField(_("近期工时统计天数"), default=28)
    copies_an_hour = models.PositiveSmallIntegerField(_("每小时最多下载几次个人数据"), default=3, db_default=3)
    close_tries_an_hour = models.PositiveSmallIntegerField(_("注销账号每小时可输几次密码"), default=5, db_default=5)
    close_minutes = models.PositiveSmallIntegerField(_("注销账号须在几分钟内再次确认"), default=10, db_default=10)

    class Meta:
        verbose_name = _("人员与计薪参数")
        verbose_name_plural = _("人员与计薪参数")
