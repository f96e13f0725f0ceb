"""What was learned about a client: requirements that every new order of theirs gets."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .clients import Client


class ClientGate(models.Model):
    """One requirement that is added to every order a client places from now on.

    `ref`: id of the skill, language, certificate type or course; 0 for stars and clearance. `level`: least level of a
    skill or language, least stars × 10, or the clearance.
    """

    class Kind(models.TextChoices):
        SKILL = "skill", _("技能等级")
        LANGUAGE = "language", _("语言等级")
        CERTIFICATE = "certificate", _("证书")
        COURSE = "course", _("培训")
        STARS = "stars", _("最低星级")
        CLEARANCE = "clearance", _("背景核查")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="gates")
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    ref = models.BigIntegerField(_("对象"), default=0)
    level = models.PositiveSmallIntegerField(_("最低要求"), default=0)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("客户固定要求")
        verbose_name_plural = _("客户固定要求")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["client", "kind", "ref"], name="client_gate_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.kind} {self.ref} ≥ {self.level}"
