"""The order line under anything people may do in any order: random deeds and jumps in time, checked after every step.

`LINE_MACHINE=deep` looks longer, with fresh randomness.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from feedback.models import ReviewCase, Survey
from feedback.services import cases, surveys
from feedback.services.surveys import Answers
from orders.models import Assignment, Client, Offer, Order, Position, Timesheet
from orders.services import attendance, batch, offers, ordering, proposing, timesheets, waves
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core import outbox
from staffing.core.actors import LINK, Actor, actor_of
from staffing.core.errors import DomainError
from staffing.core.models import OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import QUEUES, drain
from tests.journeys.invariants import complaints
from tests.orders.services.line import AT_SITE, days, person
from workers.models import Worker

M = TypeVar("M", bound=models.Model)
WHICH = st.integers(0, 7)
WORDS = "有理由"
DEEP = os.environ.get("LINE_MACHINE") == "deep"
PROFILE = settings(
    max_examples=300 if DEEP else 14,
    stateful_step_count=80 if DEEP else 32,
    derandomize=not DEEP,
    deadline=None,
    database=None,
    # Shrinking a failure takes minutes; a failure in a quick run is short enough to read.
    phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if DEEP else [])],
    suppress_health_check=list(HealthCheck),
)


class Line(RuleBasedStateMachine):
    """One agency with six workers, a dispatcher, and two clients of whom one lets orders confirm themselves."""

    agency: ClassVar[Agency]
    people: ClassVar[Sequence[Worker]]
    companies: ClassVar[Sequence[Client]]
    desk: ClassVar[Actor]

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # Ways to choose and to act

    def some(self, rows: models.QuerySet[M], which: int) -> M | None:
        """One of the rows, the newest first; None if there are none."""
        found = list(rows.order_by("-pk")[:8])
        return found[which % len(found)] if found else None

    def attempt(self, deed: Callable[..., object], *args: Any, **given: Any) -> None:
        """Do it, or be refused: any refusal is fine, any other error is not."""
        with suppress(DomainError):
            deed(*args, now=self.now, **given)

    def client_of(self, order: Order) -> Actor:
        return self.agency.acting_client(order.client)

    # Time

    @rule(minutes=st.sampled_from([1, 10, 15, 60, 240, 1440]), lived=st.booleans())
    def wait(self, minutes: int, lived: bool) -> None:
        """Time passes; what falls due is done, or nothing is (an outage)."""
        self.now += timedelta(minutes=minutes)
        if lived:
            drain(self.now)

    @rule(only=st.sampled_from([*QUEUES, *QUEUES, ""]))
    def work_off(self, only: str) -> None:
        """One row of one queue, or everything."""
        if only:
            outbox.sweep(only, self.now, limit=1)
        else:
            drain(self.now)

    @rule()
    def next_hour_that_matters(self) -> None:
        """Exactly when the next row falls due."""
        due = OutboxMessage.objects.filter(done_at__isnull=True).order_by("due_at").values_list("due_at", flat=True)
        if (first := due.first()) is not None:
            self.now = max(self.now, first)

    @rule(which=WHICH)
    def a_row_comes_twice(self, which: int) -> None:
        """A handler runs again after it is done."""
        row = self.some(OutboxMessage.objects.filter(done_at__isnull=False).exclude(queue="notify"), which)
        if row is not None:
            with transaction.atomic():
                outbox._subscribers[row.subscriber].handle(row.payload, self.now)

    # Ordering

    @initialize(phase=st.integers(0, 5), headcount=st.integers(1, 3), company=st.integers(0, 1))
    def somewhere_along_the_line(self, phase: int, headcount: int, company: int) -> None:
        """A first order that has gone well so far: matched, booked, at work, served, badly reviewed."""
        self.post(company, headcount, [8], 26)
        for step in (self.confirm_all, self.everybody_says_yes, self.come, self.leave_at_the_end, self.complain)[
            :phase
        ]:
            drain(self.now)
            step()

    def confirm_all(self) -> None:
        for order in Order.objects.filter(status=OrderStatus.PROPOSED):
            self.attempt(ordering.confirm, order.pk, by=self.desk)

    def complain(self) -> None:
        for survey in Survey.objects.all():
            self.attempt(surveys.answer, survey.pk, Answers(1, 1, 1, 1))

    @precondition(lambda self: Order.objects.count() < 3)
    @rule(
        company=st.integers(0, 1),
        headcount=st.integers(1, 2),
        lengths=st.lists(st.sampled_from([0.5, 2, 8]), min_size=1, max_size=2),
        ahead=st.sampled_from([1, 2, 8, 26]),
    )
    def post(self, company: int, headcount: int, lengths: list[float], ahead: int) -> None:
        start = self.now + timedelta(hours=ahead)
        shifts: list[ShiftSpec] = days(*lengths, start=start, headcount=headcount)
        self.agency.submitted(self.companies[company], now=self.now, shifts=shifts)

    @rule(said=st.integers(0, 2))
    def as_planned(self, said: int) -> None:
        """What is due is done, proposals are confirmed, and perhaps everybody says yes."""
        drain(self.now)
        self.confirm_all()
        if said:
            self.everybody_says_yes()

    @rule(which=WHICH, deed=st.sampled_from(["rematch", "rematch", "confirm", "cancel"]))
    def any_order(self, which: int, deed: str) -> None:
        order = self.some(Order.objects.all(), which)
        if order is None:
            return
        if deed == "cancel":
            self.attempt(ordering.cancel, order.pk, by=self.client_of(order), reason=WORDS)
        else:
            self.attempt(getattr(ordering, deed), order.pk, by=self.desk)

    @rule(which=WHICH, who=WHICH, override=st.booleans())
    def exchange(self, which: int, who: int, override: bool) -> None:
        if place := self.some(Position.objects.all(), which):
            worker = self.people[who % len(self.people)]
            given = {"by": self.desk, "reason": WORDS, "override": override}
            self.attempt(proposing.exchange, place.pk, worker.pk, **given)

    @rule(which=WHICH, replace=st.booleans())
    def ask_several(self, which: int, replace: bool) -> None:
        """A dispatcher has a replacement sought in waves, perhaps for somebody who is booked."""
        wanted = Position.objects.exclude(status__in=(PositionStatus.LAPSED, PositionStatus.CLOSED))
        if (place := self.some(wanted, which)) is None:
            return
        work = place.assignments.order_by("-pk").first()
        if replace and work is not None:
            self.attempt(waves.replace, place.pk, work.pk, by=self.desk)
        else:
            self.attempt(waves.start, place.pk, by=self.desk)

    @rule()
    def plan_together(self) -> None:
        """The coming days are planned as a whole."""
        batch.run(self.now)

    @rule(who=WHICH)
    def suspend_or_not(self, who: int) -> None:
        worker = Worker.objects.get(pk=self.people[who % len(self.people)].pk)
        active = worker.status == Worker.Status.ACTIVE
        worker.status = Worker.Status.SUSPENDED if active else Worker.Status.ACTIVE
        worker.save()

    # Answering

    def everybody_says_yes(self) -> None:
        for offer in Offer.objects.filter(status=OfferStatus.PENDING).order_by("pk"):
            self.attempt(offers.accept, offer.pk, by=person(offer))

    @rule(which=WHICH, yes=st.booleans())
    def answer_anything(self, which: int, yes: bool) -> None:
        if offer := self.some(Offer.objects.all(), which):
            self.attempt(offers.accept if yes else offers.decline, offer.pk, by=person(offer))

    # Attending

    @rule(early=st.sampled_from([-14, 0, 90]), least=st.integers(0, 1))
    def come_to_the_next_shift(self, early: int, least: int) -> None:
        """Time goes on to the next booked shift and everybody, or all but one, comes."""
        self.come(early, least)

    def come(self, early: int = 5, least: int = 0) -> None:
        coming = Assignment.objects.filter(status=AssignmentStatus.BOOKED).order_by("start_at")
        if (first := coming.first()) is not None:
            self.now = max(self.now, first.start_at - timedelta(minutes=early))
            for work in coming.filter(start_at=first.start_at)[least:]:
                self.attempt(attendance.check_in, work.pk, by=person(work), fix=AT_SITE)

    @rule(which=WHICH)
    def leave(self, which: int) -> None:
        if work := self.some(Assignment.objects.filter(status=AssignmentStatus.CHECKED_IN), which):
            self.attempt(attendance.check_out, work.pk, by=person(work), fix=AT_SITE)

    @rule()
    def leave_at_the_end(self) -> None:
        for work in Assignment.objects.filter(status=AssignmentStatus.CHECKED_IN).order_by("end_at"):
            self.now = max(self.now, work.end_at)
            self.attempt(attendance.check_out, work.pk, by=person(work), fix=AT_SITE)

    @rule(which=WHICH, deed=st.sampled_from(["cancel", "release", "no_show"]))
    def lose(self, which: int, deed: str) -> None:
        booked = Assignment.objects.filter(status=AssignmentStatus.BOOKED)
        work = self.some(booked if booked.exists() else Assignment.objects.all(), which)
        if work is None:
            return
        if deed == "cancel":
            self.attempt(attendance.cancel, work.pk, by=person(work), reason=WORDS)
        elif deed == "release":
            self.attempt(attendance.release, work.pk, by=self.desk, reason=WORDS)
        else:
            self.attempt(attendance.declare_absent, work.pk, by=self.desk)

    # Hours

    @rule(which=WHICH, deed=st.sampled_from(["approve", "dispute", "correct"]))
    def hours(self, which: int, deed: str) -> None:
        sheet = self.some(Timesheet.objects.select_related("assignment__position__shift__order__client"), which)
        if sheet is None:
            return
        client = self.client_of(sheet.assignment.position.shift.order)
        if deed == "approve":
            self.attempt(timesheets.approve, sheet.pk, by=client)
        elif deed == "dispute":
            self.attempt(timesheets.dispute, sheet.pk, by=client, reason=WORDS)
        else:
            self.attempt(timesheets.correct, sheet.pk, sheet.planned_minutes // 2, by=self.desk, reason=WORDS)

    # The loop

    @rule(which=WHICH, stars=st.sampled_from([1, 3, 5]))
    def answer_survey(self, which: int, stars: int) -> None:
        if survey := self.some(Survey.objects.all(), which):
            self.attempt(surveys.answer, survey.pk, Answers(stars, stars, 5, 5))

    @rule(which=WHICH, deed=st.sampled_from(["take", "find_cause", "report", "confirm", "not_solved", "repair"]))
    def work_on_case(self, which: int, deed: str) -> None:
        case = self.some(ReviewCase.objects.all(), which)
        if case is None:
            return
        given: dict[str, dict[str, Any]] = {
            "take": {"by": self.desk},
            "find_cause": {"by": self.desk, "cause": "matching", "note": WORDS, "fix": WORDS, "fix_by": None},
            "report": {"by": self.desk, "text": WORDS},
            "confirm": {"by": LINK},
            "not_solved": {"by": LINK, "note": WORDS},
        }
        for step in ("take", "find_cause", "report") if deed == "repair" else (deed,):
            self.attempt(getattr(cases, step), case.pk, **given[step])

    # What must hold

    @invariant()
    def all_is_well(self) -> None:
        assert complaints() == []


@pytest.mark.django_db
def test_nothing_people_may_do_breaks_the_line() -> None:
    agency = Agency()
    Line.agency, Line.desk = agency, actor_of(agency.dispatcher())
    agency.manager()
    Line.companies = [agency.client(), agency.client(auto_confirm=True)]
    Line.people = [agency.worker(min_rest_minutes=30 * (n % 2)) for n in range(6)]
    run_state_machine_as_test(Line, settings=PROFILE)


@pytest.mark.django_db
def test_the_checks_see_what_is_wrong() -> None:
    """Negative control: each of these tears something apart behind the services' back."""
    from tests.orders.services.line import booked, offering

    agency = Agency()
    for _ in range(3):
        agency.worker()
    (work,) = booked(agency)
    offering(agency)
    assert complaints() == []
    for tear in (
        lambda: Assignment.objects.filter(pk=work.pk).update(status=AssignmentStatus.RELEASED),
        lambda: Position.objects.filter(pk=work.position_id).update(status=PositionStatus.OPEN),
        lambda: Offer.objects.filter(status=OfferStatus.PENDING).update(status=OfferStatus.EXPIRED),
        lambda: Position.objects.filter(pk=work.position_id).update(wave=1),
        lambda: Position.objects.filter(status=PositionStatus.OFFERED).update(proposed_worker=work.worker_id),
        lambda: Order.objects.update(status=OrderStatus.COMPLETED),
        lambda: OutboxMessage.objects.filter(topic="assignment.absence").delete(),
        lambda: OutboxMessage.objects.filter(topic="offer.expiry").update(set_aside_at=NOW),
        lambda: OutboxMessage.objects.filter(topic="offer.send").update(last_error="x"),
    ):
        with transaction.atomic():
            tear()
            assert complaints() != []
            transaction.set_rollback(True)
    assert complaints() == []
