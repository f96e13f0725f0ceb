"""Client companies, their people and places."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from staffing.core.fields import PinyinField
from staffing.core.geo import Datum
from staffing.core.models import City


class Industry(models.TextChoices):
    """The client's trade (A6)."""

    ECOMMERCE = "ecommerce", _("电商")
    FINANCE = "finance", _("金融")
    TELECOM = "telecom", _("电信")
    HOTEL = "hotel", _("酒店旅游")
    IT = "it", _("信息技术")


class Client(models.Model):
    """A company that orders agents."""

    class Value(models.IntegerChoices):
        NORMAL = 0, _("普通")
        IMPORTANT = 1, _("重要")
        KEY = 2, _("高价值")

    name = models.CharField(_("公司名称"), max_length=100, unique=True)
    pinyin = PinyinField(_("拼音"), source="name")
    industry = models.CharField(_("行业"), max_length=12, choices=Industry.choices)
    value = models.PositiveSmallIntegerField(_("客户价值"), choices=Value.choices, default=Value.NORMAL)
    auto_confirm = models.BooleanField(_("匹配后自动派单"), default=False)
    contact_email = models.EmailField(_("联系邮箱"), blank=True)
    profile = models.TextField(_("公司与环境介绍"), blank=True)
    briefing = models.TextField(_("上岗须知"), blank=True)
    backups = models.PositiveSmallIntegerField(
        _("每班待命候补"), default=0, db_default=0, help_text=_("每个班次另请几人待命。")
    )
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("签约时间"))

    class Meta:
        verbose_name = _("客户")
        verbose_name_plural = _("客户")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClientMember(models.Model):
    """A login of a client company."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="membership")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="members")
    may_order = models.BooleanField(_("可下单"), default=True, db_default=True)
    may_approve = models.BooleanField(_("可确认工时"), default=True, db_default=True)
    may_manage = models.BooleanField(_("可管理成员"), default=False, db_default=False)

    class Meta:
        verbose_name = _("客户成员")
        verbose_name_plural = _("客户成员")

    def __str__(self) -> str:
        return f"{self.user} · {self.client}"


class Site(models.Model):
    """A place where people serve; coordinates are kept in WGS-84, whatever datum they were given in."""

    class Proof(models.TextChoices):
        POSITION = "position", _("定位")
        CODE = "code", _("现场打卡码")
        BOTH = "both", _("定位 + 现场打卡码")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("名称"), max_length=60)
    address = models.CharField(_("地址"), max_length=200)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+", verbose_name=_("城市"))
    latitude = models.FloatField(_("纬度"), help_text="WGS-84")
    longitude = models.FloatField(_("经度"), help_text="WGS-84")
    given_datum = models.CharField(_("录入坐标系"), max_length=8, choices=[(d.value, d.value) for d in Datum])
    fence_m = models.PositiveIntegerField(_("打卡范围（米）"), default=200)
    proof = models.CharField(
        _("签到方式"), max_length=8, choices=Proof.choices, default=Proof.POSITION, db_default=Proof.POSITION
    )

    class Meta:
        verbose_name = _("服务地点")
        verbose_name_plural = _("服务地点")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="site_name_once")]

    def __str__(self) -> str:
        return self.name
