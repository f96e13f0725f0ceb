"""How states look: every state of the order line has a pill kind here; the words are the enum's own labels."""

from collections.abc import Mapping

from django.db.models import TextChoices

from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus, TimesheetStatus
from staffing.core.templatetags.ui import Kind

ORDER: Mapping[str, Kind] = {
    OrderStatus.DRAFT: "neutral",
    OrderStatus.SUBMITTED: "info",
    OrderStatus.PROPOSED: "accent",
    OrderStatus.OFFERING: "warning",
    OrderStatus.FILLED: "success",
    OrderStatus.IN_SERVICE: "success",
    OrderStatus.COMPLETED: "neutral",
    OrderStatus.CANCELLED: "danger",
}
POSITION: Mapping[str, Kind] = {
    PositionStatus.OPEN: "warning",
    PositionStatus.PROPOSED: "info",
    PositionStatus.OFFERED: "accent",
    PositionStatus.FILLED: "success",
    PositionStatus.LAPSED: "danger",
    PositionStatus.CLOSED: "neutral",
}
OFFER: Mapping[str, Kind] = {
    OfferStatus.PENDING: "warning",
    OfferStatus.ACCEPTED: "success",
    OfferStatus.DECLINED: "danger",
    OfferStatus.EXPIRED: "neutral",
    OfferStatus.WITHDRAWN: "neutral",
}
ASSIGNMENT: Mapping[str, Kind] = {
    AssignmentStatus.BOOKED: "info",
    AssignmentStatus.CHECKED_IN: "success",
    AssignmentStatus.COMPLETED: "neutral",
    AssignmentStatus.NO_SHOW: "danger",
    AssignmentStatus.CANCELLED: "warning",
    AssignmentStatus.RELEASED: "neutral",
}
TIMESHEET: Mapping[str, Kind] = {
    TimesheetStatus.SUBMITTED: "warning",
    TimesheetStatus.APPROVED: "success",
    TimesheetStatus.DISPUTED: "danger",
}
PILLS: Mapping[type[TextChoices], Mapping[str, Kind]] = {
    OrderStatus: ORDER,
    PositionStatus: POSITION,
    OfferStatus: OFFER,
    AssignmentStatus: ASSIGNMENT,
    TimesheetStatus: TIMESHEET,
}


def state_pill(value: TextChoices) -> tuple[Kind, str]:
    """Pill kind and words of a state. KeyError for an enum without a table."""
    return PILLS[type(value)][value], str(value.label)
