"""What people are told, and by which channel."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notification(models.Model):
    """One message in one person's inbox; it remembers the state it announced, and is dropped once that has passed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(_("类型"), max_length=60)
    key = models.CharField(_("去重键"), max_length=200, unique=True)
    subject_type = models.CharField(_("对象"), max_length=40)
    subject_id = models.BigIntegerField(_("编号"))
    announced_state = models.CharField(_("所告知的状态"), max_length=20, blank=True)
    data = models.JSONField(_("数据"), default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(_("链接"), max_length=400, blank=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读"), null=True, blank=True)
    emailed_at = models.DateTimeField(_("邮件发出"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("已过期"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id}"


class WebhookRobot(models.Model):
    """A group-chat robot (or the console) that repeats some kinds of notification."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("企业微信")
        DINGTALK = "dingtalk", _("钉钉")
        FEISHU = "feishu", _("飞书")
        CONSOLE = "console", _("控制台")

    name = models.CharField(_("名称"), max_length=60, unique=True)
    kind = models.CharField(_("平台"), max_length=10, choices=Kind.choices)
    url = models.URLField(_("地址"), blank=True, max_length=500)
    secret = models.CharField(_("签名密钥"), max_length=200, blank=True)
    kinds = models.JSONField(_("通知类型（空为全部）"), default=list, blank=True)
    language = models.CharField(
        _("语言"), max_length=10, choices=[("zh-hans", "简体中文"), ("en", "English")], default="zh-hans"
    )
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("群机器人")
        verbose_name_plural = _("群机器人")

    def __str__(self) -> str:
        return self.name
