"""Enums and transition tables of the order line: (state, action) → (next state, who may)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    # The one who counted as absent had been there: the search for somebody else ends.
    (PositionStatus.OPEN, "reinstate"): rule(PositionStatus.FILLED, DISPATCHER, MANAGER),
    (PositionStatus.PROPOSED, "reinstate"): rule(PositionStatus.FILLED, DISPATCHER, MANAGER),
    (PositionStatus.OFFERED, "reinstate"): rule(PositionStatus.FILLED, DISPATCHER, MANAGER),
    (PositionStatus.LAPSED, "reinstate"): rule(PositionStatus.FILLED, DISPATCHER, MANAGER),
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

    BOOKED = "booked", pgettext_lazy("worker", "已接单")
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
    # Said beforehand; the booking stays what it is.
    (AssignmentStatus.BOOKED, "confirm"): rule(AssignmentStatus.BOOKED, WORKER, DISPATCHER, MANAGER),
    (AssignmentStatus.BOOKED, "set_out"): rule(AssignmentStatus.BOOKED, WORKER, DISPATCHER, MANAGER),
    (AssignmentStatus.BOOKED, "doubt"): rule(AssignmentStatus.BOOKED, SYSTEM),
    (AssignmentStatus.BOOKED, "no_show"): rule(AssignmentStatus.NO_SHOW, SYSTEM, DISPATCHER, MANAGER),
    (AssignmentStatus.BOOKED, "cancel"): rule(AssignmentStatus.CANCELLED, WORKER),
    (AssignmentStatus.BOOKED, "release"): rule(AssignmentStatus.RELEASED, CLIENT, DISPATCHER, MANAGER, SYSTEM),
    # A check-in from elsewhere was refused: they have to punch again, at the place.
    (AssignmentStatus.CHECKED_IN, "undo_check_in"): rule(AssignmentStatus.BOOKED, DISPATCHER, MANAGER),
    # They had been there after all, and nobody else had the place by then.
    (AssignmentStatus.NO_SHOW, "reinstate"): rule(AssignmentStatus.CHECKED_IN, DISPATCHER, MANAGER),
    # Taken by mistake and given back within minutes; handed to a colleague who has said yes. Neither is a strike.
    (AssignmentStatus.BOOKED, "undo"): rule(AssignmentStatus.RELEASED, WORKER),
    (AssignmentStatus.BOOKED, "swap"): rule(AssignmentStatus.RELEASED, WORKER, DISPATCHER, MANAGER),
}


class BenchStatus(TextChoices):
    """Somebody asked to stand by for some hours."""

    INVITED = "invited", _("待答复")
    STANDING_BY = "standing_by", _("候补待命")
    DECLINED = "declined", _("已婉拒")
    EXPIRED = "expired", _("已过期")
    CALLED = "called", _("已上岗")
    RELEASED = "released", _("已释放")
    FINISHED = "finished", _("待命结束")


BENCH: Table = {
    (BenchStatus.INVITED, "accept"): rule(BenchStatus.STANDING_BY, WORKER),
    (BenchStatus.INVITED, "decline"): rule(BenchStatus.DECLINED, WORKER),
    (BenchStatus.INVITED, "expire"): rule(BenchStatus.EXPIRED, SYSTEM),
    (BenchStatus.STANDING_BY, "call"): rule(BenchStatus.CALLED, WORKER, SYSTEM, DISPATCHER, MANAGER),
    (BenchStatus.STANDING_BY, "decline"): rule(BenchStatus.DECLINED, WORKER),
    (BenchStatus.STANDING_BY, "release"): rule(BenchStatus.RELEASED, DISPATCHER, MANAGER),
    (BenchStatus.STANDING_BY, "finish"): rule(BenchStatus.FINISHED, SYSTEM),
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
    # A punch was set right, and the hours follow.
    (TimesheetStatus.SUBMITTED, "recount"): rule(TimesheetStatus.SUBMITTED, DISPATCHER, MANAGER),
    (TimesheetStatus.DISPUTED, "recount"): rule(TimesheetStatus.SUBMITTED, DISPATCHER, MANAGER),
}


class PunchRequestStatus(TextChoices):
    """A punch that somebody has to look at."""

    WAITING = "waiting", _("待审核")
    APPROVED = "approved", _("已通过")
    REFUSED = "refused", _("未通过")


PUNCH_REQUEST: Table = {
    (PunchRequestStatus.WAITING, "approve"): rule(PunchRequestStatus.APPROVED, DISPATCHER, MANAGER),
    (PunchRequestStatus.WAITING, "refuse"): rule(PunchRequestStatus.REFUSED, DISPATCHER, MANAGER),
}


class SwapStatus(TextChoices):
    """A booked shift offered to colleagues."""

    OPEN = "open", _("等人接手")
    TAKEN = "taken", _("待调度批准")
    DONE = "done", _("已换班")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("已过期")


LIVE_SWAP = (SwapStatus.OPEN, SwapStatus.TAKEN)

SWAP: Table = {
    (SwapStatus.OPEN, "take"): rule(SwapStatus.TAKEN, WORKER),
    # The one who said yes has other plans before anybody decided.
    (SwapStatus.TAKEN, "back_out"): rule(SwapStatus.OPEN, WORKER),
    (SwapStatus.TAKEN, "approve"): rule(SwapStatus.DONE, DISPATCHER, MANAGER, SYSTEM),
    (SwapStatus.TAKEN, "refuse"): rule(SwapStatus.REFUSED, DISPATCHER, MANAGER),
    (SwapStatus.OPEN, "withdraw"): rule(SwapStatus.WITHDRAWN, WORKER, SYSTEM),
    (SwapStatus.TAKEN, "withdraw"): rule(SwapStatus.WITHDRAWN, WORKER, SYSTEM),
    (SwapStatus.OPEN, "expire"): rule(SwapStatus.EXPIRED, SYSTEM),
    (SwapStatus.TAKEN, "expire"): rule(SwapStatus.EXPIRED, SYSTEM),
}


class AppealStatus(TextChoices):
    """A worker's word against a strike."""

    OPEN = "open", _("处理中")
    ACCEPTED = "accepted", _("已撤销记录")
    REFUSED = "refused", _("维持记录")


APPEAL: Table = {
    (AppealStatus.OPEN, "accept"): rule(AppealStatus.ACCEPTED, DISPATCHER, MANAGER),
    (AppealStatus.OPEN, "refuse"): rule(AppealStatus.REFUSED, DISPATCHER, MANAGER),
}
