"""Shifts that change hands by the workers' own doing: claimed, swapped; and strikes that are appealed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders import states
from workers.models import Worker

from .bookings import Assignment


class ShiftClaim(models.Model):
    """An open shift that a worker took by themselves; until `undo_until` it can be given back without a trace."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="claim")
    claimed_at = models.DateTimeField(_("抢班时间"))
    undo_until = models.DateTimeField(_("可撤回至"))
    undone_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("自选班次")
        verbose_name_plural = _("自选班次")
        constraints = [models.CheckConstraint(condition=Q(undo_until__gte=F("claimed_at")), name="claim_forward")]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.claimed_at:%Y-%m-%d %H:%M}"


class SwapRequest(models.Model):
    """A booked shift that its worker would like somebody else to take; theirs until somebody has it.

    `only` is the one colleague who is asked (None: everybody who suits), `taker` who said yes, `found` the taker's
    booking once the shift has changed hands.
    """

    TRANSITIONS = states.SWAP

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="swaps")
    only = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    found = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="swapped_from"
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=states.SwapStatus.choices, default=states.SwapStatus.OPEN
    )
    note = models.CharField(_("说明"), max_length=100, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("发起时间"))
    expires_at = models.DateTimeField(_("有效至"))
    taken_at = models.DateTimeField(_("接手时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("换班")
        verbose_name_plural = _("换班")
        ordering = ["expires_at", "id"]
        indexes = [models.Index(fields=["status", "expires_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(status__in=states.LIVE_SWAP), name="one_live_swap"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(states.SwapStatus.TAKEN, states.SwapStatus.DONE)) | Q(taker__isnull=False),
                name="taken_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.status}"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.assignment.position.shift.order_id


class Appeal(models.Model):
    """A worker's word against a strike, at level 1 (any dispatcher) or 2 (a manager who did not decide before)."""

    TRANSITIONS = states.APPEAL

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="appeals")
    level = models.PositiveSmallIntegerField(_("级别"), default=1)
    status = models.CharField(
        _("状态"), max_length=12, choices=states.AppealStatus.choices, default=states.AppealStatus.OPEN
    )
    text = models.CharField(_("申诉内容"), max_length=500)
    filed_at = models.DateTimeField(_("提交时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decision = models.CharField(_("处理理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("申诉")
        verbose_name_plural = _("申诉")
        ordering = ["filed_at", "id"]
        indexes = [models.Index(fields=["status", "filed_at"])]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "level"], name="one_appeal_a_level"),
            models.CheckConstraint(condition=Q(level__in=(1, 2)), name="appeal_level"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.level} {self.status}"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.assignment.position.shift.order_id
