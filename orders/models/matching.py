"""What the engine was asked, and what it answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .orders import Order, Shift


class MatchWeights(models.Model):
    """A version of the named weights; the newest one is in force, older ones explain older runs."""

    version = models.CharField(_("版本"), max_length=20, unique=True)
    values = models.JSONField(_("权重"))
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("匹配权重")
        verbose_name_plural = _("匹配权重")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.version


class MatchRun(models.Model):
    """One run of the engine for one order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="match_runs")
    created_at = models.DateTimeField(_("时间"))
    cause = models.CharField(_("起因"), max_length=20)
    weights_version = models.CharField(_("权重版本"), max_length=20)
    inputs_digest = models.CharField(_("输入摘要"), max_length=64)
    pool_size = models.PositiveIntegerField(_("候选人数"))
    shortage = models.PositiveIntegerField(_("缺口"))
    duration_ms = models.PositiveIntegerField(_("用时（毫秒）"))

    class Meta:
        verbose_name = _("匹配运行")
        verbose_name_plural = _("匹配运行")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.order_id} #{self.pk}"


class MatchShift(models.Model):
    """The answer for one shift.

    `ranked`: list of `{"worker", "score", "parts": [{"code", "points", "max", "params"}], "taken_by"}`, best first.
    `rejected`: `{worker id: [{"code", "params"}]}` with every reason.
    """

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="shifts")
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="matches")
    ranked = models.JSONField(_("排序"))
    rejected = models.JSONField(_("淘汰理由"))
    shortage = models.PositiveIntegerField(_("缺口"))

    class Meta:
        verbose_name = _("班次匹配")
        verbose_name_plural = _("班次匹配")
        constraints = [models.UniqueConstraint(fields=["run", "shift"], name="match_shift_once")]

    def __str__(self) -> str:
        return f"{self.run_id} / {self.shift_id}"
