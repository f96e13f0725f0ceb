"""Replacing somebody who is booked: released before the start, a no-show after it, and never one who has come."""

import pytest

from orders.models import Offer
from orders.services import offers, waves
from orders.states import AssignmentStatus, OrderStatus
from staffing.core.errors import Conflict
from staffing.core.models import Notification
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import arrive, booked, desk, minutes, person, status_of
from tests.orders.services.test_waves import asked, people


def test_before_the_start_they_are_released_and_told(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    people(agency, 3)
    waves.replace(work.position_id, work.pk, by=desk(agency), now=NOW)
    drain(NOW)
    assert (status_of(work), len(asked())) == (AssignmentStatus.RELEASED, 3)
    assert Notification.objects.filter(kind="assignment.released").exists()
    assert Offer.objects.filter(wave=2).count() == 3


def test_after_it_they_count_as_a_no_show(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    people(agency, 3)
    waves.replace(work.position_id, work.pk, by=desk(agency), now=work.start_at + minutes(3))
    assert (status_of(work), len(asked())) == (AssignmentStatus.NO_SHOW, 3)


def test_a_second_click_does_not_send_the_replacement_home(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    people(agency, 3)
    by = desk(agency)
    waves.replace(work.position_id, work.pk, by=by, now=NOW)
    assert waves.replace(work.position_id, work.pk, by=by, now=NOW).ran
    offer = asked()[0]
    found = offers.accept(offer.pk, by=person(offer), now=NOW)
    with pytest.raises(Conflict) as refused:
        waves.replace(work.position_id, work.pk, by=by, now=NOW)
    assert (refused.value.code, status_of(found)) == ("taken_meanwhile", AssignmentStatus.BOOKED)


def test_who_has_come_is_not_replaced(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    arrive(work)
    with pytest.raises(Conflict) as refused:
        waves.replace(work.position_id, work.pk, by=desk(agency), now=work.start_at)
    assert refused.value.code == "arrived"
    assert status_of(work.position.shift.order) == OrderStatus.IN_SERVICE
