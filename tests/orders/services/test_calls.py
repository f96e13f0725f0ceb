"""Calls to whoever is late or silent, and what the answer does at once."""

import pytest

from orders.models import Assignment, CallNote, Offer
from orders.services import calls
from orders.states import AssignmentStatus, OfferStatus
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, DomainError
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.line import arrive, booked, desk, hours, minutes, status_of

START = NOW + hours(30)
Outcome = CallNote.Outcome


@pytest.fixture
def work(agency: Agency) -> Assignment:
    agency.worker()
    return booked(agency, start=START)[0]


@pytest.fixture
def by(agency: Agency) -> Actor:
    return desk(agency)


def test_who_will_come_is_confirmed_and_who_does_not_answer_is_only_noted(work: Assignment, by: Actor) -> None:
    calls.note(work.pk, outcome=Outcome.NO_ANSWER, by=by, now=START - hours(3))
    work.refresh_from_db()
    assert work.confirmed_at is None
    calls.note(work.pk, outcome=Outcome.COMING, note="堵车，提前走", by=by, now=START - hours(2))
    work.refresh_from_db()
    assert work.confirmed_at == START - hours(2)
    told = AuditEvent.objects.get(action="call", data__outcome="coming")
    assert told.reason == "会来 · 堵车，提前走"
    assert [one.outcome for one in work.calls.all()] == [Outcome.COMING, Outcome.NO_ANSWER]


def test_who_has_come_is_checked_in(work: Assignment, by: Actor) -> None:
    calls.note(work.pk, outcome=Outcome.CAME, by=by, now=START + minutes(5))
    work.refresh_from_db()
    assert (work.status, work.checked_in_at) == (AssignmentStatus.CHECKED_IN, START + minutes(5))


@pytest.mark.parametrize(("at", "state"), [(-60, AssignmentStatus.RELEASED), (5, AssignmentStatus.NO_SHOW)])
def test_who_will_not_come_is_replaced_at_once(
    agency: Agency, work: Assignment, by: Actor, at: int, state: str
) -> None:
    others = {agency.worker() for _ in range(3)}
    now = START + minutes(at)
    calls.note(work.pk, outcome=Outcome.NOT_COMING, by=by, now=now)
    assert status_of(work) == state
    asked = Offer.objects.filter(status=OfferStatus.PENDING)
    assert {offer.worker for offer in asked} == others
    calls.note(work.pk, outcome=Outcome.NOT_COMING, by=by, now=now + minutes(0.5))
    assert CallNote.objects.count() == 1
    with pytest.raises(Conflict):
        calls.note(work.pk, outcome=Outcome.NO_ANSWER, by=by, now=now)


def test_late_who_is_coming_is_only_noted(work: Assignment, by: Actor) -> None:
    calls.note(work.pk, outcome=Outcome.COMING, by=by, now=START + minutes(5))
    assert status_of(work) == AssignmentStatus.BOOKED
    assert work.confirmed_at is None


def test_what_is_refused_leaves_no_note(work: Assignment, by: Actor) -> None:
    with pytest.raises(DomainError):
        calls.note(work.pk, outcome=Outcome.CAME, by=by, now=START - hours(10))
    arrive(work)
    with pytest.raises(Conflict):
        calls.note(work.pk, outcome=Outcome.COMING, by=by, now=START + minutes(1))
    assert not CallNote.objects.exists()
