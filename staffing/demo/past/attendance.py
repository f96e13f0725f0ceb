"""Turning up, or not; hours and their approval; the end of an order."""

import math
from datetime import datetime, timedelta

from orders.models import Assignment, Punch, Replacement, Timesheet
from orders.services.ordering import OPEN_POSITIONS
from orders.services.timesheets import MINUTE, worked_span
from orders.states import AssignmentStatus, OrderStatus, TimesheetStatus
from staffing.core import geo
from staffing.core.actors import SYSTEM, Actor, actor_of
from staffing.demo.past import asking, line
from staffing.demo.past.jobs import Job, Place
from staffing.demo.past.world import World
from workers.pay.minutes import Span

NO_SHOW_SHARE, CALL_OFF_SHARE, LATE_SHARE, FORGETS_SHARE, EARLY_SHARE = 0.02, 0.012, 0.05, 0.02, 0.06
CALL_OFF_REASONS = ("发烧", "家中有急事", "考试改期", "扭伤脚踝")
METRES_A_DEGREE = 111_320


def plan(w: World, place: Place, work: Assignment) -> None:
    """What this person will do about it."""
    w.timeline.plan(_absent_from(w, work) + line.SOON, declare_absent, w, place, work)
    roll = w.random.random()
    notice = (work.start_at - work.booked_at) / timedelta(hours=1)
    if roll < NO_SHOW_SHARE:
        return
    if roll < NO_SHOW_SHARE + CALL_OFF_SHARE and notice > 6:
        at = work.start_at - timedelta(hours=w.random.uniform(1, min(30, notice - 1)))
        w.timeline.plan(at.replace(microsecond=0), call_off, w, place, work)
        return
    w.timeline.plan(_arrival(w, work), check_in, w, place, work)


def _absent_from(w: World, work: Assignment) -> datetime:
    travel = timedelta(minutes=w.policy.arrival_minutes)
    expected = max(work.start_at, work.booked_at + travel) if work.replaces_id else work.start_at
    return min(expected + timedelta(minutes=w.policy.no_show_minutes), work.end_at)


def _arrival(w: World, work: Assignment) -> datetime:
    if work.start_at <= work.booked_at:
        return w.after(work.booked_at, 18, 50)
    if w.chance(LATE_SHARE):
        return w.after(work.start_at, 1, 12)
    return max(w.after(work.start_at, -16, -2), work.booked_at + timedelta(minutes=1))


def check_in(w: World, place: Place, work: Assignment, at: datetime) -> None:
    """Arrive; the first arrival starts the order."""
    if work.status != AssignmentStatus.BOOKED:
        return
    _punch(w, place, work, Punch.Kind.IN, at)
    work.checked_in_at = at
    w.ledger.change(work, "check_in", by=w.people[work.worker_id].actor, at=at)
    order = place.job.order
    if order.status in (OrderStatus.OFFERING, OrderStatus.FILLED):
        w.ledger.change(order, "start", by=SYSTEM, at=at)
        asking.by_week(w, place.job)
    if w.chance(FORGETS_SHARE):
        hours = timedelta(hours=w.policy.forgotten_check_out_hours)
        w.timeline.plan(work.end_at + hours + line.SOON, check_out, w, place, work, SYSTEM)
    else:
        early = w.chance(EARLY_SHARE)
        leaves = w.after(work.end_at, -20, -5) if early else w.after(work.end_at, 0, 8)
        w.timeline.plan(max(leaves, at + MINUTE), check_out, w, place, work, w.people[work.worker_id].actor)


def _punch(w: World, place: Place, work: Assignment, kind: str, at: datetime, *, forgotten: bool = False) -> None:
    punch = Punch(assignment=work, kind=kind, at=at, method=Punch.Method.REMOTE)
    site = place.job.ask.site
    if forgotten:
        punch.method, punch.note = Punch.Method.SYSTEM, "forgotten"
    elif site is not None:
        punch.method = Punch.Method.POSITION
        angle, far = w.random.uniform(0, 2 * math.pi), w.random.uniform(3, 120)
        punch.latitude = site.latitude + far * math.cos(angle) / METRES_A_DEGREE
        east = METRES_A_DEGREE * math.cos(math.radians(site.latitude))
        punch.longitude = site.longitude + far * math.sin(angle) / east
        punch.accuracy_m = round(w.random.uniform(5, 40), 1)
        here = geo.Point(punch.latitude, punch.longitude)
        punch.distance_m = geo.distance_m(here, geo.Point(site.latitude, site.longitude))
        punch.in_fence = geo.within_fence(punch.distance_m, punch.accuracy_m, site.fence_m).inside
    w.ledger.add(punch)


def check_out(w: World, place: Place, work: Assignment, by: Actor, at: datetime) -> None:
    """Leave; the hours go to the client."""
    forgotten = by is SYSTEM
    _punch(w, place, work, Punch.Kind.OUT, at, forgotten=forgotten)
    work.checked_out_at = at
    w.ledger.change(work, "check_out", by=by, at=at, reason="forgotten" if forgotten else "")
    w.people[work.worker_id].served += 1
    _open_timesheet(w, place, work, at)
    w.timeline.plan(at + line.SOON, settle, w, place.job)


def _open_timesheet(w: World, place: Place, work: Assignment, at: datetime) -> None:
    span = worked_span(work)
    assert work.checked_in_at is not None
    due = at + timedelta(hours=w.policy.timesheet_auto_approve_hours)
    sheet = w.ledger.add(
        Timesheet(
            assignment=work,
            planned_minutes=(work.end_at - work.start_at) // MINUTE,
            actual_minutes=span.minutes,
            late_minutes=max(0, (work.checked_in_at - work.start_at) // MINUTE),
            amount=w.amount(span, work.bill_rate),
            submitted_at=at,
            auto_approve_at=due,
        )
    )
    w.ledger.record(sheet, "submit", by=SYSTEM, at=at, to_state=str(sheet.status))
    w.ledger.later("timesheet.auto_approve", {"id": sheet.pk}, str(sheet.pk), at, due)
    client, roll = actor_of(place.job.ask.member), w.random.random()
    w.timeline.plan(due + line.SOON, approve, w, sheet, SYSTEM)
    if roll < 0.68:
        w.timeline.plan(w.after(at, 60, 2000), approve, w, sheet, client)
    elif roll < 0.69:
        w.timeline.plan(w.after(at, 60, 1200), dispute, w, sheet, client)


def approve(w: World, sheet: Timesheet, by: Actor, at: datetime) -> None:
    """The client accepts the hours, or time does."""
    by_time = by is SYSTEM
    if sheet.status == TimesheetStatus.APPROVED:
        return
    if by_time and (sheet.status == TimesheetStatus.DISPUTED or at < sheet.auto_approve_at):
        return
    sheet.approved_at, sheet.approved_by_time = at, by_time
    w.ledger.change(sheet, "approve", by=by, at=at)


def dispute(w: World, sheet: Timesheet, by: Actor, at: datetime) -> None:
    """The client says the hours are wrong; a dispatcher sets them right some hours later."""
    if sheet.status != TimesheetStatus.SUBMITTED:
        return
    sheet.dispute = "实际离岗时间早于签退时间"
    w.ledger.change(sheet, "dispute", by=by, at=at, reason=sheet.dispute)
    w.timeline.plan(w.after(at, 60, 900), correct, w, sheet, w.random.choice(w.desk), by)


def correct(w: World, sheet: Timesheet, by: Actor, client: Actor, at: datetime) -> None:
    """A quarter of an hour less; the client is asked again."""
    work = sheet.assignment
    before = {"minutes": sheet.actual_minutes, "amount": str(sheet.amount)}
    assert work.checked_in_at is not None
    start = max(work.checked_in_at, work.start_at)
    sheet.actual_minutes = max(0, sheet.actual_minutes - 15)
    sheet.amount = w.amount(Span(start, start + sheet.actual_minutes * MINUTE), work.bill_rate)
    sheet.auto_approve_at = at + timedelta(hours=w.policy.timesheet_auto_approve_hours)
    w.ledger.change(sheet, "correct", by=by, at=at, reason="按现场主管记录更正", data={"before": before})
    due = sheet.auto_approve_at
    w.ledger.later("timesheet.auto_approve", {"id": sheet.pk}, f"{sheet.pk}:{at.isoformat()}", at, due)
    w.timeline.plan(due + line.SOON, approve, w, sheet, SYSTEM)
    w.timeline.plan(w.after(at, 60, 600), approve, w, sheet, client)


def declare_absent(w: World, place: Place, work: Assignment, at: datetime) -> None:
    """No sign of the worker."""
    if work.status == AssignmentStatus.BOOKED:
        _lose(w, place, "no_show", Replacement.Cause.NO_SHOW, SYSTEM, "", at)


def call_off(w: World, place: Place, work: Assignment, at: datetime) -> None:
    """The worker cannot come and says so."""
    if work.status == AssignmentStatus.BOOKED:
        by, reason = w.people[work.worker_id].actor, w.random.choice(CALL_OFF_REASONS)
        _lose(w, place, "cancel", Replacement.Cause.CANCELLED, by, reason, at)


def free(w: World, place: Place, action: str, by: Actor, reason: str, at: datetime) -> Assignment:
    """Give the worker's time back."""
    work = place.work
    assert work is not None
    person = w.people[work.worker_id]
    person.bookings.remove(place.booking(work.start_at, work.end_at))
    work.ended_at = at
    place.work = None
    w.ledger.change(work, action, by=by, at=at, reason=reason)
    return work


def _lose(w: World, place: Place, action: str, cause: str, by: Actor, reason: str, at: datetime) -> None:
    work = free(w, place, action, by, reason, at)
    job, row = place.job, place.row
    w.people[work.worker_id].lost += 1
    job.trouble += 1
    job.gone[place.shift.pk].add(work.worker_id)
    place.replacement = w.ledger.add(Replacement(position=row, lost=work, cause=cause, started_at=at))
    row.proposed_worker = row.score = None
    row.urgent = work.start_at - at <= timedelta(minutes=w.policy.urgent_within_minutes)
    w.ledger.change(row, "vacate", by=by, at=at, reason=cause)
    if job.order.status == OrderStatus.FILLED:
        w.ledger.change(job.order, "unfill", by=SYSTEM, at=at, reason=cause)
    w.timeline.plan(at + line.SOON, line.seek, w, place)
    w.timeline.plan(at + line.SOON, settle, w, job)


def give_up(w: World, place: Place, at: datetime) -> None:
    """Too late to find anybody."""
    w.ledger.change(place.row, "lapse", by=SYSTEM, at=at, reason="too_late")
    place.job.trouble += 1
    if place.replacement is not None:
        place.replacement.failed_at = at
        place.replacement = None


def settle(w: World, job: Job, at: datetime) -> None:
    """End an order whose time has passed and whose people have gone home."""
    order = job.order
    if order.status in (OrderStatus.COMPLETED, OrderStatus.CANCELLED) or at < order.ends_at:
        return
    if any(work.status in (AssignmentStatus.BOOKED, AssignmentStatus.CHECKED_IN) for work in job.works):
        return
    for place in job.places:
        if place.pending is not None:
            line.withdraw(w, place, "shift_over", at)
    for place in job.places:
        if place.row.status in OPEN_POSITIONS:
            line.uncourt(place)
            job.trouble += 1
            w.ledger.change(place.row, "lapse", by=SYSTEM, at=at)
    order.completed_at = at
    w.ledger.change(order, "complete" if order.status == OrderStatus.IN_SERVICE else "lapse", by=SYSTEM, at=at)
    w.timeline.plan(at + line.SOON, asking.at_end, w, job)
