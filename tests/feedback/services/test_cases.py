"""The 48-hour loop: opened by what is bad, escalated once, breached for ever, ended by the client or by silence."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections

from feedback import sla
from feedback.models import CaseRound, Escalation, LoopPolicy, ReviewCase, Survey
from feedback.selectors.cases import board, clock_of
from feedback.services import cases, surveys
from feedback.services.surveys import Answers
from feedback.states import CaseStatus
from orders.models import Order
from staffing.core import outbox
from staffing.core.actors import LINK, actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import AuditEvent, Notification, OutboxMessage
from tests.feedback.stories import BAD, CAUSE, ENDED, GOOD, answer_days, open_case, reported, scene
from tests.fixtures.agency import Agency

QUEUES = ("timers", "notify")
LEVELS = [24, 40, 48]


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def sweep(now: datetime) -> None:
    """Do all that is due; a row that fails fails the test."""
    while sum(outbox.sweep(queue, now) for queue in QUEUES):
        pass
    assert not list(OutboxMessage.objects.exclude(last_error="").values_list("subscriber", "last_error"))


def sent(case: ReviewCase) -> list[tuple[int, int]]:
    made = case.escalations.filter(sent_at__isnull=False)
    return sorted(made.values_list("round", "level_hours"))


def listed_late(now: datetime) -> bool:
    """Whether the one case is marked as late on the board."""
    return bool(vars(board(now).get())["was_late"])


@pytest.fixture
def told(agency):
    return scene(agency)


@pytest.mark.parametrize(
    ("answers", "bad"),
    [
        (GOOD, False),
        (Answers(3, 2, 2, 2), False),
        (Answers(2, 5, 5, 5), True),
        (Answers(5, 1, 5, 5), True),
        (Answers(5, 5, 1, 5), True),
        (Answers(5, 5, 5, 1), True),
        (Answers(5, 5, 5, 5, solved=False), True),
    ],
)
def test_what_opens_a_case(told, answers, bad):
    surveys.answer(told.survey.pk, answers, ENDED)
    assert ReviewCase.objects.exists() is bad


def test_a_case_is_due_48_hours_later_with_three_levels_and_two_people(told):
    told.agency.dispatcher()
    case = open_case(told)
    assert case.due_at == ENDED + hours(48)
    assert case.owner != case.substitute
    assert None not in (case.owner, case.substitute)
    due = case.escalations.values_list("level_hours", "due_at", "sent_at")
    assert list(due) == [(n, ENDED + hours(n), None) for n in LEVELS]


def test_each_level_is_called_once_at_its_hour_and_not_before(told):
    case = open_case(told)
    for n in LEVELS:
        sweep(ENDED + hours(n) - timedelta(seconds=1))
        assert (1, n) not in sent(case)
        sweep(ENDED + hours(n))
        sweep(ENDED + hours(n))
        assert sent(case)[-1] == (1, n)
    assert AuditEvent.objects.filter(subject_id=case.pk, action="escalate").count() == 3


def test_a_repeated_delivery_escalates_nothing_twice(told):
    case = open_case(told)
    row = case.escalations.earliest("due_at")
    assert cases.escalate(row.pk, ENDED + hours(24)) is True
    assert cases.escalate(row.pk, ENDED + hours(24)) is False
    assert AuditEvent.objects.filter(subject_id=case.pk, action="escalate").count() == 1


def test_a_report_stops_the_clock_and_drops_what_is_left(told):
    case = open_case(told)
    sweep(ENDED + hours(25))
    reported(told, case, ENDED + hours(30))
    sweep(ENDED + hours(72))
    assert sent(case) == [(1, 24)]
    assert case.escalations.filter(dropped_at__isnull=False).count() == 2
    assert CaseRound.objects.get().breached_at is None


@pytest.mark.parametrize(("late", "breached"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_a_report_after_48_hours_is_a_breach_even_if_no_sweep_ever_ran(told, late, breached):
    case = open_case(told)
    at = ENDED + hours(48) + late
    reported(told, case, at)
    turn = CaseRound.objects.get()
    assert turn.breached_at == (case.due_at if breached else None)
    assert (sla.verdict(clock_of(turn), at) == sla.Verdict.BREACHED) is breached
    assert listed_late(at) is breached


def test_a_breach_stays_through_new_rounds_and_the_good_end(told):
    case = open_case(told)
    sweep(ENDED + hours(49))
    assert CaseRound.objects.get().breached_at == case.due_at
    reported(told, case, ENDED + hours(50))
    cases.not_solved(case.pk, by=told.client, now=ENDED + hours(51), note="没有解决")
    reported(told, case, ENDED + hours(52))
    cases.confirm(case.pk, by=told.client, now=ENDED + hours(53))
    sweep(ENDED + hours(300))
    first, second = CaseRound.objects.order_by("number")
    assert (first.breached_at, second.breached_at) == (case.due_at, None)
    assert listed_late(ENDED + hours(300))


def test_not_solved_opens_a_fresh_clock_with_its_own_levels(told):
    case = open_case(told)
    sweep(ENDED + hours(25))
    reported(told, case, ENDED + hours(30))
    again = ENDED + hours(35)
    cases.not_solved(case.pk, by=LINK, now=again, note="还是不行", seen_round=1)
    case.refresh_from_db()
    assert (case.status, case.round, case.due_at) == (CaseStatus.OPEN, 2, again + hours(48))
    sweep(again + hours(23.9))
    assert sent(case) == [(1, 24)]
    sweep(again + hours(48))
    assert sent(case) == [(1, 24), (2, 24), (2, 40), (2, 48)]


def test_silence_closes_after_the_stated_days_and_not_before(told):
    case = open_case(told)
    reported(told, case, ENDED)
    sweep(ENDED + answer_days() - timedelta(seconds=1))
    case.refresh_from_db()
    assert case.status == CaseStatus.REPORTED
    sweep(ENDED + answer_days())
    case.refresh_from_db()
    assert (case.status, case.closed_at) == (CaseStatus.NO_ANSWER, ENDED + answer_days())
    assert CaseRound.objects.get().outcome == CaseRound.Outcome.NO_ANSWER


def test_the_silence_of_an_old_round_closes_no_new_one(told):
    case = open_case(told)
    reported(told, case, ENDED)
    cases.not_solved(case.pk, by=LINK, now=ENDED + hours(1), note="不行")
    reported(told, case, ENDED + hours(2))
    sweep(ENDED + answer_days() + hours(1))
    case.refresh_from_db()
    assert case.status == CaseStatus.REPORTED
    sweep(ENDED + answer_days() + hours(2))
    case.refresh_from_db()
    assert case.status == CaseStatus.NO_ANSWER


def test_a_policy_of_other_hours_is_obeyed(told):
    LoopPolicy(due_hours=10, owner_hours=2, substitute_hours=4, manager_hours=6, answer_days=1).save()
    case = open_case(told)
    assert case.due_at == ENDED + hours(10)
    assert list(case.escalations.values_list("level_hours", flat=True)) == [2, 4, 6]


def test_whoever_is_called_hears_of_it_once(told):
    told.agency.dispatcher()
    manager = told.agency.manager()
    case = open_case(told)
    sweep(ENDED + hours(100))
    heard = Notification.objects.filter(kind="case.escalated").order_by("pk")
    assert [row.user for row in heard] == [case.owner, case.substitute, manager]


def test_a_substitute_who_takes_the_case_changes_places_with_the_owner(told):
    told.agency.dispatcher()
    case = open_case(told)
    owner, substitute = case.owner, case.substitute
    assert owner is not None
    assert substitute is not None
    taken = cases.take(case.pk, by=actor_of(substitute), now=ENDED)
    taken.refresh_from_db()
    assert (taken.owner, taken.substitute) == (substitute, owner)


def test_without_a_substitute_the_managers_are_called(told):
    manager = told.agency.manager()
    case = open_case(told)
    assert case.substitute is None
    assert cases.recipients(case.escalations.get(role="substitute")) == [manager]


def test_steps_out_of_order_and_by_the_wrong_role_are_refused(told):
    case = open_case(told)
    with pytest.raises(Conflict):
        cases.find_cause(case.pk, by=told.desk, now=ENDED, **CAUSE)
    with pytest.raises(Conflict):
        cases.report(case.pk, text="x", by=told.desk, now=ENDED)
    with pytest.raises(Conflict):
        cases.confirm(case.pk, by=told.client, now=ENDED)
    with pytest.raises(Forbidden):
        cases.take(case.pk, by=told.client, now=ENDED)
    reported(told, case)
    with pytest.raises(Forbidden):
        cases.confirm(case.pk, by=told.desk, now=ENDED)
    with pytest.raises(Invalid):
        cases.not_solved(case.pk, by=told.client, now=ENDED, note=" ")
    with pytest.raises(Conflict):
        cases.confirm(case.pk, by=told.client, now=ENDED, seen_round=2)


def test_every_step_is_audited(told):
    case = open_case(told)
    reported(told, case)
    cases.not_solved(case.pk, by=told.client, now=ENDED, note="不行")
    reported(told, case)
    cases.confirm(case.pk, by=told.client, now=ENDED)
    actions = AuditEvent.objects.filter(subject_type="reviewcase").values_list("action", flat=True)
    steps = ["take", "find_cause", "report"]
    assert sorted(actions) == sorted(["open", *steps, "not_solved", *steps, "confirm"])


def fifty_cases(agency: Agency) -> list[ReviewCase]:
    company, dispatcher = agency.client(), agency.dispatcher()
    agency.dispatcher()
    agency.manager()
    for number in range(50):
        order = Order.objects.create(
            client=company,
            created_by=dispatcher,
            form_key=f"00000000-0000-0000-0000-{number:012d}",
            title=f"订单{number}",
            service_type="pre_sale",
            remote=True,
            city=agency.city,
            bill_rate=45,
            estimate=1,
            created_at=ENDED - hours(10),
            starts_at=ENDED - hours(9),
            ends_at=ENDED,
        )
        survey = Survey.objects.create(
            order=order, client=company, nonce=str(number), sent_at=ENDED, expires_at=ENDED + timedelta(days=14)
        )
        surveys.answer(survey.pk, BAD, ENDED + timedelta(minutes=number))
    return list(ReviewCase.objects.all())


def _swept(now: datetime) -> None:
    try:
        sweep(now)
    finally:
        connections.close_all()


@pytest.mark.race
def test_fifty_cases_whose_levels_all_passed_while_nothing_ran_are_escalated_exactly_once(committed_agency):
    opened = fifty_cases(committed_agency)
    back = ENDED + timedelta(days=5)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_swept, [back, back]))
    sweep(back)
    assert all(sent(case) == [(1, n) for n in LEVELS] for case in opened)
    assert Escalation.objects.filter(sent_at=back).count() == 150
    assert AuditEvent.objects.filter(action="escalate").count() == 150
    assert Notification.objects.filter(kind="case.escalated").count() == 150
    assert CaseRound.objects.filter(breached_at__isnull=False).count() == 50


@pytest.mark.race
def test_two_who_answer_at_once_make_one_end(committed_agency):
    told = scene(committed_agency)
    case = open_case(told)
    reported(told, case)
    actor = actor_of(told.member)

    def answer(solved: bool) -> str:
        try:
            if solved:
                cases.confirm(case.pk, by=actor, now=ENDED, seen_round=1)
            else:
                cases.not_solved(case.pk, by=actor, now=ENDED, note="不行", seen_round=1)
            return "ok"
        except Conflict:
            return "conflict"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, [True, False])) == ["conflict", "ok"]
    case.refresh_from_db()
    assert (case.status, case.round) in [(CaseStatus.CONFIRMED, 1), (CaseStatus.OPEN, 2)]
