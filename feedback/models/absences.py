"""When people of the agency are away, so that no case waits for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class StaffAbsence(models.Model):
    """Days, both included, on which somebody of the agency is not there."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences", verbose_name=_("谁不在")
    )
    first_day = models.DateField(_("从哪天"))
    last_day = models.DateField(_("到哪天"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("人员不在")
        verbose_name_plural = _("人员不在")
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_forward"),
            models.UniqueConstraint(fields=["user", "first_day", "last_day"], name="absence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.first_day}–{self.last_day}"
