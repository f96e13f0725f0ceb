"""Lessons given at a time, in a room or online, with so many seats."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workers.training_states import COMING, PLACE, SEATED, SESSION, PlaceStatus, SessionStatus

from .catalogue import Course


class TrainingSession(models.Model):
    """`[starts_at, ends_at)`; whoever has a seat may give it back until `leave_by`."""

    class Kind(models.TextChoices):
        CLASSROOM = "classroom", _("线下面授")
        ONLINE = "online", _("线上直播课")

    TRANSITIONS = SESSION

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("培训课程"))
    kind = models.CharField(_("形式"), max_length=9, choices=Kind.choices, default=Kind.CLASSROOM)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    link = models.URLField(_("上课链接"), max_length=300, blank=True)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("讲师")
    )
    seats = models.PositiveSmallIntegerField(_("座位数"), validators=[MinValueValidator(1), MaxValueValidator(500)])
    leave_by = models.DateTimeField(_("取消报名截止"))
    status = models.CharField(_("状态"), max_length=9, choices=SessionStatus.choices, default=SessionStatus.OPEN)
    reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("培训场次")
        verbose_name_plural = _("培训场次")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), leave_by__lte=F("starts_at")), name="session_forward"
            ),
        ]
        indexes = [models.Index(fields=["status", "starts_at"], name="sessions_to_come")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.starts_at:%Y-%m-%d %H:%M}"


class SessionPlace(models.Model):
    """Somebody's place. `seat` is a number of the session's seats, and nobody else's; without one they wait."""

    TRANSITIONS = PLACE

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="places")
    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="session_places")
    status = models.CharField(_("状态"), max_length=8, choices=PlaceStatus.choices)
    seat = models.PositiveSmallIntegerField(_("座位"), null=True, blank=True, validators=[MinValueValidator(1)])
    asked_at = models.DateTimeField(_("报名时间"))

    class Meta:
        verbose_name = _("培训报名")
        verbose_name_plural = _("培训报名")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "worker"], condition=Q(status__in=[*COMING]), name="one_place_a_session"
            ),
            models.UniqueConstraint(
                fields=["session", "seat"], condition=Q(status__in=[*SEATED]), name="one_person_a_seat"
            ),
            models.CheckConstraint(condition=~Q(status__in=[*SEATED]) | Q(seat__gte=1), name="seated_have_a_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.worker_id} {self.status}"
