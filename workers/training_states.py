"""Enums and transition tables of tests, sessions and places in them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from staffing.core.models import Role
from staffing.core.transitions import Table, rule

WORKER, DISPATCHER, MANAGER = Role.WORKER, Role.DISPATCHER, Role.MANAGER
AGENCY = (DISPATCHER, MANAGER)
SYSTEM = "system"


class AttemptStatus(TextChoices):
    """A try at a quiz."""

    RUNNING = "running", _("答题中")
    PASSED = "passed", _("通过")
    FAILED = "failed", _("未通过")


# Handed in by its worker, or by the clock.
ATTEMPT: Table = {
    (AttemptStatus.RUNNING, "pass"): rule(AttemptStatus.PASSED, WORKER, SYSTEM),
    (AttemptStatus.RUNNING, "fail"): rule(AttemptStatus.FAILED, WORKER, SYSTEM),
}


class TypingStatus(TextChoices):
    """A try at typing."""

    RUNNING = "running", _("测试中")
    COUNTED = "counted", _("有效")
    REFUSED = "refused", _("无效")


TYPING: Table = {
    (TypingStatus.RUNNING, "count"): rule(TypingStatus.COUNTED, WORKER),
    (TypingStatus.RUNNING, "refuse"): rule(TypingStatus.REFUSED, WORKER, SYSTEM),
}


class SessionStatus(TextChoices):
    """A lesson given at a time and place."""

    OPEN = "open", _("报名中")
    HELD = "held", _("已结束")
    CANCELLED = "cancelled", _("已取消")


SESSION: Table = {
    (SessionStatus.OPEN, "hold"): rule(SessionStatus.HELD, *AGENCY),
    (SessionStatus.OPEN, "cancel"): rule(SessionStatus.CANCELLED, *AGENCY),
}


class PlaceStatus(TextChoices):
    """Somebody's place in a session."""

    WAITING = "waiting", _("候补中")
    ENROLLED = "enrolled", _("已报名")
    LEFT = "left", _("已取消报名")
    ATTENDED = "attended", _("已到课")
    MISSED = "missed", _("缺课")
    DROPPED = "dropped", _("未开课")


# Who holds a seat, and who still may come.
SEATED = (PlaceStatus.ENROLLED, PlaceStatus.ATTENDED, PlaceStatus.MISSED)
COMING = (PlaceStatus.WAITING, PlaceStatus.ENROLLED)

PLACE: Table = {
    (PlaceStatus.WAITING, "move_up"): rule(PlaceStatus.ENROLLED, WORKER, *AGENCY, SYSTEM),
    (PlaceStatus.WAITING, "leave"): rule(PlaceStatus.LEFT, WORKER, *AGENCY, SYSTEM),
    (PlaceStatus.ENROLLED, "leave"): rule(PlaceStatus.LEFT, WORKER, *AGENCY, SYSTEM),
    (PlaceStatus.ENROLLED, "attend"): rule(PlaceStatus.ATTENDED, *AGENCY),
    (PlaceStatus.ENROLLED, "miss"): rule(PlaceStatus.MISSED, *AGENCY),
    # The session was called off, or was held without those who still waited.
    (PlaceStatus.WAITING, "drop"): rule(PlaceStatus.DROPPED, *AGENCY),
    (PlaceStatus.ENROLLED, "drop"): rule(PlaceStatus.DROPPED, *AGENCY),
}
