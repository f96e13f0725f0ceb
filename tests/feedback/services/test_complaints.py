"""Complaints: from anybody, kept once, each with its case; put under the right heading, and away at the end."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from feedback.models import Complaint, ReviewCase
from feedback.services import cases, complaints
from feedback.services.complaints import About, Words
from orders.models import Assignment
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent, Notification
from tests.feedback.stories import ENDED, Scene, scene
from tests.fixtures.agency import Agency
from tests.fixtures.outbox import drain

SAID = Words("attitude", 2, " 态度不好 ")


@pytest.fixture
def told(agency: Agency) -> Scene:
    return scene(agency)


def file(told: Scene, words: Words = SAID, **more: Any) -> Complaint:
    given: dict[str, Any] = {"by": told.client, "now": ENDED, "key": uuid.uuid4()} | more
    return complaints.file(About(told.company, told.order), words, **given)


def test_a_clients_complaint_opens_a_case(told: Scene) -> None:
    found = file(told)
    assert (found.text, found.raised_by_role, found.reporter) == ("态度不好", "client", told.member)
    assert (found.case.order, found.case.client, found.case.opened_at) == (told.order, told.company, ENDED)


def test_in_general_needs_no_order(told: Scene) -> None:
    found = complaints.file(About(told.company), SAID, by=told.client, now=ENDED, key=uuid.uuid4())
    assert (found.order, found.case.order) == (None, None)


def test_sending_the_form_twice_keeps_one(told: Scene) -> None:
    key = uuid.uuid4()
    assert file(told, key=key) == file(told, Words("cost", 1, "又"), key=key)
    assert ReviewCase.objects.count() == 1
    with pytest.raises(Conflict):
        file(told, key=key, by=told.agency.acting_client(told.agency.client()))


def test_a_worker_is_not_named_unless_they_agree(told: Scene) -> None:
    work = Assignment.objects.select_related("worker__user").earliest("pk")
    by = actor_of(work.worker.user)
    about = About(told.company, told.order, work)
    found = complaints.file(about, SAID, by=by, now=ENDED, key=uuid.uuid4())
    assert (found.raised_by_role, found.reporter, found.may_name) == ("worker", work.worker.user, False)
    drain(ENDED)
    heard = Notification.objects.filter(user=told.member).values_list("kind", flat=True)
    assert not [kind for kind in heard if kind.startswith("case.")]


def test_a_call_is_written_down_by_the_desk(told: Scene) -> None:
    found = file(told, by=told.desk, caller="张经理")
    assert (found.raised_by_role, found.caller) == ("phone", "张经理")
    assert (found.reporter, found.recorded_by) == (None, told.dispatcher)


def test_what_the_order_costs_is_kept_with_a_complaint_about_money(told: Scene) -> None:
    assert file(told).fees == []
    lines = file(told, Words("cost", 1, "多收了")).fees
    assert [(line["code"], Decimal(line["amount"])) for line in lines] == [("day", told.order.estimate)]


@pytest.mark.parametrize("wrong", [Words("attitude", 1, "  "), Words("x", 1, "x"), Words("cost", 4, "x")])
def test_what_makes_no_sense_is_refused(told: Scene, wrong: Words) -> None:
    with pytest.raises(Invalid):
        file(told, wrong)
    assert not Complaint.objects.exists()


def test_anothers_order_is_refused(told: Scene) -> None:
    other = told.agency.client()
    with pytest.raises(Invalid):
        complaints.file(About(other, told.order), SAID, by=told.desk, now=ENDED, key=uuid.uuid4())


def test_another_heading_keeps_the_first_in_the_audit(told: Scene) -> None:
    found = file(told)
    for _again in range(2):
        complaints.classify(found.pk, category="cost", severity=3, by=told.desk, now=ENDED)
    found.refresh_from_db()
    assert (found.category, found.severity, bool(found.fees)) == ("cost", 3, True)
    data = AuditEvent.objects.get(subject_type="complaint", action="classify").data
    assert data["before"] == {"category": "attitude", "severity": 2}
    with pytest.raises(Invalid):
        complaints.classify(found.pk, category="x", severity=3, by=told.desk, now=ENDED)


def test_it_is_put_away_only_once_its_case_is_closed(told: Scene) -> None:
    found = file(told)
    with pytest.raises(Conflict):
        complaints.archive(found.pk, by=told.desk, now=ENDED)
    cases.take(found.case.pk, by=told.desk, now=ENDED)
    ReviewCase.objects.update(status="confirmed", closed_at=ENDED)
    for _again in range(2):
        complaints.archive(found.pk, by=told.desk, now=ENDED)
    found.refresh_from_db()
    assert found.archived_at == ENDED
    assert AuditEvent.objects.filter(subject_type="complaint", action="archive").count() == 1
