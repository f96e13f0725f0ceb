"""Order and case together under anything people may do in any order: no illegal step, clock and audit always agree.

The line's machine with complaints, owners who leave, whole days without a sweep, and call-backs.
`LOOP_MACHINE=long` runs 500 examples of 50 steps with fresh randomness.
"""

import os
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from feedback.models import CaseRound, Complaint, Escalation, LoopPolicy, Review, ReviewCase, Revisit, RevisitCall
from feedback.services import cases, complaints, revisits
from feedback.services.complaints import About, Words
from feedback.services.revisits import Said
from feedback.states import CaseStatus, RevisitStatus
from orders.models import Order
from staffing.core import audit
from staffing.core.actors import SYSTEM, Actor, actor_of
from staffing.core.models import AuditEvent, User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.journeys.test_line_machine import WHICH, WORDS, Line

LONG = os.environ.get("LOOP_MACHINE") == "long"
PROFILE = settings(
    max_examples=500 if LONG else 4,
    stateful_step_count=50 if LONG else 20,
    derandomize=not LONG,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if LONG else [])],
    suppress_health_check=list(HealthCheck),
)


class Loop(Line):
    """The line, with everything that the loop adds."""

    team: ClassVar[list[User]]

    @rule(hours=st.sampled_from([8, 24, 40, 48, 49, 24 * 7]), lived=st.booleans())
    def let_hours_pass(self, hours: int, lived: bool) -> None:
        """Up to and past every level of the clock; swept on the way back, or not yet."""
        self.now += timedelta(hours=hours)
        if lived:
            drain(self.now)

    @precondition(lambda self: Complaint.objects.count() < 3)
    @rule(company=st.integers(0, 1), of_order=st.booleans(), severity=st.integers(1, 3), which=WHICH)
    def somebody_complains(self, company: int, of_order: bool, severity: int, which: int) -> None:
        client = self.companies[company]
        order = self.some(Order.objects.filter(client=client), which) if of_order else None
        about, words, key = About(client, order), Words("cost", severity, WORDS), uuid.uuid4()
        filed = [complaints.file(about, words, by=self.desk, now=self.now, key=key) for _ in range(2)]
        assert filed[0] == filed[1]

    @rule(which=WHICH, who=WHICH, outcome=st.sampled_from(["confirm", "not_solved"]), stale=st.booleans())
    def the_client_answers(self, which: int, who: int, outcome: str, stale: bool) -> None:
        """Repaired by anybody of the team and answered, perhaps to a round that is over."""
        case = self.some(ReviewCase.objects.all(), which)
        if case is None:
            return
        by = actor_of(self.team[who % len(self.team)])
        self.attempt(cases.take, case.pk, by=by)
        self.attempt(cases.find_cause, case.pk, by=by, cause="matching", note=WORDS, fix=WORDS, fix_by=None)
        self.attempt(cases.report, case.pk, by=by, text=WORDS)
        client = self.agency.acting_client(case.client)
        given = {"note": WORDS} if outcome == "not_solved" else {}
        self.attempt(getattr(cases, outcome), case.pk, by=client, seen_round=case.round - stale, **given)

    @rule(who=WHICH)
    def somebody_leaves_or_returns(self, who: int) -> None:
        """An owner or a substitute whose account is closed, or opened again."""
        user = User.objects.get(pk=self.team[who % len(self.team)].pk)
        user.is_active = not user.is_active
        user.save(update_fields=["is_active"])

    @rule(which=WHICH, outcome=st.sampled_from(RevisitCall.Outcome.values), twice=st.booleans())
    def call_back(self, which: int, outcome: str, twice: bool) -> None:
        """Call-backs are planned, and one is made; a problem becomes a complaint."""
        revisits.plan(self.now)
        if (row := self.some(Revisit.objects.all(), which)) is None:
            return
        said = Said(outcome, uuid.uuid4(), WORDS, complaint=Words("cost", 1, WORDS))
        for _ in range(1 + twice):
            self.attempt(revisits.log_call, row.pk, said, by=self.desk)

    @invariant()
    def the_loop_is_well(self) -> None:
        assert [*loop_complaints()] == []


def loop_complaints() -> Iterator[str]:
    """What is wrong with the loop beyond what the line's own checks see."""
    found = list(ReviewCase.objects.prefetch_related("rounds", "escalations"))
    events: dict[tuple[str, int], list[AuditEvent]] = defaultdict(list)
    for event in AuditEvent.objects.filter(subject_type__in=("reviewcase", "revisit")).order_by("id"):
        events[event.subject_type, event.subject_id].append(event)
    for case in found:
        yield from _of_case(case, events["reviewcase", case.pk])
    yield from _every_grievance_has_its_case(found)
    yield from _of_revisits(events)


def _of_case(case: ReviewCase, events: list[AuditEvent]) -> Iterator[str]:
    name = f"case {case.pk} is {case.status}"
    if any(later.at < earlier.at for earlier, later in pairwise(events)):
        yield f"{name}: its audit runs backwards"
    steps = Counter(event.action for event in events)
    sent = [row for row in case.escalations.all() if row.sent_at]
    if steps["escalate"] != len(sent):
        yield f"{name}: {steps['escalate']} calls audited, {len(sent)} made"
    if steps["open"] != 1 or steps["not_solved"] != case.round - 1:
        yield f"{name}: audited {dict(steps)} in round {case.round}"
    turns = {turn.number: turn for turn in case.rounds.all()}
    for row in case.escalations.all():
        yield from _of_escalation(name, row, turns[row.round])
    yield from _of_end(name, case, turns[case.round])


def _of_escalation(name: str, row: Escalation, turn: CaseRound) -> Iterator[str]:
    if row.due_at != turn.opened_at + timedelta(hours=row.level_hours):
        yield f"{name}: {row.level_hours} h due {row.due_at}, opened {turn.opened_at}"
    if row.sent_at and turn.reported_at and row.sent_at > turn.reported_at:
        yield f"{name}: called for help at {row.sent_at}, reported at {turn.reported_at}"
    if row.sent_at and row.sent_at > turn.due_at and turn.breached_at is None:
        yield f"{name}: called past the deadline without a breach"


def _of_end(name: str, case: ReviewCase, last: CaseRound) -> Iterator[str]:
    patience = timedelta(days=LoopPolicy.current().answer_days)
    if case.status == CaseStatus.NO_ANSWER and (
        last.outcome != CaseRound.Outcome.NO_ANSWER
        or case.closed_at is None
        or last.reported_at is None
        or case.closed_at - last.reported_at < patience
    ):
        yield f"{name}: closed {case.closed_at}, reported {last.reported_at}, {last.outcome}"
    if case.status == CaseStatus.CONFIRMED and last.outcome != CaseRound.Outcome.CONFIRMED:
        yield f"{name}: its last round says {last.outcome!r}"


def _every_grievance_has_its_case(found: list[ReviewCase]) -> Iterator[str]:
    policy = LoopPolicy.current()
    bad = {review.pk for review in Review.objects.all() if cases.is_bad(review, policy)}
    if bad != {case.review_id for case in found if case.review_id}:
        yield f"bad reviews {bad}, their cases {[case.review_id for case in found]}"
    said = set(Complaint.objects.values_list("pk", flat=True))
    if said != {case.complaint_id for case in found if case.complaint_id}:
        yield f"complaints {said}, their cases {[case.complaint_id for case in found]}"


def _of_revisits(events: dict[tuple[str, int], list[AuditEvent]]) -> Iterator[str]:
    rows = list(Revisit.objects.prefetch_related("calls"))
    planned = Counter(row.client_id for row in rows if row.status == RevisitStatus.PLANNED)
    if any(n > 1 for n in planned.values()):
        yield f"planned twice: {planned}"
    for row in rows:
        calls = [call.outcome for call in row.calls.all()]
        missed = calls.count(RevisitCall.Outcome.NOT_REACHED)
        if row.tries != missed or (len(calls) - missed) != (row.status == RevisitStatus.DONE):
            yield f"revisit {row.pk} is {row.status} after {calls}, {row.tries} tries"
        if len(events["revisit", row.pk]) != len(calls) + (row.status == RevisitStatus.DROPPED):
            yield f"revisit {row.pk}: {len(calls)} calls, {len(events['revisit', row.pk])} audited"


@pytest.mark.django_db
def test_nothing_people_may_do_breaks_the_loop() -> None:
    agency = Agency()
    Loop.team = [agency.dispatcher(), agency.dispatcher(), agency.manager()]
    Loop.agency, Loop.desk = agency, actor_of(Loop.team[0])
    Loop.companies = [agency.client(value=2), agency.client(auto_confirm=True)]
    Loop.people = [agency.worker(min_rest_minutes=30 * (n % 2)) for n in range(6)]
    run_state_machine_as_test(Loop, settings=PROFILE)


@pytest.mark.django_db
def test_the_checks_of_the_loop_see_what_is_wrong() -> None:
    """Negative control: each of these tears something apart behind the services' back."""
    agency = Agency()
    desk: Actor = actor_of(agency.dispatcher())
    company = agency.client()
    said = Complaint.objects.create(client=company, raised_by_role="phone", category="cost", text=WORDS, at=NOW)
    case = cases.open_for(complaint=said, now=NOW)
    drain(NOW + timedelta(hours=50))
    row = Revisit.objects.create(client=company, due_on=NOW.date(), planned_at=NOW)
    revisits.log_call(row.pk, Said("not_reached", uuid.uuid4()), by=desk, now=NOW)
    assert [*loop_complaints()] == []
    for tear in (
        lambda: audit.record(case, "escalate", by=SYSTEM, now=NOW + timedelta(hours=51)),
        lambda: Escalation.objects.filter(case=case).update(due_at=NOW),
        lambda: CaseRound.objects.update(breached_at=None),
        lambda: ReviewCase.objects.update(status=CaseStatus.CONFIRMED),
        lambda: audit.record(case, "note", by=SYSTEM, now=NOW - timedelta(days=9)),
        lambda: Complaint.objects.create(client=company, raised_by_role="phone", category="cost", text="x", at=NOW),
        lambda: Revisit.objects.update(tries=0),
    ):
        with transaction.atomic():
            tear()
            assert [*loop_complaints()] != []
            transaction.set_rollback(True)
    assert [*loop_complaints()] == []
