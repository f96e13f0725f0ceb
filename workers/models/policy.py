"""Numbers about people and pay."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from staffing.core.models.policy import Policy


class PoolPolicy(Policy):
    """Numbers about people and pay."""

    part_time_week_minutes = models.PositiveIntegerField(_("非全日制每周上限（分钟）"), default=24 * 60)
    night_percent = models.PositiveSmallIntegerField(_("夜班加价 %"), default=10)
    holiday_percent = models.PositiveSmallIntegerField(_("节假日加价 %"), default=20)
    night_start = models.TimeField(_("夜班开始"), default=time(22))
    night_end = models.TimeField(_("夜班结束"), default=time(6))
    fairness_days = models.PositiveSmallIntegerField(_("近期工时统计天数"), default=28)
    self_declared_counts = models.BooleanField(
        _("自报的技能与语言等级参与匹配"),
        default=True,
        db_default=True,
        help_text=_("取消后，只有经核实的等级才算达到要求。"),
    )
    copies_an_hour = models.PositiveSmallIntegerField(_("每小时最多下载几次个人数据"), default=3, db_default=3)
    close_tries_an_hour = models.PositiveSmallIntegerField(_("注销账号每小时可输几次密码"), default=5, db_default=5)
    close_minutes = models.PositiveSmallIntegerField(_("注销账号须在几分钟内再次确认"), default=10, db_default=10)

    class Meta:
        verbose_name = _("人员与计薪参数")
        verbose_name_plural = _("人员与计薪参数")
