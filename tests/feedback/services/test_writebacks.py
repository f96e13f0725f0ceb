"""What a repair changes for good: previewed, applied once by the owning app, taken back, and measured."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from feedback.models import CreditNote, LoopPolicy, ReviewCase, WriteBack
from feedback.presentation import lessons as wording
from feedback.selectors import lessons as selectors
from feedback.services import cases, credits, fixes, writebacks
from feedback.services.remedies import REMEDIES, Plan
from orders.models import Client, ClientGate, DoNotSend
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import AuditEvent, Notification
from tests.feedback.services.test_cases import sweep
from tests.feedback.stories import CAUSE, ENDED, open_case, scene
from workers.models import Course, TrainingTask
from workers.services import trainings

DAY = timedelta(days=1)
KINDS = list(WriteBack.Kind.values)


@pytest.fixture
def told(agency):
    return scene(agency)


@pytest.fixture
def case(told):
    return fixing(told)


def fixing(told, now=ENDED) -> ReviewCase:
    made = open_case(told, now)
    cases.take(made.pk, by=told.desk, now=now)
    return cases.find_cause(made.pk, by=told.desk, now=now, **CAUSE)


@pytest.fixture
def plans(told):
    worker = selectors.people_of(ReviewCase(order=told.order)).first()
    course = Course.objects.create(code="calm", name_zh="情绪安抚", name_en="Calming callers")
    day = timezone.localdate(ENDED) + 7 * DAY
    return {
        "gate": Plan("gate", gate=f"skill:{told.agency.skill.pk}", level=4, reason="技能不符"),
        "do_not_send": Plan("do_not_send", worker=worker, reason="态度差"),
        "training": Plan("training", worker=worker, course=course, due_on=day, reason="学会安抚"),
        "backups": Plan("backups", count=2),
        "briefing": Plan("briefing", text="先核对订单号。"),
        "credit": Plan("credit", amount=Decimal(200), reason="服务未达标"),
    }


def apply(told, case, plan, key=None, now=ENDED) -> WriteBack:
    return writebacks.apply(case.pk, plan, form_key=key or uuid.uuid4(), by=told.desk, now=now)


def state(told) -> list:
    client = Client.objects.get(pk=told.company.pk)
    open_tasks = trainings.open_tasks().count()
    gates = list(ClientGate.objects.values_list("kind", "ref", "level"))
    return [client.briefing, client.backups, gates, DoNotSend.objects.count(), open_tasks]


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_changes_nothing_and_says_what_will_be(told, case, plans, kind):
    before = state(told)
    facts = writebacks.preview(case, plans[kind], ENDED)
    assert wording.text(kind, facts)
    assert (state(told), WriteBack.objects.count()) == (before, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_applied_once_audited_and_told_to_the_client(told, case, plans, kind):
    before, key = state(told), uuid.uuid4()
    row = apply(told, case, plans[kind], key)
    assert apply(told, case, plans[kind], key) == row
    assert (state(told) != before) is (kind != "credit")
    assert AuditEvent.objects.filter(subject_id=case.pk, action="write_back").count() == 1
    assert wording.for_client(WriteBack.objects.all()).startswith("· ")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "credit"])
def test_taken_back_all_is_as_before(told, case, plans, kind):
    before = state(told)
    row = apply(told, case, plans[kind])
    for _ in range(2):
        writebacks.revert(row.pk, by=told.desk, now=ENDED)
    assert state(told) == before
    assert AuditEvent.objects.filter(subject_id=case.pk, action="take_back").count() == 1
    assert wording.for_client(WriteBack.objects.all()) == ""


@pytest.mark.parametrize("kind", ["gate", "do_not_send", "training", "backups", "briefing"])
def test_the_same_again_is_refused(told, case, plans, kind):
    apply(told, case, plans[kind])
    case.client.refresh_from_db()
    with pytest.raises(Invalid):
        apply(told, case, plans[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_missing_is_said(told, case, kind):
    with pytest.raises(Invalid):
        apply(told, case, Plan(kind))
    assert kind in REMEDIES


def test_a_cause_comes_first(told, plans):
    case = open_case(told)
    with pytest.raises(Conflict):
        apply(told, case, plans["briefing"])


def test_what_others_changed_since_is_not_overwritten(told, case, plans):
    rows = [apply(told, case, plans[kind]) for kind in ("gate", "backups", "briefing")]
    ClientGate.objects.update(level=5)
    Client.objects.update(backups=7, briefing="全新")
    for row in rows:
        with pytest.raises(Conflict):
            writebacks.revert(row.pk, by=told.desk, now=ENDED)


def test_money_above_the_limit_needs_a_second_person(told, case):
    limit = LoopPolicy.current().credit_alone
    row = apply(told, case, Plan("credit", amount=limit + 1, reason="两人未到岗"))
    manager = actor_of(told.agency.manager())
    assert row.credit is not None and row.credit.status == CreditNote.Status.WAITING
    assert wording.for_client([row]) == ""
    with pytest.raises(Forbidden):
        credits.decide(row.credit.pk, approve=True, by=told.desk, now=ENDED)
    for _ in range(2):
        credits.decide(row.credit.pk, approve=True, by=manager, now=ENDED)
    with pytest.raises(Conflict):
        credits.decide(row.credit.pk, approve=False, by=manager, now=ENDED)
    with pytest.raises(Conflict):
        writebacks.revert(row.pk, by=told.desk, now=ENDED)
    sweep(ENDED)
    assert [one.user for one in Notification.objects.filter(kind="credit.client")] == [told.member]


def test_money_up_to_the_limit_is_given_at_once(told, case):
    row = apply(told, case, Plan("credit", amount=LoopPolicy.current().credit_alone, reason="迟到"))
    assert row.credit is not None and row.credit.status == CreditNote.Status.APPROVED


def test_the_worker_hears_of_the_course(told, case, plans):
    apply(told, case, plans["training"])
    sweep(ENDED)
    assert [one.user for one in Notification.objects.filter(kind="training.assigned")] == [
        plans["training"].worker.user
    ]
    assert TrainingTask.objects.get().reason.startswith(case.number)


def test_money_in_parts_needs_the_second_person_as_money_at_once(told, case) -> None:
    half = LoopPolicy.current().credit_alone / 2 + 1
    first, second = (apply(told, case, Plan("credit", amount=half, reason=f"第 {n} 次")).credit for n in (1, 2))
    assert first is not None and second is not None
    assert (first.status, second.status) == (CreditNote.Status.APPROVED, CreditNote.Status.WAITING)
    credits.withdraw(second.pk, by=told.desk, now=ENDED)
    third = apply(told, case, Plan("credit", amount=half - 2, reason="补足")).credit
    assert third is not None and third.status == CreditNote.Status.APPROVED


def test_the_effect_counts_the_same_cause_of_the_same_client_or_the_same_worker(told, case, plans):
    general, personal = apply(told, case, plans["backups"]), apply(told, case, plans["training"])
    later = ENDED + 10 * DAY
    again = scene(told.agency, company=told.company, now=later)
    fixing(again, later)
    other = scene(told.agency, now=later)
    fixing(other, later)
    found = selectors.effects([general, personal], later + DAY, 90)
    assert (found[general.pk].before, found[general.pk].after, found[general.pk].verdict) == (1, 1, "watching")
    assert (found[personal.pk].before, found[personal.pk].after) == (1, 0)


def test_the_fix_reminds_its_owner_on_its_day_unless_it_is_done(told):
    case = open_case(told)
    cases.take(case.pk, by=told.desk, now=ENDED)
    other = told.agency.dispatcher()
    day = timezone.localdate(ENDED) + 3 * DAY
    plan = CAUSE | {"fix_by": day, "fix_owner": other, "checklist": ["skill_low"]}
    cases.find_cause(case.pk, by=told.desk, now=ENDED, **plan)
    turn = fixes.unfinished().get()
    assert (turn.fix_owner, turn.checklist) == (other, ["skill_low"])
    sweep(ENDED + 4 * DAY)
    assert [one.user for one in Notification.objects.filter(kind="case.fix_due")] == [other]
    for _ in range(2):
        fixes.done(turn.pk, by=told.desk, now=ENDED)
    assert not fixes.unfinished().exists()


def test_silence_is_reminded_twice_and_an_answer_ends_the_reminders(told, case):
    cases.report(case.pk, text="已更换", by=told.desk, now=ENDED)
    policy = LoopPolicy.current()
    sweep(ENDED + timedelta(days=policy.first_reminder_days))
    assert Notification.objects.filter(kind="case.reminder").count() == 1
    sweep(ENDED + timedelta(days=policy.second_reminder_days))
    assert Notification.objects.filter(kind="case.reminder").count() == 2
    second = scene(told.agency)
    answered = fixing(second)
    cases.report(answered.pk, text="已更换", by=second.desk, now=ENDED)
    cases.confirm(answered.pk, by=second.client, now=ENDED)
    sweep(ENDED + timedelta(days=policy.answer_days - 1))
    assert Notification.objects.filter(kind="case.reminder").count() == 2
