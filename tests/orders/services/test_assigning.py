"""Places given and taken by hand from a board: nothing happens to a place that is not as it was seen."""

from datetime import timedelta

import pytest
from django.db import transaction

from orders.models import Assignment, Offer, Order, Position, Replacement
from orders.services import assigning, attendance, offers, ordering
from orders.services.assigning import MovedOn, seen_of
from orders.services.bookings import NotFree
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, holder, proposed
from workers.models import Worker

pytestmark = pytest.mark.django_db


def seen(place: Position) -> str:
    return seen_of(place.status, place.proposed_worker_id)


def give(agency: Agency, place: Position, worker: Worker, **more) -> Position:
    values = {"seen": seen(place)} | more
    return assigning.assign(place.pk, worker.pk, by=actor_of(agency.dispatcher()), now=NOW, **values)


def off(agency: Agency, place: Position, **more) -> Position:
    values = {"seen": seen(place), "reason": "客户调整"} | more
    return assigning.take_off(place.pk, by=actor_of(agency.dispatcher()), now=NOW, **values)


def other_than(place: Position) -> Worker:
    return Worker.objects.exclude(pk=holder(place).pk).earliest("pk")


def test_a_choice_changes_without_a_word_and_says_it_was_made_by_hand(agency):
    place = Position.objects.get(shift__order=proposed(agency))
    worker = other_than(place)
    for _ in range(2):
        changed = give(agency, place, worker)
    assert (changed.proposed_worker_id, changed.chosen_by_hand, changed.status) == (worker.pk, True, "proposed")
    assert [row.reason for row in AuditEvent.objects.filter(action="exchange")] == ["在周排班中指派"]


def test_an_open_place_is_filled_and_on_a_confirmed_order_asked(agency):
    order = proposed(agency, people=1, headcount=2)
    ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    place = Position.objects.get(shift__order=order, status=PositionStatus.OPEN)
    worker = agency.worker()
    assert give(agency, place, worker).status == PositionStatus.OFFERED
    assert Offer.objects.get(worker=worker).status == OfferStatus.PENDING


def test_a_place_that_has_changed_is_left_as_it_is(agency):
    order = proposed(agency)
    place = Position.objects.get(shift__order=order)
    first, mine = [who for who in Worker.objects.order_by("pk") if who.pk != place.proposed_worker_id]
    give(agency, place, first)
    with pytest.raises(MovedOn) as news:
        give(agency, place, mine)
    assert first.user.name in str(news.value)
    assert news.value.worker_id == first.pk
    with pytest.raises(MovedOn):
        off(agency, place)
    place.refresh_from_db()
    assert place.proposed_worker_id == first.pk


def test_somebody_who_said_yes_is_released_and_the_other_asked(agency):
    work = booked(agency)
    place, worker = work.position, Worker.objects.exclude(pk=work.worker_id).get()
    place.refresh_from_db()
    with pytest.raises(Invalid):
        give(agency, place, worker)
    changed = give(agency, place, worker, reason="客户点名")
    work.refresh_from_db()
    assert (work.status, changed.status) == (AssignmentStatus.RELEASED, PositionStatus.OFFERED)
    assert Replacement.objects.get(lost=work).cause == Replacement.Cause.RELEASED
    offer = Offer.objects.get(worker=worker, status=OfferStatus.PENDING)
    offers.accept(offer.pk, by=actor_of(worker.user), now=NOW)
    assert Assignment.objects.get(position=place, status=AssignmentStatus.BOOKED).worker == worker


def test_nobody_is_released_for_somebody_who_may_not_come(agency):
    work = booked(agency, people=1)
    work.position.refresh_from_db()
    low = agency.worker(skills={})
    with pytest.raises(NotFree) as refusal, transaction.atomic():
        give(agency, work.position, low, reason="客户点名")
    assert {row["code"] for row in refusal.value.params["reasons"]} == {"skill_missing"}
    work.refresh_from_db()
    assert work.status == AssignmentStatus.BOOKED


def test_an_override_needs_a_reason_and_is_kept(agency):
    low = agency.worker(skills={})
    place = Position.objects.get(shift__order=proposed(agency))
    with pytest.raises(Invalid):
        give(agency, place, low, override=True)
    give(agency, place, low, override=True, reason="客户点名")
    assert AuditEvent.objects.get(action="override").reason == "客户点名"


def test_double_booking_is_never_overridden(agency):
    order = proposed(agency)
    place = Position.objects.get(shift__order=order)
    busy = booked(agency, people=1).worker
    with pytest.raises(NotFree):
        give(agency, place, busy, override=True, reason="客户点名")


def test_who_declined_is_asked_again_only_by_an_override(agency):
    order = proposed(agency, people=2)
    ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    offer = Offer.objects.get()
    offers.decline(offer.pk, by=actor_of(offer.worker.user), now=NOW)
    place = Position.objects.get(shift__order=order)
    with pytest.raises(NotFree) as refusal:
        give(agency, place, offer.worker)
    assert [row["code"] for row in refusal.value.params["reasons"]] == ["declined_before"]
    give(agency, place, offer.worker, override=True, reason="本人改口")
    assert AuditEvent.objects.get(action="override").data["reasons"][0]["code"] == "declined_before"


@pytest.mark.parametrize("confirmed", [False, True])
def test_taking_off_empties_the_place_and_it_is_looked_at_again(agency, confirmed):
    order = proposed(agency)
    if confirmed:
        ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    place = Position.objects.get(shift__order=order)
    with pytest.raises(Invalid):
        off(agency, place, reason=" ")
    for _ in range(2):
        assert off(agency, place).status == PositionStatus.OPEN
    assert not Offer.objects.filter(status=OfferStatus.PENDING).exists()
    assert AuditEvent.objects.filter(action="clear", reason="客户调整").count() == 1


def test_taking_off_a_booked_worker_releases_them(agency):
    work = booked(agency)
    work.position.refresh_from_db()
    off(agency, work.position)
    work.refresh_from_db()
    assert work.status == AssignmentStatus.RELEASED


def test_somebody_who_has_come_stays(agency):
    work = booked(agency, people=1, start=NOW + timedelta(hours=1))
    attendance.check_in(work.pk, by=actor_of(agency.dispatcher()), now=NOW, reason="手机没电")
    work.position.refresh_from_db()
    with pytest.raises(Conflict):
        off(agency, work.position)
    with pytest.raises(Conflict):
        give(agency, work.position, agency.worker(), reason="客户点名")


def go(agency: Agency, place: Position, to: Position, **more) -> Position:
    values = {"seen": seen(place), "seen_to": seen(to)} | more
    return assigning.move(place.pk, to.pk, holder(place).pk, by=actor_of(agency.dispatcher()), now=NOW, **values)


def another_day(agency: Agency, **fields) -> Position:
    """An open place of another order, two days later."""
    order = agency.submitted(start=NOW + timedelta(hours=72), headcount=1, **fields)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.PROPOSED)
    return Position.objects.get(shift__order=order)


def test_somebody_moves_from_one_place_to_another_in_one_go(agency):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    who, to = holder(place), another_day(agency)
    for _ in range(2):
        moved = go(agency, place, to)
        assert (moved.pk, moved.proposed_worker_id, moved.chosen_by_hand) == (to.pk, who.pk, True)
    left = Position.objects.get(pk=place.pk)
    assert (left.status, left.proposed_worker_id) == (PositionStatus.OPEN, None)


def test_whoever_may_not_have_the_other_place_keeps_theirs(agency):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    to = another_day(agency, skills={agency.skill.pk: 4})
    with pytest.raises(NotFree):
        go(agency, place, to)
    assert Position.objects.get(pk=place.pk).proposed_worker_id == holder(place).pk
    assert Position.objects.get(pk=to.pk).status == PositionStatus.OPEN


def test_an_override_of_a_move_needs_a_reason(agency):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    to = another_day(agency, skills={agency.skill.pk: 4})
    with pytest.raises(Invalid):
        go(agency, place, to, override=True)
    assert go(agency, place, to, override=True, reason="客户点名").proposed_worker_id == holder(place).pk


def test_a_booked_worker_moves_with_a_reason_and_is_replaced(agency):
    work, to = booked(agency, people=1), another_day(agency)
    place = work.position
    with pytest.raises(Invalid):
        go(agency, place, to)
    assert Assignment.objects.get(pk=work.pk).status == AssignmentStatus.BOOKED
    assert go(agency, place, to, reason="客户换日子").proposed_worker_id == work.worker_id
    assert Assignment.objects.get(pk=work.pk).status == AssignmentStatus.RELEASED
    assert Replacement.objects.get(position=place).found is None


def test_a_move_between_places_that_have_changed_does_nothing(agency):
    place = Position.objects.get(shift__order=proposed(agency, people=1))
    to, quick = another_day(agency), agency.worker()
    stale = seen(to)
    give(agency, to, quick)
    with pytest.raises(MovedOn):
        go(agency, place, to, seen_to=stale)
    assert Position.objects.get(pk=place.pk).proposed_worker_id == holder(place).pk


def test_places_of_one_shift_are_not_exchanged(agency):
    first, second = Position.objects.filter(shift__order=proposed(agency, people=2, headcount=2)).order_by("number")
    with pytest.raises(Invalid):
        go(agency, first, second)
