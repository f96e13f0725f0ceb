"""Handing in, stage by stage: one application a person and way, dates by the policy, nothing twice."""

from datetime import timedelta

import pytest

from staffing.core.actors import LINK, actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import AuditEvent, OutboxMessage
from tests.fixtures.agency import NOW
from workers.models import Application, Partner, RecruitPolicy
from workers.services import applications
from workers.services.applications import ApplicationSpec, BadApplication

DAY = timedelta(days=1)
PHONE = "13712345678"


def hand_in(phone=PHONE, **fields):
    partner = fields.pop("partner", None)
    spec = ApplicationSpec(**({"name": "林 晓雨", "phone": phone} | fields))
    return applications.submit(spec, partner=partner, by=LINK, now=NOW)


@pytest.fixture
def desk(agency):
    return actor_of(agency.dispatcher())


def test_it_is_kept_as_the_house_writes_it_with_owner_and_day(agency, desk):
    said = {"skills": {"chat": 3}, "languages": {"mandarin": 4}, "typing_wpm": 70}
    found = hand_in(" +86 137-1234-5678 ", email=" a@b.example ", answers=said, city=agency.city).application
    assert (found.phone, found.email, found.answers, found.owner) == (PHONE, "a@b.example", said, desk.user)
    assert found.due_at == NOW + RecruitPolicy.current().applied_days * DAY
    assert AuditEvent.objects.get(subject_type="application").action == "apply"


def test_everything_wrong_is_said_at_once(agency):
    with pytest.raises(BadApplication) as refusal:
        hand_in("123", name="\x00", email="nowhere", source="moon", answers={"skills": {"flying": 1}})
    assert set(refusal.value.problems) == {"name", "phone", "email", "source", "skills"}
    assert not Application.objects.exists()


def test_the_same_phone_by_the_same_way_changes_nothing(agency):
    first, again = hand_in(), hand_in("137 1234 5678", name="别人")
    assert first.created and not again.created and again.application == first.application
    assert Application.objects.get().name == "林 晓雨"
    assert not again.possible_duplicate


def test_another_way_or_a_worker_is_for_a_person_to_decide(agency):
    partner = Partner.objects.create(code="qingyun", name="青云校园", kind="student")
    first, second = hand_in(), hand_in(partner=partner)
    assert second.created and second.possible_duplicate and not first.possible_duplicate
    assert (second.application.source, second.application.duplicate) == ("student", "possible")
    worker = agency.worker()
    assert hand_in(worker.user.phone).possible_duplicate


def test_somebody_whose_application_is_over_may_apply_again(agency, desk):
    first = hand_in().application
    applications.reject(first.pk, "no_need", by=desk, now=NOW)
    again = hand_in()
    assert again.created and not again.possible_duplicate
    with pytest.raises(Invalid):
        applications.reopen(first.pk, by=desk, now=NOW)


def test_a_move_sets_the_stages_day_and_a_repeat_nothing(agency, desk):
    found = hand_in().application
    for _ in range(2):
        found = applications.move(found.pk, "interview", by=desk, now=NOW + DAY)
    assert found.due_at == NOW + DAY + RecruitPolicy.current().interview_days * DAY
    assert AuditEvent.objects.filter(subject_type="application", action="to_interview").count() == 1
    with pytest.raises(Invalid):
        applications.move(found.pk, "active", by=desk, now=NOW)
    with pytest.raises(Conflict):
        applications.move(found.pk, "applied", by=desk, now=NOW)


def test_a_refusal_needs_a_reason_and_can_be_taken_back(agency, desk):
    found = hand_in().application
    with pytest.raises(Invalid):
        applications.reject(found.pk, "", by=desk, now=NOW)
    found = applications.reject(found.pk, "papers", "证件不清", by=desk, now=NOW)
    assert (found.status, found.reason, found.due_at, found.closed_at) == ("rejected", "papers", None, NOW)
    found = applications.reopen(found.pk, by=desk, now=NOW + DAY)
    assert (found.status, found.reason, found.closed_at) == ("applied", "", None)


def test_the_applicant_may_withdraw_and_nothing_else(agency):
    found = hand_in().application
    with pytest.raises(Forbidden):
        applications.move(found.pk, "documents", by=LINK, now=NOW)
    applications.withdraw(found.pk, by=LINK, now=NOW)
    assert applications.withdraw(found.pk, by=LINK, now=NOW).status == "withdrawn"
    assert AuditEvent.objects.filter(action="withdraw").count() == 1


def test_the_least_busy_dispatcher_gets_the_next(agency):
    people = [agency.dispatcher() for _ in range(3)]
    owners = [hand_in(f"1371234567{n}").application.owner for n in range(6)]
    assert owners == people * 2


def test_taking_over_is_told_once(agency, desk):
    found = hand_in().application
    other = actor_of(agency.dispatcher())
    for _ in range(2):
        applications.take(found.pk, by=other, now=NOW)
    found.refresh_from_db()
    assert found.owner == other.user and AuditEvent.objects.filter(action="take").count() == 1


def test_a_reminder_waits_for_each_day_that_was_set(agency, desk):
    found = hand_in().application
    if not OutboxMessage.objects.filter(topic="application.overdue").exists():
        pytest.fail("nobody would be reminded")
    applications.move(found.pk, "training", by=desk, now=NOW)
    due = OutboxMessage.objects.filter(topic="application.overdue").values_list("due_at", flat=True)
    policy = RecruitPolicy.current()
    assert set(due) == {NOW + policy.applied_days * DAY, NOW + policy.training_days * DAY}
