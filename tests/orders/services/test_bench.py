"""The bench: counted the evening before, asked first, taken time for anybody else."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from orders import snapshot
from orders.models import Assignment, BenchPlace, BenchShift, Offer, OrderPolicy
from orders.services import attendance, bench, offers
from orders.states import BenchStatus, OfferStatus
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict
from staffing.core.models import City, Notification
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import booked, hours, minutes, offering, person
from workers.models import Worker

# Tuesday 17:00 in Shanghai; the bench of that day is counted on Monday at 18:00, which is 10:00 UTC.
START = NOW + hours(32)
EVENING = NOW + hours(9)


@pytest.fixture
def work(agency: Agency) -> Assignment:
    """One person booked, two who could stand by."""
    (one,) = (agency.worker(),)
    (work,) = booked(agency, start=START)
    agency.worker(stars=Decimal("4.9"))
    agency.worker(stars=Decimal("4.1"))
    assert work.worker == one
    return work


def invited() -> BenchPlace:
    return BenchPlace.objects.select_related("worker__user").get(status=BenchStatus.INVITED)


def says(place: BenchPlace, deed: str, now: datetime | None = None) -> BenchPlace:
    return getattr(bench, deed)(place.pk, by=actor_of(place.worker.user), now=now or EVENING + minutes(5))


def standing(work: Assignment) -> BenchPlace:
    drain(EVENING)
    return says(invited(), "accept")


def test_the_evening_before_the_best_is_asked_once(agency: Agency, work: Assignment) -> None:
    drain(EVENING - minutes(1))
    assert not BenchShift.objects.exists()
    drain(EVENING)
    again("plan_bench", EVENING)
    shift = BenchShift.objects.get()
    assert (shift.wanted, shift.positions) == (1, 1)
    assert shift.start_at <= START < shift.end_at
    assert shift.end_at - shift.start_at == hours(4)
    place = invited()
    assert place.worker.stars == Decimal("4.9")
    assert Notification.objects.filter(kind="bench.invite", user=place.worker.user).count() == 1


def test_who_says_no_or_nothing_is_followed_by_the_next(agency: Agency, work: Assignment) -> None:
    drain(EVENING)
    first = invited()
    says(first, "decline")
    second = invited()
    assert second.worker_id != first.worker_id
    drain(second.answer_by)
    second.refresh_from_db()
    assert second.status == BenchStatus.EXPIRED
    assert not BenchPlace.objects.filter(status=BenchStatus.INVITED).exists()
    with pytest.raises(Conflict):
        says(second, "accept", second.answer_by)


def test_standing_by_is_taken_time_for_anybody_else(agency: Agency, work: Assignment) -> None:
    place = standing(work)
    assert says(place, "accept").status == BenchStatus.STANDING_BY
    order = offering(agency, start=START, headcount=2)
    asked = set(Offer.objects.filter(position__shift__order=order).values_list("worker", flat=True))
    assert place.worker_id not in asked and len(asked) == 1
    snapshot.clear()


def test_whoever_has_work_then_cannot_stand_by(agency: Agency, work: Assignment) -> None:
    drain(EVENING)
    place = invited()
    order = offering(agency, start=START)
    offer = Offer.objects.filter(position__shift__order=order, worker=place.worker).first()
    if offer is None:
        offer = Offer.objects.get(position__shift__order=order, status=OfferStatus.PENDING)
        BenchPlace.objects.filter(pk=place.pk).update(worker=offer.worker)
        place = invited()
    offers.accept(offer.pk, by=person(offer), now=NOW)
    with pytest.raises(Conflict) as refused:
        says(place, "accept")
    assert refused.value.code == "double_booked"


def test_who_stands_by_is_asked_first_and_has_been_called_with_the_yes(agency: Agency, work: Assignment) -> None:
    place = standing(work)
    for _ in range(3):
        agency.worker(stars=Decimal("5.0"))
    now = START - minutes(30)
    attendance.cancel(work.pk, by=person(work), now=now, reason="病了")
    drain(now)
    first, *others = Offer.objects.filter(status=OfferStatus.PENDING).order_by("wave", "pk")
    assert (first.worker_id, len(others)) == (place.worker_id, 2)
    called = offers.accept(first.pk, by=person(first), now=now)
    drain(now)
    again("plan_steps", now)
    place.refresh_from_db()
    assert (place.status, place.called_for) == (BenchStatus.CALLED, called)
    # From 16:00 to 16:30, at ¥6 an hour.
    assert place.amount == Decimal("3.00")


def test_who_is_not_called_is_paid_to_the_end(agency: Agency, work: Assignment) -> None:
    place = standing(work)
    drain(place.end_at - minutes(1))
    place.refresh_from_db()
    assert place.status == BenchStatus.STANDING_BY
    drain(place.end_at)
    again("finish_standing", place.end_at)
    place.refresh_from_db()
    assert (place.status, place.amount) == (BenchStatus.FINISHED, Decimal("24.00"))


def test_who_stands_by_hears_of_doubt(agency: Agency, work: Assignment) -> None:
    OrderPolicy(confirm_again_hours=6).save()
    place = standing(work)
    drain(START - hours(4))
    assert Notification.objects.filter(kind="bench.soon", user=place.worker.user).count() == 1


def test_the_hours_cap_holds_for_standing_by_too(agency: Agency) -> None:
    agency.worker()
    booked(agency, start=START)
    agency.worker(weekly_cap_minutes=120)
    drain(EVENING)
    assert BenchShift.objects.get().wanted == 1
    assert not BenchPlace.objects.exists()


def test_nobody_stands_by_twice_at_once(agency: Agency, work: Assignment) -> None:
    place = standing(work)
    twin = BenchShift.objects.create(
        city=place.shift.city,
        start_at=place.start_at + minutes(1),
        end_at=place.end_at,
        wanted=1,
        positions=1,
        loss=0.1,
        planned_at=EVENING,
    )
    other = BenchPlace.objects.create(
        shift=twin,
        worker=place.worker,
        start_at=twin.start_at,
        end_at=twin.end_at,
        invited_at=EVENING,
        answer_by=EVENING + hours(1),
        pay_rate=6,
    )
    with pytest.raises(Conflict):
        says(other, "accept")


def test_the_bench_of_yesterday_is_not_counted_after_an_outage(agency: Agency, work: Assignment) -> None:
    drain(START + timedelta(days=2))
    assert not BenchShift.objects.exists()


def test_of_those_who_stand_by_the_nearest_goes_first_once_time_is_short(agency: Agency, work: Assignment) -> None:
    best = standing(work)
    Worker.objects.filter(pk=best.worker_id).update(latitude=HERE[0] + 0.1, max_km=900)
    near = Worker.objects.exclude(pk__in=[best.worker_id, work.worker_id]).get()
    shift = best.shift
    BenchPlace.objects.create(
        shift=shift, worker=near, start_at=shift.start_at, end_at=shift.end_at, status=BenchStatus.STANDING_BY,
        invited_at=EVENING, answer_by=EVENING + hours(1), pay_rate=6,
    )  # fmt: skip
    assert [one.worker_id for one in bench.ready(work.position, START - hours(3))] == [best.worker_id, near.pk]
    assert [one.worker_id for one in bench.ready(work.position, START)] == [near.pk, best.worker_id]


def test_who_stands_by_elsewhere_is_asked_for_work_at_home_only(agency: Agency, work: Assignment) -> None:
    place, order = standing(work), work.position.shift.order
    city = City.objects.create(code="x", name_zh="远城", name_en="Far", tier=2, latitude=40, longitude=116)
    BenchShift.objects.update(city=city)
    assert bench.ready(work.position, START) == []
    order.remote, order.site = True, None
    order.save()
    assert [one.worker_id for one in bench.ready(work.position, START)] == [place.worker_id]


def test_without_a_bench_nobody_is_ready(agency: Agency, work: Assignment) -> None:
    assert bench.ready(work.position, NOW) == []
