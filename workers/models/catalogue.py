"""What one can ask of a worker: the catalogue's names and scales."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from staffing.core.models.catalogue import Named

# Mandarin has six grades; `orders.matching.layout.MOST_LEVEL` is the same number.
MOST_LEVEL = 6
# what a scale without names of its own has
PLAIN_LEVELS = 5


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


class Offered(Named):
    """A catalogue row that may be set aside: whoever has it keeps it, but nobody can ask for it anew."""

    is_active = models.BooleanField(
        _("启用"), default=True, db_default=True, help_text=_("停用后不能再新选，已有的记录与订单不变。")
    )

    class Meta(Named.Meta):
        abstract = True


def check_grades(value: Any) -> None:
    """At most `MOST_LEVEL` grades, each with a name in both languages; thresholds whole and ascending."""
    if not isinstance(value, list) or len(value) > MOST_LEVEL:
        raise ValidationError(_("最多 %(most)s 个等级。"), params={"most": MOST_LEVEL})
    if not all(isinstance(each, dict) and each.get("zh") and each.get("en") for each in value):
        raise ValidationError(_("每个等级都要有中文名和英文名。"))
    least = [each.get("from") for each in value]
    if any(least) and (None in least or least != sorted(set(least))):
        raise ValidationError(_("数值门槛要么都不填，要么每级都填且逐级升高。"))


class Graded(Offered):
    """A scale of levels from 1 on, the highest last.

    `grades` names them: `[{"zh": "二级甲等", "en": "2-A"}, …]`, with `"from"` where a measure decides (words a
    minute); without names a scale has levels 1–5. A name belongs to the scale and is never pointed at, so it lies in
    the row: whoever has read the row can name every level.
    """

    grades = models.JSONField(
        _("等级名称"),
        default=list,
        blank=True,
        db_default=Value([], models.JSONField()),
        validators=[check_grades],
        help_text=_("从低到高，最多 6 级；不填表示 1–5 级。"),
    )

    class Meta(Named.Meta):
        abstract = True

    @property
    def most_level(self) -> int:
        """The highest level."""
        return len(self.grades) or PLAIN_LEVELS

    def grade(self, level: int) -> str:
        """What the level is called in the active language."""
        return grade_name(self.grades, level)

    def graded(self, level: int) -> str:
        """普通话 二级甲等: the row with one of its levels."""
        return graded_name(self.name, self.grades, level)

    def choices(self) -> list[tuple[int, str]]:
        """Every level with its name, the lowest first."""
        return [(level, self.grade(level)) for level in range(1, self.most_level + 1)]

    def level_of(self, measured: int) -> int:
        """The level that a measure reaches (0: none). Raises ValueError on a scale without thresholds."""
        if not self.grades or self.grades[0].get("from") is None:
            raise ValueError(f"{self.code} has no thresholds")
        return sum(measured >= grade["from"] for grade in self.grades)


def grade_name(grades: Sequence[Mapping[str, Any]], level: int) -> str:
    """The name of a level of a scale in the active language; a plain number where the scale has no names."""
    if 1 <= level <= len(grades):
        return str(grades[level - 1]["en" if (get_language() or "").startswith("en") else "zh"])
    return _now("%(level)s 级") % {"level": level}


def graded_name(name: str, grades: Sequence[Mapping[str, Any]], level: int) -> str:
    """The name of a scale's row with one of its levels."""
    return f"{name} {grade_name(grades, level)}"


class Skill(Graded):
    """Something one can be able to do, or has reached, at a level of its scale."""

    class Kind(models.TextChoices):
        ABILITY = "ability", _("服务能力")
        SOFTWARE = "software", _("软件操作")
        PRODUCT = "product", _("产品知识")
        EDUCATION = "education", _("学历")
        MANDARIN = "mandarin", _("普通话")
        TYPING = "typing", _("打字速度")
        SOFT = "soft", _("综合素质")

    kind = models.CharField(
        _("类别"), max_length=9, choices=Kind.choices, default=Kind.ABILITY, db_default=Kind.ABILITY
    )

    class Meta(Named.Meta):
        verbose_name = _("技能")
        verbose_name_plural = _("技能")


class CertificateType(Offered):
    """A kind of certificate."""

    class Meta(Named.Meta):
        verbose_name = _("证书类型")
        verbose_name_plural = _("证书类型")


class Language(Graded):
    """A language; without names of its own its levels are 1–5 (5 = native)."""

    class Meta(Named.Meta):
        verbose_name = _("语言")
        verbose_name_plural = _("语言")


class Course(Offered):
    """A training that ends with a test: passed, one may do work that asks for it."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("产品知识")
        TALK = "talk", _("沟通话术")
        SYSTEM = "system", _("系统操作")
        EMERGENCY = "emergency", _("应急处理")
        ETIQUETTE = "etiquette", _("服务礼仪")
        DIGITAL = "digital", _("数字技能")

    class PassRule(models.TextChoices):
        QUIZ = "quiz", _("通过测验")
        ATTENDANCE = "attendance", _("到课")
        BOTH = "both", _("到课并通过测验")
        DESK = "desk", _("由调度登记")

    kind = models.CharField(
        _("类别"), max_length=9, choices=Kind.choices, default=Kind.PRODUCT, db_default=Kind.PRODUCT
    )
    summary_zh = models.CharField(_("中文简介"), max_length=200, blank=True, default="", db_default="")
    summary_en = models.CharField(_("英文简介"), max_length=300, blank=True, default="", db_default="")
    pass_rule = models.CharField(
        _("通过方式"), max_length=10, choices=PassRule.choices, default=PassRule.DESK, db_default=PassRule.DESK
    )
    paid_minutes = models.PositiveSmallIntegerField(
        _("计薪分钟"), default=0, db_default=0, help_text=_("通过后计发多少分钟的培训工资；0 为不计薪。")
    )
    valid_days = models.PositiveSmallIntegerField(
        _("通过后有效天数"), null=True, blank=True, help_text=_("不填为长期有效。")
    )
    open_to_all = models.BooleanField(
        _("员工可自行学习"), default=False, db_default=False, help_text=_("不勾选时，只有被布置的人能看到。")
    )

    class Meta(Named.Meta):
        verbose_name = _("培训课程")
        verbose_name_plural = _("培训课程")

    @property
    def summary(self) -> str:
        """In the active language."""
        return self.summary_en if (get_language() or "").startswith("en") else self.summary_zh
