"""Interviews of applicants: when and where, and what each interviewer saw, by a rubric."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .applications import Application

GRADES = [MinValueValidator(1), MaxValueValidator(5)]


class SoftSkill(models.TextChoices):
    """What an interview looks at (B1)."""

    LOGIC = "logic", _("逻辑思维")
    EMPATHY = "empathy", _("同理心")
    MULTITASKING = "multitasking", _("多任务处理")
    COMMUNICATION = "communication", _("沟通表达")
    EMOTION = "emotion", _("情绪管理")
    TIME = "time", _("时间管理")
    ADAPTABILITY = "adaptability", _("适应能力")


class RubricGrade(models.Model):
    """What a grade of a soft skill looks like, in words."""

    skill = models.CharField(_("软技能"), max_length=14, choices=SoftSkill.choices)
    grade = models.PositiveSmallIntegerField(_("等级"), validators=GRADES)
    text_zh = models.CharField(_("中文说明"), max_length=120)
    text_en = models.CharField(_("英文说明"), max_length=160)

    class Meta:
        verbose_name = _("面试评分标准")
        verbose_name_plural = _("面试评分标准")
        ordering = ["skill", "grade"]
        constraints = [models.UniqueConstraint(fields=["skill", "grade"], name="one_text_a_grade")]

    def __str__(self) -> str:
        return f"{self.get_skill_display()} {self.grade}"

    @property
    def text(self) -> str:
        """The words in the active language."""
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh


class Interview(models.Model):
    """The appointment of an application; changing it changes the row, the audit keeps the one before."""

    class How(models.TextChoices):
        PHONE = "phone", _("电话")
        VIDEO = "video", _("视频")
        ON_SITE = "on_site", _("到面试地点")

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="interview")
    how = models.CharField(_("方式"), max_length=7, choices=How.choices, default=How.PHONE)
    start_at = models.DateTimeField(_("时间"))
    place = models.CharField(_("地点、电话或会议链接"), max_length=200, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(_("安排时间"))

    class Meta:
        verbose_name = _("面试")
        verbose_name_plural = _("面试")

    def __str__(self) -> str:
        return f"{self.application_id} {self.start_at:%Y-%m-%d %H:%M}"


class InterviewSheet(models.Model):
    """What one interviewer saw."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sheets")
    interviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    comment = models.CharField(_("评语"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("面试评分表")
        verbose_name_plural = _("面试评分表")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "interviewer"], name="one_sheet_an_interviewer")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.interviewer_id}"


class InterviewScore(models.Model):
    """One soft skill on one sheet, 1–5."""

    sheet = models.ForeignKey(InterviewSheet, on_delete=models.CASCADE, related_name="scores")
    skill = models.CharField(_("软技能"), max_length=14, choices=SoftSkill.choices)
    grade = models.PositiveSmallIntegerField(_("等级"), validators=GRADES)

    class Meta:
        verbose_name = _("面试评分")
        verbose_name_plural = _("面试评分")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "skill"], name="one_score_a_soft_skill"),
            models.CheckConstraint(condition=models.Q(grade__range=(1, 5)), name="score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.grade}"
