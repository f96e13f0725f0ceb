"""The report of sources as a file."""

from django.utils.translation import gettext_lazy as _

from staffing.core.export import Column, Table

SOURCES = Table(
    _("来源报表"),
    (
        Column(_("来源"), lambda line: line.name),
        Column(_("报名"), lambda line: line.applied),
        Column(_("已入库"), lambda line: line.active),
        Column(_("入库率"), lambda line: line.active_rate),
        Column(_("首次上岗"), lambda line: line.first),
        Column(_("首次上岗率"), lambda line: line.first_rate),
        Column(_("已到期"), lambda line: line.due),
        Column(_("到期仍在岗"), lambda line: line.stayed),
        Column(_("留存率"), lambda line: line.stay_rate),
        Column(_("费用"), lambda line: line.cost),
        Column(_("每位入库人员费用"), lambda line: line.each),
    ),
)
