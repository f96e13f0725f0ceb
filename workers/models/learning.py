"""What a course consists of, how far somebody is, and what passing it brings: a certificate and paid time."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staffing.core.models.policy import Policy

from .catalogue import Course


def in_english() -> bool:
    """Whether the active language is English."""
    return (get_language() or "").startswith("en")


class Lesson(models.Model):
    """A part of a course; `text` knows the marks of `workers.learning.markup`."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    number = models.PositiveSmallIntegerField(_("第几课"))
    title_zh = models.CharField(_("中文标题"), max_length=60)
    title_en = models.CharField(_("英文标题"), max_length=80)
    text_zh = models.TextField(_("中文内容"), max_length=12_000)
    text_en = models.TextField(_("英文内容"), max_length=20_000)
    minutes = models.PositiveSmallIntegerField(
        _("学习时长（分钟）"), default=10, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("课时")
        verbose_name_plural = _("课时")
        ordering = ["number", "id"]
        indexes = [models.Index(fields=["course", "number"], name="lessons_of_course")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the active language."""
        return self.title_en if in_english() else self.title_zh

    @property
    def text(self) -> str:
        """In the active language."""
        return self.text_en if in_english() else self.text_zh


class LessonRead(models.Model):
    """Somebody has worked through a lesson."""

    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="lessons_read")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("学习进度")
        verbose_name_plural = _("学习进度")
        constraints = [models.UniqueConstraint(fields=["worker", "lesson"], name="lesson_read_once")]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.lesson_id}"


class IssuedCertificate(models.Model):
    """What shows that somebody passed a course; whoever knows `code` may check it without a login."""

    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="issued_certificates")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("编号"), max_length=20, unique=True)
    code = models.CharField(_("验证码"), max_length=43, unique=True)
    issued_on = models.DateField(_("颁发日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("考核成绩"), null=True, blank=True)

    class Meta:
        verbose_name = _("结业证书")
        verbose_name_plural = _("结业证书")
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "course", "issued_on"], name="one_issue_a_day"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("issued_on")), name="issue_forward"),
        ]

    def __str__(self) -> str:
        return self.number


class TrainingHours(models.Model):
    """Time of training that is paid: read by whoever makes the pay. `amount` = minutes at `rate`, in CNY."""

    class Rule(models.TextChoices):
        QUIZ = "quiz", _("通过考核后按课程计薪")
        ATTENDANCE = "attendance", _("到课后按课程计薪")
        BOTH = "both", _("到课并通过考核后按课程计薪")
        DESK = "desk", _("登记通过后按课程计薪")

    worker = models.ForeignKey("workers.Worker", on_delete=models.PROTECT, related_name="training_hours")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(_("计薪规则"), max_length=10, choices=Rule.choices)
    earned_on = models.DateField(_("日期"))
    minutes = models.PositiveSmallIntegerField(_("计薪分钟"))
    rate = models.DecimalField(_("培训时薪（元）"), max_digits=7, decimal_places=2)
    amount = models.DecimalField(_("金额（元）"), max_digits=9, decimal_places=2)

    class Meta:
        verbose_name = _("带薪培训")
        verbose_name_plural = _("带薪培训")
        ordering = ["-earned_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "course", "earned_on"], name="training_paid_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0, amount__gte=0), name="training_paid_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.course_id} {self.minutes}"


class TrainingPolicy(Policy):
    """Numbers about training and tests."""

    hour_pay = models.DecimalField(_("培训时薪（元）"), max_digits=7, decimal_places=2, default=Decimal("20.00"))
    renew_days = models.PositiveSmallIntegerField(_("到期前几天起可以续考"), default=30)
    leave_hours = models.PositiveSmallIntegerField(_("面授开始前几小时截止取消报名"), default=12)
    remind_hours = models.PositiveSmallIntegerField(_("面授开始前几小时提醒"), default=20)
    answers_days = models.PositiveSmallIntegerField(_("答题与打字过程保留几天"), default=180)
    typing_seconds = models.PositiveSmallIntegerField(_("打字测试时长（秒）"), default=60)
    typing_tries = models.PositiveSmallIntegerField(_("打字测试周期内可试几次"), default=5)
    typing_days = models.PositiveSmallIntegerField(_("打字测试周期（天）"), default=30)
    typing_valid_days = models.PositiveSmallIntegerField(_("打字成绩有效天数"), default=365)
    typing_accuracy = models.PositiveSmallIntegerField(_("打字最低准确率 %"), default=90)
    typing_fastest_zh = models.PositiveSmallIntegerField(_("中文打字每分钟最多字数（更快视为异常）"), default=260)
    typing_fastest_en = models.PositiveSmallIntegerField(_("英文打字每分钟最多字符（更快视为异常）"), default=1000)
    typing_chunk = models.PositiveSmallIntegerField(_("一次最多上屏几个字符（更多视为粘贴）"), default=20)
    typing_grace_seconds = models.PositiveSmallIntegerField(_("打字测试网络宽限（秒）"), default=2)
    typing_lag_seconds = models.PositiveSmallIntegerField(_("打字测试最晚几秒内提交"), default=60)

    class Meta:
        verbose_name = _("培训与测试参数")
        verbose_name_plural = _("培训与测试参数")
