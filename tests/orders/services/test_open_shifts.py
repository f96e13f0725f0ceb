"""Workers take published places by themselves, may give them back for minutes, and race for the last one fairly."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from orders import openings
from orders.models import Assignment, Offer, Order, OrderPolicy, Package, Position, Replacement, ShiftClaim, TeamMember
from orders.selectors import open_shifts as reads
from orders.services import attendance, locks, offers, open_shifts
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import booked, hours, minutes, offering, status_of
from tests.orders.services.test_booking_race import all_at_once
from workers.models import Worker


def empty_place(agency: Agency, **fields: object) -> Position:
    """A confirmed order with an open place: who was asked has said no, and nobody else was there to ask."""
    first = agency.worker()
    order = offering(agency, **fields)
    offer = Offer.objects.get(position__shift__order=order)
    offers.decline(offer.pk, by=actor_of(first.user), now=NOW, reason="时间不合适")
    return Position.objects.select_related("shift__order").get(shift__order=order)


def claim(place: Position, worker: Worker, now=NOW) -> Assignment:
    return open_shifts.claim(place.shift_id, by=actor_of(worker.user), now=now)


def published(worker: Worker, now=NOW) -> list[int]:
    return list(openings.published(worker, now, OrderPolicy.current()).values_list("pk", flat=True))


def test_a_claim_books_at_once_by_an_offer_of_its_own(agency: Agency) -> None:
    place, worker = empty_place(agency), agency.worker()
    assert published(worker) == [place.pk]
    work = claim(place, worker)
    assert (work.status, status_of(place)) == (AssignmentStatus.BOOKED, PositionStatus.FILLED)
    assert status_of(place.shift.order) == OrderStatus.FILLED
    assert work.offer.status == OfferStatus.ACCEPTED
    trail = AuditEvent.objects.filter(order_id=place.shift.order_id, at=NOW).values_list("subject_type", "action")
    assert {("offer", "send"), ("offer", "accept"), ("assignment", "book")} <= set(trail)
    assert published(worker) == []


def test_a_second_press_gives_the_same_booking(agency: Agency) -> None:
    place, worker = empty_place(agency), agency.worker()
    assert claim(place, worker) == claim(place, worker)
    assert (Assignment.objects.count(), ShiftClaim.objects.count()) == (1, 1)


def test_who_may_not_work_there_is_told_why_and_nothing_changes(agency: Agency) -> None:
    place, worker = empty_place(agency), agency.worker(skills={})
    with pytest.raises(Conflict) as refused:
        claim(place, worker)
    assert [reason["code"] for reason in refused.value.params["reasons"]] == ["skill_missing"]
    assert status_of(place) == PositionStatus.OPEN
    assert not Offer.objects.filter(worker=worker).exists()


def test_what_one_person_is_asked_is_theirs_to_answer_first(agency: Agency) -> None:
    agency.worker()
    order = offering(agency)
    worker, place = agency.worker(), Position.objects.get(shift__order=order)
    assert published(worker) == []
    Position.objects.update(wave=1)
    assert published(worker) == [place.pk]
    work = claim(Position.objects.get(), worker)
    assert status_of(work.position) == PositionStatus.FILLED
    assert Offer.objects.get(status=OfferStatus.WITHDRAWN).reason == offers.TAKEN


def test_who_is_asked_already_says_yes_to_that(agency: Agency) -> None:
    worker = agency.worker()
    offering(agency)
    Position.objects.update(wave=1)
    work = claim(Position.objects.get(), worker)
    assert (work.offer, Offer.objects.count()) == (Offer.objects.get(), 1)


@pytest.mark.parametrize(("hours_before", "seen"), [(0, True), (23, False), (24, True), (25, True)])
def test_places_are_published_from_some_hours_before(agency: Agency, hours_before: int, seen: bool) -> None:
    place, worker = empty_place(agency), agency.worker()
    policy = OrderPolicy.current()
    policy.open_shift_hours = hours_before
    policy.save()
    assert (published(worker) == [place.pk]) is seen
    assert published(worker, place.shift.start_at) == []


def test_an_order_nobody_confirmed_publishes_nothing(agency: Agency) -> None:
    place, worker = empty_place(agency), agency.worker()
    Order.objects.update(status=OrderStatus.PROPOSED)
    assert published(worker) == []
    with pytest.raises(Conflict):
        claim(place, worker)


def test_a_fixed_teams_places_are_the_teams_until_it_is_urgent(agency: Agency) -> None:
    place, member, stranger = empty_place(agency), agency.worker(), agency.worker()
    Order.objects.update(package=Package.FIXED_TEAM)
    TeamMember.objects.create(client=place.shift.order.client, worker=member, created_at=NOW)
    assert (published(member), published(stranger)) == ([place.pk], [])
    Position.objects.update(urgent=True)
    assert published(stranger) == [place.pk]


def test_a_claim_is_undone_for_some_minutes_without_a_trace_on_the_record(agency: Agency) -> None:
    place, worker = empty_place(agency), agency.worker()
    work, me = claim(place, worker), actor_of(worker.user)
    for _ in range(2):
        open_shifts.undo(work.pk, by=me, now=NOW + minutes(4))
    assert status_of(work) == AssignmentStatus.RELEASED
    assert status_of(place) == PositionStatus.OPEN
    assert status_of(place.shift.order) == OrderStatus.OFFERING
    assert not Replacement.objects.exists()
    other = agency.worker()
    drain(NOW + minutes(5))
    assert Offer.objects.get(status=OfferStatus.PENDING).worker == other


def test_whoever_undid_a_claim_may_claim_again(agency: Agency) -> None:
    place, worker = empty_place(agency), agency.worker()
    me = actor_of(worker.user)
    for number in range(2):
        assert [card.shift.pk for card in reads.listing(worker, NOW).cards] == [place.shift_id]
        work = claim(place, worker)
        open_shifts.undo(work.pk, by=me, now=NOW + minutes(number))
    drain(NOW + minutes(5))
    assert not Offer.objects.filter(status=OfferStatus.PENDING).exists(), "nobody is asked who gave it back"
    work = claim(place, worker)
    attendance.cancel(work.pk, by=me, now=NOW + minutes(6), reason="病了")
    assert reads.listing(worker, NOW + minutes(6)).cards == []


def test_later_it_is_a_cancellation_like_any_other(agency: Agency) -> None:
    place, worker = empty_place(agency), agency.worker()
    work, me = claim(place, worker), actor_of(worker.user)
    with pytest.raises(Conflict) as late:
        open_shifts.undo(work.pk, by=me, now=NOW + minutes(5))
    assert late.value.code == "undo_over"
    attendance.cancel(work.pk, by=me, now=NOW + minutes(5), reason="病了")
    assert Replacement.objects.get(lost=work).cause == Replacement.Cause.CANCELLED


def test_what_was_offered_is_not_undone(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    with pytest.raises(Conflict) as refused:
        open_shifts.undo(work.pk, by=actor_of(work.worker.user), now=NOW)
    assert refused.value.code == "not_claimed"


def test_an_undone_replacement_is_still_being_sought(agency: Agency) -> None:
    first = agency.worker()
    (lost,) = booked(agency)
    attendance.cancel(lost.pk, by=actor_of(first.user), now=NOW, reason="病了")
    worker = agency.worker()
    work = claim(lost.position, worker)
    assert Replacement.objects.get().found == work
    open_shifts.undo(work.pk, by=actor_of(worker.user), now=NOW + minutes(1))
    row = Replacement.objects.get()
    assert (row.found, row.filled_at, row.failed_at) == (None, None, None)


def test_two_shifts_at_once_cannot_be_claimed(agency: Agency) -> None:
    first, second, worker = empty_place(agency), empty_place(agency), agency.worker()
    claim(first, worker)
    with pytest.raises(Conflict) as refused:
        claim(second, worker)
    assert refused.value.code == "double_booked"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestRace:
    """Eight people press at the same second."""

    def people(self, agency: Agency) -> tuple[Position, list[partial[Assignment]]]:
        place = empty_place(agency)
        workers = [agency.worker() for _ in range(8)]
        return place, [
            partial(open_shifts.claim, place.shift_id, by=actor_of(worker.user), now=NOW) for worker in workers
        ]

    def test_one_gets_the_place_and_the_others_are_told(self) -> None:
        place, presses = self.people(Agency())
        assert Counter(all_at_once(presses)) == {"ok": 1, "Conflict": 7}
        assert Assignment.objects.filter(position=place).count() == 1
        assert Offer.objects.filter(position=place, status=OfferStatus.PENDING).count() == 0

    def test_without_the_locks_the_database_alone_refuses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Negative control: everybody sees a free place; only the constraint is left, and it says no in its own way."""
        place, presses = self.people(Agency())
        monkeypatch.setattr(locks, "matching", lambda: None)
        monkeypatch.setattr(
            locks, "order", lambda pk: Order.objects.select_related("client", "site", "city").get(pk=pk)
        )
        results = Counter(all_at_once(presses))
        assert results["ok"] == 1
        assert set(results) - {"ok", "Conflict"}, results
        assert Assignment.objects.filter(position=place).count() == 1


def test_hours_of_another_week_do_not_matter(agency: Agency) -> None:
    place, worker = empty_place(agency, start=NOW + timedelta(days=2)), agency.worker(weekly_cap_minutes=8 * 60)
    assert claim(place, worker).end_at - claim(place, worker).start_at == hours(8)
