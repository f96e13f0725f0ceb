"""Matching an order, looking for the next person, and a dispatcher's own choice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import snapshot
from orders.models import DoNotSend, MatchRun, MatchWeights, Offer, Order, Position
from orders.services import attendance, bookings, offers, ordering, proposing
from orders.states import OfferStatus, OrderStatus, PositionStatus
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import (
    AT_SITE,
    TOMORROW,
    booked,
    days,
    desk,
    hours,
    minutes,
    offering,
    person,
    proposed,
    status_of,
)
from workers.models import Worker


def places(order: Order) -> list[str]:
    return list(Position.objects.filter(shift__order=order).order_by("id").values_list("status", flat=True))


def test_everybody_gets_a_worker_and_nobody_two_places(agency: Agency) -> None:
    for _ in range(3):
        agency.worker()
    order = proposed(agency, headcount=3)
    chosen = Position.objects.filter(shift__order=order).values_list("proposed_worker", flat=True)
    assert len(set(chosen)) == 3
    assert (order.status, order.proposed_at) == (OrderStatus.PROPOSED, NOW)


def test_a_second_run_changes_nothing(agency: Agency) -> None:
    agency.worker()
    order = proposed(agency)
    assert proposing.propose_order(order.pk, NOW) is None
    assert MatchRun.objects.count() == 1


def test_an_order_cancelled_before_its_matching_stays_cancelled(agency: Agency) -> None:
    agency.worker()
    order = agency.submitted()
    ordering.cancel(order.pk, by=desk(agency), now=NOW, reason="改期")
    drain(NOW)
    assert status_of(order) == OrderStatus.CANCELLED
    assert not MatchRun.objects.exists()


def test_an_order_cancelled_after_its_matching_asks_nobody_any_more(agency: Agency) -> None:
    order = offering(agency, headcount=2)
    ordering.cancel(order.pk, by=desk(agency), now=NOW, reason="改期")
    agency.worker()
    drain(order.ends_at + hours(1))
    assert places(order) == [PositionStatus.CLOSED] * 2
    assert not Offer.objects.exists()


def test_a_missing_person_is_no_response_until_found(agency: Agency) -> None:
    order = proposed(agency)
    assert order.proposed_at is None
    agency.worker()
    drain(NOW + minutes(10))
    order.refresh_from_db()
    assert order.proposed_at == NOW + minutes(10)


def test_giving_up_is_no_response(agency: Agency) -> None:
    order = proposed(agency, shifts=days(2, 2))
    drain(TOMORROW + hours(1))
    assert places(order) == [PositionStatus.LAPSED, PositionStatus.OPEN]
    agency.worker()
    drain(TOMORROW + hours(3))
    order.refresh_from_db()
    assert places(order) == [PositionStatus.LAPSED, PositionStatus.PROPOSED]
    assert order.proposed_at is None


def test_a_proposal_is_made_afresh_though_a_place_has_lapsed(agency: Agency) -> None:
    order = proposed(agency, shifts=days(2, 2))
    drain(TOMORROW + hours(1))
    agency.worker()
    now = TOMORROW + hours(2)
    ordering.rematch(order.pk, by=desk(agency), now=now)
    drain(now)
    assert status_of(order) == OrderStatus.PROPOSED
    assert places(order) == [PositionStatus.LAPSED, PositionStatus.PROPOSED]


def test_a_late_matching_leaves_out_what_is_over(agency: Agency) -> None:
    agency.worker()
    order = agency.submitted(shifts=days(4, 4))
    drain(TOMORROW + hours(5))
    assert status_of(order) == OrderStatus.PROPOSED
    assert places(order) == [PositionStatus.LAPSED, PositionStatus.PROPOSED]


def test_a_late_matching_of_an_order_almost_over_ends_it_at_its_hour(agency: Agency) -> None:
    agency.worker()
    order = agency.submitted()
    drain(order.ends_at - minutes(30))
    assert (status_of(order), places(order)) == (OrderStatus.PROPOSED, [PositionStatus.LAPSED])
    drain(order.ends_at)
    assert status_of(order) == OrderStatus.COMPLETED


def test_a_late_confirmation_asks_for_what_is_not_over(agency: Agency) -> None:
    agency.worker()
    order = proposed(agency, shifts=days(4, 4))
    ordering.confirm(order.pk, by=desk(agency), now=TOMORROW + hours(5))
    assert places(order) == [PositionStatus.LAPSED, PositionStatus.OFFERED]
    assert Offer.objects.count() == 1


@pytest.mark.parametrize(
    ("length", "after", "status"),
    [
        (0.5, minutes(-1), PositionStatus.PROPOSED),
        (0.5, minutes(0), PositionStatus.LAPSED),
        (8, hours(7) - minutes(1), PositionStatus.PROPOSED),
        (8, hours(7), PositionStatus.LAPSED),
    ],
)
def test_until_when_somebody_is_sought(agency: Agency, length: float, after: timedelta, status: str) -> None:
    order = proposed(agency, shifts=days(length))
    agency.worker()
    place = Position.objects.get(shift__order=order)
    proposing.seek(place.pk, order.starts_at + after)
    assert status_of(place) == status


def test_who_said_no_is_not_asked_again_and_the_reserve_goes_first(agency: Agency) -> None:
    for _ in range(4):
        agency.worker()
    order = offering(agency)
    place = Position.objects.get(shift__order=order)
    first = Offer.objects.get()
    reserve = Worker.objects.exclude(pk=first.worker_id).latest("pk")
    Position.objects.update(backup_worker=reserve)
    offers.decline(first.pk, by=person(first), now=NOW)
    drain(NOW)
    second = Offer.objects.get(status=OfferStatus.PENDING)
    assert (second.worker, second.wave) == (reserve, 2)
    offers.decline(second.pk, by=person(second), now=NOW)
    drain(NOW)
    assert Offer.objects.get(status=OfferStatus.PENDING).worker_id not in {first.worker_id, reserve.pk}
    assert status_of(place) == PositionStatus.OFFERED


def test_a_lost_place_is_matched_as_a_replacement_however_far_ahead(agency: Agency) -> None:
    for _ in range(2):
        agency.worker()
    (work,) = booked(agency, start=NOW + timedelta(days=9))
    attendance.cancel(work.pk, by=person(work), now=NOW, reason="家里有事")
    drain(NOW)
    place = Position.objects.get()
    run = MatchRun.objects.latest("pk")
    assert (place.urgent, run.cause) == (False, "replacement")
    assert len(run.inputs_digest) == 64
    assert run.inputs_digest != MatchRun.objects.earliest("pk").inputs_digest


def test_two_orders_do_not_court_one_worker(agency: Agency) -> None:
    agency.worker()
    first, second = proposed(agency), proposed(agency)
    assert (places(first), places(second)) == ([PositionStatus.PROPOSED], [PositionStatus.OPEN])


def test_an_order_that_confirms_itself_does_so_only_when_complete(agency: Agency) -> None:
    company = agency.client(auto_confirm=True)
    agency.worker()
    whole, short = proposed(agency, company=company), proposed(agency, company=company)
    assert (whole.status, short.status) == (OrderStatus.OFFERING, OrderStatus.PROPOSED)


def exchange(agency: Agency, place: Position, worker: Worker, **fields: object) -> Position:
    given = {"by": desk(agency), "now": NOW, "reason": "客户点名"} | fields
    return proposing.exchange(place.pk, worker.pk, **given)  # type: ignore[arg-type]


def test_an_order_that_confirms_itself_does_so_when_the_last_place_is_found_later(agency: Agency) -> None:
    agency.worker()
    order = agency.submitted(agency.client(auto_confirm=True), headcount=2)
    drain(NOW)
    assert Order.objects.get().status == OrderStatus.PROPOSED
    agency.worker()
    drain(NOW + timedelta(minutes=10))
    assert Order.objects.get(pk=order.pk).status == OrderStatus.OFFERING
    assert Offer.objects.filter(status=OfferStatus.PENDING).count() == 2


def test_an_exchange_after_the_confirmation_asks_the_new_one_and_takes_the_old_offer_back(agency: Agency) -> None:
    agency.worker()
    order = offering(agency)
    old, other = Offer.objects.get(), agency.worker()
    place = Position.objects.get(shift__order=order)
    exchange(agency, place, other)
    assert status_of(old) == OfferStatus.WITHDRAWN
    assert Offer.objects.get(status=OfferStatus.PENDING).worker == other
    exchange(agency, place, other)
    assert Offer.objects.count() == 2
    assert AuditEvent.objects.filter(subject_type="position", reason="客户点名").exists()


def test_an_exchange_needs_a_reason(agency: Agency) -> None:
    agency.worker()
    place = Position.objects.get(shift__order=proposed(agency))
    with pytest.raises(Invalid, match="理由"):
        exchange(agency, place, agency.worker(), reason=" ")


def test_gates_open_for_an_override_except_those_that_never_do(agency: Agency) -> None:
    agency.worker()
    order = proposed(agency)
    place = Position.objects.get(shift__order=order)
    unskilled = agency.worker(skills={})
    with pytest.raises(bookings.NotFree) as refused:
        exchange(agency, place, unskilled)
    assert [r["code"] for r in refused.value.params["reasons"]] == ["skill_missing"]
    exchange(agency, place, unskilled, override=True)
    assert AuditEvent.objects.get(action="override").data["reasons"][0]["code"] == "skill_missing"

    barred, suspended = agency.worker(), agency.worker(status=Worker.Status.SUSPENDED)
    DoNotSend.objects.create(client=order.client, worker=barred, reason="客户投诉", created_at=NOW)
    for worker in (barred, suspended):
        with pytest.raises(bookings.NotFree):
            exchange(agency, place, worker, override=True)
    assert Position.objects.get(pk=place.pk).proposed_worker == unskilled


def test_an_overridden_worker_can_say_yes(agency: Agency) -> None:
    agency.worker()
    order = offering(agency)
    unskilled = agency.worker(skills={})
    exchange(agency, Position.objects.get(shift__order=order), unskilled, override=True)
    offer = Offer.objects.get(status=OfferStatus.PENDING)
    assert offers.accept(offer.pk, by=person(offer), now=NOW).worker == unskilled


def test_no_exchange_where_there_is_nothing_to_fill(agency: Agency) -> None:
    agency.worker()
    waiting = agency.submitted()
    place = Position.objects.get(shift__order=waiting)
    with pytest.raises(Conflict):
        exchange(agency, place, agency.worker())
    drain(NOW)
    assert status_of(waiting) == OrderStatus.PROPOSED

    ordering.confirm(waiting.pk, by=desk(agency), now=NOW)
    with pytest.raises(Conflict) as over:
        exchange(agency, place, agency.worker(), now=waiting.ends_at)
    assert over.value.code == "shift_over"
    offer = Offer.objects.get()
    offers.accept(offer.pk, by=person(offer), now=NOW)
    with pytest.raises(Conflict) as filled:
        exchange(agency, place, agency.worker())
    assert filled.value.code == "position_filled"


def test_a_second_run_of_the_handlers_finds_nothing_to_do(agency: Agency) -> None:
    for _ in range(3):
        agency.worker()
    (work,) = booked(agency)
    attendance.cancel(work.pk, by=person(work), now=NOW, reason="家里有事")
    drain(NOW)
    runs, asked = MatchRun.objects.count(), Offer.objects.count()
    for subscriber in ("match", "seek"):
        again(subscriber, NOW)
    assert (MatchRun.objects.count(), Offer.objects.count()) == (runs, asked)


def test_two_replacements_in_a_row_on_one_place(agency: Agency) -> None:
    for _ in range(3):
        agency.worker()
    (first,) = booked(agency)
    attendance.cancel(first.pk, by=person(first), now=NOW, reason="家里有事")
    drain(NOW)
    offer = Offer.objects.get(status=OfferStatus.PENDING)
    second = offers.accept(offer.pk, by=person(offer), now=NOW)
    late = second.start_at + minutes(15)
    drain(late)
    offer = Offer.objects.get(status=OfferStatus.PENDING)
    third = offers.accept(offer.pk, by=person(offer), now=late)
    attendance.check_in(third.pk, by=person(third), now=late, fix=AT_SITE)
    chain = list(first.position.replacements.order_by("pk").values_list("lost", "found", "failed_at"))
    assert chain == [(first.pk, second.pk, None), (second.pk, third.pk, None)]
    assert (second.replaces_id, third.replaces_id) == (first.pk, second.pk)


def test_a_replacement_that_nobody_takes_has_failed(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    drain(work.end_at)
    assert status_of(work.position) == PositionStatus.LAPSED
    assert work.replacement.failed_at == work.end_at
    assert status_of(work.position.shift.order) == OrderStatus.COMPLETED


def test_seeking_waits_for_the_order_that_is_matched_again(agency: Agency) -> None:
    """A look that falls due between throwing a proposal away and the new one is not the last."""
    order = proposed(agency)
    ordering.rematch(order.pk, by=desk(agency), now=NOW + minutes(10))
    place = Position.objects.get(shift__order=order)
    assert not proposing.seek(place.pk, NOW + minutes(10))
    drain(NOW + minutes(10))
    assert OutboxMessage.objects.filter(topic="position.seek", done_at__isnull=True).exists()


@pytest.mark.parametrize("deed", ["passed on", "exchanged", "thrown away", "found again"])
def test_a_place_held_for_a_novice_is_so_only_while_the_novice_has_it(agency: Agency, deed: str) -> None:
    MatchWeights.objects.create(version="test", values={"novice_percent": 100}, created_at=NOW)
    agency.worker(services_done=0)
    order = proposed(agency)
    place = Position.objects.get(shift__order=order)
    assert place.novice
    veteran = agency.worker(services_done=50)
    if deed == "exchanged":
        exchange(agency, place, veteran)
    elif deed == "thrown away":
        ordering.rematch(order.pk, by=desk(agency), now=NOW)
    else:
        ordering.confirm(order.pk, by=desk(agency), now=NOW)
        offer = Offer.objects.get()
        offers.decline(offer.pk, by=person(offer), now=NOW)
    if deed == "found again":
        Position.objects.update(novice=True)
        proposing.seek(place.pk, NOW)
        assert Position.objects.get().proposed_worker == veteran
    assert not Position.objects.get().novice


def queries_of_matching(order: Order) -> list[str]:
    snapshot.current(NOW)
    with CaptureQueriesContext(connection) as seen:
        assert proposing.propose_order(order.pk, NOW) is not None
    return [query["sql"] for query in seen.captured_queries]


@pytest.mark.parametrize("people", [20, 0])
def test_matching_an_order_costs_the_same_for_one_place_and_for_many(agency: Agency, people: int) -> None:
    """Whether everybody is found or nobody; also for several shifts."""
    for _ in range(people):
        agency.worker()
    one, six = agency.submitted(), agency.submitted(shifts=days(4, 4, headcount=3))
    few, many = queries_of_matching(one), queries_of_matching(six)
    assert len(places(six)) == 6
    assert len(many) == len(few), many


def test_after_a_matching_the_pool_is_read_again_before_the_next(
    committed_agency: Agency, django_assert_num_queries: Any
) -> None:
    """Whoever was just proposed is known to be courted already; the next look only asks whether anything is new."""
    worker = committed_agency.worker()
    snapshot.current(NOW)
    assert places(proposed(committed_agency)) == [PositionStatus.PROPOSED]
    with django_assert_num_queries(1):
        found = snapshot.current(NOW)
    assert len(found.pool.candidate(found.pool.row_of(worker.pk)).bookings) == 1
    assert "by_id" in vars(found.pool)


def test_whether_it_is_too_late_is_asked_only_of_what_has_begun(agency: Agency, django_assert_num_queries: Any) -> None:
    order = agency.submitted()
    waiting = ordering.positions_of(order)
    with django_assert_num_queries(0):
        ordering.lapse_passed(waiting, NOW)
    ordering.lapse_passed(waiting, order.ends_at)
    assert places(order) == [PositionStatus.LAPSED]
