"""What must hold of the order line and the loop at every moment. Each check names what is wrong."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from feedback.models import CaseRound, ReviewCase
from feedback.states import CASE, CLOSED, RUNNING, CaseStatus
from orders.models import Assignment, Offer, Order, Position, Replacement, Timesheet
from orders.services.proposing import SEEKING
from orders.states import (
    ACTIVE_ASSIGNMENT,
    ASSIGNMENT,
    OFFER,
    ORDER,
    POSITION,
    TIMESHEET,
    AssignmentStatus,
    OfferStatus,
    OrderStatus,
    PositionStatus,
    TimesheetStatus,
)
from staffing.core.models import AuditEvent, OutboxMessage
from staffing.core.transitions import Table

Complaints = Iterator[str]
HELD = {PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED}
AT_WORK = {AssignmentStatus.BOOKED, AssignmentStatus.CHECKED_IN}
ENDED = {OrderStatus.COMPLETED, OrderStatus.CANCELLED}
# Their handlers look whether the order has ended.
ENDING = ("assignment.check_out", "assignment.no_show")


@dataclass(frozen=True)
class Snapshot:
    """Everything at one moment, in one query a table."""

    orders: list[Order] = field(default_factory=lambda: list(Order.objects.order_by("pk")))
    places: list[Position] = field(default_factory=lambda: list(Position.objects.select_related("shift")))
    offers: list[Offer] = field(default_factory=lambda: list(Offer.objects.order_by("pk")))
    works: list[Assignment] = field(default_factory=lambda: list(Assignment.objects.order_by("worker", "start_at")))
    sheets: list[Timesheet] = field(default_factory=lambda: list(Timesheet.objects.order_by("pk")))
    losses: list[Replacement] = field(default_factory=lambda: list(Replacement.objects.order_by("pk")))
    cases: list[ReviewCase] = field(
        default_factory=lambda: list(ReviewCase.objects.prefetch_related("rounds", "escalations"))
    )
    events: list[AuditEvent] = field(
        default_factory=lambda: list(AuditEvent.objects.exclude(to_state="").order_by("at", "id"))
    )
    rows: list[OutboxMessage] = field(default_factory=lambda: list(OutboxMessage.objects.filter(done_at=None)))

    @cached_property
    def waiting(self) -> set[tuple[str, int]]:
        """(topic, id) of every row that will still be handled."""
        return {(row.topic, row.payload.get("id", 0)) for row in self.rows if row.set_aside_at is None}

    def works_of(self, order: Order) -> list[Assignment]:
        """The order's assignments, whatever became of them."""
        here = {place.pk for place in self.places_of(order)}
        return [work for work in self.works if work.position_id in here]

    def places_of(self, order: Order) -> list[Position]:
        """The order's positions."""
        return [place for place in self.places if place.shift.order_id == order.pk]


def nobody_is_in_two_places(s: Snapshot) -> Complaints:
    for one, other in pairwise(work for work in s.works if work.status in ACTIVE_ASSIGNMENT):
        if one.worker_id == other.worker_id and other.start_at < one.end_at:
            yield f"worker {one.worker_id} is in two places: {one.pk}, {other.pk}"


def a_place_has_what_its_state_says(s: Snapshot) -> Complaints:
    active = Counter(work.position_id for work in s.works if work.status in ACTIVE_ASSIGNMENT)
    booked: dict[int, set[int]] = defaultdict(set)
    for work in s.works:
        booked[work.position_id].add(work.worker_id)
    asked: dict[int, list[int]] = defaultdict(list)
    for offer in s.offers:
        if offer.status == OfferStatus.PENDING:
            asked[offer.position_id].append(offer.worker_id)
    for place in s.places:
        name, waiting = f"position {place.pk} is {place.status}", asked[place.pk]
        if active[place.pk] != (place.status == PositionStatus.FILLED):
            yield f"{name} with {active[place.pk]} workers"
        if bool(waiting) != (place.status == PositionStatus.OFFERED):
            yield f"{name} and asks {waiting}"
        if len(waiting) > len(set(waiting)):
            yield f"{name} and asks somebody twice: {waiting}"
        if place.status == PositionStatus.PROPOSED and place.proposed_worker_id is None:
            yield f"{name} without a worker"
        if place.status == PositionStatus.OPEN and place.proposed_worker_id is not None:
            yield f"{name} with a worker"
        if waiting and place.proposed_worker_id not in waiting:
            yield f"{name} and asks {waiting}, but not the proposed {place.proposed_worker_id}"
        if place.status == PositionStatus.FILLED and place.proposed_worker_id not in booked[place.pk]:
            yield f"{name} by {booked[place.pk]}, shown as {place.proposed_worker_id}"
        if place.status in (PositionStatus.OPEN, PositionStatus.FILLED) and place.wave:
            yield f"{name} in wave {place.wave}"


def every_state_was_reached_by_its_table(s: Snapshot) -> Complaints:
    """The events of a subject, one after the other, lead from its first state to its present one, each by a rule.

    Where a first event names no state before it, the first state is "".
    """
    steps: dict[tuple[str, int], list[AuditEvent]] = {}
    for event in s.events:
        steps.setdefault((event.subject_type, event.subject_id), []).append(event)
    kinds: list[tuple[list[Any], Table, str]] = [
        (s.orders, ORDER, ""),
        (s.places, POSITION, PositionStatus.OPEN),
        (s.offers, OFFER, ""),
        (s.works, ASSIGNMENT, ""),
        (s.sheets, TIMESHEET, ""),
        (s.cases, CASE, ""),
    ]
    for subjects, table, first in kinds:
        for subject in subjects:
            own = steps.get((subject._meta.model_name, subject.pk), [])
            yield from _walk(f"{subject._meta.model_name} {subject.pk}", own, table, first, subject.status)


def _walk(name: str, steps: list[AuditEvent], table: Table, first: str, last: str) -> Complaints:
    state = first
    for step in steps:
        rule = table.get((step.from_state, step.action))
        if step.from_state and (rule is None or rule.to != step.to_state or step.actor_role not in rule.who):
            yield f"{name}: no rule for {step.actor_role}: {step.from_state} --{step.action}--> {step.to_state}"
        if step.from_state != state:
            yield f"{name}: {step.action} from {step.from_state}, but it was {state}"
        state = step.to_state
    if state != last:
        yield f"{name} is {last}, its events lead to {state}"


def whatever_waits_will_be_looked_at(s: Snapshot) -> Complaints:
    live = {order.pk for order in s.orders if order.status in SEEKING}
    wanted = [("position.seek", p) for p in s.places if p.status == PositionStatus.OPEN and p.shift.order_id in live]
    pairs: list[tuple[str, list[Any], str]] = [
        ("offer.expiry", s.offers, OfferStatus.PENDING),
        ("assignment.absence", s.works, AssignmentStatus.BOOKED),
        ("assignment.forgotten", s.works, AssignmentStatus.CHECKED_IN),
        ("timesheet.auto_approve", s.sheets, TimesheetStatus.SUBMITTED),
        ("reviewcase.silence", s.cases, CaseStatus.REPORTED),
    ]
    everything = [(topic, row) for topic, rows, status in pairs for row in rows if row.status == status]
    for topic, row in [*wanted, *everything]:
        if (topic, row.pk) not in s.waiting:
            yield f"{topic} of {row.pk} will never come"
    for order in s.orders:
        matching = {("order.submit", order.pk), ("order.repropose", order.pk)}
        if order.status == OrderStatus.SUBMITTED and not matching & s.waiting:
            yield f"order {order.pk} waits for a matching that will not come"


def an_order_is_what_its_places_are(s: Snapshot) -> Complaints:
    for order in s.orders:
        places = Counter(place.status for place in s.places_of(order))
        name = f"order {order.pk} is {order.status} with {dict(places)}"
        full = set(places) == {PositionStatus.FILLED}
        if order.status in (OrderStatus.FILLED, OrderStatus.OFFERING) and (order.status == OrderStatus.FILLED) != full:
            yield name
        if order.status in (OrderStatus.SUBMITTED, OrderStatus.PROPOSED) and places[PositionStatus.OFFERED]:
            yield f"{name}: it asks people"
        if order.status in ENDED and HELD & set(places):
            yield f"{name}: it still seeks"
        if order.status == OrderStatus.CANCELLED and places[PositionStatus.FILLED]:
            yield f"{name}: somebody will come"


def every_order_ends(s: Snapshot) -> Complaints:
    for order in s.orders:
        works = s.works_of(order)
        working = any(work.status in AT_WORK for work in works)
        last_words = {(topic, work.pk) for topic in ENDING for work in works} | {("order.finish", order.pk)}
        if order.status in ENDED and working:
            yield f"order {order.pk} is {order.status} and people are at work"
        if order.status not in {*ENDED, OrderStatus.DRAFT} and not working and not last_words & s.waiting:
            yield f"order {order.pk} is {order.status} and will never end"


def a_replacement_runs_while_the_place_is_empty(s: Snapshot) -> Complaints:
    running = Counter(row.position_id for row in s.losses if row.found_id is None and row.failed_at is None)
    lost = {row.position_id for row in s.losses}
    for place in s.places:
        if place.pk in lost and running[place.pk] != (place.status in HELD):
            yield f"position {place.pk} is {place.status} with {running[place.pk]} running replacements"


def hours_belong_to_finished_work(s: Snapshot) -> Complaints:
    sheets = {sheet.assignment_id: sheet for sheet in s.sheets}
    for work in s.works:
        if (work.pk in sheets) != (work.status == AssignmentStatus.COMPLETED):
            yield f"assignment {work.pk} is {work.status}, its timesheet {sheets.get(work.pk)}"
    for sheet in s.sheets:
        if not 0 <= sheet.actual_minutes <= sheet.planned_minutes or sheet.amount < 0:
            yield f"timesheet {sheet.pk}: {sheet.actual_minutes} of {sheet.planned_minutes} min, {sheet.amount}"
        if (sheet.approved_at is not None) != (sheet.status == TimesheetStatus.APPROVED):
            yield f"timesheet {sheet.pk} is {sheet.status}, approved {sheet.approved_at}"


def the_clock_of_a_case_runs_in_its_round(s: Snapshot) -> Complaints:
    for case in s.cases:
        turns: list[CaseRound] = list(case.rounds.all())
        last, name = turns[-1], f"case {case.pk} is {case.status} in round {case.round}"
        if [turn.number for turn in turns] != list(range(1, case.round + 1)):
            yield f"{name}, its rounds {[turn.number for turn in turns]}"
        if last.due_at != case.due_at or (last.reported_at is None) != (case.status in RUNNING):
            yield f"{name}, its clock: due {last.due_at}, stopped {last.reported_at}"
        if (case.closed_at is not None) != (case.status in CLOSED):
            yield f"{name}, closed {case.closed_at}"
        if any(turn.outcome != CaseRound.Outcome.NOT_SOLVED for turn in turns[:-1]):
            yield f"{name}, and a round began without a word of the client"
        for turn in turns:
            if turn.reported_at is not None and (turn.reported_at > turn.due_at) != (turn.breached_at is not None):
                yield f"{name}: reported {turn.reported_at}, due {turn.due_at}, breached {turn.breached_at}"


def every_escalation_has_an_end(s: Snapshot) -> Complaints:
    for case in s.cases:
        for row in case.escalations.all():
            coming = ("reviewcase.escalate", row.pk) in s.waiting
            if row.sent_at is None and row.dropped_at is None and not coming:
                yield f"escalation {row.pk} is open and will never be made"
            if row.sent_at is not None and row.sent_at < row.due_at:
                yield f"escalation {row.pk} was made before its hour"


def nothing_failed(s: Snapshot) -> Complaints:
    for row in s.rows:
        if row.last_error:
            yield f"{row.subscriber}: {row.last_error}"


ALL: tuple[Callable[[Snapshot], Complaints], ...] = (
    nobody_is_in_two_places,
    a_place_has_what_its_state_says,
    every_state_was_reached_by_its_table,
    whatever_waits_will_be_looked_at,
    an_order_is_what_its_places_are,
    every_order_ends,
    a_replacement_runs_while_the_place_is_empty,
    hours_belong_to_finished_work,
    the_clock_of_a_case_runs_in_its_round,
    every_escalation_has_an_end,
    nothing_failed,
)


def complaints() -> list[str]:
    """Everything that is wrong at present."""
    now = Snapshot()
    return [complaint for check in ALL for complaint in check(now)]
