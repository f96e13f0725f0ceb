"""Open and unconfirmed places of the coming days, planned together: who is moved, who stays, what follows."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from orders.matching import Weights
from orders.models import MatchRun, Offer, Order, OrderPolicy, Position
from orders.pool import needs_of
from orders.services import batch, horizon, offers, ordering, proposing
from orders.states import OfferStatus, OrderStatus, PositionStatus
from staffing.core.models import AuditEvent, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.journeys.invariants import complaints
from tests.orders.services.line import TOMORROW, days, desk, minutes, offering, person, proposed, status_of
from workers.models import CertificateType, Language, Skill

pytestmark = pytest.mark.django_db
LATER = NOW + minutes(1)


def who_has(order: Order) -> list[int | None]:
    return list(Position.objects.filter(shift__order=order).order_by("id").values_list("proposed_worker", flat=True))


def place_of(order: Order) -> Position:
    return Position.objects.get(shift__order=order)


class Clash:
    """The only expert has a common place; then comes an order that nobody else can serve, for the same hours."""

    def __init__(self, agency: Agency) -> None:
        self.agency, self.rare = agency, Skill.objects.create(code="rare")
        self.expert = agency.worker(skills={agency.skill: 5, self.rare: 5}, stars=Decimal(5))
        self.common = proposed(agency)

    def special(self, **fields: object) -> Order:
        return proposed(self.agency, skills={self.rare.pk: 2}, **fields)


@pytest.fixture
def clash(agency: Agency) -> Clash:
    return Clash(agency)


def test_somebody_proposed_moves_to_where_only_they_can_go(agency: Agency, clash: Clash) -> None:
    plain, special = agency.worker(stars=Decimal(3)), clash.special()
    assert (who_has(clash.common), who_has(special)) == ([clash.expert.pk], [None])

    run = batch.run(LATER)

    assert (who_has(clash.common), who_has(special)) == ([plain.pk], [clash.expert.pk])
    assert run is not None
    assert (run.cause, run.order, run.positions, run.shortage, run.stopped) == ("batch", None, 2, 0, False)
    assert (run.method, run.fallback) == ("exact", False)
    assert run.gap == pytest.approx(0)
    moved = AuditEvent.objects.filter(subject_type="position", reason="batch").order_by("id")
    assert [event.action for event in moved] == ["exchange", "propose"]
    assert complaints() == []


def test_only_shifts_that_change_get_an_answer_and_it_tells_everybody(agency: Agency, clash: Clash) -> None:
    plain, special = agency.worker(stars=Decimal(3)), clash.special()
    elsewhere = proposed(agency, start=TOMORROW + timedelta(days=2))
    run = batch.run(LATER)
    assert run is not None
    assert run.positions == 3
    answers = {answer.shift.order_id: answer for answer in run.shifts.select_related("shift")}
    assert set(answers) == {clash.common.pk, special.pk}
    assert {row["worker"] for row in answers[clash.common.pk].ranked} == {clash.expert.pk, plain.pk}
    assert list(answers[special.pk].rejected) == [str(plain.pk)]
    assert place_of(special).match == answers[special.pk]
    assert place_of(elsewhere).match != answers[special.pk]


def test_of_very_many_changes_only_the_chosen_are_told(
    agency: Agency, clash: Clash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_TOLD", 1)
    agency.worker(stars=Decimal(3))
    special = clash.special()
    run = batch.run(LATER)
    assert run is not None
    answer = run.shifts.get(shift__order=special)
    assert [row["worker"] for row in answer.ranked] == [clash.expert.pk]
    assert answer.rejected == {}


def test_where_nothing_would_change_nothing_is_written(agency: Agency, clash: Clash) -> None:
    runs, events = MatchRun.objects.count(), AuditEvent.objects.count()
    assert batch.run(LATER) is None
    assert (MatchRun.objects.count(), AuditEvent.objects.count()) == (runs, events)


def test_a_second_batch_finds_nothing_to_do(agency: Agency, clash: Clash) -> None:
    agency.worker(stars=Decimal(3))
    clash.special()
    assert batch.run(LATER) is not None
    assert batch.run(LATER) is None


@pytest.mark.parametrize("fixed", ["offered", "accepted", "by hand"])
def test_who_was_asked_or_accepted_or_chosen_by_hand_stays(agency: Agency, clash: Clash, fixed: str) -> None:
    agency.worker(stars=Decimal(3))
    place = place_of(clash.common)
    if fixed == "by hand":
        other = agency.worker(skills={agency.skill: 2, clash.rare: 2}, stars=Decimal(1))
        proposing.exchange(place.pk, other.pk, by=desk(agency), now=NOW, reason="客户点名")
        clash.expert.status = "suspended"
        clash.expert.save()
    else:
        ordering.confirm(clash.common.pk, by=desk(agency), now=NOW)
    if fixed == "accepted":
        offers.accept(Offer.objects.get().pk, by=person(Offer.objects.get()), now=NOW)
    special, before = clash.special(), who_has(clash.common)
    assert who_has(special) == [None]
    assert batch.run(LATER) is None
    assert (who_has(clash.common), who_has(special)) == (before, [None])


@pytest.mark.parametrize(("reliability", "moves"), [(60, False), (54, True)])
def test_an_unconfirmed_one_moves_only_for_a_gain_over_the_threshold(
    agency: Agency, reliability: int, moves: bool
) -> None:
    """Six points are exactly `stay`, seven are more."""
    first = agency.worker(reliability=reliability)
    order = proposed(agency)
    better = agency.worker(reliability=100)
    found = batch.run(LATER)
    assert who_has(order) == [better.pk if moves else first.pk]
    assert (found is not None) == moves


def test_the_high_value_client_gets_the_better_person(agency: Agency) -> None:
    best = agency.worker(stars=Decimal(5))
    ordinary = proposed(agency)
    plain = agency.worker(stars=Decimal(3), reliability=40)
    valued = proposed(agency, company=agency.client(value=2))
    assert (who_has(ordinary), who_has(valued)) == ([best.pk], [plain.pk])
    batch.run(LATER)
    assert (who_has(ordinary), who_has(valued)) == ([plain.pk], [best.pk])


def test_who_is_the_only_one_goes_to_the_high_value_client_and_the_other_place_is_sought(agency: Agency) -> None:
    agency.worker()
    ordinary = proposed(agency)
    valued = proposed(agency, company=agency.client(value=2))
    batch.run(LATER)
    assert (place_of(ordinary).status, place_of(valued).status) == (PositionStatus.OPEN, PositionStatus.PROPOSED)
    assert complaints() == []
    later = agency.worker()
    drain(LATER + minutes(10))
    assert who_has(ordinary) == [later.pk]


def test_a_place_filled_late_completes_the_proposal(agency: Agency, clash: Clash) -> None:
    special = clash.special()
    agency.worker()
    assert special.proposed_at is None
    batch.run(LATER)
    special.refresh_from_db()
    assert special.status == OrderStatus.PROPOSED
    assert Order.objects.get(proposed_at=LATER) == special


def test_an_order_that_confirms_itself_does_so_once_the_batch_has_completed_it(agency: Agency, clash: Clash) -> None:
    special = clash.special(company=agency.client(auto_confirm=True))
    agency.worker()
    batch.run(LATER)
    assert status_of(special) == OrderStatus.OFFERING
    assert Offer.objects.get(status=OfferStatus.PENDING).worker == clash.expert
    assert complaints() == []


def test_on_a_confirmed_order_the_person_is_asked_at_once(agency: Agency, clash: Clash) -> None:
    special = clash.special(headcount=2)
    ordering.confirm(special.pk, by=desk(agency), now=NOW)
    agency.worker()
    batch.run(LATER)
    assert Offer.objects.get().worker == clash.expert
    assert Offer.objects.get().sent_at == LATER
    assert complaints() == []


def test_an_order_that_waits_for_its_matching_is_proposed_if_all_of_it_is_near(agency: Agency) -> None:
    agency.worker()
    near, far = agency.submitted(), agency.submitted(shifts=days(8, 8, 8, 8, 8, 8, 8, 8))
    batch.run(LATER)
    assert (status_of(near), status_of(far)) == (OrderStatus.PROPOSED, OrderStatus.SUBMITTED)
    assert complaints() == []
    drain(LATER)
    assert MatchRun.objects.filter(order=near).count() == 0
    assert status_of(far) == OrderStatus.PROPOSED
    event = AuditEvent.objects.get(subject_type="order", subject_id=near.pk, action="propose")
    assert event.data["shortage"] == 0


def test_what_begins_later_than_the_horizon_is_left_alone(agency: Agency) -> None:
    agency.worker(reliability=10)
    inside = proposed(agency, start=NOW + timedelta(days=7))
    outside = proposed(agency, start=NOW + timedelta(days=7, minutes=2), headcount=1)
    better = agency.worker()
    batch.run(LATER)
    assert who_has(inside) == [better.pk]
    assert who_has(outside) != [better.pk]
    OrderPolicy(batch_days=8).save()
    Position.objects.filter(shift__order=inside).update(chosen_by_hand=False)
    batch.run(LATER)
    assert status_of(outside) == OrderStatus.PROPOSED


def test_backups_come_after_everybody_has_a_first(agency: Agency) -> None:
    for _ in range(3):
        agency.worker()
    order = agency.submitted(headcount=2)
    batch.run(LATER)
    places = Position.objects.filter(shift__order=order).values_list("proposed_worker", "backup_worker")
    firsts, backups = {first for first, _ in places}, {backup for _, backup in places if backup}
    assert len(firsts) == 2
    assert len(backups) == 1
    assert not firsts & backups


def test_the_needs_are_those_of_a_single_order(agency: Agency) -> None:
    """Also with every kind of requirement: what many orders at once read is what one reads."""
    company = agency.client(value=1)
    english, paper = Language.objects.create(code="english"), CertificateType.objects.create(code="paper")
    asked: dict[str, Any] = {
        "languages": {english.pk: 3},
        "certificates": [paper.pk],
        "min_stars": Decimal(4),
        "clearance": 1,
    }
    orders = [agency.submitted(company, headcount=3, **asked), agency.submitted(remote=True, site=None)]
    weights = Weights()
    found = horizon.read(NOW, 7, weights)
    for order in orders:
        shifts = list(order.shifts.all())
        assert [found.needs[shift.pk] for shift in shifts] == needs_of(order, shifts, weights=weights)


def test_a_novice_who_has_been_asked_counts_as_one(agency: Agency) -> None:
    for _ in range(2):
        agency.worker()
    order = offering(agency, headcount=3)
    weights = Weights(novice_percent=100)
    assert horizon.read(NOW, 7, weights).needs[order.shifts.get().pk].novice_places == 3
    Position.objects.filter(shift__order=order, status=PositionStatus.OFFERED).update(novice=True)
    need = horizon.read(NOW, 7, weights).needs[order.shifts.get().pk]
    assert (need.headcount, need.novice_places) == (1, 1)


def test_a_batch_of_nothing(agency: Agency) -> None:
    assert batch.run(NOW) is None
    assert not OutboxMessage.objects.filter(topic="position.seek").exists()
