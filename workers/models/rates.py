"""What an hour costs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .catalogue import Level, ServiceType


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
