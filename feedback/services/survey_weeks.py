"""A long order is asked about every week; what is asked about at its end is what no week has covered."""

from datetime import datetime

from feedback.models import LoopPolicy, Survey
from feedback.services import surveys
from feedback.survey_periods import Period, is_long, midnight, over_at, weeks
from orders.models import Order, Shift
from orders.states import OrderStatus
from staffing.core import outbox


def plan(order_id: int, now: datetime) -> None:
    """Have a long order that runs asked about at the end of each of its weeks; planning it again changes nothing."""
    order = Order.objects.get(pk=order_id)
    if order.status != OrderStatus.IN_SERVICE:
        return
    coming = [period for period in _asked_by_week(order) if over_at(period) > now]
    if coming:
        payload = {"id": order.pk, "first": coming[0][0].isoformat()}
        key = f"{order.pk}:{payload['first']}"
        outbox.publish("survey.week", payload, key=key, now=now, due_at=over_at(coming[0]))


def ask_about_week(order_id: int, first: str, now: datetime) -> Survey | None:
    """Ask about the week that began on that day, if somebody was to serve in it, and plan the next one."""
    order = Order.objects.get(pk=order_id)
    week = next((one for one in _asked_by_week(order) if one[0].isoformat() == first), None)
    if order.status != OrderStatus.IN_SERVICE or week is None:
        return None
    asked = surveys.send(order.pk, now, week) if _has_shifts(order, week) else None
    plan(order.pk, now)
    return asked


def ask_at_end(order_id: int, now: datetime) -> Survey | None:
    """The service is over: ask about all of it, or about the last week of a long one."""
    order = Order.objects.get(pk=order_id)
    days = weeks(order.starts_at, order.ends_at)
    return surveys.send(order.pk, now, days[-1] if _is_long(order) else None)


def _asked_by_week(order: Order) -> list[Period]:
    """The weeks of a long order that end before it does; none of a short one."""
    return weeks(order.starts_at, order.ends_at)[:-1] if _is_long(order) else []


def _is_long(order: Order) -> bool:
    return is_long(order.starts_at, order.ends_at, LoopPolicy.current().long_order_days)


def _has_shifts(order: Order, week: Period) -> bool:
    return Shift.objects.filter(order=order, start_at__gte=midnight(week[0]), start_at__lt=over_at(week)).exists()
