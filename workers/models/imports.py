"""Applications that come as a table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staffing.core.models.policy import Policy

from .applications import Application
from .partners import Partner
from .people import Worker


class SourcePolicy(Policy):
    """Numbers of the ways by which applications come in."""

    requests_a_minute = models.PositiveSmallIntegerField(_("每个密钥每分钟请求数"), default=60)
    batch_rows = models.PositiveSmallIntegerField(_("一次最多提交几条报名"), default=500)
    sandbox_days = models.PositiveSmallIntegerField(_("测试报名保留天数"), default=7)
    hook_days = models.PositiveSmallIntegerField(_("通知几天送不到就放弃"), default=3)
    overlap_hours = models.PositiveSmallIntegerField(_("更换签名密钥后旧密钥还有效几小时"), default=48)
    delivery_days = models.PositiveSmallIntegerField(_("通知记录保留天数"), default=90)
    import_megabytes = models.PositiveSmallIntegerField(_("导入文件最大几 MB"), default=20)
    import_rows = models.PositiveIntegerField(_("导入文件最多几行"), default=10_000)
    import_days = models.PositiveSmallIntegerField(_("导入文件保留天数"), default=14)
    stay_days = models.PositiveSmallIntegerField(_("来源报表：多少天后仍在岗"), default=90)
    stay_window_days = models.PositiveSmallIntegerField(_("来源报表：期满前几天内上过岗才算在岗"), default=30)

    class Meta:
        verbose_name = _("来源参数")
        verbose_name_plural = _("来源参数")


class ImportFile(models.Model):
    """A table of applications: read once, its rows kept in `file` until they are swept; how far its run has come."""

    name = models.CharField(_("文件名"), max_length=200)
    # In the private store, one JSON list a line; empty once swept.
    file = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, db_index=True)
    encoding = models.CharField(_("编码"), max_length=20)
    delimiter = models.CharField(_("分隔符"), max_length=1, blank=True)
    head = models.JSONField(_("表头"), default=list)
    # Field by column number, as text.
    mapping = models.JSONField(_("列对应"), default=dict)
    source = models.CharField(_("来源"), max_length=8, choices=Worker.Source.choices, default=Worker.Source.PARTNER)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("渠道")
    )
    rows = models.PositiveIntegerField(_("行数"))
    created_at = models.DateTimeField(_("上传时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    # Where in the file the next row begins, and how many rows are done.
    offset = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    added = models.PositiveIntegerField(_("新增"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    possible = models.PositiveIntegerField(_("可能重复"), default=0)
    bad = models.PositiveIntegerField(_("有错误"), default=0)

    class Meta:
        verbose_name = _("导入文件")
        verbose_name_plural = _("导入文件")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """What became of a row; `line` is its line in the file."""

    class Outcome(models.TextChoices):
        ADDED = "added", _("新增")
        UNCHANGED = "unchanged", _("无变化")
        POSSIBLE = "possible", _("可能重复")
        BAD = "bad", _("有错误")

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="results")
    line = models.PositiveIntegerField(_("行号"))
    # Where the row begins in the kept file.
    offset = models.BigIntegerField()
    outcome = models.CharField(_("结果"), max_length=9, choices=Outcome.choices)
    # Codes by field, put into words when they are shown.
    errors = models.JSONField(_("错误"), default=dict, blank=True)
    application = models.ForeignKey(Application, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("导入结果")
        verbose_name_plural = _("导入结果")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="one_result_a_line")]
        indexes = [models.Index(fields=["file", "outcome", "line"], name="import_outcomes")]

    def __str__(self) -> str:
        return f"{self.line} {self.outcome}"
