"""Places and days that wages depend on."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A catalogue row with a code and a name in both languages."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name_zh = models.CharField(_("中文名"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=60)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class City(Named):
    """A city with its tier (1–3), which sets the rate card, and its centre in WGS-84."""

    tier = models.PositiveSmallIntegerField(_("城市级别"), choices=[(1, "1"), (2, "2"), (3, "3")])
    latitude = models.FloatField(_("纬度"))
    longitude = models.FloatField(_("经度"))

    class Meta(Named.Meta):
        verbose_name = _("城市")
        verbose_name_plural = _("城市")


class PublicHoliday(models.Model):
    """An administrator's correction of the official calendar."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("放假")
        WORKDAY = "workday", _("上班")

    day = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    note = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("节假日")
        verbose_name_plural = _("节假日")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
