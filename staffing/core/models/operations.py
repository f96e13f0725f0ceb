"""Rows that keep the machinery honest."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When a sweep last really did its round: a worker can look alive and do nothing."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    beat_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("心跳")
        verbose_name_plural = _("心跳")

    def __str__(self) -> str:
        return self.name


class DemoClock(models.Model):
    """Seconds by which a demo or test runs ahead of the real clock. Ignored in production."""

    offset_seconds = models.BigIntegerField(default=0)
    lived_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("演示时钟")
        verbose_name_plural = _("演示时钟")

    def __str__(self) -> str:
        return f"+{self.offset_seconds} s"


class IdempotencyRecord(models.Model):
    """The first answer to an unsafe request, repeated for every retry with the same key and body."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    # Who asks where that is no person: a partner's key.
    caller = models.CharField(max_length=60, blank=True, default="", db_default="")
    key = models.CharField(max_length=100)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("幂等记录")
        verbose_name_plural = _("幂等记录")
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_once"),
            models.UniqueConstraint(
                fields=["caller", "key"], condition=~Q(caller=""), name="idempotency_once_a_caller"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
