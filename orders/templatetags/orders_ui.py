"""States as pills: `{% load orders_ui %}{% order_state order.status %}`. The stored text or the enum will do."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from orders.models import Assignment
from orders.presentation import cost_words, state_pill, way_pill
from orders.states import (
    AppealStatus,
    AssignmentStatus,
    BenchStatus,
    OfferStatus,
    OrderStatus,
    PositionStatus,
    PunchRequestStatus,
    SwapStatus,
    TimesheetStatus,
)
from staffing.core.templatetags.ui import pill
from workers.pay.rates import Kind as Uplift

register = template.Library()


@register.simple_tag
def order_state(status: str) -> SafeString:
    """The state of an order."""
    return pill(*state_pill(OrderStatus(status)))


@register.simple_tag
def position_state(status: str) -> SafeString:
    """The state of a place in a shift."""
    return pill(*state_pill(PositionStatus(status)))


@register.simple_tag
def offer_state(status: str) -> SafeString:
    """The state of an offer."""
    return pill(*state_pill(OfferStatus(status)))


@register.simple_tag
def assignment_state(status: str) -> SafeString:
    """The state of a booking."""
    return pill(*state_pill(AssignmentStatus(status)))


@register.simple_tag
def way_state(work: Assignment) -> SafeString:
    """The state of a booking with what was said before the shift."""
    return pill(*way_pill(work))


@register.simple_tag
def bench_state(status: str) -> SafeString:
    """The state of somebody asked to stand by."""
    return pill(*state_pill(BenchStatus(status)))


@register.simple_tag
def timesheet_state(status: str) -> SafeString:
    """The state of a timesheet."""
    return pill(*state_pill(TimesheetStatus(status)))


@register.simple_tag
def punch_request_state(status: str) -> SafeString:
    """The state of a punch that somebody has to look at."""
    return pill(*state_pill(PunchRequestStatus(status)))


@register.simple_tag
def swap_state(status: str) -> SafeString:
    """The state of a swap."""
    return pill(*state_pill(SwapStatus(status)))


@register.simple_tag
def appeal_state(status: str) -> SafeString:
    """The state of an appeal."""
    return pill(*state_pill(AppealStatus(status)))


@register.simple_tag
def cost_line(code: Uplift, percent: Decimal) -> str:
    """The kind of hours that a line of an estimate bills, in words."""
    return cost_words(code, percent)
