"""A client's week once more: the same shifts and people seven days later, once, with all differences told before."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from orders import history
from orders.models import Order, Position
from orders.selectors.desk.history import events_of
from orders.services import copying, proposing
from orders.states import OrderStatus, PositionStatus
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import AuditEvent, Notification, PublicHoliday
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, holder, proposed
from workers.models import AvailabilityException

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(days=7)
MONDAY = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def copied(agency: Agency, *orders: Order) -> list[Order]:
    by = actor_of(agency.dispatcher())
    return copying.copy_week(orders[0].client, MONDAY, [order.pk for order in orders], by=by, now=NOW)


def test_the_same_shifts_and_people_a_week_later(agency):
    work = booked(agency, people=3, headcount=2, notes="请穿深色上衣", min_stars=Decimal(4))
    source = Order.objects.get(pk=work.position.shift.order_id)
    (order,) = copied(agency, source)
    shift, was = order.shifts.get(), source.shifts.get()
    assert (shift.start_at - was.start_at, shift.end_at - was.end_at, shift.headcount) == (WEEK, WEEK, 2)
    assert [(row.skill_id, row.min_level) for row in order.skills.all()] == [(agency.skill.pk, 2)]
    assert (order.notes, order.min_stars, order.site, order.title) == (
        source.notes,
        source.min_stars,
        source.site,
        source.title,
    )
    places = list(Position.objects.filter(shift=shift))
    assert {place.proposed_worker_id for place in places} == set(
        Position.objects.filter(shift=was).values_list("proposed_worker_id", flat=True)
    )
    assert all(place.chosen_by_hand and place.score for place in places)
    assert order.status == OrderStatus.SUBMITTED


def test_both_sides_read_in_the_history_that_it_is_a_copy(agency):
    source = proposed(agency)
    (order,) = copied(agency, source)
    assert "复制上周订单" in [row["title"] for row in events_of(order)]
    event = AuditEvent.objects.select_related("actor").get(order_id=order.pk, action="copy")
    told = history.told(event, "")
    assert told is not None
    assert (told["title"], told["text"]) == ("调度按上周订单代为下单", "")


def test_repeating_it_makes_nothing_twice(agency):
    source = proposed(agency)
    assert copied(agency, source) == copied(agency, source)
    assert Order.objects.count() == 2
    (one,) = copying.plan(source.client, MONDAY, NOW)
    assert (one.made is not None, one.possible) == (True, False)


def test_the_engine_fills_the_rest(agency):
    source = proposed(agency, people=2, headcount=2)
    gone = holder(Position.objects.filter(shift__order=source).earliest("pk"))
    AvailabilityException.objects.create(worker=gone, kind="off", start_at=NOW + WEEK, end_at=NOW + WEEK + 3 * DAY)
    agency.worker()
    (order,) = copied(agency, source)
    assert sorted(Position.objects.filter(shift__order=order).values_list("status", flat=True)) == ["open", "proposed"]
    proposing.propose_order(order.pk, NOW)
    found = Position.objects.filter(shift__order=order)
    assert {place.status for place in found} == {PositionStatus.PROPOSED}
    assert gone.pk not in {place.proposed_worker_id for place in found}


def test_who_is_out_is_told_with_reasons_before(agency):
    source = proposed(agency, people=1)
    who = holder(Position.objects.get(shift__order=source))
    AvailabilityException.objects.create(worker=who, kind="off", start_at=NOW + WEEK, end_at=NOW + WEEK + 3 * DAY)
    (one,) = copying.plan(source.client, MONDAY, NOW)
    (shift,) = one.shifts
    assert (one.kept, one.out) == (0, 1)
    assert [reason.code for reason in shift.out[0].reasons] == ["time_off"]


def test_nobody_is_counted_on_for_two_shifts_at_once(agency):
    company = agency.client()
    source = proposed(agency, people=1, company=company)
    who = Position.objects.get(shift__order=source).proposed_worker_id
    other = proposed(agency, people=0, company=company, start=NOW + 2 * DAY)
    # The second order's shift is moved to the same hours of the week after, where both would meet.
    shift = other.shifts.get()
    shift.start_at, shift.end_at = source.starts_at, source.ends_at
    shift.save()
    Position.objects.filter(shift=shift).update(proposed_worker=who, status=PositionStatus.PROPOSED)
    first, second = copying.plan(company, MONDAY, NOW)
    assert (first.kept, second.kept) == (1, 0)
    assert {reason.code for reason in second.shifts[0].out[0].reasons} == {"overlap"}


def test_a_holiday_costs_more_and_is_named(agency):
    source = proposed(agency, people=1)
    PublicHoliday.objects.create(day=date(2026, 12, 1), kind="holiday")
    (one,) = copying.plan(source.client, MONDAY, NOW)
    assert one.holidays == [date(2026, 12, 1)]
    assert one.before is not None and one.cost is not None
    assert one.cost > one.before


def test_audit_and_client_hear_who_did_it(agency):
    source = proposed(agency, people=1)
    (order,) = copied(agency, source)
    event = AuditEvent.objects.get(action="copy", subject_id=order.pk)
    assert (event.actor_role, event.data) == ("dispatcher", {"from": source.pk})
    assert [note.user for note in Notification.objects.filter(kind="order.copied")] == [agency.member(source.client)]


def test_what_cannot_be_copied(agency):
    source = proposed(agency, people=1)
    by = actor_of(agency.dispatcher())
    with pytest.raises(Invalid):
        copying.copy_week(source.client, MONDAY, [], by=by, now=NOW)
    with pytest.raises(Conflict):
        copying.copy_week(source.client, MONDAY, [source.pk], by=by, now=NOW + 9 * DAY)
    with pytest.raises(Forbidden):
        copying.copy_week(source.client, MONDAY, [source.pk], by=actor_of(agency.manager()), now=NOW)
