"""Ready-made requirements: what an industry usually asks for, and pools of people with a rare combination."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from workers.models import MOST_LEVEL, CertificateType, Clearance, Course, Language, Skill

from .clients import Industry


class GateProfile(models.Model):
    """A named set of requirements that the order form fills in; the client may change every one of them.

    `industry`: the usual requirements of that trade (A6), one profile each. Without one it is a special pool (A8),
    for example bilingual people who can operate the equipment.
    """

    name_zh = models.CharField(_("中文名"), max_length=60, unique=True)
    name_en = models.CharField(_("英文名"), max_length=60)
    text_zh = models.CharField(_("中文说明"), max_length=200, blank=True)
    text_en = models.CharField(_("英文说明"), max_length=200, blank=True)
    industry = models.CharField(
        _("行业"), max_length=12, choices=Industry.choices, blank=True, help_text=_("留空表示特选人才池")
    )
    min_stars = models.DecimalField(
        _("最低星级"),
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
    )
    clearance = models.PositiveSmallIntegerField(_("背景核查"), choices=Clearance.choices, default=Clearance.NONE)
    certificates = models.ManyToManyField(CertificateType, blank=True, related_name="+", verbose_name=_("所需证书"))
    courses = models.ManyToManyField(Course, blank=True, related_name="+", verbose_name=_("要求培训"))
    readiness_zh = models.TextField(
        _("远程上岗清单"),
        blank=True,
        default="",
        db_default="",
        help_text=_("每行一项，远程上班打卡前逐项确认；留空用通用清单。"),
    )
    readiness_en = models.TextField(_("英文远程上岗清单"), blank=True, default="", db_default="")
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("要求模板")
        verbose_name_plural = _("要求模板")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["industry"], condition=~Q(industry=""), name="industry_profile_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    @property
    def text(self) -> str:
        """The explanation in the active language."""
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh

    @property
    def readiness(self) -> str:
        """What is checked before work from home, one a line, in the active language."""
        english = (get_language() or "").startswith("en")
        return self.readiness_en or self.readiness_zh if english else self.readiness_zh


class ProfileSkill(models.Model):
    """A skill of a profile, at this level or higher."""

    profile = models.ForeignKey(GateProfile, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+", verbose_name=_("技能"))
    min_level = models.PositiveSmallIntegerField(
        _("最低等级"), validators=[MinValueValidator(1), MaxValueValidator(MOST_LEVEL)]
    )

    class Meta:
        verbose_name = _("所需技能")
        verbose_name_plural = _("所需技能")
        constraints = [models.UniqueConstraint(fields=["profile", "skill"], name="profile_skill_once")]

    def __str__(self) -> str:
        return f"{self.skill} ≥ {self.min_level}"


class ProfileLanguage(models.Model):
    """A language of a profile, at this level or higher."""

    profile = models.ForeignKey(GateProfile, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(Language, on_delete=models.CASCADE, related_name="+", verbose_name=_("语言"))
    min_level = models.PositiveSmallIntegerField(
        _("最低等级"), validators=[MinValueValidator(1), MaxValueValidator(MOST_LEVEL)]
    )

    class Meta:
        verbose_name = _("所需语言")
        verbose_name_plural = _("所需语言")
        constraints = [models.UniqueConstraint(fields=["profile", "language"], name="profile_language_once")]

    def __str__(self) -> str:
        return f"{self.language} ≥ {self.min_level}"
