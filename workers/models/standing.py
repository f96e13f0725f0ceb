"""What is looked at in somebody's work, what is proposed about them, and their word against it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workers import states

from .career import Track
from .catalogue import Level, ServiceType
from .people import Worker


class WatchEntry(models.Model):
    """A worker is on watch in one kind of service. `reasons`: which figure, what it is and what it should be, from how
    many services, and those that count against them, each with day and title."""

    TRANSITIONS = states.WATCH

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="watch_entries")
    service_type = models.CharField(_("服务类型"), max_length=20, choices=ServiceType.choices)
    status = models.CharField(
        _("状态"), max_length=12, choices=states.WatchStatus.choices, default=states.WatchStatus.WATCHING
    )
    reasons = models.JSONField(_("依据"), default=list)
    since = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(_("解除理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("考察")
        verbose_name_plural = _("考察")
        ordering = ["-since", "-id"]
        indexes = [models.Index(fields=["status", "since"], name="watch_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "service_type"], condition=Q(status__in=states.LIVE_WATCH), name="one_live_watch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.service_type} {self.status}"


class Proposal(models.Model):
    """Removal, promotion or full time, proposed with its evidence; a manager decides by `due_at`.

    `evidence`: facts as code with `have` and `need`. `level` and `track` are what somebody would become.
    """

    TRANSITIONS = states.PROPOSAL

    class Kind(models.TextChoices):
        SUSPEND = "suspend", _("暂停派单")
        LEAVE = "leave", _("清退")
        PROMOTE = "promote", _("晋升")
        FULL_TIME = "full_time", _("转全职")

    class Outcome(models.TextChoices):
        HIRED = "hired", _("已转全职")
        OWN_NO = "own_no", _("本人不愿意")
        NO_PLACE = "no_place", _("暂无岗位")

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="proposals")
    kind = models.CharField(_("建议"), max_length=12, choices=Kind.choices)
    status = models.CharField(
        _("状态"), max_length=12, choices=states.ProposalStatus.choices, default=states.ProposalStatus.OPEN
    )
    evidence = models.JSONField(_("依据"), default=list)
    level = models.CharField(_("级别"), max_length=12, choices=Level.choices, blank=True)
    track = models.CharField(_("方向"), max_length=12, choices=Track.choices, blank=True)
    made_at = models.DateTimeField(_("提出时间"))
    due_at = models.DateTimeField(_("决定期限"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome.choices, blank=True)
    outcome_at = models.DateTimeField(_("结果时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("人员建议")
        verbose_name_plural = _("人员建议")
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["status", "due_at"], name="proposal_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "kind"], condition=Q(status=states.ProposalStatus.OPEN), name="one_open_proposal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.kind} {self.status}"

    @property
    def removes(self) -> bool:
        """Whether it takes somebody out of matching."""
        return self.kind in (self.Kind.SUSPEND, self.Kind.LEAVE)


class StandingAppeal(models.Model):
    """A worker's word against a watch or a removal: the first is decided by anybody of the agency but who had decided,
    the second by a manager who is neither of them. While it is open, the effect rests."""

    TRANSITIONS = states.STANDING_APPEAL

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="standing_appeals")
    watch = models.ForeignKey(WatchEntry, on_delete=models.CASCADE, null=True, blank=True, related_name="appeals")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="appeals")
    level = models.PositiveSmallIntegerField(_("级别"), default=1)
    status = models.CharField(
        _("状态"), max_length=12, choices=states.StandingAppealStatus.choices, default=states.StandingAppealStatus.OPEN
    )
    text = models.CharField(_("申诉内容"), max_length=500)
    filed_at = models.DateTimeField(_("提交时间"))
    due_at = models.DateTimeField(_("答复期限"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decision = models.CharField(_("处理理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("考察与清退申诉")
        verbose_name_plural = _("考察与清退申诉")
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["status", "due_at"], name="standing_appeal_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["watch", "level"], name="one_watch_appeal_a_level"),
            models.UniqueConstraint(fields=["proposal", "level"], name="one_removal_appeal_a_level"),
            models.CheckConstraint(
                condition=Q(watch__isnull=False, proposal__isnull=True) | Q(watch__isnull=True, proposal__isnull=False),
                name="appeal_against_one_thing",
            ),
            models.CheckConstraint(condition=Q(level__in=(1, 2)), name="standing_appeal_level"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id}/{self.level} {self.status}"
