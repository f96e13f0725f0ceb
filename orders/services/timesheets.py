"""Hours: planned against actual, and the client's word on them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders import hours
from orders.hours import Hours, Rules
from orders.models import Assignment, OrderPolicy, ServicePolicy, Timesheet, TimesheetCorrection
from orders.services import locks
from orders.states import PunchRequestStatus, TimesheetStatus
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.holidays import is_holiday
from staffing.core.transitions import change
from workers.models import PoolPolicy
from workers.pay.minutes import Span
from workers.pay.rates import price, total
from workers.selectors import pool

MINUTE = timedelta(minutes=1)


def rules_in_force(rounding: str = "") -> Rules:
    """The policy's rules for hours; with the rounding by which a timesheet was made, if one is given."""
    policy = ServicePolicy.current()
    return Rules(rounding or policy.rounding, policy.break_after_hours * 60, policy.break_minutes)


def hours_of(work: Assignment, rules: Rules) -> Hours:
    """Planned and counted hours of somebody who has left."""
    assert work.checked_in_at and work.checked_out_at
    return hours.count(Span(work.start_at, work.end_at), work.checked_in_at, work.checked_out_at, rules)


def worked_span(work: Assignment, rules: Rules | None = None) -> Span:
    """The minutes that count: from check-in to check-out, inside the planned shift; to the minute, without rules."""
    return hours_of(work, rules or Rules()).span


def corrected_span(work: Assignment, minutes: int) -> Span:
    """So many minutes from check-in, moved forward where they would pass the planned end: no uplift of a later hour."""
    came = max(work.checked_in_at or work.start_at, work.start_at)
    start = min(came, work.end_at - minutes * MINUTE)
    return Span(start, start + minutes * MINUTE)


def amount_of(work: Assignment, span: Span) -> Decimal:
    """What the client is billed for the span, night and holiday uplift included (CNY)."""
    overrides = pool.holiday_overrides()
    policy = pool.uplift_policy(PoolPolicy.current())
    return total(price(span, work.bill_rate, policy, lambda day: is_holiday(day, overrides)))


def open_for(work: Assignment, now: datetime) -> Timesheet:
    """Write the timesheet of a finished assignment; it approves itself after the time in the policy."""
    rules = rules_in_force()
    found = hours_of(work, rules)
    due = now + timedelta(hours=OrderPolicy.current().timesheet_auto_approve_hours)
    sheet = Timesheet.objects.create(
        assignment=work,
        planned_minutes=found.planned,
        actual_minutes=found.minutes,
        late_minutes=found.late,
        break_minutes=found.unpaid,
        rounding=rules.rounding,
        amount=amount_of(work, found.span),
        submitted_at=now,
        auto_approve_at=due,
    )
    event = audit.record(sheet, "submit", by=SYSTEM, now=now, to_state=sheet.status)
    outbox.publish("timesheet.submit", {"id": sheet.pk}, key=str(event.pk), now=now)
    outbox.publish("timesheet.auto_approve", {"id": sheet.pk}, key=str(sheet.pk), now=now, due_at=due)
    return sheet


@transaction.atomic
def approve(timesheet_id: int, *, by: Actor, now: datetime) -> Timesheet:
    """Accept the hours. Repeating it changes nothing."""
    sheet = locks.timesheet(timesheet_id)
    if sheet.status == TimesheetStatus.APPROVED:
        return sheet
    sheet.approved_at = now
    sheet.approved_by_time = by is SYSTEM
    change(sheet, "approve", by=by, now=now, also=["approved_at", "approved_by_time"])
    return sheet


@transaction.atomic
def approve_all(order_id: int, *, by: Actor, now: datetime) -> int:
    """Accept all hours of an order that wait for it; returns how many."""
    waiting = Timesheet.objects.filter(
        assignment__position__shift__order=order_id, status=TimesheetStatus.SUBMITTED
    ).order_by("id")
    return len([approve(pk, by=by, now=now) for pk in waiting.values_list("pk", flat=True)])


def as_planned(sheet: Timesheet) -> bool:
    """Whether the person came in time and stayed to the end: nothing to look at."""
    return sheet.late_minutes == 0 and sheet.actual_minutes == sheet.planned_minutes


@transaction.atomic
def approve_planned(order_id: int, *, by: Actor, now: datetime) -> int:
    """Accept the waiting hours of an order that are just as planned; returns how many."""
    waiting = Timesheet.objects.filter(
        assignment__position__shift__order=order_id, status=TimesheetStatus.SUBMITTED
    ).order_by("id")
    return len([approve(sheet.pk, by=by, now=now) for sheet in waiting if as_planned(sheet)])


@transaction.atomic
def auto_approve(timesheet_id: int, now: datetime) -> bool:
    """Approve by time what the client left alone. False if they answered, disputed, or time remains.

    As long as a punch waits for a dispatcher, the hours may still change: the time begins anew.
    """
    sheet = locks.timesheet(timesheet_id)
    if sheet.status != TimesheetStatus.SUBMITTED or now < sheet.auto_approve_at:
        return False
    if sheet.assignment.punch_requests.filter(status=PunchRequestStatus.WAITING).exists():
        _begin_anew(sheet, now)
        sheet.save(update_fields=["auto_approve_at"])
        return False
    approve(timesheet_id, by=SYSTEM, now=now)
    return True


@transaction.atomic
def dispute(timesheet_id: int, *, by: Actor, now: datetime, reason: str) -> Timesheet:
    """Say that the hours are wrong; the dispatcher answers. Raises `Invalid` without a reason. Repeatable."""
    sheet = locks.timesheet(timesheet_id)
    if sheet.status == TimesheetStatus.DISPUTED:
        return sheet
    if not reason.strip():
        raise Invalid("no_reason", _("请说明有异议之处。"))
    sheet.dispute = reason[:300]
    change(sheet, "dispute", by=by, now=now, reason=reason, also=["dispute"])
    return sheet


@transaction.atomic
def correct(timesheet_id: int, minutes: int, *, by: Actor, now: datetime, reason: str) -> Timesheet:
    """Set disputed hours right (`minutes`, at most the planned) and put them to the client again.

    The old figures are kept (`TimesheetCorrection`). The same minutes again change nothing. Raises `Invalid` for
    impossible minutes or no reason.
    """
    sheet = locks.timesheet(timesheet_id)
    if sheet.status == TimesheetStatus.SUBMITTED and sheet.actual_minutes == minutes:
        return sheet
    if not reason.strip():
        raise Invalid("no_reason", _("请填写更正理由。"))
    if not 0 <= minutes <= sheet.planned_minutes:
        raise Invalid("bad_minutes", _("分钟数须在 0 到 %(most)s 之间。"), most=sheet.planned_minutes)
    amount = amount_of(sheet.assignment, corrected_span(sheet.assignment, minutes))
    _set_right(sheet, "correct", minutes, amount, by=by, now=now, reason=reason)
    return sheet


def recount(work: Assignment, *, by: Actor, now: datetime, reason: str) -> None:
    """A punch of a locked booking was set right: its hours follow, if there are any yet, by the rounding they were
    made by. Raises `Conflict` once they are approved."""
    sheet = Timesheet.objects.filter(assignment=work).first()
    if sheet is None:
        return
    sheet.assignment = work
    if sheet.status == TimesheetStatus.APPROVED:
        raise Conflict("hours_approved", _("工时已批准，不能再改动打卡时间。"))
    found = hours_of(work, rules_in_force(sheet.rounding))
    sheet.late_minutes, sheet.break_minutes = found.late, found.unpaid
    amount = amount_of(work, found.span)
    _set_right(sheet, "recount", found.minutes, amount, "late_minutes", "break_minutes", by=by, now=now, reason=reason)


def _set_right(
    sheet: Timesheet, action: str, minutes: int, amount: Decimal, *also: str, by: Actor, now: datetime, reason: str
) -> None:
    """Write new figures, keep the old ones as a row, and put the hours to the client again."""
    assert by.user is not None, "people correct hours"
    before = {"minutes": sheet.actual_minutes, "amount": str(sheet.amount)}
    TimesheetCorrection.objects.create(
        timesheet=sheet,
        minutes_before=sheet.actual_minutes,
        minutes_after=minutes,
        amount_before=sheet.amount,
        amount_after=amount,
        reason=reason[:300],
        by=by.user,
        at=now,
    )
    sheet.actual_minutes, sheet.amount = minutes, amount
    _begin_anew(sheet, now)
    fields = ["actual_minutes", "amount", "auto_approve_at", *also]
    change(sheet, action, by=by, now=now, reason=reason, data={"before": before}, also=fields)


def _begin_anew(sheet: Timesheet, now: datetime) -> None:
    """The client has the whole time of the policy once more."""
    sheet.auto_approve_at = now + timedelta(hours=OrderPolicy.current().timesheet_auto_approve_hours)
    key = f"{sheet.pk}:{now.isoformat()}"
    outbox.publish("timesheet.auto_approve", {"id": sheet.pk}, key=key, now=now, due_at=sheet.auto_approve_at)
