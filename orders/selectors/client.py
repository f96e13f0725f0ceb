"""What all of the client's pages read: orders as rows, an order with its parts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from orders.models import (
    Order,
    Position,
    Shift,
)
from orders.services.ordering import ShiftSpec
from orders.states import OrderStatus, PositionStatus
from staffing.core.bulk import together

OVER = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)
AT_REST = (OrderStatus.DRAFT, *OVER)


def _one_number(rows: QuerySet[Any], total: Any) -> Coalesce:
    """A figure of an order from another table, without multiplying its rows."""
    figure = rows.order_by().values("shift__order" if rows.model is Position else "order").annotate(total=total)
    return Coalesce(Subquery(figure.values("total"), output_field=IntegerField()), 0)


def listed(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with place, `wanted` and `filled` places; one query."""
    filled = Position.objects.filter(shift__order=OuterRef("pk"), status=PositionStatus.FILLED)
    return orders.select_related("site", "city").annotate(
        wanted=_one_number(Shift.objects.filter(order=OuterRef("pk")), Sum("headcount")),
        filled=_one_number(filled, Count("pk")),
    )


def repeated(order: Order, orders: QuerySet[Order], now: datetime) -> tuple[list[ShiftSpec], Collection[datetime]]:
    """The shifts of an order, and when the same kind of work at the same place has been ordered already (one query)."""
    same = orders.filter(service_type=order.service_type, site=order.site_id, city=order.city_id)
    alive = same.exclude(status__in=OVER)
    columns = ("start_at", "end_at", "headcount")
    coming = Shift.objects.filter(order__in=alive, start_at__gt=now)
    own, taken = together((order.shifts.all(), columns), (coming, columns))
    return [ShiftSpec(*row) for row in sorted(own)], {start for start, *_ in taken}
