"""A submitted order is changed: places and people follow, at the price that was agreed, once."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from orders.models import Assignment, Offer, Order, OrderPolicy, Position, Replacement, Shift
from orders.services import amending, offers, ordering
from orders.services.amend_plan import Amendment, Plan, Wanted, newest, plan_of
from orders.services.amending import Agreed
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, Notification, OutboxMessage, User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import (
    TOMORROW,
    arrive,
    booked,
    days,
    desk,
    hours,
    leave,
    minutes,
    offering,
    person,
    proposed,
    status_of,
)
from tests.orders.services.test_booking_race import all_at_once

ANYTHING = Decimal(1_000_000)


def wanted(order: Order) -> list[Wanted]:
    """The order's shifts as they are."""
    return [Wanted(shift.start_at, shift.end_at, shift.headcount, shift.pk) for shift in order.shifts.all()]


def wish(order: Order, shifts: Sequence[Wanted] | None = None, **fields: object) -> Amendment:
    whole = Amendment(
        order.title, order.notes, wanted(order) if shifts is None else shifts, uuid.uuid4(), newest(order)
    )
    return replace(whole, **fields)  # type: ignore[arg-type]


def people(order: Order, count: int) -> list[Wanted]:
    """The first shift with another headcount."""
    first, *rest = wanted(order)
    return [replace(first, headcount=count), *rest]


def by(order: Order) -> Actor:
    return actor_of(User.objects.filter(membership__client=order.client_id).earliest("pk"))


def planned(order: Order, asked: Amendment, now: datetime = NOW) -> Plan:
    return plan_of(order, asked, by=by(order), now=now)


def amend(order: Order, asked: Amendment, *, now: datetime = NOW, agreed: Agreed | None = None) -> Order:
    """Change it, agreeing to whatever it costs unless told otherwise."""
    yes = agreed or Agreed(ANYTHING, frozenset(Assignment.objects.values_list("pk", flat=True)))
    return amending.amend(order.pk, asked, agreed=yes, by=by(order), now=now)


def states(order: Order) -> list[str]:
    places = Position.objects.filter(shift__order=order).order_by("shift__start_at", "number")
    return list(places.values_list("status", flat=True))


def full(agency: Agency, headcount: int, **fields: Any) -> Order:
    """An order to which everybody has said yes."""
    for _ in range(headcount):
        agency.worker()
    works = booked(agency, headcount=headcount, **fields)
    return Order.objects.select_related("client").get(pk=works[0].position.shift.order_id)


def test_title_and_notes_change_without_touching_anybody(agency: Agency) -> None:
    order = full(agency, 1)
    amend(order, wish(order, title="夜间在线客服", notes="请带工牌"))
    order.refresh_from_db()
    assert (order.title, order.notes, order.status) == ("夜间在线客服", "请带工牌", OrderStatus.FILLED)
    assert states(order) == [PositionStatus.FILLED]


def test_nothing_changed_writes_nothing(agency: Agency) -> None:
    order = full(agency, 1)
    amend(order, wish(order))
    assert not AuditEvent.objects.filter(action="amend").exists()


def test_more_people_are_sought_at_once(agency: Agency) -> None:
    order = full(agency, 1)
    agency.worker()
    amend(order, wish(order, people(order, 2)))
    order.refresh_from_db()
    assert (order.status, states(order)) == (OrderStatus.OFFERING, [PositionStatus.FILLED, PositionStatus.OPEN])
    assert order.estimate == Decimal(720)
    drain(NOW)
    offer = Offer.objects.get(status=OfferStatus.PENDING)
    offers.accept(offer.pk, by=person(offer), now=NOW)
    assert status_of(order) == OrderStatus.FILLED


def test_more_people_before_matching_wait_for_it(agency: Agency) -> None:
    for _ in range(2):
        agency.worker()
    order = agency.submitted()
    amend(order, wish(order, people(order, 2)))
    assert not OutboxMessage.objects.filter(topic="position.seek").exists()
    drain(NOW)
    assert states(order) == [PositionStatus.PROPOSED, PositionStatus.PROPOSED]


def test_empty_places_go_first_and_the_lowest_score_before_the_higher(agency: Agency) -> None:
    for _ in range(3):
        agency.worker()
    order = offering(agency, headcount=4)
    first = Offer.objects.filter(status=OfferStatus.PENDING).earliest("pk")
    offers.accept(first.pk, by=person(first), now=NOW)
    asked = Position.objects.filter(status=PositionStatus.OFFERED).order_by("pk")
    Position.objects.filter(pk=asked[0].pk).update(score=90)
    Position.objects.filter(pk=asked[1].pk).update(score=80)
    low, high = asked[1], asked[0]
    amend(order, wish(order, people(order, 3)))
    assert (status_of(low), status_of(high), PositionStatus.OPEN in states(order)) == ("offered", "offered", False)
    amend(order, wish(order, people(order, 2)))
    assert (status_of(low), status_of(high), status_of(first)) == ("closed", "offered", "accepted")
    amend(order, wish(order, people(order, 1)))
    assert (status_of(high), status_of(order)) == ("closed", OrderStatus.FILLED)
    assert not Offer.objects.filter(status=OfferStatus.PENDING).exists()
    order.refresh_from_db()
    assert order.filled_at == NOW


def test_a_proposal_is_complete_when_the_empty_place_is_given_up(agency: Agency) -> None:
    agency.worker()
    order = proposed(agency, headcount=2)
    assert order.proposed_at is None
    amend(order, wish(order, people(order, 1)), now=NOW + minutes(5))
    whole = Order.objects.get(pk=order.pk)
    assert (whole.proposed_at, whole.status) == (NOW + minutes(5), OrderStatus.PROPOSED)


def test_booked_people_who_are_no_longer_needed_are_told_and_free_again(agency: Agency) -> None:
    order = full(agency, 2)
    plan = planned(order, wish(order, people(order, 1)))
    (gone,) = plan.released
    amend(order, wish(order, people(order, 1)))
    drain(NOW)
    assert status_of(gone) == AssignmentStatus.RELEASED
    assert Notification.objects.filter(kind="assignment.released", user=gone.worker.user).count() == 1
    assert not Replacement.objects.exists()
    assert status_of(order) == OrderStatus.FILLED


@pytest.mark.parametrize(
    ("before", "fee"), [(hours(24), Decimal(0)), (hours(23), Decimal("108.00")), (hours(1.5), Decimal("360.00"))]
)
def test_giving_an_accepted_place_up_costs_by_the_hours_that_are_left(
    agency: Agency, before: timedelta, fee: Decimal
) -> None:
    order = full(agency, 2)
    now = TOMORROW - before
    amend(order, wish(order, people(order, 1)), now=now)
    order.refresh_from_db()
    assert (order.cancel_fee or 0) == fee
    assert Decimal(AuditEvent.objects.get(action="amend").data["fee"]) == fee


def test_fees_add_up(agency: Agency) -> None:
    order = full(agency, 3)
    for count in (2, 1):
        amend(order, wish(order, people(order, count)), now=TOMORROW - hours(5))
    order.refresh_from_db()
    assert order.cancel_fee == Decimal("216.00")


def test_never_more_than_was_agreed_to(agency: Agency) -> None:
    order = full(agency, 2)
    asked = wish(order, people(order, 1))
    seen = planned(order, asked, TOMORROW - hours(24))
    yes = Agreed(seen.fee, frozenset(work.pk for work in seen.released))
    with pytest.raises(Conflict) as refused:
        amend(order, asked, agreed=yes, now=TOMORROW - hours(23))
    assert (refused.value.code, refused.value.params["fee"]) == ("fee_risen", Decimal("108.00"))
    assert states(order) == [PositionStatus.FILLED] * 2


def test_nobody_is_sent_home_who_was_not_named(agency: Agency) -> None:
    for _ in range(2):
        agency.worker()
    order = offering(agency, headcount=2)
    asked = wish(order, people(order, 1))
    assert planned(order, asked).released == []
    for offer in Offer.objects.filter(status=OfferStatus.PENDING):
        offers.accept(offer.pk, by=person(offer), now=NOW)
    with pytest.raises(Conflict) as refused:
        amend(order, asked, agreed=Agreed())
    assert refused.value.code == "changed_meanwhile"


def test_the_agency_changes_for_nothing(agency: Agency) -> None:
    order = full(agency, 2)
    asked, late = wish(order, people(order, 1)), TOMORROW - hours(2)
    assert plan_of(order, asked, by=desk(agency), now=late).fee == 0


def test_a_shift_is_added_and_removed(agency: Agency) -> None:
    order = full(agency, 1, shifts=days(8, 8))
    first, second = order.shifts.all()
    third = Wanted(second.start_at + hours(24), second.end_at + hours(24), 2)
    amend(order, wish(order, [wanted(order)[0], third]))
    order.refresh_from_db()
    assert [shift.headcount for shift in order.shifts.all()] == [1, 2]
    assert second not in order.shifts.all()
    assert (order.starts_at, order.ends_at) == (first.start_at, third.end)
    assert order.estimate == Decimal(1080)
    assert states(order) == ["filled", "closed", "open", "open"]
    assert Shift._base_manager.get(pk=second.pk).headcount == 0
    assert Assignment.objects.get(position__shift=second).status == AssignmentStatus.RELEASED


def test_a_moved_shift_is_taken_out_and_put_in_anew(agency: Agency) -> None:
    order = full(agency, 1)
    (shift,) = wanted(order)
    later = replace(shift, start=shift.start + hours(1), end=shift.end + hours(1))
    plan = planned(order, wish(order, [later]))
    assert [(line.before, line.after, line.moved) for line in plan.changes] == [(1, 0, True), (0, 1, True)]
    assert len(plan.released) == 1
    amend(order, wish(order, [later]))
    drain(NOW)
    order.refresh_from_db()
    assert (order.starts_at, states(order)) == (later.start, ["closed", "offered"])


def test_the_order_ends_when_its_new_last_shift_does(agency: Agency) -> None:
    order = full(agency, 1, shifts=days(8, 8))
    first = Assignment.objects.earliest("start_at")
    amend(order, wish(order, wanted(order)[:1]))
    arrive(first)
    first.refresh_from_db()
    leave(first)
    drain(order.shifts.get().end_at)
    assert status_of(order) == OrderStatus.COMPLETED


def test_the_old_end_does_not_end_an_order_that_grew(agency: Agency) -> None:
    order = agency.submitted()
    first = wanted(order)[0]
    amend(order, wish(order, [first, Wanted(first.start + hours(24), first.end + hours(24), 1)]))
    drain(first.end)
    assert status_of(order) == OrderStatus.PROPOSED
    drain(first.end + hours(24))
    assert status_of(order) == OrderStatus.COMPLETED


def refusal(order: Order, asked: Amendment, now: datetime = NOW) -> str:
    with pytest.raises((Invalid, Conflict)) as error:
        planned(order, asked, now)
    return error.value.code


def test_what_cannot_be_is_refused(agency: Agency) -> None:
    order = agency.submitted()
    (shift,) = wanted(order)
    assert refusal(order, wish(order, [])) == "no_shifts"
    assert refusal(order, wish(order, people(order, 201))) == "bad_headcount"
    assert refusal(order, wish(order, [shift, Wanted(NOW - hours(1), NOW, 1)])) == "in_the_past"
    assert refusal(order, wish(order, [shift, Wanted(shift.start, shift.start, 1)])) == "backwards"
    assert refusal(order, wish(order, [replace(shift, shift=0xDEAD)])) == "shift_gone"
    more = [Wanted(shift.start, shift.end, 1) for _ in range(30)]
    assert refusal(order, wish(order, [shift, *more])) == "too_many_shifts"


@pytest.mark.parametrize("before", [minutes(60), minutes(0), -minutes(5)])
def test_a_shift_at_hand_stays_as_it_is(agency: Agency, before: timedelta) -> None:
    order = full(agency, 2)
    now = TOMORROW - before
    assert refusal(order, wish(order, people(order, 1)), now) == "too_late_to_change"
    assert not planned(order, wish(order, title="另一个标题"), now).empty


def test_who_has_come_early_cannot_be_sent_home(agency: Agency) -> None:
    order = full(agency, 1, shifts=days(8, 8))
    arrive(Assignment.objects.earliest("start_at"), TOMORROW - minutes(80))
    now = TOMORROW - minutes(75)
    assert refusal(order, wish(order, wanted(order)[1:]), now) == "at_work"
    amend(order, wish(order, wanted(order)[:1]), now=now)
    assert status_of(order) == OrderStatus.IN_SERVICE


@pytest.mark.parametrize("end", ["draft", "cancelled"])
def test_only_a_running_order_is_changed(agency: Agency, end: str) -> None:
    order = agency.draft()
    if end == "cancelled":
        ordering.cancel(order.pk, by=by(order), now=NOW, reason="不要了")
        order.refresh_from_db()
    assert refusal(order, wish(order, title="x")) == "wrong_state"


def test_the_same_form_twice_changes_once(agency: Agency) -> None:
    order = agency.submitted()
    (shift,) = wanted(order)
    asked = wish(order, [shift, Wanted(shift.start + hours(24), shift.end + hours(24), 1)])
    for _ in range(2):
        amend(order, asked)
    assert order.shifts.count() == 2
    assert AuditEvent.objects.filter(action="amend").count() == 1


def test_who_did_not_see_the_last_change_is_stopped(agency: Agency) -> None:
    order = agency.submitted()
    stale = wish(order, people(order, 3))
    amend(order, wish(order, people(order, 2)))
    order.refresh_from_db()
    assert refusal(order, stale) == "amended_meanwhile"


def test_the_agency_hears_of_a_change(agency: Agency) -> None:
    desk(agency)
    order = agency.submitted()
    amend(order, wish(order, people(order, 2)))
    drain(NOW)
    assert Notification.objects.filter(kind="order.amended").count() == 1


def test_the_numbers_are_the_administrators(agency: Agency) -> None:
    OrderPolicy(free_change_hours=48, late_cancel_percent=10).save()
    order = full(agency, 2)
    assert planned(order, wish(order, people(order, 1)), TOMORROW - hours(30)).fee == Decimal("36.00")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_yes_and_fewer_people_at_the_same_moment() -> None:
    """Either the place is gone before the yes, or the yes was first and the client is shown whom it concerns."""
    agency = Agency()
    for _ in range(6):
        agency.worker()
    order = offering(agency, headcount=6)
    waiting = list(Offer.objects.filter(status=OfferStatus.PENDING).select_related("worker__user"))
    assert len(waiting) == 6
    asked = wish(order, people(order, 1))
    yes = [partial(offers.accept, offer.pk, by=person(offer), now=NOW) for offer in waiting]
    fewer = partial(amending.amend, order.pk, asked, agreed=Agreed(), by=by(order), now=NOW)

    results = all_at_once([*yes[:3], fewer, *yes[3:]])

    coming = Assignment.objects.filter(status=AssignmentStatus.BOOKED).count()
    filled = Position.objects.filter(status=PositionStatus.FILLED).count()
    alive = Position.objects.exclude(status=PositionStatus.CLOSED).count()
    assert (filled, alive) == (coming, Shift.objects.get().headcount)
    assert not Offer.objects.filter(status=OfferStatus.PENDING, position__status=PositionStatus.CLOSED).exists()
    assert results.count("ok") == coming + (Shift.objects.get().headcount == 1)
    assert set(results) <= {"ok", "Conflict"}


@pytest.mark.django_db
def test_nobody_pays_more_for_the_service_than_the_preview_said(agency: Agency) -> None:
    order = offering(agency)
    more, shown = wish(order, people(order, 3)), plan_of(order, wish(order, people(order, 3)), by=by(order), now=NOW)
    with pytest.raises(Conflict) as refusal:
        amending.amend(order.pk, more, agreed=Agreed(estimate=shown.estimate - 1), by=by(order), now=NOW)
    assert refusal.value.code == "price_risen"
    order = amending.amend(order.pk, more, agreed=Agreed(estimate=shown.estimate), by=by(order), now=NOW)
    assert order.estimate == shown.estimate
