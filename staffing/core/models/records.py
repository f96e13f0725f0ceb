"""The queue of record and the memory of what happened."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One thing to be done by one subscriber, now or at `due_at`.

    Life: written in the caller's transaction → leased by a sweep → handled and marked done in one transaction.
    A failure puts `due_at` further off; after the last attempt the row is set aside and shown to people.
    """

    topic = models.CharField(_("主题"), max_length=60)
    subscriber = models.CharField(_("处理者"), max_length=100)
    key = models.CharField(_("去重键"), max_length=200, unique=True)
    queue = models.CharField(_("队列"), max_length=20)
    payload = models.JSONField(_("内容"), default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("创建时间"))
    due_at = models.DateTimeField(_("应处理时间"))
    lease_until = models.DateTimeField(_("租约到期"), null=True, blank=True)
    lease_token = models.UUIDField(_("租约"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    set_aside_at = models.DateTimeField(_("搁置时间"), null=True, blank=True)
    last_error = models.TextField(_("最近错误"), blank=True)

    class Meta:
        verbose_name = _("待办消息")
        verbose_name_plural = _("待办消息")
        indexes = [
            models.Index(
                fields=["queue", "due_at"],
                name="outbox_due",
                condition=Q(done_at__isnull=True, set_aside_at__isnull=True),
            ),
            models.Index(fields=["set_aside_at"], name="outbox_aside", condition=Q(set_aside_at__isnull=False)),
            models.Index(fields=["done_at"], name="outbox_done", condition=Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} → {self.subscriber}"


class AuditEvent(models.Model):
    """One state change or other fact worth keeping; never changed, never deleted."""

    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("操作人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_role = models.CharField(_("角色"), max_length=12)
    subject_type = models.CharField(_("对象"), max_length=40)
    subject_id = models.BigIntegerField(_("编号"))
    order_id = models.BigIntegerField(_("订单"), null=True)
    action = models.CharField(_("动作"), max_length=40)
    from_state = models.CharField(_("原状态"), max_length=20, blank=True)
    to_state = models.CharField(_("新状态"), max_length=20, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    data = models.JSONField(_("数据"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_subject"),
            models.Index(fields=["order_id", "at"], name="audit_order", condition=Q(order_id__isnull=False)),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.subject_type}#{self.subject_id} {self.action}"
