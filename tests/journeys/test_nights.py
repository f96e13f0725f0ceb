"""Nights over the end of a week, a month and a year: from the order to approved hours, exact to the minute."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from orders.matching import reasons_against
from orders.models import Assignment, MatchWeights, Offer, Order, Timesheet
from orders.pool import candidate, needs_of, weights_in_force
from orders.selectors import worker as reads
from orders.selectors import worker_week as weeks
from orders.services import attendance, offers, ordering, timesheets
from orders.services.attendance import Fix
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus, OrderStatus, TimesheetStatus
from staffing.core.actors import actor_of
from staffing.demo import invariants
from tests.fixtures.agency import HERE, Agency
from tests.fixtures.outbox import drain
from workers.models import Worker
from workers.pay.minutes import SHANGHAI
from workers.services import consents

AT_SITE = Fix(*HERE, accuracy_m=20)
MINUTE = timedelta(minutes=1)
NIGHT = timedelta(hours=8)


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


# Start of a night of eight hours from 22:00; what the client pays at ¥45 an hour, what the worker gets at ¥28.
NIGHTS = {
    # Two hours of night (+10 %), six of New Year's Day (+20 %, the higher counts).
    "year": (at(2026, 12, 31, 22), Decimal("423.00"), Decimal("263.20")),
    "february": (at(2027, 2, 28, 22), Decimal("396.00"), Decimal("246.40")),
    "into the leap day": (at(2028, 2, 28, 22), Decimal("396.00"), Decimal("246.40")),
    "out of the leap day": (at(2028, 2, 29, 22), Decimal("396.00"), Decimal("246.40")),
    "month": (at(2026, 11, 30, 22), Decimal("396.00"), Decimal("246.40")),
}


@pytest.fixture
def worker(agency: Agency) -> Worker:
    """The only one of the pool; has agreed that their position is read at check-in."""

    person = agency.worker()
    MatchWeights.objects.update(created_at=at(2026, 1, 1, 0))
    consents.give(person, at(2026, 1, 2, 0))
    return person


def booked(agency: Agency, start: datetime, end: datetime | None = None) -> Assignment:
    """Ordered, matched, confirmed and accepted on the day before."""
    posted = start - timedelta(hours=30)
    order = agency.submitted(now=posted, shifts=[ShiftSpec(start, end or start + NIGHT, 1)], start=start)
    drain(posted)
    ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=posted + MINUTE)
    offer = Offer.objects.select_related("worker__user").get(position__shift__order=order)
    work = offers.accept(offer.pk, by=actor_of(offer.worker.user), now=posted + 2 * MINUTE)
    drain(posted + 2 * MINUTE)
    return work


def served(work: Assignment, came: datetime, left: datetime) -> Timesheet:
    """Checked in and out at these moments."""
    by = actor_of(work.worker.user)
    attendance.check_in(work.pk, by=by, now=came, fix=AT_SITE)
    attendance.check_out(work.pk, by=by, now=left, fix=AT_SITE)
    drain(left)
    return Timesheet.objects.get(assignment=work)


def approved(agency: Agency, order: Order, now: datetime) -> None:
    assert timesheets.approve_all(order.pk, by=agency.acting_client(order.client), now=now) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", NIGHTS)
def test_a_night_over_the_end_is_exact_from_order_to_approved_hours(agency: Agency, worker: Worker, name: str) -> None:
    start, billed, paid = NIGHTS[name]
    work = booked(agency, start)
    order = work.position.shift.order
    assert order.estimate == billed

    sheet = served(work, start - 5 * MINUTE, start + NIGHT + 3 * MINUTE)
    assert (sheet.planned_minutes, sheet.actual_minutes, sheet.late_minutes) == (480, 480, 0)
    assert sheet.amount == billed

    approved(agency, order, start + NIGHT + timedelta(hours=1))
    order.refresh_from_db()
    work.refresh_from_db()
    sheet.refresh_from_db()
    assert (order.status, work.status, sheet.status) == (
        OrderStatus.COMPLETED,
        AssignmentStatus.COMPLETED,
        TimesheetStatus.APPROVED,
    )
    span = reads.paid_span(work)
    assert span == (start, start + NIGHT)
    assert reads.pay_of(reads.Wages.current(), *span, work.pay_rate).total == paid
    now = start + NIGHT + timedelta(hours=2)
    drain(now)
    assert invariants.violations(now) == []


@pytest.mark.django_db
def test_who_is_late_before_midnight_of_the_year_and_leaves_early_after_it(agency: Agency, worker: Worker) -> None:
    start = at(2026, 12, 31, 22)
    sheet = served(booked(agency, start), at(2026, 12, 31, 22, 13), at(2027, 1, 1, 5, 41))
    assert (sheet.planned_minutes, sheet.actual_minutes, sheet.late_minutes) == (480, 448, 13)
    # 107 minutes of night at 49.50, 341 of the holiday at 54.
    assert sheet.amount == Decimal("88.28") + Decimal("306.90")


@pytest.mark.django_db
def test_who_does_not_come_on_new_years_eve_is_missed_in_the_old_year_and_replaced_in_the_new(agency: Agency) -> None:
    start = at(2026, 12, 31, 23, 50)
    agency.worker()
    work = booked(agency, start)
    agency.worker()
    drain(at(2027, 1, 1, 0, 4))
    work.refresh_from_db()
    assert work.status == AssignmentStatus.BOOKED
    drain(at(2027, 1, 1, 0, 5))
    work.refresh_from_db()
    assert (work.status, work.ended_at) == (AssignmentStatus.NO_SHOW, at(2027, 1, 1, 0, 5))
    offer = Offer.objects.select_related("worker__user").get(status="pending")
    instead = offers.accept(offer.pk, by=actor_of(offer.worker.user), now=at(2027, 1, 1, 0, 7))
    assert (instead.start_at, instead.end_at) == (at(2027, 1, 1, 0, 7), start + NIGHT)


SUNDAY = at(2026, 12, 27, 22)


@pytest.mark.django_db
def test_a_night_from_sunday_to_monday_counts_in_both_weeks(agency: Agency, worker: Worker) -> None:
    work = booked(agency, SUNDAY)
    hours = [weeks.hours(worker, monday) for monday in (date(2026, 12, 21), date(2026, 12, 28))]
    assert [week.planned for week in hours] == [120, 360]
    assert [week.approved for week in hours] == [0, 0]

    served(work, SUNDAY + 10 * MINUTE, SUNDAY + NIGHT)
    approved(agency, work.position.shift.order, SUNDAY + timedelta(hours=9))
    hours = [weeks.hours(worker, monday) for monday in (date(2026, 12, 21), date(2026, 12, 28))]
    assert [week.approved for week in hours] == [110, 360]


@pytest.mark.django_db
def test_the_cap_of_each_week_is_asked_for_its_share_of_the_night(agency: Agency, worker: Worker) -> None:
    worker.weekly_cap_minutes = 8 * 60
    worker.save()
    booked(agency, SUNDAY)
    assert list(_against(agency, worker, at(2026, 12, 27, 8), hours=6)) == []
    assert list(_against(agency, worker, at(2026, 12, 27, 8), hours=7)) == [("2026-12-21", 120, 540)]
    assert list(_against(agency, worker, at(2026, 12, 29, 8), hours=2)) == []
    assert list(_against(agency, worker, at(2026, 12, 29, 8), hours=3)) == [("2026-12-28", 360, 540)]


def _against(agency: Agency, worker: Worker, start: datetime, *, hours: int) -> Iterator[tuple[str, int, int]]:
    """What the week's cap says against another shift: week, minutes booked, minutes there would be."""
    end = start + timedelta(hours=hours)
    order = agency.draft(now=start - timedelta(days=3), shifts=[ShiftSpec(start, end, 1)], start=start)
    weights = weights_in_force()
    need = needs_of(order, list(order.shifts.all()), weights=weights)[0]
    for reason in reasons_against(need, candidate(worker.pk, start, end), weights=weights):
        if reason.code == "weekly_hours":
            yield str(reason.params["week"]), int(reason.params["booked"]), int(reason.params["would_be"])


@pytest.mark.django_db
def test_the_pages_name_the_day_on_which_a_night_begins_and_ends(agency: Agency, worker: Worker) -> None:
    start = at(2026, 12, 31, 22)
    work = booked(agency, start)
    phone = Browser()
    with time_machine.travel(start - timedelta(hours=5), tick=False):
        phone.force_login(worker.user)
        shift = phone.get(reverse("orders:my-shift", args=[work.pk])).content.decode()
        week = weeks.week(worker, date(2026, 12, 28), start)
    assert "12月31日 周四 22:00–次日 06:00" in shift
    assert [day.day for day in week.days if day.works] == [date(2026, 12, 31)]
    month = weeks.month(worker, date(2026, 12, 1), start)
    assert [day.day for row in month.weeks for day in row if day.works] == [date(2026, 12, 31)]
