"""Papers that prove what somebody can do, the warnings before one ends, and the numbers for all of it."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staffing.core.models.policy import Policy
from workers import paper_states
from workers.paper_states import DocumentStatus

from .catalogue import CertificateType, Course, Language, Skill
from .people import Worker

SUBJECTS = ("certificate", "skill", "language", "course")


class Scan(models.Model):
    """A picture in the private store, drawn anew by us; without `file` it was deleted, or there never was one."""

    file = models.CharField(_("文件"), max_length=100, blank=True)
    small = models.CharField(_("缩略图"), max_length=100, blank=True)
    width = models.PositiveSmallIntegerField(_("宽"), default=0)
    height = models.PositiveSmallIntegerField(_("高"), default=0)

    class Meta:
        abstract = True


class Document(Scan):
    """A picture that a worker sent in as proof of one thing: exactly one of `SUBJECTS` is set.

    `level` is what the worker says; issuer, number and last day are what the reviewer reads from the picture.
    """

    TRANSITIONS = paper_states.DOCUMENT

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="documents", db_index=False)
    certificate = models.ForeignKey(
        CertificateType, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    language = models.ForeignKey(
        Language, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    level = models.PositiveSmallIntegerField(_("等级"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=9, choices=DocumentStatus.choices, default=DocumentStatus.WAITING)
    digest = models.CharField(_("内容指纹"), max_length=64)
    remark = models.CharField(_("说明"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("上传时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decision = models.CharField(_("理由"), max_length=200, blank=True)
    issuer = models.CharField(_("发证机构"), max_length=80, blank=True)
    number = models.CharField(_("证书编号"), max_length=60, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta:
        verbose_name = _("证明材料")
        verbose_name_plural = _("证明材料")
        ordering = ["sent_at", "id"]
        indexes = [
            models.Index(fields=["status", "sent_at"], name="documents_in_turn"),
            models.Index(fields=["worker", "sent_at"], name="documents_of_worker"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(
                        Q(
                            **{f"{name}__isnull": False}
                            | {f"{other}__isnull": True for other in SUBJECTS if other != name}
                        )
                        for name in SUBJECTS
                    ),
                    _connector=Q.OR,
                ),
                name="document_of_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["worker", name], condition=Q(status=DocumentStatus.WAITING), name=f"one_waiting_{name}"
                )
                for name in SUBJECTS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.kind} {self.status}"

    @property
    def kind(self) -> str:
        """Which of `SUBJECTS` it is about."""
        return next(name for name in SUBJECTS if getattr(self, f"{name}_id") is not None)

    @property
    def subject(self) -> CertificateType | Skill | Language | Course:
        """The row of the catalogue it is about."""
        found: CertificateType | Skill | Language | Course = getattr(self, self.kind)
        return found


class ExpiryWarning(models.Model):
    """That something of a worker ends on `until` was noticed `step` days before, once; `told_on` in whose digest.

    `kind` and `ref` name the row that ends (`workers.expiring`). Dropped: it was renewed before anybody was told.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("有效")
        DROPPED = "dropped", _("已失效")

    kind = models.CharField(_("类型"), max_length=11)
    ref = models.BigIntegerField(_("编号"))
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="expiry_warnings")
    until = models.DateField(_("有效期至"))
    step = models.PositiveSmallIntegerField(_("提前天数"))
    status = models.CharField(_("状态"), max_length=7, choices=Status.choices, default=Status.OPEN)
    noticed_at = models.DateTimeField(_("发现时间"))
    told_on = models.DateField(_("汇总日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("到期提醒")
        verbose_name_plural = _("到期提醒")
        constraints = [models.UniqueConstraint(fields=["kind", "ref", "until", "step"], name="one_warning_a_step")]
        indexes = [
            models.Index(fields=["id"], condition=Q(told_on__isnull=True, status="open"), name="warnings_untold")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} {self.until} {self.step}"


class PapersPolicy(Policy):
    """Numbers about papers, background checks and what is kept encrypted."""

    unverified_certificates_count = models.BooleanField(_("未核验的证书也参与匹配"), default=False, db_default=False)
    warn_first_days = models.PositiveSmallIntegerField(_("到期前几天第一次提醒"), default=30, db_default=30)
    warn_last_days = models.PositiveSmallIntegerField(_("到期前几天再次提醒"), default=7, db_default=7)
    digest_at = models.TimeField(_("每日到期汇总时间"), default=time(9), db_default=time(9))
    standard_days = models.PositiveSmallIntegerField(_("标准背调有效天数"), default=365, db_default=365)
    high_days = models.PositiveSmallIntegerField(_("高信任背调有效天数"), default=365, db_default=365)
    uploads_an_hour = models.PositiveSmallIntegerField(_("每小时最多上传几份材料"), default=20, db_default=20)
    scan_days = models.PositiveSmallIntegerField(_("审核后图片保存天数"), default=365, db_default=365)
    refused_days = models.PositiveSmallIntegerField(_("未通过的材料保存天数"), default=90, db_default=90)
    vault_days = models.PositiveSmallIntegerField(_("离开后证件号与银行卡保存天数"), default=90, db_default=90)
    dispatcher_reveals = models.BooleanField(_("调度可查看完整证件号"), default=False, db_default=False)
    reveals_an_hour = models.PositiveSmallIntegerField(_("每人每小时最多查看几次"), default=20, db_default=20)

    class Meta:
        verbose_name = _("资料与证件参数")
        verbose_name_plural = _("资料与证件参数")
