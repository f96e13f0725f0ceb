"""When a worker is free."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .commitment import Commitment
from .people import Worker


class AvailabilityWindow(models.Model):
    """Free every week: local minutes from `start_minute` of `weekday` (0 = Monday); the end may pass midnight."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("星期"), validators=[MaxValueValidator(6)])
    start_minute = models.PositiveSmallIntegerField(_("开始"), validators=[MaxValueValidator(1439)])
    end_minute = models.PositiveSmallIntegerField(_("结束"), validators=[MaxValueValidator(2880)])

    class Meta:
        verbose_name = _("每周可用时间")
        verbose_name_plural = _("每周可用时间")
        ordering = ["weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(end_minute__gt=F("start_minute")), name="window_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start_minute}–{self.end_minute}"


class AvailabilityException(models.Model):
    """Off, or free in addition, on one occasion; `commitment`: it is one time of that."""

    class Kind(models.TextChoices):
        OFF = "off", _("不可用")
        EXTRA = "extra", _("额外可用")

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="exceptions")
    kind = models.CharField(_("类型"), max_length=5, choices=Kind.choices)
    start_at = models.DateTimeField(_("开始"))
    end_at = models.DateTimeField(_("结束"))
    note = models.CharField(_("说明"), max_length=100, blank=True)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="times", null=True, blank=True, db_index=False
    )

    class Meta:
        verbose_name = _("可用时间例外")
        verbose_name_plural = _("可用时间例外")
        ordering = ["start_at"]
        constraints = [models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="exception_forward")]
        indexes = [
            models.Index(fields=["commitment"], condition=Q(commitment__isnull=False), name="times_of_commitment")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start_at:%Y-%m-%d %H:%M}"
