"""Before a shift: who is booked says that they come, and that they are on the way; who stays silent is at risk and at
last released, in time to find somebody else.

All that is due is a row of the outbox for one step of `orders.timetable`; each looks at the booking again when its hour
has come, so that what has become pointless meanwhile (cancelled, confirmed, begun, overtaken by the next step during an
outage) is dropped.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, OrderPolicy, Replacement
from orders.services import attendance, locks, proposing
from orders.services.bookings import rhythm_of
from orders.states import AssignmentStatus
from orders.timetable import STEPS, Step, Timetable, released_from, timetable
from orders.ways import way_of
from staffing.core import outbox
from staffing.core.actors import AGENCY_ROLES, SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.transitions import change

Say = Literal["", "confirm", "set_out"]
TOPIC = "assignment.step"
# Only this step asks the engine; the others never wait for a matching to end.
RELEASE = "assignment.release_step"
# Why silence costs the place.
UNCONFIRMED = "unconfirmed"
THERE = (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)


def table_of(work: Assignment, policy: OrderPolicy) -> Timetable:
    """The moments of a booking whose worker, order and site are at hand."""
    return timetable(work.start_at, rhythm_of(policy), way_of(work, policy))


@transaction.atomic
def plan(assignment_id: int, now: datetime) -> int:
    """Write the rows for what is due before a booked shift after the yes; how many. Repeatable."""
    work = locks.assignment(assignment_id)
    if work.status != AssignmentStatus.BOOKED:
        return 0
    table = table_of(work, OrderPolicy.current())
    due = {step: at for step in STEPS if (at := table.at(step)) is not None and at > work.booked_at}
    for step, at in due.items():
        if work.confirmed_at is None or step not in QUESTIONS:
            _later(work, step, at, now)
    return len(due)


def _later(work: Assignment, step: Step, at: datetime, now: datetime) -> None:
    payload = {"id": work.pk, "step": step}
    topic = RELEASE if step == "release" else TOPIC
    outbox.publish(topic, payload, key=f"{work.pk}:{step}:{at.isoformat()}", now=now, due_at=at)


@transaction.atomic
def take(assignment_id: int, step: Step, now: datetime) -> bool:
    """Do a step whose hour has come. False if it is pointless by now, or if it is early and waits on."""
    if step == "release":
        # Whether anybody could come is asked of the engine.
        locks.matching()
    work = locks.assignment(assignment_id)
    if work.status != AssignmentStatus.BOOKED or now >= work.start_at:
        return False
    if step in QUESTIONS and work.confirmed_at is not None:
        return False
    table = table_of(work, OrderPolicy.current())
    at = table.at(step)
    if at is not None and now < at:
        # The policy was changed after the row was written.
        _later(work, step, at, now)
        return False
    return TAKE[step](work, table, now)


def _ask(work: Assignment, table: Timetable, now: datetime) -> bool:
    if now >= table.ask_again:
        return False
    _announce(work, "ask", now)
    return True


def _ask_again(work: Assignment, table: Timetable, now: datetime) -> bool:
    if work.warned_at is not None:
        return False
    work.warned_at = now
    work.save(update_fields=["warned_at"])
    _announce(work, "warn", now)
    return True


def _doubt(work: Assignment, table: Timetable, now: datetime) -> bool:
    change(work, "doubt", by=SYSTEM, now=now, reason=UNCONFIRMED)
    return True


def _release(work: Assignment, table: Timetable, now: datetime) -> bool:
    """Take the place from who stays silent; not before they were warned, and not as long as nobody else could come."""
    policy = OrderPolicy.current()
    if not policy.auto_release_unconfirmed:
        return False
    at = released_from(table, work.warned_at, rhythm_of(policy)) or now + timedelta(minutes=policy.seek_again_minutes)
    if now < at:
        _later(work, "release", at, now)
        return False
    if not proposing.anybody_for(work.position, now, but=work.worker_id):
        _later(work, "release", now + timedelta(minutes=policy.seek_again_minutes), now)
        return False
    attendance.lose(work, "release", Replacement.Cause.RELEASED, by=SYSTEM, now=now, reason=UNCONFIRMED, urgent=True)
    return True


def _remind(work: Assignment, table: Timetable, now: datetime) -> bool:
    if work.departed_at is not None:
        return False
    _announce(work, "remind", now)
    return True


def _leave(work: Assignment, table: Timetable, now: datetime) -> bool:
    if work.departed_at is not None:
        return False
    _announce(work, "leave", now)
    return True


def _announce(work: Assignment, what: str, now: datetime) -> None:
    outbox.publish(f"assignment.{what}", {"id": work.pk}, key=str(work.pk), now=now)


QUESTIONS: frozenset[Step] = frozenset({"ask", "ask_again", "doubt", "release"})
TAKE: Mapping[Step, Callable[[Assignment, Timetable, datetime], bool]] = {
    "ask": _ask,
    "ask_again": _ask_again,
    "doubt": _doubt,
    "release": _release,
    "remind": _remind,
    "leave": _leave,
}


@transaction.atomic
def confirm(assignment_id: int, *, by: Actor, now: datetime, reason: str = "") -> Assignment:
    """Say that one comes. Late is better than never: also after the window, as long as the place is theirs.

    Repeating it changes nothing. The agency may say it for somebody, with a reason. Raises `Invalid` before the window
    (for the worker) or without a reason (for the agency), `Conflict` once the place is lost or the shift has begun.
    """
    work = locks.assignment(assignment_id)
    if work.confirmed_at is not None or work.status in THERE:
        return work
    _may_say(work, by, now, reason)
    policy = OrderPolicy.current()
    if by.role not in AGENCY_ROLES and now < work.start_at - timedelta(hours=policy.confirm_from_hours):
        raise Invalid("too_early", _("开始前 %(hours)s 小时起可以确认。"), hours=policy.confirm_from_hours)
    work.confirmed_at = now
    change(work, "confirm", by=by, now=now, reason=reason, also=["confirmed_at"])
    return work


@transaction.atomic
def set_out(assignment_id: int, *, by: Actor, now: datetime, reason: str = "") -> Assignment:
    """Say that one is on the way, which also confirms. Repeating it changes nothing.

    Raises `Invalid` for work at home, too early, or for the agency without a reason; `Conflict` as `confirm`, but
    whoever is late may still say so.
    """
    work = locks.assignment(assignment_id)
    if work.departed_at is not None or work.status in THERE:
        return work
    _may_say(work, by, now, reason, until=work.end_at)
    if work.position.shift.order.remote:
        raise Invalid("remote", _("远程班次在家即可，不需要出发。"))
    minutes = OrderPolicy.current().set_out_from_minutes
    if now < work.start_at - timedelta(minutes=minutes):
        raise Invalid("too_early", _("开始前 %(minutes)s 分钟起可以报告已出发。"), minutes=minutes)
    work.departed_at = now
    work.confirmed_at = work.confirmed_at or now
    change(work, "set_out", by=by, now=now, reason=reason, also=["departed_at", "confirmed_at"])
    return work


def _may_say(work: Assignment, by: Actor, now: datetime, reason: str, until: datetime | None = None) -> None:
    if work.status != AssignmentStatus.BOOKED:
        raise Conflict("not_booked", _("这个班次已不由您负责，如有疑问请联系调度。"))
    if now >= (until or work.start_at):
        raise Conflict("begun", _("班次已开始，请直接打卡。"))
    if by.role in AGENCY_ROLES and not reason.strip():
        raise Invalid("no_reason", _("代为确认须填写理由。"))


def due_to_say(work: Assignment, policy: OrderPolicy, now: datetime) -> Say:
    """What a booked worker is to say now: that they come, or that they are on the way; "" for nothing."""
    if work.status != AssignmentStatus.BOOKED or now >= work.start_at:
        return ""
    if work.confirmed_at is None and now >= work.start_at - timedelta(hours=policy.confirm_from_hours):
        return "confirm"
    opens = work.start_at - timedelta(minutes=policy.set_out_from_minutes)
    if work.departed_at is None and now >= opens and not work.position.shift.order.remote:
        return "set_out"
    return ""
