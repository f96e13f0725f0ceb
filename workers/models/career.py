"""Levels and tracks: what each needs, where somebody stands, and how they came there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .catalogue import Course, Level
from .people import Worker


class Track(models.TextChoices):
    """Where a career leads (B8); everybody begins in service."""

    SERVICE = "service", _("客服")
    MANAGEMENT = "management", _("管理")
    TRAINER = "trainer", _("培训师")
    QA = "qa", _("质检")
    CX = "cx", _("客户体验设计")


class CareerRule(models.Model):
    """What a level of a track needs at least; a step without a row has its usual rule."""

    track = models.CharField(_("方向"), max_length=12, choices=Track.choices)
    level = models.CharField(_("级别"), max_length=12, choices=Level.choices)
    least_services = models.PositiveIntegerField(_("最少完成服务数"))
    least_stars = models.DecimalField(_("星级不低于"), max_digits=2, decimal_places=1)
    least_months = models.PositiveSmallIntegerField(_("在岗至少几个月"))
    courses = models.ManyToManyField(Course, related_name="+", blank=True, verbose_name=_("须通过的课程"))

    class Meta:
        verbose_name = _("晋升条件")
        verbose_name_plural = _("晋升条件")
        ordering = ["track", "least_services", "id"]
        constraints = [models.UniqueConstraint(fields=["track", "level"], name="one_rule_a_step")]

    def __str__(self) -> str:
        return f"{self.track} {self.level}"


class Career(models.Model):
    """The track somebody is on, and the one they would like; without a row: service, no wish."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="career")
    track = models.CharField(_("方向"), max_length=12, choices=Track.choices, default=Track.SERVICE)
    wish = models.CharField(_("意向方向"), max_length=12, choices=Track.choices, blank=True)

    class Meta:
        verbose_name = _("职业方向")
        verbose_name_plural = _("职业方向")

    def __str__(self) -> str:
        return f"{self.worker_id} {self.track}"


class LevelChange(models.Model):
    """A step of a career. Shifts from `effective_on` on are paid by the new level; bookings made before keep what was
    agreed. `applied_at`: since when the worker's own row says so."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="level_changes")
    level_before = models.CharField(_("原级别"), max_length=12, choices=Level.choices)
    level_after = models.CharField(_("新级别"), max_length=12, choices=Level.choices)
    track_before = models.CharField(_("原方向"), max_length=12, choices=Track.choices)
    track_after = models.CharField(_("新方向"), max_length=12, choices=Track.choices)
    effective_on = models.DateField(_("生效日期"))
    reason = models.CharField(_("理由"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"))
    applied_at = models.DateTimeField(_("生效时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("级别变动")
        verbose_name_plural = _("级别变动")
        ordering = ["-effective_on", "-id"]
        indexes = [models.Index(fields=["worker", "effective_on"], name="level_history")]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.level_before} → {self.level_after}"
