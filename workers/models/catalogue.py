"""What one can ask of a worker: the catalogue's names and scales."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staffing.core.models.catalogue import Named


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
