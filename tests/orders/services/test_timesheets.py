"""Hours and their money, and the client's word on them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.models import Assignment, Timesheet
from orders.services import timesheets
from orders.states import TimesheetStatus
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import arrive, booked, days, desk, hours, leave, minutes, person, status_of

ON_TIME = timedelta(0)


@pytest.fixture
def work(agency: Agency) -> Assignment:
    """Booked from 14:00 to 22:00 local, at ¥45 an hour."""
    agency.worker()
    return booked(agency, shifts=days(8, start=NOW + hours(29)))[0]


def served(work: Assignment, come: timedelta = ON_TIME, go: timedelta = ON_TIME) -> Timesheet:
    """The sheet of somebody who came and went so much after the plan."""
    arrive(work, work.start_at + come)
    leave(work, work.end_at + go)
    return Timesheet.objects.get()


def client(agency: Agency, work: Assignment) -> Actor:
    return agency.acting_client(work.position.shift.order.client)


@pytest.mark.parametrize(
    ("come", "go", "counted", "late"),
    [
        (minutes(0), minutes(0), 480, 0),
        (minutes(-30), minutes(45), 480, 0),
        (minutes(10), minutes(-20), 450, 10),
        (minutes(-80), minutes(-540), 0, 0),
        (timedelta(seconds=50), timedelta(seconds=59), 480, 0),
    ],
)
def test_what_counts(work: Assignment, come: timedelta, go: timedelta, counted: int, late: int) -> None:
    sheet = served(work, come, go)
    assert (sheet.actual_minutes, sheet.planned_minutes, sheet.late_minutes) == (counted, 480, late)
    assert sheet.amount == Decimal(counted) / 60 * 45


def test_hours_left_alone_approve_themselves(agency: Agency, work: Assignment) -> None:
    sheet = served(work)
    drain(sheet.auto_approve_at - timedelta(seconds=1))
    assert sheet.auto_approve_at == work.end_at + hours(48)
    assert Timesheet.objects.get().status == TimesheetStatus.SUBMITTED
    drain(sheet.auto_approve_at)
    again("auto_approve", sheet.auto_approve_at + hours(1))
    sheet.refresh_from_db()
    assert (sheet.status, sheet.approved_by_time) == (TimesheetStatus.APPROVED, True)
    assert sheet.approved_at == sheet.auto_approve_at
    assert AuditEvent.objects.filter(subject_type="timesheet", action="approve").count() == 1


def test_the_client_approves_once(agency: Agency, work: Assignment) -> None:
    sheet, by = served(work), client(agency, work)
    for after in (1, 2):
        timesheets.approve(sheet.pk, by=by, now=work.end_at + hours(after))
    sheet.refresh_from_db()
    assert (sheet.approved_at, sheet.approved_by_time) == (work.end_at + hours(1), False)
    with pytest.raises(Conflict):
        timesheets.dispute(sheet.pk, by=by, now=work.end_at + hours(3), reason="晚了")


def test_only_what_waits_is_approved_together(agency: Agency) -> None:
    for _ in range(2):
        agency.worker()
    first, second = booked(agency, headcount=2)
    for work in (first, second):
        arrive(work)
        leave(work)
    by, order = client(agency, first), first.position.shift.order
    timesheets.dispute(first.timesheet.pk, by=by, now=first.end_at, reason="早退")
    assert timesheets.approve_all(order.pk, by=by, now=first.end_at) == 1
    assert timesheets.approve_all(order.pk, by=by, now=first.end_at) == 0


def test_a_dispute_stops_the_clock_and_a_correction_starts_it_again(agency: Agency, work: Assignment) -> None:
    sheet, by = served(work), client(agency, work)
    with pytest.raises(Invalid):
        timesheets.dispute(sheet.pk, by=by, now=work.end_at, reason=" ")
    for _ in range(2):
        timesheets.dispute(sheet.pk, by=by, now=work.end_at, reason="早退一小时")
    drain(work.end_at + hours(60))
    assert Timesheet.objects.get().status == TimesheetStatus.DISPUTED

    when = work.end_at + hours(60)
    for _ in range(2):
        timesheets.correct(sheet.pk, 420, by=desk(agency), now=when, reason="已核实")
    sheet.refresh_from_db()
    assert (sheet.status, sheet.actual_minutes, sheet.amount) == (TimesheetStatus.SUBMITTED, 420, Decimal(315))
    before = AuditEvent.objects.get(action="correct").data["before"]
    assert before == {"minutes": 480, "amount": "360.00"}
    drain(when + hours(47))
    assert Timesheet.objects.get().status == TimesheetStatus.SUBMITTED
    drain(when + hours(48))
    assert Timesheet.objects.get().status == TimesheetStatus.APPROVED


def test_a_correction_is_not_billed_as_night_after_the_planned_end(agency: Agency, work: Assignment) -> None:
    """Corrected to the whole shift though punched late: the minutes belong before 22:00, where no uplift is due."""
    sheet = served(work, come=hours(1) - minutes(46))
    timesheets.dispute(sheet.pk, by=client(agency, work), now=work.end_at, reason="未迟到")
    timesheets.correct(sheet.pk, 480, by=desk(agency), now=work.end_at, reason="签到有误")
    assert Timesheet.objects.get().amount == Decimal(360)


@pytest.mark.parametrize("count", [-1, 481])
def test_impossible_minutes(agency: Agency, work: Assignment, count: int) -> None:
    sheet = served(work)
    timesheets.dispute(sheet.pk, by=client(agency, work), now=work.end_at, reason="早退")
    with pytest.raises(Invalid, match="480"):
        timesheets.correct(sheet.pk, count, by=desk(agency), now=work.end_at, reason="已核实")


def test_nobody_approves_their_own_hours(agency: Agency, work: Assignment) -> None:
    sheet = served(work)
    for by in (person(work), desk(agency)):
        with pytest.raises(Forbidden):
            timesheets.approve(sheet.pk, by=by, now=work.end_at)
    assert status_of(work) == "completed"
