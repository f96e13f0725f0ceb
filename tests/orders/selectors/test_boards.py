"""Promised, confirmed, arrived, late, replaced."""

from datetime import timedelta

import pytest

from orders.models import Shift
from orders.selectors.boards import Tally, board, is_late, with_people
from orders.services import turning_up
from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.client_room import arrive, booked, filled, replaced

BEGINS = NOW + timedelta(days=2)


@pytest.fixture
def shift(agency: Agency) -> Shift:
    for _ in range(5):
        agency.worker()
    return filled(agency, agency.client(), BEGINS).shifts.get()


def tally_at(shift: Shift, minutes: int) -> Tally:
    return board(with_people(Shift.objects.filter(pk=shift.pk)).get(), BEGINS + timedelta(minutes=minutes)).tally


@pytest.mark.django_db
def test_before_the_start_nobody_is_late(shift: Shift) -> None:
    assert tally_at(shift, -1) == Tally(promised=3, confirmed=3, arrived=0, late=0, replaced=0)


@pytest.mark.django_db
def test_what_people_say_beforehand_is_counted(shift: Shift) -> None:
    first, second, _third = booked(shift.order)
    turning_up.confirm(first.pk, by=actor_of(first.worker.user), now=BEGINS - timedelta(hours=5))
    turning_up.set_out(second.pk, by=actor_of(second.worker.user), now=BEGINS - timedelta(hours=1))
    assert tally_at(shift, -30) == Tally(promised=3, confirmed=3, arrived=0, late=0, replaced=0, sure=2, on_the_way=1)


@pytest.mark.django_db
def test_late_counts_from_the_first_full_minute(shift: Shift) -> None:
    arrive(shift.order, 0, 6)
    assert tally_at(shift, 0) == Tally(promised=3, confirmed=3, arrived=2, late=1, replaced=0, sure=2)
    assert tally_at(shift, 1) == Tally(promised=3, confirmed=3, arrived=2, late=2, replaced=0, sure=2)


@pytest.mark.django_db
def test_who_stands_in_is_named_and_never_late(shift: Shift) -> None:
    arrive(shift.order, -5, 0)
    lost = booked(shift.order)[0]
    found = replaced(shift.order, BEGINS + timedelta(minutes=16))
    assert tally_at(shift, 120) == Tally(promised=3, confirmed=3, arrived=2, late=0, replaced=1, sure=3)
    shown = board(with_people(Shift.objects.filter(pk=shift.pk)).get(), BEGINS + timedelta(minutes=20))
    stand_in = next(each for each in shown.people if each.work == found)
    assert stand_in.stands_in_for == lost.worker.user.name
    assert shown.people[-1].work == lost
    assert not is_late(found, BEGINS + timedelta(hours=3))


@pytest.mark.django_db
def test_empty_places_are_counted_by_state(agency: Agency) -> None:
    order = agency.submitted(headcount=2)
    shown = board(with_people(order.shifts.all()).get(), NOW)
    assert (shown.empty, shown.complete) == ([("open", 2)], False)
