"""Complaints and surveys as files."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.presentation import complaints as complaint_wording
from feedback.presentation import surveys as survey_wording
from staffing.core.export import Column, Table

COMPLAINTS = Table(
    gettext_lazy("投诉"),
    (
        Column(gettext_lazy("时间"), lambda one: one.at),
        Column(gettext_lazy("客户"), lambda one: one.client.name),
        Column(gettext_lazy("订单"), lambda one: one.order.number if one.order else ""),
        Column(gettext_lazy("来源"), lambda one: one.get_raised_by_role_display()),
        Column(gettext_lazy("反映人"), complaint_wording.sender),
        Column(gettext_lazy("类别"), lambda one: one.get_category_display()),
        Column(gettext_lazy("严重程度"), lambda one: one.get_severity_display()),
        Column(gettext_lazy("内容"), lambda one: one.text),
        Column(gettext_lazy("案件"), lambda one: one.case.number),
        Column(gettext_lazy("状态"), lambda one: one.case.get_status_display()),
        Column(gettext_lazy("归档时间"), lambda one: one.archived_at),
    ),
)


def surveys(now: datetime) -> Table:
    """Surveys as they stand at `now`."""
    return Table(
        _("满意度调查"),
        (
            Column(_("订单"), lambda one: one.order.number),
            Column(_("标题"), lambda one: one.order.title),
            Column(_("客户"), lambda one: one.client.name),
            Column(_("联系人"), lambda one: one.contact.name if one.contact else ""),
            Column(_("评价期从"), lambda one: one.period_start),
            Column(_("评价期至"), lambda one: one.period_end),
            Column(_("发出时间"), lambda one: one.sent_at),
            Column(_("提醒时间"), lambda one: one.reminded_at),
            Column(_("答复时间"), lambda one: one.answered_at),
            Column(_("状态"), lambda one: survey_wording.state(one, now)["text"]),
            Column(_("并入份数"), lambda one: one.along),
        ),
    )
