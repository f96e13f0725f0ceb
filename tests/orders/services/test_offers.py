"""Offers: yes, no, silence, and what happens at the edges of their time."""

from datetime import timedelta

import pytest

from orders.models import Assignment, Offer, OrderPolicy, Position
from orders.services import bookings, offers, ordering
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.errors import Conflict
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import TOMORROW, booked, days, desk, hours, minutes, offering, person, status_of
from workers.models import Worker

INSTANT = timedelta(microseconds=1)


@pytest.fixture
def offer(agency: Agency) -> Offer:
    """The one offer of an order, to the agency's one worker."""
    agency.worker()
    offering(agency)
    return Offer.objects.select_related("worker__user", "position__shift__order").get()


def test_a_yes_just_in_time_counts_and_silence_ends_at_the_very_instant(offer: Offer) -> None:
    assert not offers.expire(offer.pk, offer.expires_at - INSTANT)
    with pytest.raises(Conflict) as late:
        offers.accept(offer.pk, by=person(offer), now=offer.expires_at)
    assert late.value.code == "offer_expired"
    work = offers.accept(offer.pk, by=person(offer), now=offer.expires_at - INSTANT)
    assert (work.status, work.start_at) == (AssignmentStatus.BOOKED, offer.position.shift.start_at)
    assert not offers.expire(offer.pk, offer.expires_at)


def test_silence_passes_the_place_on_once(agency: Agency, offer: Offer) -> None:
    agency.worker()
    drain(offer.expires_at)
    again("expire", offer.expires_at + minutes(1))
    assert status_of(offer) == OfferStatus.EXPIRED
    assert Offer.objects.filter(status=OfferStatus.PENDING).count() == 1
    assert Offer.objects.count() == 2


def test_a_yes_again_gives_the_same_booking(offer: Offer) -> None:
    first = offers.accept(offer.pk, by=person(offer), now=NOW)
    assert offers.accept(offer.pk, by=person(offer), now=NOW + hours(30)) == first
    assert Assignment.objects.count() == 1


def test_a_no_again_changes_nothing_and_a_yes_after_it_is_too_late(offer: Offer) -> None:
    offers.decline(offer.pk, by=person(offer), now=NOW, reason="有考试")
    offers.decline(offer.pk, by=person(offer), now=NOW + minutes(1))
    with pytest.raises(Conflict) as gone:
        offers.accept(offer.pk, by=person(offer), now=NOW + minutes(2))
    offer.refresh_from_db()
    assert (gone.value.code, offer.answered_at, offer.reason) == ("offer_gone", NOW, "有考试")


@pytest.mark.parametrize(
    ("before_start", "length", "answer_within"),
    [(hours(3), 8, 60), (hours(2), 8, 10), (hours(2) + INSTANT, 8, 60), (minutes(-475), 8, 5)],
)
def test_how_long_one_may_think(agency: Agency, before_start: timedelta, length: float, answer_within: int) -> None:
    agency.worker()
    order = agency.submitted(shifts=days(length))
    drain(NOW)
    place = Position.objects.select_related("shift").get(shift__order=order)
    policy = OrderPolicy.current()
    now = TOMORROW - before_start
    assert offers.answer_by(place, policy, now) - now == minutes(answer_within)


def test_a_worker_suspended_while_asked_cannot_say_yes_and_the_place_passes_on(agency: Agency, offer: Offer) -> None:
    other = agency.worker()
    Worker.objects.filter(pk=offer.worker_id).update(status=Worker.Status.SUSPENDED)
    with pytest.raises(bookings.NotFree) as refused:
        offers.accept(offer.pk, by=person(offer), now=NOW)
    assert [r["code"] for r in refused.value.params["reasons"]] == ["inactive"]
    assert status_of(offer) == OfferStatus.WITHDRAWN
    drain(NOW)
    assert Offer.objects.get(status=OfferStatus.PENDING).worker == other


def test_the_last_yes_fills_the_order_and_the_first_time_is_kept(agency: Agency) -> None:
    for _ in range(2):
        agency.worker()
    order = offering(agency, headcount=2)
    first, second = Offer.objects.order_by("pk")
    offers.accept(first.pk, by=person(first), now=NOW)
    assert status_of(order) == OrderStatus.OFFERING
    offers.accept(second.pk, by=person(second), now=NOW + minutes(7))
    order.refresh_from_db()
    assert (order.status, order.filled_at) == (OrderStatus.FILLED, NOW + minutes(7))


def test_a_yes_after_the_start_books_what_is_left(agency: Agency, offer: Offer) -> None:
    Offer.objects.update(expires_at=offer.position.shift.end_at)
    late = offer.position.shift.start_at + minutes(30) + timedelta(seconds=40)
    work = offers.accept(offer.pk, by=person(offer), now=late)
    assert work.start_at == offer.position.shift.start_at + minutes(30)
    assert work.end_at == offer.position.shift.end_at


def test_shifts_back_to_back_are_both_taken_and_a_minute_of_overlap_is_not(agency: Agency) -> None:
    worker = agency.worker()
    (first,) = booked(agency)
    (second,) = booked(agency, start=first.end_at)
    assert first.worker == second.worker == worker
    order = offering(agency, start=second.end_at - minutes(1))
    assert Position.objects.get(shift__order=order).status == PositionStatus.OPEN


def test_an_order_called_off_takes_its_offers_back_and_frees_its_people(agency: Agency) -> None:
    for _ in range(2):
        agency.worker()
    order = offering(agency, headcount=2)
    yes, open_one = Offer.objects.order_by("pk")
    work = offers.accept(yes.pk, by=person(yes), now=NOW)
    for _ in range(2):
        ordering.cancel(order.pk, by=desk(agency), now=NOW, reason="活动取消")
    assert (status_of(open_one), status_of(work)) == (OfferStatus.WITHDRAWN, AssignmentStatus.RELEASED)
    with pytest.raises(Conflict):
        offers.accept(open_one.pk, by=person(open_one), now=NOW)
    drain(order.ends_at)
    assert status_of(order) == OrderStatus.CANCELLED
