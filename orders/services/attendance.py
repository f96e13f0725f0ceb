"""Turning up: check-in and check-out, no-shows, cancellations, and the replacement that starts at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, OrderPolicy, Punch, Replacement
from orders.services import bookings, locks, offers, timesheets
from orders.states import AssignmentStatus, OrderStatus
from staffing.core import geo, outbox
from staffing.core.actors import AGENCY_ROLES, SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.transitions import change
from workers.models import Worker


@dataclass(frozen=True, slots=True)
class Fix:
    """A position as the phone gave it: WGS-84 degrees, accuracy in metres."""

    latitude: float
    longitude: float
    accuracy_m: float


@transaction.atomic
def check_in(assignment_id: int, *, by: Actor, now: datetime, fix: Fix | None = None, reason: str = "") -> Assignment:
    """Arrive. On site a position inside the fence is needed; the agency may do it for them with a reason.

    Repeating it changes nothing. Raises `Invalid` too early, without or outside the position asked for;
    `Conflict` if the place has been given to somebody else.
    """
    work = locks.assignment(assignment_id)
    if work.status in (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED):
        return work
    if work.status == AssignmentStatus.NO_SHOW:
        raise Conflict("replaced", _("已按未到岗处理并安排替补，请联系调度。"))
    _check_time(work, now)
    punch = _punch(work, Punch.Kind.IN, by=by, now=now, fix=fix, reason=reason)
    if punch.in_fence is False:
        raise Invalid(
            "out_of_fence", _("您距服务地点 %(metres)s 米，不在打卡范围内。"), metres=round(punch.distance_m or 0)
        )
    punch.save()
    work.checked_in_at = now
    change(work, "check_in", by=by, now=now, reason=reason, also=["checked_in_at"])
    _start_order(work, now)
    later = work.end_at + timedelta(hours=OrderPolicy.current().forgotten_check_out_hours)
    outbox.publish("assignment.forgotten", {"id": work.pk}, key=str(work.pk), now=now, due_at=later)
    return work


def _check_time(work: Assignment, now: datetime) -> None:
    early = timedelta(minutes=OrderPolicy.current().check_in_from_minutes)
    if now < work.start_at - early:
        raise Invalid("too_early", _("最早可在开始前 %(minutes)s 分钟签到。"), minutes=int(early.total_seconds() // 60))
    _not_over(work, now)


def _punch(work: Assignment, kind: str, *, by: Actor, now: datetime, fix: Fix | None, reason: str) -> Punch:
    punch = Punch(assignment=work, kind=kind, at=now, note=reason[:200], method=Punch.Method.REMOTE)
    order = work.position.shift.order
    if by.role in AGENCY_ROLES:
        if not reason.strip():
            raise Invalid("no_reason", _("代打卡须填写理由。"))
        punch.method = Punch.Method.DISPATCHER
    elif by is SYSTEM:
        punch.method = Punch.Method.SYSTEM
    elif not order.remote:
        punch.method = Punch.Method.POSITION
        _locate(punch, work, fix)
    return punch


def _locate(punch: Punch, work: Assignment, fix: Fix | None) -> None:
    site = work.position.shift.order.site
    assert site is not None, "an order on site has a site"
    if fix is None:
        raise Invalid("no_position", _("需要定位才能打卡；若无法定位，请联系调度代为打卡。"))
    try:
        distance = geo.distance_m(geo.Point(fix.latitude, fix.longitude), geo.Point(site.latitude, site.longitude))
        ruling = geo.within_fence(distance, fix.accuracy_m, site.fence_m, OrderPolicy.current().accuracy_cap_m)
    except ValueError as error:
        raise Invalid("bad_position", _("定位数据无效，请重试。")) from error
    punch.latitude, punch.longitude, punch.accuracy_m = fix.latitude, fix.longitude, fix.accuracy_m
    punch.distance_m, punch.in_fence = distance, ruling.inside


def _start_order(work: Assignment, now: datetime) -> None:
    order = work.position.shift.order
    if order.status in (OrderStatus.OFFERING, OrderStatus.FILLED):
        change(order, "start", by=SYSTEM, now=now)


@transaction.atomic
def check_out(assignment_id: int, *, by: Actor, now: datetime, fix: Fix | None = None, reason: str = "") -> Assignment:
    """Leave: writes the punch and the timesheet. A position outside the fence is kept, not refused.

    Repeating it changes nothing. Raises `Conflict` before check-in.
    """
    work = locks.assignment(assignment_id)
    if work.status == AssignmentStatus.COMPLETED:
        return work
    if work.status != AssignmentStatus.CHECKED_IN:
        raise Conflict("not_checked_in", _("尚未签到，不能签退。"))
    _punch(work, Punch.Kind.OUT, by=by, now=now, fix=fix, reason=reason).save()
    # Nobody saw them leave: the plan is the best that is known.
    work.checked_out_at = min(now, work.end_at) if by is SYSTEM else now
    change(work, "check_out", by=by, now=now, reason=reason, also=["checked_out_at"])
    Worker.objects.filter(pk=work.worker_id).update(services_done=F("services_done") + 1)
    timesheets.open_for(work, now)
    return work


def _not_over(work: Assignment, now: datetime) -> None:
    """Once the shift has ended, somebody who never came is a no-show, whatever is said afterwards."""
    if now >= work.end_at:
        raise Conflict("shift_over", _("班次已结束。"))


def _is_near(work: Assignment, now: datetime) -> bool:
    return work.start_at - now <= timedelta(minutes=OrderPolicy.current().urgent_within_minutes)


@transaction.atomic
def check_out_forgotten(assignment_id: int, now: datetime) -> bool:
    """Check out, as of the planned end, somebody who forgot to. False if they did not."""
    work = locks.assignment(assignment_id)
    if work.status != AssignmentStatus.CHECKED_IN:
        return False
    check_out(assignment_id, by=SYSTEM, now=now, reason="forgotten")
    return True


def erase_positions(now: datetime) -> int:
    """Forget where people were, once the retention time of the policy has passed; returns how many punches."""
    old = now - timedelta(days=OrderPolicy.current().position_retention_days)
    known = Punch.objects.filter(at__lt=old, latitude__isnull=False)
    return known.update(latitude=None, longitude=None, accuracy_m=None)


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
    if by is SYSTEM and now < (due := bookings.absent_from(work)):
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


def lose(work: Assignment, action: str, cause: str, *, by: Actor, now: datetime, reason: str) -> None:
    """A booked place is empty again: record it, open the replacement, look for the next person now."""
    bookings.end(work, action, by=by, now=now, reason=reason)
    place = work.position
    Replacement.objects.filter(position=place, found__isnull=True, failed_at__isnull=True).update(failed_at=now)
    Replacement.objects.create(position=place, lost=work, cause=cause, started_at=now)
    offers.empty(place)
    place.urgent = _is_near(work, now)
    change(place, "vacate", by=by, now=now, reason=cause, also=[*offers.EMPTIED, "urgent"])
    order = place.shift.order
    if order.status == OrderStatus.FILLED:
        change(order, "unfill", by=SYSTEM, now=now, reason=cause)
    offers.seek(place, now)
