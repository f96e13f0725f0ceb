"""Who a client likes to see, who is not sent to it, and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .clients import Client


class Listed(models.Model):
    """A worker on a list of a client: by whom, until when (the day included; None: for good)."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("时间"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    until = models.DateField(_("有效至"), null=True, blank=True)

    class Meta:
        abstract = True


class DoNotSend(Listed):
    """A worker this client must not be sent: the client's (or the desk's) wish, or a conflict of interest."""

    class Kind(models.TextChoices):
        WISH = "wish", _("不再派遣")
        CONFLICT = "conflict", _("利益冲突")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="do_not_send")
    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices, default=Kind.WISH, db_default=Kind.WISH)
    reason = models.CharField(_("理由"), max_length=200)

    class Meta:
        verbose_name = _("不再派遣")
        verbose_name_plural = _("不再派遣")
        constraints = [models.UniqueConstraint(fields=["client", "worker", "kind"], name="do_not_send_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.client_id} × {self.worker_id}"


class TeamMember(Listed):
    """A worker of this client's own team, preferred in matching."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="team")
    reason = models.CharField(_("理由"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("固定团队")
        verbose_name_plural = _("固定团队")
        constraints = [models.UniqueConstraint(fields=["client", "worker"], name="team_once")]

    def __str__(self) -> str:
        return f"{self.client_id} + {self.worker_id}"


class ConflictOfInterest(models.Model):
    """Somebody is tied to a client or to its competitor; while it holds, they are not sent there.

    `company` is what the worker wrote; as long as nobody knows which client that is, `client` is empty.
    """

    class Kind(models.TextChoices):
        EMPLOYED = "employed", _("本人在该公司任职或兼职")
        RELATED = "related", _("亲属在该公司任职")
        COMPETITOR = "competitor", _("本人在其竞争对手任职")
        OTHER = "other", _("其他利益关系")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts")
    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="conflicts")
    company = models.CharField(_("公司"), max_length=100)
    kind = models.CharField(_("关系"), max_length=12, choices=Kind.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("申报时间"))
    until = models.DateField(_("有效至"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("利益冲突")
        verbose_name_plural = _("利益冲突")
        ordering = ["-declared_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "worker"], condition=models.Q(ended_at=None), name="one_conflict_a_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} ~ {self.worker_id}"
