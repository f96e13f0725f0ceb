"""A worker's shifts in the calendar of their phone: the secret address, and which version of each event is out."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from workers.models import Worker

from .bookings import Offer


class CalendarFeed(models.Model):
    """The one address at which a worker's calendar is read. The token itself is not kept, only its digest."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="calendar_feed")
    seed = models.UUIDField(_("种子"), default=uuid.uuid4)
    digest = models.CharField(_("令牌摘要"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("创建时间"))
    shown = models.CharField(_("最近内容摘要"), max_length=64, blank=True, default="")
    shown_at = models.DateTimeField(_("内容变更时间"))

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")

    def __str__(self) -> str:
        return str(self.worker_id)


class CalendarEntry(models.Model):
    """What calendars were last told about one offer and the shift it became: `sequence` grows with every change."""

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="calendar_entry")
    fingerprint = models.CharField(_("内容摘要"), max_length=64)
    sequence = models.PositiveIntegerField(_("版本"), default=0)
    changed_at = models.DateTimeField(_("变更时间"))

    class Meta:
        verbose_name = _("日历条目")
        verbose_name_plural = _("日历条目")

    def __str__(self) -> str:
        return f"{self.offer_id} v{self.sequence}"
