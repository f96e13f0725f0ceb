"""What is kept of a worker encrypted."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Worker


class VaultEntry(models.Model):
    """An identity number or a bank account: encrypted for this row alone, found by a keyed digest, shown by its ends.

    `workers.services.vault` writes and reads it. `delete_at`: the person has left, and until then it is kept.
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("身份证号")
        BANK = "bank", _("银行卡号")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="vault")
    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    key = models.CharField(_("密钥"), max_length=8, db_index=True, editable=False)
    content = models.BinaryField(_("密文"), editable=False)
    digest = models.BinaryField(_("指纹"), max_length=32, editable=False)
    hint = models.CharField(_("掩码"), max_length=19, editable=False)
    changed_at = models.DateTimeField(_("更新时间"))
    delete_at = models.DateTimeField(_("删除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("证件与银行卡")
        verbose_name_plural = _("证件与银行卡")
        constraints = [models.UniqueConstraint(fields=["worker", "kind"], name="one_secret_a_kind")]
        indexes = [models.Index(fields=["kind", "digest"], name="vault_digest")]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.kind}"
