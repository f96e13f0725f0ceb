"""What the engine was asked, and what it answered."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.matching import gate_counts, reason_from_dict

from .orders import Order, Shift


class MatchWeights(models.Model):
    """A version of the named weights; the newest one is in force, older ones explain older runs."""

    version = models.CharField(_("版本"), max_length=20, unique=True)
    values = models.JSONField(_("权重"))
    note = models.CharField(_("变更说明"), max_length=200, blank=True, default="", db_default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("创建人"),
    )
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("匹配权重")
        verbose_name_plural = _("匹配权重")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.version


class MatchRun(models.Model):
    """One run of the engine: for one order, or for all open places of the coming days (`cause` "batch", no order).

    `method` is how far the search went ("" in runs from before it was kept), `value` the plan's value units,
    `bound` what no plan can exceed and `gap` the share of it that may be missing; null where nothing was asked.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, null=True, blank=True, related_name="match_runs")
    created_at = models.DateTimeField(_("时间"))
    cause = models.CharField(_("起因"), max_length=20)
    method = models.CharField(_("方法"), max_length=10, blank=True, default="", db_default="")
    value = models.BigIntegerField(_("方案价值"), null=True, blank=True)
    bound = models.FloatField(_("价值上界"), null=True, blank=True)
    gap = models.FloatField(_("与上界的差距"), null=True, blank=True)
    stopped = models.BooleanField(_("因限时提前结束"), default=False, db_default=False)
    fallback = models.BooleanField(_("直接读取数据库"), default=False, db_default=False)
    positions = models.PositiveIntegerField(_("名额数"), default=0, db_default=0)
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
    `rejected`: `{worker id: [{"code", "params"}]}` with every reason, of those nearest to suiting.
    `masks`: the reasons of everybody else as bits, see `orders.matching.masks`.
    `gates`: list of `{"gate", "removed", "only"}` over everybody; `ranked_total` and `rejected_total` count
    everybody, not only those kept here. Answers from before these were kept have them empty and 0, and
    everybody in `ranked` and `rejected`.
    """

    # its index is that of `match_shift_once`
    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="shifts", db_index=False)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="matches")
    ranked = models.JSONField(_("排序"))
    rejected = models.JSONField(_("淘汰理由"))
    masks = models.BinaryField(_("其余人员的淘汰理由"), default=b"", db_default=b"")
    gates = models.JSONField(_("各关卡淘汰人数"), default=list, db_default=models.Value([], models.JSONField()))
    ranked_total = models.PositiveIntegerField(_("合格人数"), default=0, db_default=0)
    rejected_total = models.PositiveIntegerField(_("淘汰人数"), default=0, db_default=0)
    novice_places = models.PositiveSmallIntegerField(_("留给新人的名额"), default=0, db_default=0)
    shortage = models.PositiveIntegerField(_("缺口"))

    class Meta:
        verbose_name = _("班次匹配")
        verbose_name_plural = _("班次匹配")
        constraints = [models.UniqueConstraint(fields=["run", "shift"], name="match_shift_once")]

    def __str__(self) -> str:
        return f"{self.run_id} / {self.shift_id}"

    def gate_rows(self) -> list[dict[str, Any]]:
        """`gates`; where they were not kept, counted from the reasons."""
        if self.gates:
            return list(self.gates)
        kept = {int(pk): [reason_from_dict(row) for row in rows] for pk, rows in self.rejected.items()}
        return [asdict(one) for one in gate_counts(kept)]

    def eligible_count(self) -> int:
        """How many people suit."""
        return self.ranked_total or len(self.ranked)

    def rejected_count(self) -> int:
        """How many people do not suit."""
        return self.rejected_total or len(self.rejected)
