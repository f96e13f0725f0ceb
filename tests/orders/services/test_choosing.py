"""Confirming what was seen, exchanging what was seen, and giving the engine its own choice back."""

from datetime import timedelta
from functools import partial

import pytest

from orders.models import Offer, Order, Position
from orders.services import bookings, choosing, offers, ordering, proposing
from orders.states import OfferStatus, OrderStatus, PositionStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import holder
from workers.models import Worker

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def proposed(agency: Agency, people: int = 3, **fields) -> Order:
    for _ in range(people):
        agency.worker()
    order = agency.submitted(**fields)
    proposing.propose_order(order.pk, NOW)
    return Order.objects.get(pk=order.pk)


def place_of(order: Order) -> Position:
    return Position.objects.filter(shift__order=order).earliest("number")


def other_than(*ids: int | None) -> Worker:
    return Worker.objects.exclude(pk__in=[pk for pk in ids if pk]).latest("pk")


def newest(order: Order) -> int:
    return AuditEvent.objects.filter(order_id=order.pk).latest("pk").pk


def desk(agency: Agency) -> Actor:
    return actor_of(agency.dispatcher())


def swapped(place: Position, by: Actor, worker: Worker) -> Position:
    return proposing.exchange(place.pk, worker.pk, by=by, now=NOW, reason="客户点名")


def test_the_engines_choice_comes_back_with_its_points_and_a_backup(agency):
    order, by = proposed(agency), desk(agency)
    before = place_of(order)
    swapped(before, by, other_than(before.proposed_worker_id))
    place = choosing.restore(before.pk, by=by, now=LATER)
    place.refresh_from_db()
    assert (place.proposed_worker_id, place.score, place.chosen_by_hand) == (
        before.proposed_worker_id,
        before.score,
        False,
    )
    assert place.backup_worker_id not in (None, place.proposed_worker_id)
    event = AuditEvent.objects.filter(subject_type="position", action="exchange").latest("pk")
    assert (event.reason, event.actor, event.data["worker"]) == ("restored", by.user, before.proposed_worker_id)


def test_restoring_what_was_never_changed_does_nothing(agency):
    order, by = proposed(agency), desk(agency)
    before = newest(order)
    choosing.restore(place_of(order).pk, by=by, now=LATER)
    assert newest(order) == before


def test_restoring_twice_is_restoring_once(agency):
    order, by = proposed(agency), desk(agency)
    place = place_of(order)
    swapped(place, by, other_than(place.proposed_worker_id))
    choosing.restore(place.pk, by=by, now=LATER)
    before = newest(order)
    choosing.restore(place.pk, by=by, now=LATER)
    assert newest(order) == before


def test_somebody_who_may_not_come_any_more_is_not_restored_and_every_reason_is_told(agency):
    order, by = proposed(agency), desk(agency)
    place = place_of(order)
    first = holder(place).pk
    second = other_than(first)
    swapped(place, by, second)
    Worker.objects.filter(pk=first).update(status=Worker.Status.SUSPENDED)
    with pytest.raises(bookings.NotFree) as refusal:
        choosing.restore(place.pk, by=by, now=LATER)
    assert [row["code"] for row in refusal.value.params["reasons"]] == ["inactive"]
    place.refresh_from_db()
    assert place.proposed_worker_id == second.pk


def test_a_place_for_which_the_engine_found_nobody_has_nothing_to_go_back_to(agency):
    order, by = proposed(agency, 0), desk(agency)
    place = place_of(order)
    swapped(place, by, agency.worker())
    with pytest.raises(Conflict, match="没有为这个名额推荐"):
        choosing.restore(place.pk, by=by, now=LATER)


def test_on_a_confirmed_order_the_hand_chosen_ones_offer_is_withdrawn_and_the_engines_choice_is_asked(agency):
    order, by = proposed(agency), desk(agency)
    place = place_of(order)
    first = holder(place).pk
    second = other_than(first)
    swapped(place, by, second)
    ordering.confirm(order.pk, by=by, now=NOW)
    choosing.restore(place.pk, by=by, now=LATER)
    found = dict(Offer.objects.values_list("worker_id", "status"))
    assert found == {second.pk: OfferStatus.WITHDRAWN, first: OfferStatus.PENDING}


def test_who_said_no_is_not_restored(agency):
    order, by = proposed(agency), desk(agency)
    place = place_of(order)
    ordering.confirm(order.pk, by=by, now=NOW)
    offer = Offer.objects.get()
    offers.decline(offer.pk, by=actor_of(offer.worker.user), now=NOW, reason="有事")
    swapped(place, by, other_than(offer.worker_id))
    with pytest.raises(bookings.NotFree) as refusal:
        choosing.restore(place.pk, by=by, now=LATER)
    assert "declined_before" in {row["code"] for row in refusal.value.params["reasons"]}


def test_an_accepted_place_is_not_restored(agency):
    order, by = proposed(agency), desk(agency)
    place = place_of(order)
    swapped(place, by, other_than(place.proposed_worker_id))
    ordering.confirm(order.pk, by=by, now=NOW)
    offer = Offer.objects.get()
    offers.accept(offer.pk, by=actor_of(offer.worker.user), now=NOW)
    with pytest.raises(Conflict, match="已有人接单"):
        choosing.restore(place.pk, by=by, now=LATER)


def test_the_whole_order_goes_back_though_the_places_wait_for_each_other(agency):
    order, by = proposed(agency, 3, headcount=2), desk(agency)
    one, two = Position.objects.filter(shift__order=order).order_by("number")
    first, second = holder(one).pk, holder(two).pk
    third = other_than(first, second)
    swapped(one, by, third)
    swapped(two, by, Worker.objects.get(pk=first))
    done, kept = choosing.restore_order(order.pk, by=by, now=LATER)
    assert (len(done), kept) == (2, [])
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.proposed_worker_id, two.proposed_worker_id) == (first, second)


def test_of_a_whole_order_what_cannot_go_back_is_told(agency):
    order, by = proposed(agency, 4, headcount=2), desk(agency)
    one, two = Position.objects.filter(shift__order=order).order_by("number")
    first = holder(one).pk
    spare = list(Worker.objects.exclude(pk__in=[first, holder(two).pk]))
    swapped(one, by, spare[0])
    swapped(two, by, spare[1])
    Worker.objects.filter(pk=first).update(status=Worker.Status.SUSPENDED)
    done, kept = choosing.restore_order(order.pk, by=by, now=LATER)
    assert [place.pk for place in done] == [two.pk]
    assert [row.place.pk for row in kept] == [one.pk]


def test_ones_own_second_confirmation_is_no_quarrel(agency):
    order, by = proposed(agency), desk(agency)
    seen = newest(order)
    for _ in range(2):
        choosing.confirm(order.pk, by=by, now=NOW, seen=seen)
    assert Offer.objects.count() == 1


def test_who_confirms_after_somebody_else_is_told_who(agency):
    order, by, other = proposed(agency), desk(agency), desk(agency)
    choosing.confirm(order.pk, by=other, now=NOW)
    with pytest.raises(choosing.Overtaken) as late:
        choosing.confirm(order.pk, by=by, now=LATER)
    assert late.value.event is not None
    assert (late.value.event.action, late.value.event.actor) == ("confirm", other.user)


def test_nobody_confirms_a_person_whom_they_have_not_seen(agency):
    order, by, other = proposed(agency), desk(agency), desk(agency)
    seen, place = newest(order), place_of(order)
    swapped(place, other, other_than(place.proposed_worker_id))
    with pytest.raises(choosing.Overtaken):
        choosing.confirm(order.pk, by=by, now=LATER, seen=seen)
    order.refresh_from_db()
    assert order.status == OrderStatus.PROPOSED
    choosing.confirm(order.pk, by=by, now=LATER, seen=newest(order))
    assert Position.objects.get(pk=place.pk).status == PositionStatus.OFFERED


def test_ones_own_exchange_does_not_stop_ones_confirmation(agency):
    order, by = proposed(agency), desk(agency)
    seen, place = newest(order), place_of(order)
    swapped(place, by, other_than(place.proposed_worker_id))
    choosing.confirm(order.pk, by=by, now=LATER, seen=seen)
    assert Offer.objects.count() == 1


def test_an_exchange_of_what_somebody_else_has_exchanged_is_stopped(agency):
    order, by, other = proposed(agency, 3, headcount=1), desk(agency), desk(agency)
    place, seen = place_of(order), newest(order)
    swapped(place, other, other_than(place.proposed_worker_id))
    mine = other_than(place.proposed_worker_id, Position.objects.get(pk=place.pk).proposed_worker_id)
    nearer = partial(choosing.exchange, place.pk, mine.pk, by=by, now=LATER, reason="更近")
    with pytest.raises(choosing.Overtaken):
        nearer(seen=seen)
    nearer(seen=newest(order))
    assert Position.objects.get(pk=place.pk).proposed_worker_id == mine.pk


def test_what_happened_at_another_place_does_not_stop_an_exchange(agency):
    order, by, other = proposed(agency, 5, headcount=2), desk(agency), desk(agency)
    one, two = Position.objects.filter(shift__order=order).order_by("number")
    seen = newest(order)
    spare = list(Worker.objects.exclude(pk__in=[one.proposed_worker_id, two.proposed_worker_id]))
    swapped(two, other, spare[0])
    choosing.exchange(one.pk, spare[1].pk, by=by, now=LATER, reason="更近", seen=seen)
    assert Position.objects.get(pk=one.pk).proposed_worker_id == spare[1].pk


def test_many_are_confirmed_each_for_itself(agency):
    by, other = desk(agency), desk(agency)
    one, two, three = proposed(agency), proposed(agency), agency.submitted()
    choosing.confirm(two.pk, by=other, now=NOW)
    found = dict(choosing.confirm_many([three.pk, two.pk, one.pk, one.pk], by=by, now=LATER))
    assert found[one.pk] is None
    assert isinstance(found[two.pk], choosing.Overtaken)
    assert isinstance(found[three.pk], Conflict)
    assert Offer.objects.filter(position__shift__order=one).exists()
