"""Enums and transition tables of the order line: (state, action) → (next state, who may)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from staffing.core.models import Role
from staffing.core.transitions import Table, rule

CLIENT, DISPATCHER, MANAGER, WORKER = Role.CLIENT, Role.DISPATCHER, Role.MANAGER, Role.WORKER
SYSTEM = "system"


class OrderStatus(TextChoices):
    """An order from draft to done."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("匹配中")
    PROPOSED = "proposed", _("待确认")
    OFFERING = "offering", _("派单中")
    FILLED = "filled", _("已满员")
    IN_SERVICE = "in_service", _("服务中")
    COMPLETED = "completed", _("已完成")
    CANCELLED = "cancelled", _("已取消")


ORDER: Table = {
    (OrderStatus.DRAFT, "submit"): rule(OrderStatus.SUBMITTED, CLIENT, DISPATCHER),
    (OrderStatus.DRAFT, "cancel"): rule(OrderStatus.CANCELLED, CLIENT, DISPATCHER, MANAGER),
    (OrderStatus.SUBMITTED, "propose"): rule(OrderStatus.PROPOSED, SYSTEM),
    (OrderStatus.SUBMITTED, "cancel"): rule(OrderStatus.CANCELLED, CLIENT, DISPATCHER, MANAGER),
    (OrderStatus.PROPOSED, "repropose"): rule(OrderStatus.SUBMITTED, DISPATCHER, MANAGER),
    (OrderStatus.PROPOSED, "confirm"): rule(OrderStatus.OFFERING, DISPATCHER, MANAGER, SYSTEM),
    (OrderStatus.PROPOSED, "cancel"): rule(OrderStatus.CANCELLED, CLIENT, DISPATCHER, MANAGER),
    (OrderStatus.OFFERING, "fill"): rule(OrderStatus.FILLED, SYSTEM),
    (OrderStatus.OFFERING, "start"): rule(OrderStatus.IN_SERVICE, SYSTEM),
    (OrderStatus.OFFERING, "cancel"): rule(OrderStatus.CANCELLED, CLIENT, DISPATCHER, MANAGER),
    (OrderStatus.FILLED, "unfill"): rule(OrderStatus.OFFERING, SYSTEM),
    (OrderStatus.FILLED, "start"): rule(OrderStatus.IN_SERVICE, SYSTEM),
    (OrderStatus.FILLED, "cancel"): rule(OrderStatus.CANCELLED, CLIENT, DISPATCHER, MANAGER),
    # The client changes places or shifts; what follows for the order (filled, no longer filled) is a step of its own.
    (OrderStatus.SUBMITTED, "amend"): rule(OrderStatus.SUBMITTED, CLIENT, DISPATCHER, MANAGER),
    (OrderStatus.PROPOSED, "amend"): rule(OrderStatus.PROPOSED, CLIENT, DISPATCHER, MANAGER),
    (OrderStatus.OFFERING, "amend"): rule(OrderStatus.OFFERING, CLIENT, DISPATCHER, MANAGER),
    (OrderStatus.FILLED, "amend"): rule(OrderStatus.FILLED, CLIENT, DISPATCHER, MANAGER),
    (OrderStatus.IN_SERVICE, "amend"): rule(OrderStatus.IN_SERVICE, CLIENT, DISPATCHER, MANAGER),
    # An order nobody confirmed, or for which nobody could be found, ends when its last shift has passed.
    (OrderStatus.SUBMITTED, "lapse"): rule(OrderStatus.COMPLETED, SYSTEM),
    (OrderStatus.PROPOSED, "lapse"): rule(OrderStatus.COMPLETED, SYSTEM),
    (OrderStatus.OFFERING, "lapse"): rule(OrderStatus.COMPLETED, SYSTEM),
    (OrderStatus.FILLED, "lapse"): rule(OrderStatus.COMPLETED, SYSTEM),
    (OrderStatus.IN_SERVICE, "complete"): rule(OrderStatus.COMPLETED, SYSTEM),
}


class PositionStatus(TextChoices):
    """One of `headcount` places of a shift."""

    OPEN = "open", _("待匹配")
    PROPOSED = "proposed", _("已推荐")
    OFFERED = "offered", _("已派单")
    FILLED = "filled", _("已接单")
    LAPSED = "lapsed", _("未补上")
    CLOSED = "closed", _("已关闭")


POSITION: Table = {
    (PositionStatus.OPEN, "propose"): rule(PositionStatus.PROPOSED, SYSTEM, DISPATCHER, MANAGER),
    # Several are asked at once; whoever says yes first gets the place.
    (PositionStatus.OPEN, "invite"): rule(PositionStatus.OFFERED, SYSTEM, DISPATCHER, MANAGER),
    (PositionStatus.OFFERED, "invite"): rule(PositionStatus.OFFERED, SYSTEM, DISPATCHER, MANAGER),
    (PositionStatus.OPEN, "lapse"): rule(PositionStatus.LAPSED, SYSTEM),
    (PositionStatus.OPEN, "close"): rule(PositionStatus.CLOSED, CLIENT, DISPATCHER, MANAGER, SYSTEM),
    (PositionStatus.PROPOSED, "clear"): rule(PositionStatus.OPEN, SYSTEM, DISPATCHER, MANAGER),
    (PositionStatus.PROPOSED, "exchange"): rule(PositionStatus.PROPOSED, DISPATCHER, MANAGER, SYSTEM),
    (PositionStatus.PROPOSED, "offer"): rule(PositionStatus.OFFERED, SYSTEM, DISPATCHER, MANAGER),
    (PositionStatus.PROPOSED, "lapse"): rule(PositionStatus.LAPSED, SYSTEM),
    (PositionStatus.PROPOSED, "close"): rule(PositionStatus.CLOSED, CLIENT, DISPATCHER, MANAGER, SYSTEM),
    (PositionStatus.OFFERED, "fill"): rule(PositionStatus.FILLED, WORKER, SYSTEM),
    (PositionStatus.OFFERED, "clear"): rule(PositionStatus.OPEN, WORKER, SYSTEM, DISPATCHER, MANAGER),
    (PositionStatus.OFFERED, "lapse"): rule(PositionStatus.LAPSED, SYSTEM),
    (PositionStatus.OFFERED, "close"): rule(PositionStatus.CLOSED, CLIENT, DISPATCHER, MANAGER, SYSTEM),
    (PositionStatus.FILLED, "vacate"): rule(PositionStatus.OPEN, WORKER, CLIENT, SYSTEM, DISPATCHER, MANAGER),
    (PositionStatus.FILLED, "close"): rule(PositionStatus.CLOSED, CLIENT, DISPATCHER, MANAGER, SYSTEM),
}


class OfferStatus(TextChoices):
    """One question to one worker about one position."""

    PENDING = "pending", _("待答复")
    ACCEPTED = "accepted", _("已接受")
    DECLINED = "declined", _("已婉拒")
    EXPIRED = "expired", _("已过期")
    WITHDRAWN = "withdrawn", _("已撤回")


OFFER: Table = {
    (OfferStatus.PENDING, "accept"): rule(OfferStatus.ACCEPTED, WORKER),
    (OfferStatus.PENDING, "decline"): rule(OfferStatus.DECLINED, WORKER),
    (OfferStatus.PENDING, "expire"): rule(OfferStatus.EXPIRED, SYSTEM),
    (OfferStatus.PENDING, "withdraw"): rule(OfferStatus.WITHDRAWN, CLIENT, DISPATCHER, MANAGER, SYSTEM),
}


class AssignmentStatus(TextChoices):
    """A worker booked on a position."""

    BOOKED = "booked", _("已确认")
    CHECKED_IN = "checked_in", _("已到岗")
    COMPLETED = "completed", _("已完成")
    NO_SHOW = "no_show", _("未到岗")
    CANCELLED = "cancelled", _("已取消")
    RELEASED = "released", _("已释放")


# States in which a worker's time is taken: the exclusion constraint covers exactly these.
ACTIVE_ASSIGNMENT = (AssignmentStatus.BOOKED, AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)

ASSIGNMENT: Table = {
    (AssignmentStatus.BOOKED, "check_in"): rule(AssignmentStatus.CHECKED_IN, WORKER, DISPATCHER, MANAGER),
    (AssignmentStatus.CHECKED_IN, "check_out"): rule(AssignmentStatus.COMPLETED, WORKER, DISPATCHER, MANAGER, SYSTEM),
    (AssignmentStatus.BOOKED, "no_show"): rule(AssignmentStatus.NO_SHOW, SYSTEM, DISPATCHER, MANAGER),
    (AssignmentStatus.BOOKED, "cancel"): rule(AssignmentStatus.CANCELLED, WORKER),
    (AssignmentStatus.BOOKED, "release"): rule(AssignmentStatus.RELEASED, CLIENT, DISPATCHER, MANAGER, SYSTEM),
}


class TimesheetStatus(TextChoices):
    """Hours of one assignment on their way to approval."""

    SUBMITTED = "submitted", _("待客户确认")
    APPROVED = "approved", _("已批准")
    DISPUTED = "disputed", _("有异议")


TIMESHEET: Table = {
    (TimesheetStatus.SUBMITTED, "approve"): rule(TimesheetStatus.APPROVED, CLIENT, SYSTEM),
    (TimesheetStatus.SUBMITTED, "dispute"): rule(TimesheetStatus.DISPUTED, CLIENT),
    (TimesheetStatus.DISPUTED, "correct"): rule(TimesheetStatus.SUBMITTED, DISPATCHER, MANAGER),
    (TimesheetStatus.DISPUTED, "approve"): rule(TimesheetStatus.APPROVED, CLIENT),
}
