"""People who want to join: what they said, how far they have come, and forms that are not finished yet."""

import secrets

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staffing.core.fields import PinyinField, SearchWords
from staffing.core.models import City
from workers import states
from workers.states import ApplicationStatus, RejectReason

from .partners import Partner
from .people import Worker

OPEN = [str(stage) for stage in states.OPEN]


def new_nonce() -> str:
    """256 random bits, the secret of an application's link."""
    return secrets.token_urlsafe(32)


class Application(models.Model):
    """Somebody's wish to join. `status` is the stage; `answers` what they declared (`workers.answers`).

    `duplicate`: whether the phone was known when it came, and what a person decided about that.
    After the days of the policy nothing is left of a closed one but source, stages and dates (`erased_at`).
    """

    TRANSITIONS = states.APPLICATION

    class Duplicate(models.TextChoices):
        NO = "", _("否")
        POSSIBLE = "possible", _("可能重复")
        APART = "apart", _("不是同一人")
        MERGED = "merged", _("已合并")

    name = models.CharField(_("姓名"), max_length=60)
    pinyin = PinyinField(_("拼音"), source="name")
    phone = models.CharField(_("手机号"), max_length=11, blank=True, db_index=True)
    email = models.EmailField(_("邮箱"), blank=True)
    city = models.ForeignKey(
        City, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("城市")
    )
    source = models.CharField(_("来源"), max_length=8, choices=Worker.Source.choices, default=Worker.Source.DIRECT)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("渠道")
    )
    code = models.CharField(_("推荐码"), max_length=40, blank=True)
    remote_ok = models.BooleanField(_("可远程"), default=False)
    answers = models.JSONField(_("自述"), default=dict, blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    status = models.CharField(
        _("阶段"), max_length=9, choices=ApplicationStatus.choices, default=ApplicationStatus.APPLIED
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("负责人"),
    )  # fmt: skip
    due_at = models.DateTimeField(_("处理期限"), null=True, blank=True)
    created_at = models.DateTimeField(_("报名时间"))
    stage_at = models.DateTimeField(_("进入阶段时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    reason = models.CharField(_("未录用原因"), max_length=12, choices=RejectReason.choices, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    duplicate = models.CharField(_("重复"), max_length=8, choices=Duplicate.choices, default=Duplicate.NO, blank=True)
    worker = models.ForeignKey(
        Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("员工")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("合并到")
    )
    consented_at = models.DateTimeField(_("同意隐私说明"), null=True, blank=True)
    consent_version = models.PositiveSmallIntegerField(_("条款版本"), default=0)
    nonce = models.CharField(max_length=64, unique=True, default=new_nonce, editable=False)
    erased_at = models.DateTimeField(_("清除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering = ["-created_at", "-id"]
        constraints = [
            # The same person by the same way is there once; by another way they are flagged for a person's decision.
            models.UniqueConstraint(
                fields=["phone", "source", "partner"],
                condition=Q(status__in=OPEN),
                nulls_distinct=False,
                name="one_open_application_a_way",
            ),
            models.UniqueConstraint(
                fields=["phone"], condition=Q(status__in=OPEN, duplicate=""), name="one_clear_application_a_phone"
            ),
            models.CheckConstraint(condition=~Q(status="active", worker=None), name="active_has_worker"),
            models.CheckConstraint(condition=~Q(status="rejected", reason=""), name="rejected_has_reason"),
            models.CheckConstraint(
                condition=~Q(status="merged", worker=None, merged_into=None), name="merged_has_target"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "due_at"], name="application_due"),
            models.Index(fields=["closed_at"], condition=Q(erased_at=None), name="application_to_forget"),
            GinIndex(
                OpClass(SearchWords("name"), name="gin_trgm_ops"),
                OpClass("phone", name="gin_trgm_ops"),
                OpClass("pinyin", name="gin_trgm_ops"),
                name="application_search",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApplicationDraft(models.Model):
    """A form that is not sent yet, kept so that the same link goes on with it. `data`: the fields as typed.

    With `sent_at`: it was sent with the phone of an application that is under way and changed nothing of it. Its link
    shows what that of a new application would, so that nobody finds out who has applied; `phone` is then the number.
    """

    nonce = models.CharField(max_length=64, unique=True, default=new_nonce, editable=False)
    data = models.JSONField(_("内容"), default=dict, blank=True)
    code = models.CharField(_("推荐码"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("开始时间"))
    updated_at = models.DateTimeField(_("更新时间"), db_index=True)
    sent_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    phone = models.CharField(_("手机号"), max_length=11, blank=True, db_default="", default="")

    class Meta:
        verbose_name = _("未提交的报名")
        verbose_name_plural = _("未提交的报名")

    def __str__(self) -> str:
        return str(self.pk)
