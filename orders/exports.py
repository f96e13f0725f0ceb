"""Lists of orders, shifts, hours and messages as files."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from staffing.core.export import Column, Table

_ORDER = (
    Column(_("订单"), lambda order: order.number),
    Column(_("标题"), lambda order: order.title),
)
_WHERE = (
    Column(_("服务类型"), lambda order: order.get_service_type_display()),
    Column(_("城市"), lambda order: order.city.name),
    Column(_("服务地点"), lambda order: order.site.name if order.site else gettext("远程")),
    Column(_("最早开始"), lambda order: order.starts_at),
    Column(_("最晚结束"), lambda order: order.ends_at),
    Column(_("状态"), lambda order: order.get_status_display()),
)
QUEUE = Table(
    pgettext_lazy("nav", "订单"),
    (
        *_ORDER,
        Column(_("客户"), lambda order: order.client.name),
        Column(_("客户价值"), lambda order: order.client.get_value_display()),
        *_WHERE,
        Column(_("名额"), lambda order: order.places),
        Column(_("已接单名额"), lambda order: order.filled),
        Column(_("提交时间"), lambda order: order.submitted_at),
        Column(_("首次完整推荐"), lambda order: order.proposed_at),
        Column(_("首次满员"), lambda order: order.filled_at),
    ),
)
CLIENT_ORDERS = Table(
    pgettext_lazy("nav", "订单"),
    (
        *_ORDER,
        *_WHERE,
        Column(_("名额"), lambda order: order.wanted),
        Column(_("已接单名额"), lambda order: order.filled),
        Column(_("预估费用（元）"), lambda order: order.estimate),
        Column(_("提交时间"), lambda order: order.submitted_at),
    ),
)
TODAY = Table(
    _("今日到岗"),
    (
        Column(_("订单"), lambda shift: shift.order.number),
        Column(_("标题"), lambda shift: shift.order.title),
        Column(_("客户"), lambda shift: shift.order.client.name),
        Column(_("城市"), lambda shift: shift.order.city.name),
        Column(_("服务地点"), lambda shift: shift.order.site.name if shift.order.site else gettext("远程")),
        Column(_("开始"), lambda shift: shift.start_at),
        Column(_("结束"), lambda shift: shift.end_at),
        Column(_("人数"), lambda shift: shift.headcount),
        Column(_("已到岗"), lambda shift: shift.arrived),
        Column(_("未确认"), lambda shift: shift.unconfirmed),
        Column(_("迟到"), lambda shift: shift.late),
        Column(_("未到岗"), lambda shift: shift.absent),
        Column(_("替补中"), lambda shift: shift.replacing),
    ),
)
OUTBOX = Table(
    _("系统消息"),
    (
        Column(_("编号"), lambda row: row.pk),
        Column(_("主题"), lambda row: row.topic),
        Column(_("处理者"), lambda row: row.subscriber),
        Column(_("次数"), lambda row: row.attempts),
        Column(_("创建时间"), lambda row: row.created_at),
        Column(_("搁置时间"), lambda row: row.set_aside_at),
        Column(_("最近错误"), lambda row: row.last_error),
    ),
)


def _hour(minutes: Any) -> float:
    return round(minutes / 60, 2)


HOURS = Table(
    _("工时"),
    (
        Column(_("订单"), lambda sheet: sheet.assignment.position.shift.order.number),
        Column(_("标题"), lambda sheet: sheet.assignment.position.shift.order.title),
        Column(_("姓名"), lambda sheet: sheet.assignment.worker.user.name),
        Column(_("日期"), lambda sheet: timezone.localdate(sheet.assignment.start_at)),
        Column(_("开始"), lambda sheet: sheet.assignment.start_at),
        Column(_("结束"), lambda sheet: sheet.assignment.end_at),
        Column(_("计划（小时）"), lambda sheet: _hour(sheet.planned_minutes)),
        Column(_("实际（小时）"), lambda sheet: _hour(sheet.actual_minutes)),
        Column(_("迟到（分钟）"), lambda sheet: sheet.late_minutes),
        Column(_("费用（元）"), lambda sheet: sheet.amount),
        Column(_("状态"), lambda sheet: sheet.get_status_display()),
        Column(_("自动批准时间"), lambda sheet: sheet.auto_approve_at),
        Column(_("异议"), lambda sheet: sheet.dispute),
    ),
)
