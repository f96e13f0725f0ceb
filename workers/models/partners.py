"""Whoever sends applicants: platforms, schools, communities."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Worker


class Partner(models.Model):
    """A source of applicants with a code of its own; `cost_per_active`: CNY it is paid for each active worker."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=8, choices=Worker.Source.choices, default=Worker.Source.PARTNER)
    contact = models.CharField(_("联系人"), max_length=120, blank=True)
    cost_per_active = models.DecimalField(
        _("每位入库人员费用（元）"), max_digits=8, decimal_places=2, default=Decimal(0)
    )
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("合作渠道")
        verbose_name_plural = _("合作渠道")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
