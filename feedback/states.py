"""Enums and the transition table of the review case."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from staffing.core.actors import LINK
from staffing.core.models import Role
from staffing.core.transitions import Table, rule

CLIENT, WORKER, DISPATCHER, MANAGER = Role.CLIENT, Role.WORKER, Role.DISPATCHER, Role.MANAGER
SYSTEM = "system"


class CaseStatus(TextChoices):
    """A review case from the bad review to the client's word."""

    OPEN = "open", _("待认领")
    INVESTIGATING = "investigating", _("查因中")
    FIXING = "fixing", _("整改中")
    REPORTED = "reported", _("待客户确认")
    CONFIRMED = "confirmed", _("客户已确认")
    NO_ANSWER = "no_answer", _("客户未答复")


# The 48-hour clock runs in these states.
RUNNING = (CaseStatus.OPEN, CaseStatus.INVESTIGATING, CaseStatus.FIXING)
CLOSED = (CaseStatus.CONFIRMED, CaseStatus.NO_ANSWER)

CASE: Table = {
    (CaseStatus.OPEN, "take"): rule(CaseStatus.INVESTIGATING, DISPATCHER, MANAGER),
    (CaseStatus.INVESTIGATING, "take"): rule(CaseStatus.INVESTIGATING, DISPATCHER, MANAGER),
    (CaseStatus.INVESTIGATING, "find_cause"): rule(CaseStatus.FIXING, DISPATCHER, MANAGER),
    (CaseStatus.FIXING, "find_cause"): rule(CaseStatus.FIXING, DISPATCHER, MANAGER),
    (CaseStatus.FIXING, "report"): rule(CaseStatus.REPORTED, DISPATCHER, MANAGER),
    (CaseStatus.REPORTED, "confirm"): rule(CaseStatus.CONFIRMED, CLIENT, WORKER, LINK.role),
    (CaseStatus.REPORTED, "not_solved"): rule(CaseStatus.OPEN, CLIENT, WORKER, LINK.role),
    (CaseStatus.REPORTED, "no_answer"): rule(CaseStatus.NO_ANSWER, SYSTEM),
}


class RevisitStatus(TextChoices):
    """A call-back to a client."""

    PLANNED = "planned", _("待回访")
    DONE = "done", _("已回访")
    DROPPED = "dropped", _("不再需要")


REVISIT: Table = {
    (RevisitStatus.PLANNED, "call"): rule(RevisitStatus.DONE, DISPATCHER, MANAGER),
    (RevisitStatus.PLANNED, "not_reached"): rule(RevisitStatus.PLANNED, DISPATCHER, MANAGER),
    # The client has left.
    (RevisitStatus.PLANNED, "drop"): rule(RevisitStatus.DROPPED, SYSTEM),
}


class Cause(TextChoices):
    """What went wrong (D3)."""

    MATCHING = "matching", _("人员匹配")
    COMMUNICATION = "communication", _("沟通对接")
    EMERGENCY = "emergency", _("应急处理")
    OTHER = "other", _("其他")
