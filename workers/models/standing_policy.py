"""The numbers of watching, proposing and appealing."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from staffing.core.models.policy import Policy


def _share(words: Any, usual: int) -> Any:
    least, most = MinValueValidator(1), MaxValueValidator(100)
    return models.PositiveSmallIntegerField(words, default=usual, db_default=usual, validators=[least, most])


def _count(words: Any, usual: int) -> Any:
    least = MinValueValidator(1)
    return models.PositiveSmallIntegerField(words, default=usual, db_default=usual, validators=[least])


class StandingPolicy(Policy):
    """When somebody is put on watch, when something is proposed, how long an appeal may be filed and takes."""

    watch_days = _count(_("考察：看最近多少天"), 90)
    watch_least_services = _count(_("考察：同类服务至少多少次才判断"), 5)
    watch_least_events = _count(_("考察：同类情况至少发生几次"), 2)
    watch_no_show_percent = _share(_("考察：未到岗比例达到（%）"), 15)
    watch_late_percent = _share(_("考察：迟到比例达到（%）"), 30)
    watch_cancel_percent = _share(_("考察：临时取消比例达到（%）"), 25)
    watch_least_ratings = _count(_("考察：至少多少次评分才判断"), 3)
    watch_rating = models.DecimalField(
        _("考察：平均评分低于"), max_digits=2, decimal_places=1, default=Decimal("3.5"), db_default=Decimal("3.5")
    )
    watch_slack_percent = models.PositiveSmallIntegerField(
        _("考察：比门槛好多少才解除（%）"), default=20, db_default=20, validators=[MaxValueValidator(100)]
    )
    suspend_after_days = _count(_("考察多少天未改善则建议暂停"), 30)
    leave_within_days = _count(_("暂停后多少天内再次考察未改善则建议清退"), 180)
    proposal_days = _count(_("建议须在几天内决定"), 5)
    full_time_services = _count(_("转全职：至少完成服务数"), 60)
    full_time_months = _count(_("转全职：至少在岗月数"), 6)
    full_time_stars = models.DecimalField(
        _("转全职：星级不低于"), max_digits=2, decimal_places=1, default=Decimal("4.5"), db_default=Decimal("4.5")
    )
    full_time_reliability = _share(_("转全职：可靠度不低于"), 95)
    again_days = _count(_("决定后多少天内不再提出同样的建议"), 90)
    appeal_file_days = _count(_("考察或决定后多少天内可申诉"), 14)
    appeal_answer_hours = _count(_("申诉须在多少小时内答复"), 72)
    appeal_remind_hours = _count(_("申诉到期前多少小时提醒"), 24)

    class Meta:
        verbose_name = _("考察、晋升与申诉参数")
        verbose_name_plural = _("考察、晋升与申诉参数")
