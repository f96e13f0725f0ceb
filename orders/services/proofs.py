"""Punches that need a dispatcher's word: 外勤 (from elsewhere, with a photo), 补卡 (missed), and what came too late.

An arrival from elsewhere counts at once, so that nobody is sought for the place meanwhile; refused, it is taken back,
or counts from when the dispatcher says. The others change nothing before they are approved; times and hours follow.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import psycopg2.errors
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from orders import strikes
from orders.models import Assignment, OrderPolicy, Punch, PunchRequest, Replacement, ServicePolicy, Timesheet
from orders.services import appeals, attendance, locks, offers, photos, proving, punch_requests, timesheets
from orders.services.proving import Claim, Fix
from orders.states import AssignmentStatus, PunchRequestStatus, TimesheetStatus
from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, DomainError, Invalid
from staffing.core.photos import Safe
from staffing.core.transitions import change

IN, OUT = Punch.Kind.IN, Punch.Kind.OUT
Why = PunchRequest.Why


@transaction.atomic
def arrive_elsewhere(
    assignment_id: int,
    photo: Safe,
    *,
    remark: str,
    by: Actor,
    now: datetime,
    fix: Fix | None = None,
    claim: Claim | None = None,
) -> Assignment:
    """外勤: arrive outside the fence, or without a position, with a photo and words. It counts until it is refused.

    Repeating it changes nothing. Raises what `attendance.check_in` raises, and `Invalid` without words.
    """
    work = locks.assignment(assignment_id)
    if work.status in attendance.THERE:
        return work
    policy = ServicePolicy.current()
    at = proving.moment(claim, policy, now)
    proving.check_time(work, at)
    _need(remark, _("请说明您在哪里、为什么不能正常打卡。"))
    late = work.status == AssignmentStatus.NO_SHOW or proving.stale(at, policy, now)
    if work.status == AssignmentStatus.NO_SHOW and claim is None:
        raise Conflict("replaced", _("已按未到岗处理并安排替补，请联系调度。"))
    picture = photos.keep(work, photo, remark=remark, now=now)
    why, key = Why.QUEUED if late else Why.FIELD, claim.key if claim else None
    row = punch_requests.ask(work, IN, why, at=at, now=now, remark=remark, photo=picture, fix=fix, key=key)
    if late or row.status != PunchRequestStatus.WAITING:
        return work
    if row.photo != picture:
        raise Conflict("waits_already", _("您已有一条打卡申请在等待审核，请联系调度。"))
    return _count_meanwhile(work, row, by, now, queued=claim is not None)


def _count_meanwhile(work: Assignment, row: PunchRequest, by: Actor, now: datetime, *, queued: bool) -> Assignment:
    punch = Punch(assignment=work, kind=IN, method=Punch.Method.FIELD, at=row.claimed_at, note=row.remark[:200])
    punch.queued, punch.distance_m = queued, row.distance_m
    return attendance.arrived(work, punch, by=by, now=now, reason=row.remark)


@transaction.atomic
def claim_missed(
    assignment_id: int,
    kind: str,
    at: datetime,
    *,
    remark: str,
    by: Actor,
    now: datetime,
    photo: Safe | None = None,
) -> PunchRequest:
    """补卡: say when one came or left. One that waits already is returned as it is.

    Raises `Invalid` without words or for a time that cannot be, `Conflict` too late or when the hours are approved.
    """
    work = locks.assignment(assignment_id)
    _need(remark, _("请填写补卡原因。"))
    _check_claimed(work, kind, at, now)
    waiting = work.punch_requests.filter(kind=kind, status=PunchRequestStatus.WAITING).first()
    if waiting is not None:
        return waiting
    picture = photos.keep(work, photo, remark=remark, now=now) if photo else None
    return punch_requests.ask(work, kind, Why.MISSED, at=at, now=now, remark=remark, photo=picture)


def _need(words: str, complaint: object) -> None:
    if not words.strip():
        raise Invalid("no_reason", complaint)


def _check_claimed(work: Assignment, kind: str, at: datetime, now: datetime) -> None:
    days = ServicePolicy.current().missed_punch_days
    if work.status not in claimable(kind):
        raise Conflict("not_claimable", _("当前状态不能申请补卡。"))
    if now - work.end_at > timedelta(days=days):
        raise Conflict("too_late", _("班次结束 %(days)s 天后不能再申请补卡，请联系调度。"), days=days)
    if Timesheet.objects.filter(assignment=work, status=TimesheetStatus.APPROVED).exists():
        raise Conflict("hours_approved", _("工时已批准，不能再改动打卡时间。"))
    check_moment(work, kind, at, now)


def claimable(kind: str) -> tuple[str, ...]:
    """In which states a missed punch may be asked for."""
    left = (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
    return left if kind == OUT else (AssignmentStatus.BOOKED, AssignmentStatus.NO_SHOW, *left)


def check_moment(work: Assignment, kind: str, at: datetime, now: datetime) -> None:
    """Whether somebody can have come or left then. Raises `Invalid`."""
    if at > now:
        raise Invalid("not_yet", _("打卡时间在将来，请检查。"))
    policy = OrderPolicy.current()
    if kind == IN:
        first, last = (
            work.start_at - timedelta(minutes=policy.check_in_from_minutes),
            work.checked_out_at or work.end_at,
        )
        possible = first <= at < last
    else:
        last = work.end_at + timedelta(hours=policy.forgotten_check_out_hours)
        possible = (work.checked_in_at or work.start_at) <= at <= last
    if not possible:
        raise Invalid("bad_time", _("这个时间不在班次的打卡时段内，请检查。"))


@transaction.atomic
def approve(request_id: int, *, by: Actor, now: datetime, reason: str = "") -> PunchRequest:
    """Accept a punch; times and hours follow. Where somebody else has the place by now, an arrival takes back the
    strike alone. Repeating it changes nothing.

    Raises `Conflict` if it was refused, if a departure has no arrival, or if the hours are approved.
    """
    row, work = _locked(request_id)
    if row.status == PunchRequestStatus.APPROVED:
        return row
    if row.status == PunchRequestStatus.WAITING and row.why != Why.FIELD:
        _apply(work, row, by=by, now=now)
    return _decide(row, "approve", by=by, now=now, reason=reason)


def approve_many(ids: Iterable[int], *, by: Actor, now: datetime) -> tuple[int, list[DomainError]]:
    """Accept several, each by itself; how many, and why the others not."""
    done, refused = 0, []
    for pk in sorted(set(ids)):
        try:
            approve(pk, by=by, now=now)
            done += 1
        except DomainError as refusal:
            refused.append(refusal)
    return done, refused


@transaction.atomic
def refuse(
    request_id: int, *, by: Actor, now: datetime, reason: str, counts_from: datetime | None = None
) -> PunchRequest:
    """Turn a punch down, in words. An arrival from elsewhere is taken back: they have to punch at the place, or it
    counts from `counts_from` on; who has left, or whose shift is over, needs that time.

    Repeating it changes nothing. Raises `Invalid` without words or the time needed.
    """
    row, work = _locked(request_id)
    if row.status == PunchRequestStatus.REFUSED:
        return row
    _need(reason, _("请填写不通过的理由。"))
    found = _decide(row, "refuse", by=by, now=now, reason=reason)
    if row.why == Why.FIELD and work.status in attendance.THERE:
        if counts_from is not None:
            check_moment(work, IN, counts_from, now)
            _move(work, IN, counts_from, Punch.Method.DISPATCHER, by=by, now=now, reason=reason)
        else:
            _take_back(work, by=by, now=now, reason=reason)
    return found


def _locked(request_id: int) -> tuple[PunchRequest, Assignment]:
    """The request and its booking, with their order locked."""
    work = locks.assignment(PunchRequest.objects.values_list("assignment_id", flat=True).get(pk=request_id))
    row = PunchRequest.objects.get(pk=request_id)
    row.assignment = work
    return row, work


def _decide(row: PunchRequest, action: str, *, by: Actor, now: datetime, reason: str) -> PunchRequest:
    row.decided_at, row.decided_by, row.decision = now, by.user, reason[:300]
    change(row, action, by=by, now=now, reason=reason, also=["decided_at", "decided_by", "decision"])
    return row


def _apply(work: Assignment, row: PunchRequest, *, by: Actor, now: datetime) -> None:
    kind, at, there = row.kind, row.claimed_at, work.status in attendance.THERE
    check_moment(work, kind, at, now)
    done = there if kind == IN else work.status == AssignmentStatus.COMPLETED
    if done:
        _move(work, kind, at, Punch.Method.CLAIM, by=by, now=now, reason=row.remark)
        return
    punch = Punch(assignment=work, kind=kind, at=at, method=Punch.Method.CLAIM, note=row.remark[:200])
    if kind == OUT and work.status == AssignmentStatus.CHECKED_IN:
        attendance.left(work, punch, by=by, now=now, reason=row.remark)
    elif kind == IN and work.status == AssignmentStatus.BOOKED:
        attendance.arrived(work, punch, by=by, now=now, reason=row.remark)
    elif kind == IN and work.status == AssignmentStatus.NO_SHOW and refilled(work):
        appeals.excuse(work, by=by, now=now, text=row.remark)
    elif kind == IN and work.status == AssignmentStatus.NO_SHOW:
        _reinstate(work, punch, by=by, now=now, reason=row.remark)
    elif work.status == AssignmentStatus.NO_SHOW and refilled(work):
        raise Conflict("place_taken", _("名额已由替补完成，这一班不另计工时：请驳回签退，并与员工说明。"))
    else:
        raise Conflict("no_check_in", _("请先处理同一班次的签到。") if kind == OUT else _("该班次已取消或释放。"))


def _move(work: Assignment, kind: str, at: datetime, method: str, *, by: Actor, now: datetime, reason: str) -> None:
    """A punch counts from another time on; what it was stays in the audit, and the hours follow."""
    punch, field = work.punches.get(kind=kind), "checked_in_at" if kind == IN else "checked_out_at"
    before = {"at": punch.at.isoformat(), "method": punch.method}
    punch.at, punch.method, punch.note = at, method, reason[:200]
    punch.save(update_fields=["at", "method", "note"])
    setattr(work, field, at)
    work.save(update_fields=[field])
    audit.record(work, "move_punch", by=by, now=now, reason=reason, data={"kind": kind, "before": before})
    timesheets.recount(work, by=by, now=now, reason=reason)


def _take_back(work: Assignment, *, by: Actor, now: datetime, reason: str) -> None:
    """Nobody has arrived: the booking waits for a punch again, for as long as somebody may be late."""
    if work.status != AssignmentStatus.CHECKED_IN or now >= work.end_at:
        raise Invalid("no_time", _("班次已结束或已签退：请填写从何时起计时。"))
    work.punches.filter(kind=IN).delete()
    work.checked_in_at = None
    change(work, "undo_check_in", by=by, now=now, reason=reason, also=["checked_in_at"])
    due = attendance.absent_from(work)
    outbox.publish("assignment.absence", {"id": work.pk}, key=f"{work.pk}:{due}", now=now, due_at=due)


def refilled(work: Assignment) -> bool:
    """Whether somebody else has the place of a booking that was lost."""
    return work.position.assignments.filter(strikes.HOLDS).exists()


def _reinstate(work: Assignment, punch: Punch, *, by: Actor, now: datetime, reason: str) -> None:
    """Who counted as absent was there: they have the place again, which nobody else has."""
    place = work.position
    locks.workers([work.worker_id])
    offers.withdraw_all(place, by=by, now=now, reason=offers.TAKEN)
    Replacement.objects.filter(position=place, found__isnull=True, failed_at__isnull=True).update(failed_at=now)
    offers.empty(place)
    place.proposed_worker = work.worker
    change(place, "reinstate", by=by, now=now, reason=reason, also=offers.EMPTIED)
    work.ended_at, work.checked_in_at = None, punch.at
    _again(work, by=by, now=now, reason=reason)
    punch.received_at = now
    punch.save()
    offers.note_fill(place.shift.order, now)
    attendance.follow_up(work, now)


def _again(work: Assignment, *, by: Actor, now: datetime, reason: str) -> None:
    try:
        with transaction.atomic():
            change(work, "reinstate", by=by, now=now, reason=reason, also=["ended_at", "checked_in_at"])
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg2.errors.ExclusionViolation):
            raise Conflict("double_booked", _("该员工此时段已有其他班次，不能恢复。")) from error
        raise
