"""Open and unconfirmed places of the coming days, planned together."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from orders.models import MatchRun, MatchShift, MatchWeights, Offer, Order, OrderPolicy, Position
from orders.pool import needs_of, weights_in_force
from orders.services import batch, horizon, offers, ordering, proposing
from orders.services.ordering import ShiftSpec
from orders.states import OfferStatus, OrderStatus, PositionStatus
from staffing.core.models import AuditEvent, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.journeys.invariants import complaints
from tests.orders.services.line import TOMORROW, booked, days, desk, hours, minutes, offering, proposed, status_of
from workers.models import Skill, Worker

pytestmark = pytest.mark.django_db


def who_has(order: Order) -> list[int | None]:
    return list(Position.objects.filter(shift__order=order).order_by("id").values_list("proposed_worker", flat=True))


def test_somebody_proposed_moves_to_where_only_they_can_go(agency: Agency) -> None:
    rare = Skill.objects.create(code="rare")
    expert = agency.worker(skills={agency.skill: 5, rare: 5}, stars=Decimal(5))
    plain = agency.worker(stars=Decimal(3))
    common = proposed(agency)
    special = proposed(agency, skills={rare.pk: 2})
    assert (who_has(common), who_has(special)) == ([expert.pk], [None])

    run = batch.run(NOW + minutes(1))

    assert (who_has(common), who_has(special)) == ([plain.pk], [expert.pk])
    assert run is not None
    assert (run.cause, run.order, run.positions, run.shortage, run.stopped) == ("batch", None, 2, 0, False)
    assert (run.method, run.fallback, run.gap) == ("exact", False, pytest.approx(0))
    assert run.shifts.count() == 2
    moved = AuditEvent.objects.filter(subject_type="position", reason="batch").order_by("id")
    assert [event.action for event in moved] == ["exchange", "propose"]
    assert complaints() == []
