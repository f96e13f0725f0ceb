"""Who a worker is and what they can do."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staffing.core.models import City
from workers import states

from .catalogue import MOST_LEVEL, CertificateType, Clearance, Course, Language, Level, Skill


class Worker(models.Model):
    """One person of the pool."""

    Status = states.WorkerStatus
    TRANSITIONS = states.WORKER_TABLE

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
    clearance_until = models.DateField(_("背景核查有效期至"), null=True, blank=True)
    level = models.CharField(_("级别"), max_length=12, choices=Level.choices, default=Level.JUNIOR)
    contract = models.CharField(_("合同"), max_length=12, choices=Contract.choices, default=Contract.PART_TIME)
    weekly_cap_minutes = models.PositiveIntegerField(_("每周上限（分钟）"), null=True, blank=True)
    min_rest_minutes = models.PositiveSmallIntegerField(_("班次间隔（分钟）"), default=480)
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    joined_on = models.DateField(_("入职日期"))
    source = models.CharField(
        _("来源"), max_length=8, choices=Source.choices, default=Source.DIRECT, db_default=Source.DIRECT
    )
    partner = models.ForeignKey(
        "workers.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="workers",
        db_index=False,
        verbose_name=_("渠道"),
    )

    class Meta:
        verbose_name = _("兼职客服")
        verbose_name_plural = _("兼职客服")
        indexes = [
            models.Index(fields=["city", "status"]),
            models.Index(fields=["partner"], condition=Q(partner__isnull=False), name="workers_of_partner"),
        ]

    def __str__(self) -> str:
        return self.user.name


class Attested(models.Model):
    """How a level came to be known. It counts through the whole of `valid_until`.

    Without `verified_on` it is the person's own word; `verified_by` is who looked at it, None for a test.
    """

    class Source(models.TextChoices):
        SELF = "self", _("自报")
        PAPER = "paper", _("凭证核实")
        TEST = "test", _("在线测试")
        INTERVIEW = "interview", _("面试评定")
        IMPORT = "import", _("批量导入")

    source = models.CharField(
        _("依据"), max_length=9, choices=Source.choices, default=Source.SELF, db_default=Source.SELF
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("核实人"),
    )
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta:
        abstract = True


LEVEL_VALIDATORS = [MinValueValidator(1), MaxValueValidator(MOST_LEVEL)]


class WorkerSkill(Attested):
    """A worker's level in a skill."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("等级"), validators=LEVEL_VALIDATORS)

    class Meta:
        verbose_name = _("技能")
        verbose_name_plural = _("技能")
        constraints = [models.UniqueConstraint(fields=["worker", "skill"], name="one_level_a_skill")]

    def __str__(self) -> str:
        return self.skill.graded(self.level)

    @property
    def grade(self) -> str:
        """What the level is called."""
        return self.skill.grade(self.level)


class WorkerCertificate(models.Model):
    """A certificate a worker holds; it counts through the whole of `expires_on`.

    Without `verified_on` it is the person's own word, and does not count unless the policy says so.
    """

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="certificates")
    type = models.ForeignKey(CertificateType, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(_("发证机构"), max_length=80, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("核实人"),
    )
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)

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


class WorkerLanguage(Attested):
    """A worker's level in a language."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(Language, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("等级"), validators=LEVEL_VALIDATORS)

    class Meta:
        verbose_name = _("语言")
        verbose_name_plural = _("语言")
        constraints = [models.UniqueConstraint(fields=["worker", "language"], name="one_level_a_language")]

    def __str__(self) -> str:
        return self.language.graded(self.level)

    @property
    def grade(self) -> str:
        """What the level is called."""
        return self.language.grade(self.level)
