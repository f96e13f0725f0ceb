"""Whom a client likes to see again, and whom not."""

import pytest

from orders.models import Assignment, Client, DoNotSend, Offer, Order, Position, Replacement, TeamMember
from orders.services import circle, proposing
from orders.states import AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import booked, offering, proposed, status_of
from workers.models import Worker
from workers.models.changes import PoolChange


def shun(agency: Agency, company: Client, worker: Worker) -> None:
    circle.do_not_send(company, worker, reason="态度不好", by=agency.acting_client(company), now=NOW)


def audits(action: str) -> int:
    return AuditEvent.objects.filter(subject_type__in=("teammember", "donotsend"), action=action).count()


def test_a_team_member_is_added_once_and_leaves_once(agency: Agency) -> None:
    company, worker = agency.client(), agency.worker()
    by, before = agency.acting_client(company), PoolChange.objects.count()
    for _ in range(2):
        circle.add_to_team(company, worker, by=by, now=NOW)
    assert (TeamMember.objects.count(), audits("add")) == (1, 1)
    for _ in range(2):
        circle.leave_team(company, worker, by=by, now=NOW)
    assert (TeamMember.objects.count(), audits("remove")) == (0, 1)
    assert PoolChange.objects.count() - before == 2


def test_who_is_not_to_be_sent_is_no_team_member(agency: Agency) -> None:
    company, worker = agency.client(), agency.worker()
    by = agency.acting_client(company)
    circle.add_to_team(company, worker, by=by, now=NOW)
    for _ in range(2):
        shun(agency, company, worker)
    assert not TeamMember.objects.exists()
    assert DoNotSend.objects.get().reason == "态度不好"
    with pytest.raises(Conflict):
        circle.add_to_team(company, worker, by=by, now=NOW)
    for _ in range(2):
        circle.send_again(company, worker, by=by, now=NOW)
    assert not DoNotSend.objects.exists()
    circle.add_to_team(company, worker, by=by, now=NOW)


def test_it_needs_a_reason(agency: Agency) -> None:
    company = agency.client()
    with pytest.raises(Invalid):
        circle.do_not_send(company, agency.worker(), reason=" ", by=agency.acting_client(company), now=NOW)


def test_a_proposal_goes_to_the_next_at_once(agency: Agency) -> None:
    worker = agency.worker()
    order = proposed(agency)
    agency.worker()
    shun(agency, order.client, worker)
    drain(NOW)
    place = Position.objects.get()
    assert (place.status, place.proposed_worker_id == worker.pk) == (PositionStatus.PROPOSED, False)


def test_a_question_is_taken_back_and_another_is_asked(agency: Agency) -> None:
    worker = agency.worker()
    order = offering(agency)
    second = agency.worker()
    shun(agency, order.client, worker)
    drain(NOW)
    assert Offer.objects.get(worker=worker).status == OfferStatus.WITHDRAWN
    assert Offer.objects.get(worker=second).status == OfferStatus.PENDING


def test_other_clients_still_get_the_worker(agency: Agency) -> None:
    worker = agency.worker()
    shun(agency, agency.client(), worker)
    order = agency.submitted()
    proposing.propose_order(order.pk, NOW)
    assert Position.objects.get(shift__order=order).proposed_worker_id == worker.pk


def test_a_booked_shift_stays_until_the_client_has_it_replaced(agency: Agency) -> None:
    worker = agency.worker()
    (work,) = booked(agency)
    order = Order.objects.select_related("client").get()
    by = agency.acting_client(order.client)
    with pytest.raises(Conflict):
        circle.replace(Assignment.objects.select_related("position__shift__order").get(pk=work.pk), by=by, now=NOW)
    shun(agency, order.client, worker)
    drain(NOW)
    assert status_of(work) == AssignmentStatus.BOOKED
    second = agency.worker()
    for _ in range(2):
        circle.replace(Assignment.objects.select_related("position__shift__order").get(pk=work.pk), by=by, now=NOW)
    drain(NOW)
    assert status_of(work) == AssignmentStatus.RELEASED
    assert Replacement.objects.count() == 1
    assert Offer.objects.get(status=OfferStatus.PENDING).worker_id == second.pk
