"""Turning up, leaving, and what happens when somebody does neither."""

from datetime import timedelta

import pytest

from orders.models import Assignment, Offer, OrderPolicy, Punch, Replacement, Timesheet
from orders.services import attendance, bookings, offers, ordering
from orders.services.attendance import Fix
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import Notification
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import (
    AT_SITE,
    arrive,
    booked,
    days,
    desk,
    hours,
    leave,
    minutes,
    offering,
    person,
    status_of,
)
from workers.models import Worker


@pytest.fixture
def work(agency: Agency) -> Assignment:
    """One worker booked for tomorrow, nobody to replace them."""
    agency.worker()
    return booked(agency)[0]


@pytest.mark.parametrize(
    ("early", "allowed"),
    [(minutes(90) + timedelta(seconds=1), False), (minutes(90), True), (minutes(0), True), (minutes(-14), True)],
)
def test_from_when_one_may_check_in(work: Assignment, early: timedelta, allowed: bool) -> None:
    if allowed:
        assert arrive(work, work.start_at - early).status == AssignmentStatus.CHECKED_IN
    else:
        with pytest.raises(Invalid, match="90"):
            arrive(work, work.start_at - early)


def test_until_when_one_may_check_in(work: Assignment) -> None:
    with pytest.raises(Conflict) as over:
        arrive(work, work.end_at)
    assert over.value.code == "shift_over"
    assert arrive(work, work.end_at - timedelta(seconds=1)).checked_in_at is not None


def test_the_first_arrival_starts_the_order_and_a_repeat_changes_nothing(work: Assignment) -> None:
    arrive(work)
    arrive(work, work.start_at + minutes(5))
    work.refresh_from_db()
    assert work.checked_in_at == work.start_at
    assert Punch.objects.count() == 1
    assert status_of(work.position.shift.order) == OrderStatus.IN_SERVICE


@pytest.mark.parametrize(
    ("fix", "code"),
    [
        (None, "no_position"),
        (Fix(HERE[0] + 0.05, HERE[1], 10), "out_of_fence"),
        (Fix(float("nan"), HERE[1], 10), "bad_position"),
    ],
)
def test_a_bad_position_leaves_no_trace(work: Assignment, fix: Fix | None, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        attendance.check_in(work.pk, by=person(work), now=work.start_at, fix=fix)
    assert refused.value.code == code
    assert not Punch.objects.exists()
    assert status_of(work) == AssignmentStatus.BOOKED


def test_the_agency_punches_for_somebody_with_a_reason(agency: Agency, work: Assignment) -> None:
    with pytest.raises(Invalid, match="理由"):
        attendance.check_in(work.pk, by=desk(agency), now=work.start_at)
    attendance.check_in(work.pk, by=desk(agency), now=work.start_at, reason="手机没电")
    assert Punch.objects.get().method == Punch.Method.DISPATCHER


def test_remote_work_needs_no_position(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency, remote=True, site=None)
    attendance.check_in(work.pk, by=person(work), now=work.start_at)
    assert Punch.objects.get().method == Punch.Method.REMOTE


def test_leaving_outside_the_fence_is_kept_not_refused(work: Assignment) -> None:
    arrive(work)
    far = Fix(HERE[0] + 0.05, HERE[1], 10)
    attendance.check_out(work.pk, by=person(work), now=work.end_at, fix=far)
    assert Punch.objects.get(kind=Punch.Kind.OUT).in_fence is False


def test_nobody_leaves_before_coming_and_only_once(work: Assignment) -> None:
    with pytest.raises(Conflict):
        leave(work)
    arrive(work)
    leave(work)
    leave(work, work.end_at + hours(1))
    assert Timesheet.objects.count() == 1
    assert Worker.objects.get(pk=work.worker_id).services_done == 1


def test_the_last_to_leave_ends_the_order_after_its_hour(agency: Agency) -> None:
    agency.worker()
    agency.worker()
    early, late = booked(agency, headcount=2)
    for one in (early, late):
        arrive(one)
    leave(early, early.end_at - hours(1))
    order = early.position.shift.order
    drain(early.end_at)
    assert status_of(order) == OrderStatus.IN_SERVICE
    leave(late, late.end_at + minutes(20))
    drain(late.end_at + minutes(20))
    order.refresh_from_db()
    assert (order.status, order.completed_at) == (OrderStatus.COMPLETED, late.end_at + minutes(20))


def test_who_forgot_to_check_out_left_at_the_planned_end(work: Assignment) -> None:
    arrive(work)
    drain(work.end_at + hours(4) - timedelta(seconds=1))
    assert status_of(work) == AssignmentStatus.CHECKED_IN
    drain(work.end_at + hours(4))
    work.refresh_from_db()
    assert (work.status, work.checked_out_at) == (AssignmentStatus.COMPLETED, work.end_at)
    assert work.punches.get(kind=Punch.Kind.OUT).method == Punch.Method.SYSTEM
    assert work.timesheet.actual_minutes == 480
    assert status_of(work.position.shift.order) == OrderStatus.COMPLETED


def test_who_did_not_forget_is_left_alone(work: Assignment) -> None:
    arrive(work)
    leave(work, work.end_at + minutes(3))
    drain(work.end_at + hours(5))
    work.refresh_from_db()
    assert work.checked_out_at == work.end_at + minutes(3)


def test_a_no_show_is_declared_at_its_minute(work: Assignment) -> None:
    drain(work.start_at + minutes(15) - timedelta(seconds=1))
    assert status_of(work) == AssignmentStatus.BOOKED
    drain(work.start_at + minutes(15))
    assert status_of(work) == AssignmentStatus.NO_SHOW
    with pytest.raises(Conflict) as replaced:
        arrive(work, work.start_at + minutes(16))
    assert replaced.value.code == "replaced"


def test_a_more_patient_policy_is_obeyed_by_rows_written_before(work: Assignment) -> None:
    OrderPolicy(no_show_minutes=40).save()
    drain(work.start_at + minutes(39))
    assert status_of(work) == AssignmentStatus.BOOKED
    OrderPolicy(no_show_minutes=50).save()
    drain(work.start_at + minutes(49))
    assert status_of(work) == AssignmentStatus.BOOKED
    drain(work.start_at + minutes(50))
    assert status_of(work) == AssignmentStatus.NO_SHOW


@pytest.mark.parametrize(
    ("said_yes", "absent"),
    [
        (minutes(-120), minutes(15)),
        (minutes(-30), minutes(15)),
        (minutes(-20), minutes(25)),
        (minutes(20), minutes(65)),
        (minutes(470), minutes(480)),
    ],
)
def test_who_was_booked_late_gets_time_to_travel(agency: Agency, said_yes: timedelta, absent: timedelta) -> None:
    agency.worker()
    order = offering(agency)
    Offer.objects.update(expires_at=order.ends_at)
    offer = Offer.objects.get()
    work = offers.accept(offer.pk, by=person(offer), now=order.starts_at + said_yes)
    assert bookings.absent_from(work) - order.starts_at == absent


def test_a_dispatcher_need_not_wait_but_cannot_foresee(agency: Agency, work: Assignment) -> None:
    with pytest.raises(Invalid):
        attendance.declare_absent(work.pk, work.start_at - timedelta(seconds=1), by=desk(agency))
    assert attendance.declare_absent(work.pk, work.start_at, by=desk(agency))
    assert not attendance.declare_absent(work.pk, work.start_at, by=desk(agency))
    assert Replacement.objects.count() == 1


def test_an_empty_place_days_ahead_is_not_urgent(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    agency.worker()
    attendance.cancel(work.pk, by=person(work), now=NOW, reason="有考试")
    drain(NOW)
    offer = Offer.objects.get(status=OfferStatus.PENDING)
    assert (work.position.urgent, offer.expires_at) == (False, NOW + minutes(60))


def test_an_empty_place_soon_is_urgent(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    agency.worker()
    now = work.start_at - minutes(119)
    attendance.cancel(work.pk, by=person(work), now=now, reason="有考试")
    drain(now)
    assert Offer.objects.get(status=OfferStatus.PENDING).expires_at == now + minutes(10)


@pytest.mark.parametrize("deed", ["cancel", "release"])
def test_taking_somebody_off_needs_words_and_is_done_once(agency: Agency, work: Assignment, deed: str) -> None:
    by = person(work) if deed == "cancel" else desk(agency)
    act = getattr(attendance, deed)
    with pytest.raises(Invalid):
        act(work.pk, by=by, now=NOW, reason=" ")
    for _ in range(2):
        act(work.pk, by=by, now=NOW, reason="家里有事")
    assert Replacement.objects.count() == 1
    assert status_of(work.position) == PositionStatus.OPEN
    assert status_of(work.position.shift.order) == OrderStatus.OFFERING


@pytest.mark.parametrize("deed", ["cancel", "release"])
def test_after_the_end_it_is_a_no_show_and_the_order_ends(agency: Agency, work: Assignment, deed: str) -> None:
    """Called off between the order's end and the sweep: nothing may keep the order open for ever."""
    order = work.position.shift.order
    ordering.settle(order.pk, order.ends_at)
    by = person(work) if deed == "cancel" else desk(agency)
    with pytest.raises(Conflict) as over:
        getattr(attendance, deed)(work.pk, by=by, now=order.ends_at, reason="忘了")
    assert over.value.code == "shift_over"
    drain(order.ends_at)
    assert (status_of(work), status_of(order)) == (AssignmentStatus.NO_SHOW, OrderStatus.COMPLETED)


def test_somebody_elses_role_is_refused(agency: Agency, work: Assignment) -> None:
    with pytest.raises(Forbidden):
        attendance.release(work.pk, by=person(work), now=NOW, reason="x")
    with pytest.raises(Forbidden):
        attendance.cancel(work.pk, by=desk(agency), now=NOW, reason="x")


def test_a_shift_across_midnight(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency, shifts=days(10, start=NOW + hours(13)))
    arrive(work, work.start_at - minutes(10))
    leave(work, work.end_at + minutes(10))
    sheet = Timesheet.objects.get()
    assert (sheet.actual_minutes, sheet.planned_minutes, sheet.late_minutes) == (600, 600, 0)


def test_a_worker_whose_order_is_called_off_cannot_check_in(agency: Agency, work: Assignment) -> None:
    ordering.cancel(work.position.shift.order_id, by=desk(agency), now=NOW, reason="改期")
    with pytest.raises(Conflict):
        arrive(work)
    drain(work.end_at)
    assert status_of(work) == AssignmentStatus.RELEASED
    assert not Punch.objects.exists()


def test_everybody_concerned_hears_of_a_no_show_once(agency: Agency, work: Assignment) -> None:
    desk(agency)
    late = work.start_at + minutes(15)
    drain(late)
    for subscriber in ("declare_absent", "tell_of_absence", "settle_after_no_show"):
        again(subscriber, late)
    told = sorted(Notification.objects.filter(kind__startswith="absence").values_list("user__role", flat=True))
    assert told == ["client", "dispatcher", "worker"]
    assert Replacement.objects.count() == 1


def test_a_second_run_of_the_handlers_after_the_service_changes_nothing(work: Assignment) -> None:
    arrive(work)
    drain(work.end_at + hours(4))
    for subscriber in ("check_out_forgotten", "settle_after_check_out", "finish", "declare_absent", "expire"):
        again(subscriber, work.end_at + hours(5))
    assert Timesheet.objects.count() == 1
    assert Punch.objects.count() == 2


def test_positions_are_forgotten_in_time(work: Assignment) -> None:
    attendance.check_in(work.pk, by=person(work), now=work.start_at, fix=AT_SITE)
    old = work.start_at + timedelta(days=30)
    assert attendance.erase_positions(old) == 0
    assert attendance.erase_positions(old + timedelta(seconds=1)) == 1
    punch = Punch.objects.get()
    assert (punch.latitude, punch.in_fence) == (None, True)
