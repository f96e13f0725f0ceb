"""Dispatchers confirm and repair; clients approve, answer and order."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from django.utils import timezone

from feedback.models import CaseRound, ReviewCase, Survey
from feedback.services import cases, fixes, surveys
from feedback.services.surveys import Answers
from feedback.states import CaseStatus
from orders.models import ClientMember, Order, Timesheet
from orders.services import ordering, timesheets
from orders.states import OrderStatus, TimesheetStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import DomainError
from staffing.demo import logins
from staffing.demo.life.cast import Act, desk, dice, lived_client, member_of, not_of_story, within
from staffing.demo.past import words

HOUR = 60.0
APPROVED_SHARE, ANSWERED_SHARE, CONFIRMED_SHARE, REOPENED_SHARE = 0.7, 0.62, 0.75, 0.88
FIXED_SHARE = 0.85
LONGEST_SURVEY = timedelta(hours=41)
# The owner of the visitor's case leaves it to the visitor nearly to the end.
LAST_CALL = timedelta(minutes=20)
# Minutes that a proposal waits for a dispatcher: orders some days ahead are left for a visitor to look at.
NEAR, HURRY, LEISURE = timedelta(days=1), (4, 18), (60, 180)


def planned(to: datetime) -> Iterator[Act]:
    """What people at desks have in mind up to `to`."""
    yield from _confirmations()
    yield from _approvals()
    yield from _surveys(to)
    yield from _cases()
    yield from _fixes()


def _confirmations() -> Iterator[Act]:
    for order in Order.objects.filter(not_of_story("client"), status=OrderStatus.PROPOSED):
        assert order.submitted_at is not None
        low, high = HURRY if order.starts_at - order.submitted_at < NEAR else LEISURE
        yield Act(within("confirm", order.pk, order.submitted_at, low, high), "confirm", order.pk)


def _approvals() -> Iterator[Act]:
    path = "assignment__position__shift__order__client"
    for sheet in Timesheet.objects.filter(lived_client(path), status=TimesheetStatus.SUBMITTED):
        if dice("approve", sheet.pk).random() < APPROVED_SHARE:
            yield Act(within("approve-at", sheet.pk, sheet.submitted_at, HOUR, 30 * HOUR), "approve", sheet.pk)


def _surveys(to: datetime) -> Iterator[Act]:
    fresh = Survey.objects.filter(lived_client("client"), answered_at__isnull=True, sent_at__gte=to - LONGEST_SURVEY)
    for survey in fresh:
        if dice("survey", survey.pk).random() < ANSWERED_SHARE:
            yield Act(within("survey-at", survey.pk, survey.sent_at, 30, 40 * HOUR), "answer", survey.pk)


def _cases() -> Iterator[Act]:
    visitor = ClientMember.objects.filter(user__phone=logins.CLIENT.phone).values_list("client_id", flat=True).first()
    for case in ReviewCase.objects.filter(not_of_story("client"), closed_at__isnull=True).prefetch_related("rounds"):
        yield from _step(case, case.client_id == visitor)


def _fixes() -> Iterator[Act]:
    """Most of what was promised is put right on its day; the rest is left for a visitor to see."""
    for turn in fixes.unfinished().filter(not_of_story("case__client")):
        assert turn.fix_by is not None
        if dice("fixed", turn.pk).random() < FIXED_SHARE:
            morning = timezone.make_aware(datetime.combine(turn.fix_by, time(9)))
            yield Act(within("fixed-at", turn.pk, morning, HOUR, 8 * HOUR), "fix_done", turn.pk)


def _step(case: ReviewCase, visitors: bool) -> Iterator[Act]:
    turn = next(one for one in case.rounds.all() if one.number == case.round)
    key = case.pk * 10 + case.round
    at = partial(within, row=key, start=turn.opened_at)
    if visitors and case.status != CaseStatus.REPORTED:
        late = case.due_at - LAST_CALL
        steps = {CaseStatus.OPEN: "take", CaseStatus.INVESTIGATING: "find_cause", CaseStatus.FIXING: "report"}
        yield Act(late, steps[CaseStatus(case.status)], case.pk)
    elif case.status == CaseStatus.OPEN:
        yield Act(at("take", low=15, high=4 * HOUR), "take", case.pk)
    elif case.status == CaseStatus.INVESTIGATING:
        yield Act(at("cause", low=5 * HOUR, high=9 * HOUR), "find_cause", case.pk)
    elif case.status == CaseStatus.FIXING:
        yield Act(at("report", low=10 * HOUR, high=30 * HOUR), "report", case.pk)
    elif turn.reported_at is not None and not visitors:
        yield from _client_word(case, turn.reported_at, key)


def _client_word(case: ReviewCase, reported_at: datetime, key: int) -> Iterator[Act]:
    roll = dice("word", key).random()
    if roll < CONFIRMED_SHARE:
        yield Act(within("confirm-case", key, reported_at, HOUR, 40 * HOUR), "confirm_case", case.pk)
    elif roll < REOPENED_SHARE and case.round < 3:
        yield Act(within("reopen", key, reported_at, HOUR, 20 * HOUR), "not_solved", case.pk)


def confirm(order_id: int, now: datetime) -> None:
    """A dispatcher sends the offers."""
    ordering.confirm(order_id, by=_somebody(order_id), now=now)


def _somebody(row: int) -> Actor:
    return dice("desk", row).choice(desk())


def approve(sheet_id: int, now: datetime) -> None:
    """The client accepts the hours."""
    sheet = Timesheet.objects.select_related("assignment__position__shift__order").get(pk=sheet_id)
    timesheets.approve(sheet_id, by=member_of(sheet.assignment.position.shift.order.client_id), now=now)


def answer(survey_id: int, now: datetime) -> None:
    """The client answers, mostly well."""
    survey = Survey.objects.select_related("order").get(pk=survey_id)
    random = dice("stars", survey_id)
    overall = random.choices((5, 4, 3, 2), (58, 32, 8, 2))[0]
    ratings = {
        work.pk: min(5, max(2, overall + random.choice((-1, 0, 0, 1))))
        for work in surveys.served(survey.order)
        if random.random() < 0.8
    }
    comment = words.comment(random, overall, troubled=False)
    stars = (overall, min(5, overall + 1), overall, min(5, max(2, overall)))
    surveys.answer(survey_id, Answers(*stars, order_again=overall > 2, comment=comment, ratings=ratings), now)


def take(case_id: int, now: datetime) -> None:
    """The owner takes the case."""
    cases.take(case_id, by=_owner(case_id), now=now)


def find_cause(case_id: int, now: datetime) -> None:
    """The owner names cause and fix."""
    cause, note, fix = words.cause(dice("why", case_id), troubled=False)
    due = (now + timedelta(days=2)).date()
    cases.find_cause(case_id, cause=cause, note=note, fix=fix, fix_by=due, by=_owner(case_id), now=now)


def fix_done(round_id: int, now: datetime) -> None:
    """Whoever the fix was given to has put it right."""
    turn = CaseRound.objects.select_related("fix_owner").get(pk=round_id)
    fixes.done(round_id, by=actor_of(turn.fix_owner) if turn.fix_owner else _owner(turn.case_id), now=now)


def report(case_id: int, now: datetime) -> None:
    """The owner tells the client."""
    turn = cases.current_round(ReviewCase.objects.get(pk=case_id))
    cases.report(case_id, text=words.report(turn.fix), by=_owner(case_id), now=now)


def _owner(case_id: int) -> Actor:
    owner = ReviewCase.objects.select_related("owner").get(pk=case_id).owner
    return actor_of(owner) if owner else _somebody(case_id)


def confirm_case(case_id: int, now: datetime) -> None:
    """The client is content."""
    cases.confirm(case_id, by=member_of(ReviewCase.objects.get(pk=case_id).client_id), now=now)


def not_solved(case_id: int, now: datetime) -> None:
    """The client is not content."""
    by = member_of(ReviewCase.objects.get(pk=case_id).client_id)
    try:
        cases.not_solved(case_id, by=by, now=now, note=words.not_solved(dice("still", case_id)))
    except DomainError:
        return
