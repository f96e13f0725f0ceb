"""A worker's word that their position may be used for check-in; every giving and withdrawing stays on record."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PositionConsent(models.Model):
    """One consent from `given_at` until it was withdrawn; it covers the text of its version and no other."""

    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="position_consents")
    version = models.PositiveSmallIntegerField(_("条款版本"))
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("定位同意")
        verbose_name_plural = _("定位同意")
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(withdrawn_at__isnull=True), name="one_position_consent"
            ),
            models.CheckConstraint(condition=Q(withdrawn_at__gte=F("given_at")), name="consent_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} v{self.version}"
