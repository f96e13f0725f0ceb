"""Turning up: check-in and check-out, no-shows, cancellations, and the replacement that starts at once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, OrderPolicy, Position, Punch, PunchRequest, Replacement, ServicePolicy
from orders.services import bookings, locks, offers, proving, punch_requests, site_codes, timesheets
from orders.services.proving import Claim
from orders.services.proving import Fix as Fix
from orders.states import AssignmentStatus, OrderStatus, PunchRequestStatus
from staffing.core import outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role
from staffing.core.transitions import change
from workers.models import Worker

THERE = (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)


def check_in(
    assignment_id: int,
    *,
    by: Actor,
    now: datetime,
    fix: Fix | None = None,
    reason: str = "",
    code: str = "",
    claim: Claim | None = None,
) -> Assignment:
    """Arrive. On site it takes a position inside the fence, or the place's code; the agency gives a reason instead.

    A punch that waited for a connection (`claim`) counts from the time it was made. One that comes too late to count by
    itself, or after the no-show, waits for a dispatcher (`punch_requests`) and changes nothing yet. Repeating changes
    nothing. Raises `Invalid` too early, or without the proof that is asked for; `Conflict` if the place has been given
    to somebody else.
    """
    own = code and claim is None and by.role == Role.WORKER
    coded = bool(own) and site_codes.admit(assignment_id, code, AssignmentStatus.BOOKED, now)
    with transaction.atomic():
        work = locks.assignment(assignment_id)
        if work.status in THERE or (claim and _asked_instead(work, Punch.Kind.IN, claim, fix, code, now)):
            return work
        if work.status == AssignmentStatus.NO_SHOW:
            raise Conflict("replaced", _("已按未到岗处理并安排替补，请联系调度。"))
        at = proving.moment(claim, ServicePolicy.current(), now)
        proving.check_time(work, at)
        punch = proving.punch_of(work, Punch.Kind.IN, by=by, at=at, reason=reason)
        if punch.method == Punch.Method.MANUAL:
            proving.prove_arrival(punch, work, fix, coded=coded, agreed=proving.consented(work, at, now))
        punch.queued = claim is not None
        return arrived(work, punch, by=by, now=now, reason=reason)


def _asked_instead(work: Assignment, kind: str, claim: Claim, fix: Fix | None, code: str, now: datetime) -> bool:
    """Whether a late punch was put to a dispatcher because it cannot count by itself."""
    policy = ServicePolicy.current()
    at = proving.moment(claim, policy, now)
    if not punch_requests.waits_for_a_word(work, kind, late=bool(code) or proving.stale(at, policy, now)):
        return False
    punch_requests.ask_queued(work, kind, at=at, fix=fix, code=code, key=claim.key, now=now)
    return True


def arrived(work: Assignment, punch: Punch, *, by: Actor, now: datetime, reason: str = "") -> Assignment:
    """Write a proved arrival of a locked booking: the time that counts is the punch's."""
    punch.received_at = now
    punch.save()
    work.checked_in_at = punch.at
    change(work, "check_in", by=by, now=now, reason=reason, also=["checked_in_at"])
    follow_up(work, now)
    return work


def follow_up(work: Assignment, now: datetime) -> None:
    """Somebody is there: the order runs, and should they forget to leave, that is seen to."""
    _start_order(work, now)
    later = work.end_at + timedelta(hours=OrderPolicy.current().forgotten_check_out_hours)
    outbox.publish("assignment.forgotten", {"id": work.pk}, key=str(work.pk), now=now, due_at=later)


def _start_order(work: Assignment, now: datetime) -> None:
    order = work.position.shift.order
    if order.status in (OrderStatus.OFFERING, OrderStatus.FILLED):
        change(order, "start", by=SYSTEM, now=now)


def check_out(
    assignment_id: int,
    *,
    by: Actor,
    now: datetime,
    fix: Fix | None = None,
    reason: str = "",
    code: str = "",
    claim: Claim | None = None,
) -> Assignment:
    """Leave: writes the punch and the timesheet. A position outside the fence is kept, not refused, and none is
    needed. `claim` as in `check_in`.

    Repeating it changes nothing. Raises `Conflict` before check-in, `Invalid` for a time before it.
    """
    own = code and claim is None and by.role == Role.WORKER
    coded = bool(own) and site_codes.admit(assignment_id, code, AssignmentStatus.CHECKED_IN, now)
    with transaction.atomic():
        work = locks.assignment(assignment_id)
        if claim and _asked_instead(work, Punch.Kind.OUT, claim, fix, "", now):
            return work
        if work.status == AssignmentStatus.COMPLETED:
            return work
        if work.status != AssignmentStatus.CHECKED_IN:
            raise Conflict("not_checked_in", _("尚未签到，不能签退。"))
        at = proving.moment(claim, ServicePolicy.current(), now)
        punch = proving.punch_of(work, Punch.Kind.OUT, by=by, at=at, reason=reason)
        if punch.method == Punch.Method.MANUAL:
            proving.note_departure(punch, work, fix, coded=coded, agreed=proving.consented(work, at, now))
        elif by is SYSTEM:
            # Nobody saw them leave: the plan is the best that is known.
            punch.at = min(now, work.end_at)
        punch.queued = claim is not None
        return left(work, punch, by=by, now=now, reason=reason)


def left(work: Assignment, punch: Punch, *, by: Actor, now: datetime, reason: str = "") -> Assignment:
    """Write a departure of a locked booking and its timesheet: the time that counts is the punch's."""
    if work.checked_in_at is not None and punch.at < work.checked_in_at:
        raise Invalid("before_check_in", _("签退时间不能早于签到时间。"))
    punch.received_at = now
    punch.save()
    work.checked_out_at = punch.at
    change(work, "check_out", by=by, now=now, reason=reason, also=["checked_out_at"])
    Worker.objects.filter(pk=work.worker_id).update(services_done=F("services_done") + 1)
    timesheets.open_for(work, now)
    return work


def _not_over(work: Assignment, now: datetime) -> None:
    """Once the shift has ended, somebody who never came is a no-show, whatever is said afterwards."""
    if now >= work.end_at:
        raise Conflict("shift_over", _("班次已结束。"))


@transaction.atomic
def check_out_forgotten(assignment_id: int, now: datetime) -> bool:
    """Check out, as of the planned end, somebody who forgot to. False if they did not."""
    work = locks.assignment(assignment_id)
    if work.status != AssignmentStatus.CHECKED_IN:
        return False
    check_out(assignment_id, by=SYSTEM, now=now, reason="forgotten")
    return True


def erase_positions(now: datetime) -> int:
    """Forget where people were, once the retention time of the policy has passed; returns how many punches, those
    that were asked for with them."""
    old = now - timedelta(days=OrderPolicy.current().position_retention_days)
    nowhere: dict[str, None] = {"latitude": None, "longitude": None, "accuracy_m": None}
    asked = PunchRequest.objects.filter(received_at__lt=old, latitude__isnull=False).update(**nowhere)
    return asked + Punch.objects.filter(at__lt=old, latitude__isnull=False).update(**nowhere)


def absent_from(work: Assignment) -> datetime:
    """From when somebody who has not checked in counts as absent: `bookings.absent_from`, and if an arrival from
    elsewhere was refused, as long after that as one may be late."""
    expected, status = bookings.absent_from(work), PunchRequestStatus.REFUSED
    refused = work.punch_requests.filter(why=PunchRequest.Why.FIELD, status=status).aggregate(at=Max("decided_at"))[
        "at"
    ]
    if refused is None:
        return expected
    grace = timedelta(minutes=OrderPolicy.current().no_show_minutes)
    return min(max(expected, refused + grace), work.end_at)


@transaction.atomic
def declare_absent(assignment_id: int, now: datetime, *, by: Actor = SYSTEM) -> bool:
    """No sign of the worker: record the no-show and start a replacement. False if they came or it is too early.

    A dispatcher who knows need not wait for the stated minutes. Raises `Invalid` if they say so before the start.
    """
    work = locks.assignment(assignment_id)
    if work.status != AssignmentStatus.BOOKED:
        return False
    if by is not SYSTEM and now < work.start_at:
        raise Invalid("too_early", _("班次尚未开始，如需换人请释放该员工。"))
    if by is SYSTEM and now < (due := absent_from(work)):
        # The policy was made more patient after the row was written: ask again then.
        outbox.publish("assignment.absence", {"id": work.pk}, key=f"{work.pk}:{due}", now=now, due_at=due)
        return False
    lose(work, "no_show", Replacement.Cause.NO_SHOW, by=by, now=now, reason="")
    return True


@transaction.atomic
def cancel(assignment_id: int, *, by: Actor, now: datetime, reason: str) -> Assignment:
    """The worker calls off; a replacement starts at once. Repeatable.

    Raises `Invalid` without a reason, `Conflict` once the shift has ended.
    """
    work = locks.assignment(assignment_id)
    if work.status == AssignmentStatus.CANCELLED:
        return work
    if not reason.strip():
        raise Invalid("no_reason", _("请填写取消理由。"))
    _not_over(work, now)
    lose(work, "cancel", Replacement.Cause.CANCELLED, by=by, now=now, reason=reason)
    return work


@transaction.atomic
def release(assignment_id: int, *, by: Actor, now: datetime, reason: str) -> Assignment:
    """A dispatcher takes a booked worker off; a replacement starts at once. Repeatable.

    Raises `Invalid` without a reason, `Conflict` once the shift has ended.
    """
    work = locks.assignment(assignment_id)
    if work.status == AssignmentStatus.RELEASED:
        return work
    if not reason.strip():
        raise Invalid("no_reason", _("请填写释放理由。"))
    _not_over(work, now)
    lose(work, "release", Replacement.Cause.RELEASED, by=by, now=now, reason=reason)
    return work


def lose(
    work: Assignment, action: str, cause: str, *, by: Actor, now: datetime, reason: str, urgent: bool = False
) -> None:
    """A booked place is empty again: record it, open the replacement, look for the next person now; several at once
    if it is urgent, or the shift near."""
    bookings.end(work, action, by=by, now=now, reason=reason)
    place = work.position
    Replacement.objects.filter(position=place, found__isnull=True, failed_at__isnull=True).update(failed_at=now)
    Replacement.objects.create(position=place, lost=work, cause=cause, started_at=now)
    vacate(place, by=by, now=now, reason=cause, urgent=urgent)


def vacate(place: Position, *, by: Actor, now: datetime, reason: str, urgent: bool = False) -> None:
    """Nobody has the locked place any more: the next person is looked for now."""
    offers.empty(place)
    place.urgent = urgent or offers.is_near(place, OrderPolicy.current(), now)
    change(place, "vacate", by=by, now=now, reason=reason, also=[*offers.EMPTIED, "urgent"])
    order = place.shift.order
    if order.status == OrderStatus.FILLED:
        change(order, "unfill", by=SYSTEM, now=now, reason=reason)
    offers.seek(place, now)
