"""Looking for the next person: an open place is always looked at again, and by one chain of looks."""

import pytest
from django.db import transaction

from orders.models import Offer, Position
from orders.services import offers, proposing
from orders.states import OfferStatus, PositionStatus
from staffing.core.models import OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import minutes, offering, person, proposed, status_of


def looks() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(topic="position.seek", done_at__isnull=True))


def test_a_place_emptied_twice_at_one_instant_is_looked_at_twice(agency: Agency) -> None:
    for _ in range(3):
        agency.worker()
    order = offering(agency)
    for _ in range(2):
        offer = Offer.objects.get(status=OfferStatus.PENDING)
        offers.decline(offer.pk, by=person(offer), now=NOW)
        drain(NOW)
    place = Position.objects.get(shift__order=order)
    assert place.status == PositionStatus.OFFERED
    assert Offer.objects.count() == 3


def test_a_place_without_anybody_is_looked_at_again_and_again(agency: Agency) -> None:
    order = proposed(agency)
    place = Position.objects.get(shift__order=order)
    begins = place.shift.start_at
    assert begins == NOW + minutes(24 * 60)
    near = begins - minutes(120)
    # Seldom while the shift is far (whatever changes meanwhile wakes the batch), then once more when it is near.
    for due in (*(NOW + minutes(10 + 120 * n) for n in range(11)), near, near + minutes(10), near + minutes(20)):
        assert [row.due_at for row in looks()] == [due]
        drain(due)
    agency.worker()
    drain(near + minutes(30))
    assert status_of(place) == PositionStatus.PROPOSED


def test_two_looks_at_one_place_become_one_chain(agency: Agency) -> None:
    order = proposed(agency)
    place = Position.objects.select_related("shift").get(shift__order=order)
    with transaction.atomic():
        offers.seek(place, NOW + minutes(1))
        offers.seek(place, NOW + minutes(2))
    assert len(looks()) == 3
    drain(NOW + minutes(2))
    assert len(looks()) == 1
    drain(NOW + minutes(60))
    assert len(looks()) == 1


@pytest.mark.parametrize("runs", [1, 2])
def test_a_look_at_a_place_that_is_taken_does_nothing(agency: Agency, runs: int) -> None:
    agency.worker()
    order = offering(agency)
    place = Position.objects.get(shift__order=order)
    for _ in range(runs):
        assert not proposing.seek(place.pk, NOW)
    assert Offer.objects.count() == 1
