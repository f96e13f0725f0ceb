"""Urgency of orders on the desk: `{% load desk_ui %}`."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from orders.models import Order
from orders.selectors.desk.queue import TO_DO, WAITING
from orders.states import OrderStatus
from staffing.core.templatetags.formats import duration_text
from staffing.core.templatetags.ui import pill

register = template.Library()


@register.simple_tag
def nearness(order: Order, now: datetime, urgent_minutes: int) -> SafeString | str:
    """How near the start of an order that still lacks people is: urgent, today, tomorrow; else nothing."""
    if order.status not in TO_DO:
        return ""
    days = (timezone.localtime(order.starts_at).date() - timezone.localtime(now).date()).days
    if order.starts_at - now <= timedelta(minutes=urgent_minutes):
        return pill("danger", _("紧急"), "alert-triangle")
    if days == 0:
        return pill("warning", _("今日"))
    return pill("info", _("明日")) if days == 1 else ""


@register.simple_tag
def waited(order: Order, now: datetime) -> str:
    """How long an order has waited for its confirmation."""
    if order.status not in WAITING or order.submitted_at is None:
        return ""
    return _("已等待 %(span)s") % {"span": duration_text(now - order.submitted_at)}


@register.filter
def confirmable(order: Order) -> bool:
    """Whether the order waits for a dispatcher's word."""
    return order.status == OrderStatus.PROPOSED


@register.filter
def waiting(order: Order) -> bool:
    """Whether the order has not been confirmed yet."""
    return order.status in WAITING
