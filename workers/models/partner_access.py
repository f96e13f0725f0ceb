"""How a partner's machines talk with us: keys with secrets, what was asked before, and where its news goes."""

import secrets
import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workers.states import ApplicationStatus

from .applications import Application
from .partners import Partner


class Scope(models.TextChoices):
    """What a key may do."""

    WRITE = "applications:write", _("提交报名")
    READ = "applications:read", _("查看报名进度")


def new_key_id() -> str:
    """The public name of a key."""
    return f"lk_{secrets.token_hex(10)}"


class PartnerSecret(models.Model):
    """A secret as the vault seals it: signatures are checked with it, so it must be had again. `row` binds it here."""

    row = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("密钥名"), max_length=16)
    content = models.BinaryField(_("密文"))

    class Meta:
        verbose_name = _("渠道密钥密文")
        verbose_name_plural = _("渠道密钥密文")

    def __str__(self) -> str:
        return str(self.row)


class PartnerKey(models.Model):
    """With what a partner signs its requests. A sandbox key is answered like any other, and nobody here sees it."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="keys", verbose_name=_("渠道"))
    key_id = models.CharField(_("密钥编号"), max_length=40, unique=True, default=new_key_id)
    secret = models.OneToOneField(PartnerSecret, on_delete=models.PROTECT, related_name="+", verbose_name=_("密钥"))
    sandbox = models.BooleanField(_("测试用"), default=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("权限"))
    per_minute = models.PositiveSmallIntegerField(_("每分钟请求数"), null=True, blank=True)
    created_at = models.DateTimeField(_("创建时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("渠道密钥")
        verbose_name_plural = _("渠道密钥")
        ordering = ["revoked_at", "-created_at", "-id"]

    def __str__(self) -> str:
        return self.key_id


class PartnerNonce(models.Model):
    """A text that a key has used; it is good for no second request."""

    key = models.ForeignKey(PartnerKey, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("用过的随机串")
        verbose_name_plural = _("用过的随机串")
        constraints = [models.UniqueConstraint(fields=["key", "nonce"], name="one_use_a_nonce")]

    def __str__(self) -> str:
        return self.nonce


class PartnerReference(models.Model):
    """A partner's own number of an application that it sent."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="reference")
    external_id = models.CharField(_("对方编号"), max_length=64)

    class Meta:
        verbose_name = _("渠道编号")
        verbose_name_plural = _("渠道编号")
        constraints = [models.UniqueConstraint(fields=["partner", "external_id"], name="one_application_a_reference")]

    def __str__(self) -> str:
        return self.external_id


class SandboxApplication(models.Model):
    """What a sandbox key sent: no person, only what is needed to answer again. Swept after the days of the policy."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    # Of the phone: the same person again is answered as unchanged.
    digest = models.BinaryField(max_length=32)
    external_id = models.CharField(_("对方编号"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        verbose_name = _("测试报名")
        verbose_name_plural = _("测试报名")
        constraints = [
            models.UniqueConstraint(fields=["partner", "digest"], name="one_sandbox_a_phone"),
            models.UniqueConstraint(
                fields=["partner", "external_id"], condition=~Q(external_id=""), name="one_sandbox_a_reference"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PartnerHook(models.Model):
    """Where a partner is told of each stage that its applications reach."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="hook", verbose_name=_("渠道"))
    url = models.CharField(_("接收地址"), max_length=500)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("渠道通知地址")
        verbose_name_plural = _("渠道通知地址")

    def __str__(self) -> str:
        return self.url


class HookSecret(models.Model):
    """With what its news is signed; the one before goes on for the hours of the policy."""

    hook = models.ForeignKey(PartnerHook, on_delete=models.CASCADE, related_name="secrets")
    secret = models.OneToOneField(PartnerSecret, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("创建时间"))
    ends_at = models.DateTimeField(_("失效时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知签名密钥")
        verbose_name_plural = _("通知签名密钥")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["hook"], condition=Q(ends_at=None), name="one_lasting_hook_secret")
        ]

    def __str__(self) -> str:
        return f"{self.hook_id} {self.made_at}"


class PartnerDelivery(models.Model):
    """One piece of news for a partner, until it has arrived or is given up. `body` names no person."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="deliveries")
    uid = models.UUIDField(_("编号"), unique=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("去重键"), max_length=100, unique=True)
    kind = models.CharField(_("事件"), max_length=40)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    body = models.JSONField(_("内容"), encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("时间"))
    # From here on the days until it is given up are counted: a replay begins anew.
    since = models.DateTimeField(_("开始投递"))
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_at = models.DateTimeField(_("下次投递"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("放弃时间"), null=True, blank=True)
    last_error = models.CharField(_("最近错误"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("渠道通知")
        verbose_name_plural = _("渠道通知")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["partner", "-created_at"], name="delivery_of_partner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def stage(self) -> str:
        """The stage that it tells of, in words."""
        return str(ApplicationStatus(self.body["data"]["status"]).label)


class PartnerFee(models.Model):
    """Money paid to a partner beside what each active worker costs."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="fees")
    paid_on = models.DateField(_("付款日期"))
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2)
    note = models.CharField(_("说明"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("渠道费用")
        verbose_name_plural = _("渠道费用")
        ordering = ["-paid_on", "-id"]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.amount}"
