"""Numbers of recruiting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staffing.core.models.policy import Policy


class RecruitPolicy(Policy):
    """How long each stage may take, how long what was said is kept, and how often somebody may ask."""

    applied_days = models.PositiveSmallIntegerField(_("审核报名的天数"), default=1)
    documents_days = models.PositiveSmallIntegerField(_("核对资料的天数"), default=5)
    interview_days = models.PositiveSmallIntegerField(_("完成面试的天数"), default=5)
    training_days = models.PositiveSmallIntegerField(_("完成培训的天数"), default=14)
    keep_days = models.PositiveSmallIntegerField(_("未录用或撤回的报名保留天数"), default=180)
    draft_days = models.PositiveSmallIntegerField(_("未提交的报名保留天数"), default=14)
    forms_an_hour = models.PositiveSmallIntegerField(_("同一网络每小时可开始的报名数"), default=30)
    guesses_an_hour = models.PositiveSmallIntegerField(_("同一网络每小时可打开的无效报名链接数"), default=30)
    remind_hours = models.PositiveSmallIntegerField(_("面试前多少小时提醒"), default=24, db_default=24)
    interviewers = models.PositiveSmallIntegerField(_("每次面试最多几位面试官"), default=2)

    class Meta:
        verbose_name = _("招聘参数")
        verbose_name_plural = _("招聘参数")
