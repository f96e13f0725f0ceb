"""How far an order has come, as the steps of its progress line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Order
from orders.states import OrderStatus
from staffing.core.templatetags.formats import moment_text

REACHED = {
    OrderStatus.SUBMITTED: 1,
    OrderStatus.PROPOSED: 2,
    OrderStatus.OFFERING: 3,
    OrderStatus.FILLED: 4,
    OrderStatus.IN_SERVICE: 4,
    OrderStatus.COMPLETED: 6,
}


def steps_of(order: Order) -> list[dict[str, Any]]:
    """Submitted, matched, offered, filled, served, done: each with its time and state. A cancelled order fails."""
    marks: Sequence[tuple[str, datetime | None]] = (
        (_("提交"), order.submitted_at),
        (_("匹配"), order.proposed_at),
        (_("派单"), order.confirmed_at),
        (_("满员"), order.filled_at),
        (_("服务"), order.starts_at),
        (_("完成"), order.completed_at),
    )
    if order.status == OrderStatus.CANCELLED:
        done = [mark for mark in marks[:4] if mark[1]]
        return [_step(*mark, "done") for mark in done] + [_step(_("已取消"), None, "failed")]
    reached = REACHED.get(OrderStatus(order.status), 0)
    return [_step(label, at, _state(number, reached)) for number, (label, at) in enumerate(marks)]


def _state(number: int, reached: int) -> str:
    return "done" if number < reached else "current" if number == reached else "todo"


def _step(label: str, at: datetime | None, state: str) -> dict[str, Any]:
    return {"label": label, "time": moment_text(at) if at else "", "state": state}
