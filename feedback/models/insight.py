"""What clients' customers ask, need and suggest, as the people who served them noted it (C6)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, Client

LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]


class InsightKind(models.TextChoices):
    """What a note is about."""

    QUESTION = "question", _("常见问题")
    NEED = "need", _("客户需求")
    IDEA = "idea", _("改进建议")


class InsightGroup(models.Model):
    """Notes that say the same; a person may merge and rename groups."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="insight_groups")
    kind = models.CharField(_("类型"), max_length=8, choices=InsightKind.choices)
    product = models.CharField(_("产品"), max_length=40, blank=True)
    title = models.CharField(_("标题"), max_length=300)
    made_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("洞察分组")
        verbose_name_plural = _("洞察分组")
        indexes = [models.Index(fields=["client", "kind"])]

    def __str__(self) -> str:
        return self.title


class InsightNote(models.Model):
    """One thing noted after a shift, and how often it came up."""

    group = models.ForeignKey(InsightGroup, on_delete=models.PROTECT, related_name="notes")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="insights")
    text = models.CharField(_("内容"), max_length=300)
    count = models.PositiveSmallIntegerField(
        _("次数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    at = models.DateTimeField(_("时间"))
    form_key = models.UUIDField(_("表单键"), unique=True)

    class Meta:
        verbose_name = _("一线洞察")
        verbose_name_plural = _("一线洞察")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return self.text


class ProductContact(models.Model):
    """To whom at the client the insight goes; kept by the client."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="product_contact")
    email = models.EmailField(_("产品团队邮箱"))
    language = models.CharField(_("语言"), max_length=10, choices=LANGUAGES, default="zh-hans")

    class Meta:
        verbose_name = _("产品团队联系人")
        verbose_name_plural = _("产品团队联系人")

    def __str__(self) -> str:
        return self.email


class InsightReport(models.Model):
    """The grouped notes of one week as they were sent to the client's product team: once a week, without names."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="insight_reports")
    monday = models.DateField(_("周一"))
    email = models.EmailField(_("收件人"))
    language = models.CharField(_("语言"), max_length=10, choices=LANGUAGES)
    content = models.JSONField(_("内容"), default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提交时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("洞察报告")
        verbose_name_plural = _("洞察报告")
        ordering = ["-monday", "-id"]
        constraints = [models.UniqueConstraint(fields=["client", "monday"], name="one_insight_report_a_week")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.monday}"
