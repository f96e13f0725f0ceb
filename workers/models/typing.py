"""Texts to type, and the tries at them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workers.training_states import TYPING, TypingStatus

from .catalogue import Skill


class Script(models.TextChoices):
    """What is counted: characters a minute, or words of five characters a minute."""

    ZH = "zh", _("中文")
    EN = "en", _("英文")


class TypingText(models.Model):
    """A text to type; the speed reached on it decides the level of `skill` by the thresholds of that skill."""

    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, related_name="+", verbose_name=_("技能"), limit_choices_to={"kind": "typing"}
    )
    script = models.CharField(_("语言"), max_length=2, choices=Script.choices)
    body = models.TextField(_("文本"), max_length=2_000)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("打字文本")
        verbose_name_plural = _("打字文本")
        ordering = ["script", "id"]

    def __str__(self) -> str:
        return self.body[:20]


class TypingAttempt(models.Model):
    """A try: `body` was handed out at `started_at`; what the browser reported, and what the server made of it."""

    TRANSITIONS = TYPING

    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="typing_attempts")
    text = models.ForeignKey(TypingText, on_delete=models.PROTECT, related_name="+")
    script = models.CharField(_("语言"), max_length=2, choices=Script.choices)
    body = models.TextField(_("文本"))
    status = models.CharField(_("状态"), max_length=7, choices=TypingStatus.choices, default=TypingStatus.RUNNING)
    started_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("截止时间"))
    finished_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    report = models.JSONField(_("输入过程"), default=list, blank=True)
    refusal = models.CharField(_("无效原因"), max_length=8, blank=True)
    typed = models.PositiveSmallIntegerField(_("输入字符"), null=True, blank=True)
    errors = models.PositiveSmallIntegerField(_("错误"), null=True, blank=True)
    accuracy = models.PositiveSmallIntegerField(_("准确率 %"), null=True, blank=True)
    speed = models.PositiveSmallIntegerField(_("速度"), null=True, blank=True)

    class Meta:
        verbose_name = _("打字测试记录")
        verbose_name_plural = _("打字测试记录")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["worker"], condition=Q(status="running"), name="one_running_typing"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="typing_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.script} {self.started_at:%Y-%m-%d %H:%M}"
