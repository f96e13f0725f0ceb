"""What a worker may know of a client before saying yes."""

from datetime import timedelta

import pytest

from orders.models import OrderPolicy, Timesheet
from orders.selectors import figures
from orders.services import attendance, bookings, timesheets
from staffing.core.actors import SYSTEM
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.line import arrive, booked, leave
from workers.models import Worker

DAY = timedelta(days=1)


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


def test_a_client_without_a_history_has_no_share(agency: Agency, worker: Worker) -> None:
    found = figures.record_of(agency.client().pk, worker, NOW)
    assert (found.all, found.undisputed, found.called_off) == (0, None, 0)


def test_hours_objected_to_and_shifts_called_off_late_are_told(agency: Agency, worker: Worker) -> None:
    company = agency.client()
    by = agency.acting_client(company)
    for number in range(2):
        (work,) = booked(agency, company=company, start=NOW + (number + 1) * DAY)
        arrive(work)
        leave(work)
    timesheets.dispute(Timesheet.objects.earliest("pk").pk, by=by, now=NOW + 2 * DAY, reason="早退")
    late, early, ours = (booked(agency, company=company, start=NOW + (number + 4) * DAY)[0] for number in range(3))
    bookings.release_quietly(late, by=by, now=late.start_at - timedelta(hours=3), reason="x")
    bookings.release_quietly(early, by=by, now=early.start_at - timedelta(hours=30), reason="x")
    bookings.release_quietly(ours, by=SYSTEM, now=ours.start_at - timedelta(hours=3), reason="x")
    found = figures.record_of(company.pk, worker, NOW + 9 * DAY)
    assert (found.own, found.all, found.sheets, found.disputed, found.called_off) == (2, 2, 2, 1, 1)
    assert found.undisputed == 0.5
    assert figures.record_of(company.pk, agency.worker(), NOW).own == 0
    old = NOW + timedelta(days=OrderPolicy.current().risk_history_days + 7)
    assert figures.record_of(company.pk, worker, old).undisputed is None


def test_the_work_of_other_clients_is_theirs(agency: Agency, worker: Worker) -> None:
    (work,) = booked(agency)
    arrive(work)
    attendance.check_out(work.pk, by=SYSTEM, now=work.end_at)
    assert figures.record_of(agency.client().pk, worker, work.end_at).all == 0
