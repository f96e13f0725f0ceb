"""Hours: planned against actual, and the client's word on them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, OrderPolicy, Timesheet
from orders.services import locks
from orders.states import TimesheetStatus
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Invalid
from staffing.core.holidays import is_holiday
from staffing.core.transitions import change
from workers import selectors as pool
from workers.models import PoolPolicy
from workers.pay.minutes import Span
from workers.pay.rates import price, total

MINUTE = timedelta(minutes=1)


def worked_span(work: Assignment) -> Span:
    """The minutes that count: from check-in to check-out, inside the planned shift (early and late ends are cut)."""
    assert work.checked_in_at and work.checked_out_at
    start = max(work.checked_in_at, work.start_at)
    return Span(start, max(start, min(work.checked_out_at, work.end_at)))


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
    span = worked_span(work)
    assert work.checked_in_at is not None
    due = now + timedelta(hours=OrderPolicy.current().timesheet_auto_approve_hours)
    sheet = Timesheet.objects.create(
        assignment=work,
        planned_minutes=(work.end_at - work.start_at) // MINUTE,
        actual_minutes=span.minutes,
        late_minutes=max(0, (work.checked_in_at - work.start_at) // MINUTE),
        amount=amount_of(work, span),
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
    """Approve by time what the client left alone. False if they answered, disputed, or time remains."""
    sheet = locks.timesheet(timesheet_id)
    if sheet.status != TimesheetStatus.SUBMITTED or now < sheet.auto_approve_at:
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

    The old figures stay in the audit. The same minutes again change nothing. Raises `Invalid` for impossible minutes
    or no reason.
    """
    sheet = locks.timesheet(timesheet_id)
    if sheet.status == TimesheetStatus.SUBMITTED and sheet.actual_minutes == minutes:
        return sheet
    if not reason.strip():
        raise Invalid("no_reason", _("请填写更正理由。"))
    if not 0 <= minutes <= sheet.planned_minutes:
        raise Invalid("bad_minutes", _("分钟数须在 0 到 %(most)s 之间。"), most=sheet.planned_minutes)
    before = {"minutes": sheet.actual_minutes, "amount": str(sheet.amount)}
    sheet.actual_minutes = minutes
    sheet.amount = amount_of(sheet.assignment, corrected_span(sheet.assignment, minutes))
    sheet.auto_approve_at = now + timedelta(hours=OrderPolicy.current().timesheet_auto_approve_hours)
    fields = ["actual_minutes", "amount", "auto_approve_at"]
    change(sheet, "correct", by=by, now=now, reason=reason, data={"before": before}, also=fields)
    key = f"{sheet.pk}:{now.isoformat()}"
    outbox.publish("timesheet.auto_approve", {"id": sheet.pk}, key=key, now=now, due_at=sheet.auto_approve_at)
    return sheet
