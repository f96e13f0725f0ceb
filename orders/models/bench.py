"""People who stand by for others: how many a city wants at which hours, and who they are."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders import states
from staffing.core.models import City
from workers.models import Worker

from .bookings import Assignment, TsTzRange


class BenchShift(models.Model):
    """Some hours of a day in a city, `[start_at, end_at)`, and how many are wanted to stand by."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+", verbose_name=_("城市"))
    start_at = models.DateTimeField(_("开始"))
    end_at = models.DateTimeField(_("结束"))
    wanted = models.PositiveSmallIntegerField(_("需要候补人数"))
    positions = models.PositiveSmallIntegerField(_("此时段开始的名额"))
    loss = models.FloatField(_("预计不到岗比例"))
    planned_at = models.DateTimeField(_("安排时间"))

    class Meta:
        verbose_name = _("候补时段")
        verbose_name_plural = _("候补时段")
        ordering = ["start_at", "city_id"]
        constraints = [
            models.UniqueConstraint(fields=["city", "start_at"], name="bench_once"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="bench_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.start_at:%Y-%m-%d %H:%M}"


@pghistory.track(pghistory.UpdateEvent("status_changed", condition=pghistory.AnyChange("status")), fields=["status"])
class BenchPlace(models.Model):
    """One person asked to stand by. The times are the shift's: the database refuses two at once for one person.

    `amount` (CNY) is the allowance for the time stood by: until called, or to the end.
    """

    TRANSITIONS = states.BENCH

    shift = models.ForeignKey(BenchShift, on_delete=models.CASCADE, related_name="places")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="bench_places")
    status = models.CharField(
        _("状态"), max_length=12, choices=states.BenchStatus.choices, default=states.BenchStatus.INVITED
    )
    start_at = models.DateTimeField(_("开始"))
    end_at = models.DateTimeField(_("结束"))
    invited_at = models.DateTimeField(_("邀请时间"))
    answer_by = models.DateTimeField(_("答复截止"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    called_for = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="from_bench"
    )
    pay_rate = models.DecimalField(_("补贴（元/小时）"), max_digits=7, decimal_places=2)
    amount = models.DecimalField(_("补贴（元）"), max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("候补人员")
        verbose_name_plural = _("候补人员")
        ordering = ["start_at", "id"]
        indexes = [models.Index(fields=["worker", "start_at"]), models.Index(fields=["status", "start_at"])]
        constraints = [
            models.UniqueConstraint(fields=["shift", "worker"], name="bench_worker_once"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="bench_place_forward"),
            ExclusionConstraint(
                name="never_standing_by_twice",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    (TsTzRange("start_at", "end_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(status=states.BenchStatus.STANDING_BY),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.status}"
