"""Background checks: who asked, who approved, what it rests on, how long it holds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workers import paper_states
from workers.paper_states import APPROVED_CHECKS, CheckStatus

from .catalogue import Clearance
from .papers import Scan
from .people import Worker


class BackgroundCheck(Scan):
    """One check of one person; for high trust two different people approve. It counts through all of `valid_until`.

    `decided_at`: passed or refused; before that it is open, one for each person.
    `imported`: the clearance was there before checks were kept, and nobody is known to have approved it.
    """

    TRANSITIONS = paper_states.CHECK

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="checks")
    level = models.PositiveSmallIntegerField(
        _("级别"), choices=[choice for choice in Clearance.choices if choice[0] != Clearance.NONE]
    )
    status = models.CharField(_("状态"), max_length=9, choices=CheckStatus.choices, default=CheckStatus.REQUESTED)
    source = models.CharField(_("依据"), max_length=120)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    imported = models.BooleanField(_("建档前已有"), default=False, db_default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    requested_at = models.DateTimeField(_("发起时间"))
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    first_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    second_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    decided_at = models.DateTimeField(_("结论时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("背景核查")
        verbose_name_plural = _("背景核查")
        ordering = ["requested_at", "id"]
        indexes = [models.Index(fields=["status", "requested_at"], name="checks_in_turn")]
        constraints = [
            models.UniqueConstraint(fields=["worker"], condition=Q(decided_at__isnull=True), name="one_open_check"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | (Q(first_by__isnull=False) & ~Q(first_by=F("second_by"))),
                name="two_people",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=APPROVED_CHECKS)
                | Q(imported=True)
                | Q(first_by__isnull=False, level=Clearance.STANDARD)
                | Q(first_by__isnull=False, second_by__isnull=False),
                name="check_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.get_level_display()} {self.status}"
