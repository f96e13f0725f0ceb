"""Cases and the rows behind the figures as files."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.presentation import lines as wording
from feedback.presentation.kpis import Kpi
from staffing.core.export import Column, Table


def _name(user: Any) -> str:
    return user.name if user else ""


_BOTH = (
    Column(gettext_lazy("案件"), lambda case: case.number),
    Column(gettext_lazy("订单"), lambda case: case.order_number),
    Column(gettext_lazy("标题"), lambda case: case.title),
)
_COURSE = (
    Column(gettext_lazy("状态"), lambda case: case.get_status_display()),
    Column(gettext_lazy("轮次"), lambda case: case.round),
    Column(gettext_lazy("立案时间"), lambda case: case.opened_at),
    Column(gettext_lazy("本轮截止"), lambda case: case.due_at),
    Column(gettext_lazy("结案时间"), lambda case: case.closed_at),
)
CASES = Table(
    gettext_lazy("满意度闭环"),
    (
        *_BOTH,
        Column(gettext_lazy("客户"), lambda case: case.client.name),
        Column(gettext_lazy("负责人"), lambda case: _name(case.owner)),
        Column(gettext_lazy("替补"), lambda case: _name(case.substitute)),
        *_COURSE,
        Column(gettext_lazy("曾超时"), lambda case: _("是") if case.was_late else _("否")),
    ),
)
CLIENT_CASES = Table(gettext_lazy("反馈处理"), (*_BOTH, *_COURSE))


def figure(kpi: Kpi) -> Table:
    """The rows behind one figure."""
    return Table(
        kpi.label,
        (
            Column(_("订单"), lambda line: line.order.number),
            Column(_("标题"), lambda line: line.order.title),
            Column(_("客户"), lambda line: line.order.client.name),
            Column(_("城市"), lambda line: line.order.city.name),
            Column(_("服务类型"), lambda line: line.order.get_service_type_display()),
            Column(_("时间"), lambda line: line.at),
            Column(_("说明"), lambda line: wording.detail(kpi, line)),
            Column(_("结果"), lambda line: wording.value(kpi, line)),
            Column(_("数值"), lambda line: line.value),
        ),
    )
