"""The loop's numbers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staffing.core.models.policy import Policy

from .figures import FigureNumbers
from .numbers import CaseNumbers
from .reports import ReportNumbers
from .revisits import RevisitNumbers
from .stars import StarNumbers
from .surveys import SurveyNumbers


class LoopPolicy(CaseNumbers, FigureNumbers, RevisitNumbers, ReportNumbers, SurveyNumbers, StarNumbers, Policy):
    """Numbers about surveys and the 48-hour loop."""

    survey_valid_days = models.PositiveSmallIntegerField(_("调查有效（天）"), default=14)
    survey_reminder_hours = models.PositiveSmallIntegerField(_("调查提醒（小时后）"), default=48)
    bad_overall = models.PositiveSmallIntegerField(_("总体评分不高于此为差评"), default=2)
    bad_dimension = models.PositiveSmallIntegerField(_("任一维度不高于此为差评"), default=1)
    due_hours = models.PositiveSmallIntegerField(_("整改时限（小时）"), default=48)
    owner_hours = models.PositiveSmallIntegerField(_("升级至负责人（小时）"), default=24)
    substitute_hours = models.PositiveSmallIntegerField(_("升级至替补负责人（小时）"), default=40)
    manager_hours = models.PositiveSmallIntegerField(_("升级至经理（小时）"), default=48)
    answer_days = models.PositiveSmallIntegerField(_("客户未答复多久结案（天）"), default=7)

    class Meta:
        verbose_name = _("满意度闭环参数")
        verbose_name_plural = _("满意度闭环参数")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_hours__gt=0)
                & Q(substitute_hours__gt=F("owner_hours"))
                & Q(manager_hours__gt=F("substitute_hours"))
                & Q(due_hours__gt=0, answer_days__gt=0),
                name="escalation_hours_increase",
                violation_error_message=_("升级时间须依次递增，且均大于 0。"),
            ),
        ]
