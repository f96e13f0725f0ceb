"""The bench is counted anew when its day changes: it never counts on somebody who is booked, called, or unneeded."""

from decimal import Decimal

import pytest

from orders.models import Assignment, BenchPlace, BenchShift, Offer, OrderPolicy
from orders.services import bench, ordering
from orders.states import BenchStatus, OfferStatus
from staffing.core.models import OutboxMessage
from tests.fixtures.agency import Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import booked, desk, hours, minutes
from tests.orders.services.test_bench import EVENING, START, invited, standing

LATER = EVENING + minutes(40)


@pytest.fixture
def work(agency: Agency) -> Assignment:
    """One person booked, two who could stand by."""
    agency.worker()
    (work,) = booked(agency, start=START)
    agency.worker(stars=Decimal("4.9"))
    agency.worker(stars=Decimal("4.1"))
    return work


def taken(agency: Agency, place: BenchPlace, now, start=START) -> Assignment:
    """The person of a bench place is booked on another order at that time."""
    seat = agency.draft(start=start).shifts.get().positions.get()
    offer = Offer.objects.create(
        position=seat,
        worker=place.worker,
        status=OfferStatus.ACCEPTED,
        wave=1,
        pay_rate=30,
        sent_at=now,
        expires_at=now + hours(1),
        answered_at=now,
    )
    return Assignment.objects.create(
        position=seat,
        worker=place.worker,
        offer=offer,
        start_at=seat.shift.start_at,
        end_at=seat.shift.end_at,
        pay_rate=30,
        bill_rate=60,
        booked_at=now,
    )


def test_whoever_is_booked_elsewhere_is_no_longer_asked_and_the_next_is(agency: Agency, work: Assignment) -> None:
    drain(EVENING)
    place = invited()
    bench.call(taken(agency, place, EVENING + minutes(1)).pk, EVENING + minutes(2))
    drain(EVENING + minutes(2))
    place.refresh_from_db()
    assert place.status == BenchStatus.EXPIRED
    assert invited().worker_id != place.worker_id


def test_whoever_is_called_before_the_hours_begin_is_followed_by_the_next(agency: Agency, work: Assignment) -> None:
    place = standing(work)
    now = EVENING + minutes(10)
    assert bench.call(taken(agency, place, now).pk, now) == 1
    drain(now)
    place.refresh_from_db()
    assert place.status == BenchStatus.CALLED
    assert invited().worker_id != place.worker_id
    again("plan_bench", now)
    assert BenchPlace.objects.count() == 2


def test_whoever_is_called_once_they_have_begun_is_not(agency: Agency, work: Assignment) -> None:
    place = standing(work)
    now = place.start_at + minutes(1)
    bench.call(taken(agency, place, now).pk, now)
    drain(now)
    assert BenchPlace.objects.count() == 1


def test_more_bookings_on_the_day_want_more_on_the_bench(agency: Agency, work: Assignment) -> None:
    OrderPolicy(bench_loss_percent=100).save()
    standing(work)
    assert BenchShift.objects.get().wanted == 1
    agency.worker(stars=Decimal("3.0"))
    booked(agency, start=START)
    drain(EVENING + minutes(1))
    assert BenchShift.objects.get().wanted == 1, "changes of some minutes are counted together"
    drain(LATER)
    assert BenchShift.objects.get().wanted == 2


def test_changes_of_the_same_minutes_are_counted_once(work: Assignment) -> None:
    drain(EVENING)
    rows = OutboxMessage.objects.filter(topic=bench.PLAN, done_at__isnull=True)
    for minute in (1, 2, 3):
        bench.schedule(work, EVENING + minutes(minute))
    assert [row.due_at for row in rows] == [EVENING + minutes(30)]
    bench.schedule(work, EVENING + minutes(31))
    assert rows.all().count() == 2


def test_an_order_called_off_takes_back_who_has_not_answered(agency: Agency, work: Assignment) -> None:
    drain(EVENING)
    place = invited()
    _call_off(agency, work)
    drain(LATER)
    place.refresh_from_db()
    assert (place.status, BenchShift.objects.get().wanted) == (BenchStatus.EXPIRED, 0)
    assert not BenchPlace.objects.filter(status=BenchStatus.INVITED).exists()


def test_who_has_said_yes_is_kept_to_their_word_and_paid(agency: Agency, work: Assignment) -> None:
    place = standing(work)
    _call_off(agency, work)
    drain(LATER)
    place.refresh_from_db()
    assert (place.status, BenchShift.objects.get().wanted) == (BenchStatus.STANDING_BY, 0)
    drain(place.end_at)
    place.refresh_from_db()
    assert place.amount == Decimal("24.00")


def _call_off(agency: Agency, work: Assignment) -> None:
    ordering.cancel(work.position.shift.order_id, by=desk(agency), now=EVENING + minutes(5), reason="x")
