"""Cases and the rows behind the figures as files."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.presentation import lines as wording
from feedback.presentation.kpis import Kpi
from feedback.selectors.names import titles
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
            Column(_("订单"), lambda line: line.order.number if line.order else ""),
            Column(_("标题"), lambda line: line.order.title if line.order else ""),
            Column(_("客户"), lambda line: line.client.name),
            Column(_("城市"), lambda line: line.order.city.name if line.order else ""),
            Column(_("服务类型"), lambda line: line.order.get_service_type_display() if line.order else ""),
            Column(_("时间"), lambda line: line.at),
            Column(_("说明"), lambda line: wording.detail(kpi, line)),
            Column(_("结果"), lambda line: wording.value(kpi, line)),
            Column(_("数值"), lambda line: line.value),
        ),
    )


def _small(line: Any) -> str:
    return _("是") if line["small"] else ""


FIGURES = Table(
    gettext_lazy("经营看板"),
    (
        Column(gettext_lazy("指标"), lambda card: str(card["label"])),
        Column(gettext_lazy("结果"), lambda card: f"{card['value']} {card['unit']}".strip()),
        Column(gettext_lazy("数值"), lambda card: card["number"]),
        Column(gettext_lazy("样本"), lambda card: card["n"]),
        Column(gettext_lazy("样本少"), _small),
        Column(gettext_lazy("目标"), lambda card: card["target"]),
        Column(gettext_lazy("上一周期数值"), lambda card: card["before"]),
        Column(gettext_lazy("上一周期样本"), lambda card: card["before_n"]),
        Column(gettext_lazy("口径"), lambda card: str(card["definition"])),
    ),
)
VALUED = Table(
    gettext_lazy("高价值客户"),
    (
        Column(gettext_lazy("客户"), lambda line: line["name"]),
        Column(gettext_lazy("客户价值"), lambda line: str(line["value"])),
        Column(gettext_lazy("订单数"), lambda line: line["orders"]),
        Column(gettext_lazy("有下单的周"), lambda line: line["weeks"]),
        Column(gettext_lazy("稳定度"), lambda line: line["stability"]),
        Column(gettext_lazy("愿意再次下单"), lambda line: line["again"]),
        Column(gettext_lazy("满意度"), lambda line: line["stars"]),
        Column(gettext_lazy("评价数"), lambda line: line["reviews"]),
        Column(gettext_lazy("建议"), lambda line: str(line["offer"])),
        Column(gettext_lazy("理由"), lambda line: line["why"]),
    ),
)
ROUNDS = Table(
    gettext_lazy("案件轮次"),
    (
        Column(gettext_lazy("案件"), lambda turn: turn.case.number),
        Column(gettext_lazy("轮次"), lambda turn: turn.number),
        Column(gettext_lazy("客户"), lambda turn: turn.case.client.name),
        Column(gettext_lazy("订单"), lambda turn: turn.case.order_number),
        Column(gettext_lazy("开始"), lambda turn: turn.opened_at),
        Column(gettext_lazy("截止"), lambda turn: turn.due_at),
        Column(gettext_lazy("答复客户时间"), lambda turn: turn.reported_at),
        Column(gettext_lazy("原因"), lambda turn: turn.get_cause_display()),
    ),
)


SHIFTS = Table(
    gettext_lazy("班次"),
    (
        Column(gettext_lazy("开始"), lambda shift: shift.start_at),
        Column(gettext_lazy("结束"), lambda shift: shift.end_at),
        Column(gettext_lazy("订单"), lambda shift: shift.order.number),
        Column(gettext_lazy("标题"), lambda shift: shift.order.title),
        Column(gettext_lazy("客户"), lambda shift: shift.order.client.name),
        Column(gettext_lazy("城市"), lambda shift: shift.order.city.name),
        Column(gettext_lazy("人数"), lambda shift: shift.headcount),
    ),
)
COHORT = Table(
    gettext_lazy("同月签约的客户"),
    (
        Column(gettext_lazy("客户"), lambda one: one.name),
        Column(gettext_lazy("签约时间"), lambda one: one.signed_at),
        Column(gettext_lazy("当月订单数"), lambda one: one.orders),
    ),
)


def split(by: Any) -> Table:
    """One split: a line for each member and figure."""
    title = titles()[by]
    return Table(
        title,
        (
            Column(title, lambda line: line["name"]),
            Column(_("指标"), lambda line: str(line["label"])),
            Column(_("结果"), lambda line: line["value"]),
            Column(_("数值"), lambda line: line["number"]),
            Column(_("样本"), lambda line: line["n"]),
            Column(_("样本少"), _small),
        ),
    )
