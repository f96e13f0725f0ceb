"""Outbox subscribers of orders that repeat: a week at a time."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.models import RecurringOrder
from orders.services import planning
from orders.services.planning import Written
from staffing.core import notices
from staffing.core.models import User
from staffing.core.outbox import on

notices.register("recurring.refused", _("周期订单“%(template)s”没有下单"), _("%(week)s 起的一周：%(problem)s"))
notices.register(
    "recurring.cut",
    _("周期订单“%(template)s”少了已过的班次"),
    _("%(week)s 起的一周：%(passed)s 个班次时间已过，未下单；其余已提交。"),
)


@on("recurring.order")
def order_week(payload: Mapping[str, Any], now: datetime) -> None:
    """Write the order of a week; the client hears where that was not possible, or not wholly."""
    week = date.fromisoformat(payload["week"])
    written = planning.order_week(payload["id"], week, now)
    if written is not None and (written.problem or written.passed):
        _tell(payload["id"], week, written, now)


def _tell(recurring_id: int, week: date, written: Written, now: datetime) -> None:
    row = RecurringOrder.objects.select_related("template").get(pk=recurring_id)
    members = {"membership__client": row.template.client_id, "membership__may_order": True, "is_active": True}
    kind = "recurring.refused" if written.problem else "recurring.cut"
    data = {"template": row.template.name, "week": week.isoformat()}
    data |= {"problem": written.problem, "passed": str(written.passed)}
    notices.tell(
        User.objects.filter(**members),
        kind,
        row,
        now=now,
        key=f"{row.pk}:{week}",
        data=data,
        url=reverse("orders:client-recurring"),
    )
