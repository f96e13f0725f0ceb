"""What must hold of the order line and the loop at every moment. Each check names what is wrong."""

from collections import Counter
from collections.abc import Callable, Iterator
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
ENDED = {OrderStatus.COMPLETED, OrderStatus.CANCELLED}
# The status a subject has before its first event; "" where a first event says so itself.
PATHS: dict[str, tuple[type[Any], Table, str]] = {
    "order": (Order, ORDER, ""),
    "position": (Position, POSITION, PositionStatus.OPEN),
    "offer": (Offer, OFFER, ""),
    "assignment": (Assignment, ASSIGNMENT, ""),
    "timesheet": (Timesheet, TIMESHEET, ""),
    "reviewcase": (ReviewCase, CASE, ""),
}


def _waiting() -> set[tuple[str, int]]:
    """(topic, id) of every row that will still be handled."""
    rows = OutboxMessage.objects.filter(done_at__isnull=True, set_aside_at__isnull=True)
    return {(topic, payload.get("id")) for topic, payload in rows.values_list("topic", "payload")}


def nobody_is_in_two_places() -> Complaints:
    works = Assignment.objects.filter(status__in=ACTIVE_ASSIGNMENT).order_by("worker", "start_at")
    for one, other in pairwise(works):
        if one.worker_id == other.worker_id and other.start_at < one.end_at:
            yield f"worker {one.worker_id} is in two places: {one.pk}, {other.pk}"


def a_filled_place_has_one_worker() -> Complaints:
    active = Counter(
        Assignment.objects.filter(status__in=ACTIVE_ASSIGNMENT).order_by().values_list("position", flat=True)
    )
    pending = Counter(Offer.objects.filter(status=OfferStatus.PENDING).order_by().values_list("position", flat=True))
    for place in Position.objects.all():
        if active[place.pk] != (place.status == PositionStatus.FILLED):
            yield f"position {place.pk} is {place.status} with {active[place.pk]} workers"
        if pending[place.pk] != (place.status == PositionStatus.OFFERED):
            yield f"position {place.pk} is {place.status} with {pending[place.pk]} offers"
        courting = place.status in (PositionStatus.PROPOSED, PositionStatus.OFFERED)
        if courting and place.proposed_worker_id is None:
            yield f"position {place.pk} is {place.status} without a worker"


def an_offer_asks_the_proposed_worker() -> Complaints:
    for offer in Offer.objects.filter(status=OfferStatus.PENDING).select_related("position"):
        if offer.worker_id != offer.position.proposed_worker_id:
            yield f"offer {offer.pk} asks somebody else than position {offer.position_id} proposes"


def every_state_was_reached_by_its_table() -> Complaints:
    """The events of a subject, taken together, lead from its first state to its present one, each by a rule.

    Events of one instant have no order, so the walk is checked by its balance: a state is left as often as entered,
    but for the first and the last.
    """
    steps: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
    for event in AuditEvent.objects.exclude(to_state=""):
        key = (event.subject_type, event.subject_id)
        steps.setdefault(key, []).append((event.from_state, event.action, event.to_state))
    for kind, (model, table, first) in PATHS.items():
        for pk, status in model.objects.order_by().values_list("pk", "status"):
            yield from _walk(f"{kind} {pk}", steps.get((kind, pk), []), table, first, status)


def _walk(name: str, steps: list[tuple[str, str, str]], table: Table, first: str, last: str) -> Complaints:
    balance = Counter({first: 1})
    balance[last] -= 1
    for was, action, became in steps:
        rule = table.get((was, action))
        if was and (rule is None or rule.to != became):
            yield f"{name}: no rule for {was} --{action}--> {became}"
        balance[was] -= 1
        balance[became] += 1
    if any(balance.values()):
        yield f"{name}: its events do not lead to {last}: {steps}"


def whatever_waits_will_be_looked_at() -> Complaints:
    waiting = _waiting()
    for place in Position.objects.filter(status=PositionStatus.OPEN).select_related("shift__order"):
        order = place.shift.order
        if order.status in SEEKING and ("position.seek", place.pk) not in waiting:
            yield f"position {place.pk} of {order.status} order {order.pk} is open and nobody will look"
    for order in Order.objects.filter(status=OrderStatus.SUBMITTED):
        if not {("order.submit", order.pk), ("order.repropose", order.pk)} & waiting:
            yield f"order {order.pk} waits for a matching that will not come"
    rows: list[tuple[str, Any]] = [
        ("offer.expiry", Offer.objects.filter(status=OfferStatus.PENDING)),
        ("assignment.absence", Assignment.objects.filter(status=AssignmentStatus.BOOKED)),
        ("assignment.forgotten", Assignment.objects.filter(status=AssignmentStatus.CHECKED_IN)),
        ("timesheet.auto_approve", Timesheet.objects.filter(status=TimesheetStatus.SUBMITTED)),
        ("reviewcase.silence", ReviewCase.objects.filter(status=CaseStatus.REPORTED)),
    ]
    for topic, found in rows:
        for pk in found.order_by().values_list("pk", flat=True):
            if (topic, pk) not in waiting:
                yield f"{topic} of {pk} will never come"


def an_order_is_what_its_places_are() -> Complaints:
    waiting = _waiting()
    for order in Order.objects.exclude(status=OrderStatus.DRAFT):
        places = Counter(Position.objects.filter(shift__order=order).order_by().values_list("status", flat=True))
        works = Assignment.objects.filter(position__shift__order=order)
        at_work = works.filter(status__in=(AssignmentStatus.BOOKED, AssignmentStatus.CHECKED_IN)).exists()
        full = set(places) == {PositionStatus.FILLED}
        if (order.status == OrderStatus.FILLED) != full and order.status in (OrderStatus.FILLED, OrderStatus.OFFERING):
            yield f"order {order.pk} is {order.status} with {dict(places)}"
        if order.status in (OrderStatus.SUBMITTED, OrderStatus.PROPOSED) and places[PositionStatus.OFFERED]:
            yield f"order {order.pk} is {order.status} and asks people"
        if order.status in ENDED and (at_work or HELD & set(places)):
            yield f"order {order.pk} is {order.status} with {dict(places)}, at work: {at_work}"
        if order.status == OrderStatus.CANCELLED and places[PositionStatus.FILLED]:
            yield f"order {order.pk} is cancelled with filled places"
        leaving = {("assignment.check_out", pk) for pk in works.values_list("pk", flat=True)} | {
            ("assignment.no_show", pk) for pk in works.values_list("pk", flat=True)
        }
        if order.status not in ENDED and not (at_work or ("order.finish", order.pk) in waiting or leaving & waiting):
            yield f"order {order.pk} is {order.status} and will never end"


def a_replacement_runs_while_the_place_is_empty() -> Complaints:
    running = Counter(
        Replacement.objects.filter(found__isnull=True, failed_at__isnull=True)
        .order_by()
        .values_list("position", flat=True)
    )
    lost = set(Replacement.objects.order_by().values_list("position", flat=True))
    for place in Position.objects.filter(pk__in=lost):
        if running[place.pk] != (place.status in HELD):
            yield f"position {place.pk} is {place.status} with {running[place.pk]} running replacements"


def hours_belong_to_finished_work() -> Complaints:
    for work in Assignment.objects.select_related("timesheet"):
        sheet = getattr(work, "timesheet", None)
        if (sheet is not None) != (work.status == AssignmentStatus.COMPLETED):
            yield f"assignment {work.pk} is {work.status}, its timesheet {sheet}"
        if sheet is not None and not 0 <= sheet.actual_minutes <= sheet.planned_minutes:
            yield f"timesheet {sheet.pk}: {sheet.actual_minutes} of {sheet.planned_minutes} min"
        if sheet is not None and (sheet.approved_at is not None) != (sheet.status == TimesheetStatus.APPROVED):
            yield f"timesheet {sheet.pk} is {sheet.status}, approved {sheet.approved_at}"


def the_clock_of_a_case_runs_in_its_round() -> Complaints:
    waiting = _waiting()
    for case in ReviewCase.objects.prefetch_related("rounds", "escalations"):
        turns: list[CaseRound] = list(case.rounds.all())
        if [turn.number for turn in turns] != list(range(1, case.round + 1)):
            yield f"case {case.pk} in round {case.round} has rounds {[turn.number for turn in turns]}"
        last = turns[-1]
        if last.due_at != case.due_at or (last.reported_at is None) != (case.status in RUNNING):
            yield f"case {case.pk} is {case.status}, its clock: due {last.due_at}, stopped {last.reported_at}"
        if (case.closed_at is not None) != (case.status in CLOSED):
            yield f"case {case.pk} is {case.status}, closed {case.closed_at}"
        if any(turn.outcome != CaseRound.Outcome.NOT_SOLVED for turn in turns[:-1]):
            yield f"case {case.pk} began a new round without a word of the client"
        for row in case.escalations.all():
            open_one = row.sent_at is None and row.dropped_at is None
            if open_one and ("reviewcase.escalate", row.pk) not in waiting:
                yield f"escalation {row.pk} is open and will never be made"
        for turn in turns:
            late = turn.reported_at is not None and turn.reported_at > turn.due_at
            if turn.reported_at is not None and late != (turn.breached_at is not None):
                yield f"case {case.pk} round {turn.number}: reported {turn.reported_at}, breached {turn.breached_at}"


def nothing_failed() -> Complaints:
    for row in OutboxMessage.objects.exclude(last_error=""):
        yield f"{row.subscriber}: {row.last_error}"


ALL: tuple[Callable[[], Complaints], ...] = (
    nobody_is_in_two_places,
    a_filled_place_has_one_worker,
    an_offer_asks_the_proposed_worker,
    every_state_was_reached_by_its_table,
    whatever_waits_will_be_looked_at,
    an_order_is_what_its_places_are,
    a_replacement_runs_while_the_place_is_empty,
    hours_belong_to_finished_work,
    the_clock_of_a_case_runs_in_its_round,
    nothing_failed,
)


def complaints() -> list[str]:
    """Everything that is wrong at present."""
    return [complaint for check in ALL for complaint in check()]
