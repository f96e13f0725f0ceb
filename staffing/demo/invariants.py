"""What must hold in the database of an agency, whoever wrote it. Each function returns what is wrong, in words."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from feedback.models import CaseRound, Escalation, LoopPolicy, Review, ReviewCase
from feedback.services import cases
from feedback.states import RUNNING, CaseStatus
from orders.models import Assignment, Offer, Order, Position, Punch, Timesheet
from orders.services.timesheets import amount_of, worked_span
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.models import AuditEvent
from workers.pay.minutes import Span

Trail = list[dict[str, Any]]
# Model, its first state, and the action that begins its trail (none: it is simply there).
SUBJECTS: tuple[tuple[Any, str, str], ...] = (
    (Order, "draft", "create"),
    (Position, "open", ""),
    (Offer, "pending", "send"),
    (Assignment, "booked", "book"),
    (Timesheet, "submitted", "submit"),
    (ReviewCase, "open", "open"),
)
MINUTE = timedelta(minutes=1)


def overlaps(now: datetime) -> Iterator[str]:
    """Nobody is booked twice at the same time."""
    active = Assignment.objects.filter(status__in=ACTIVE_ASSIGNMENT).order_by("worker_id", "start_at")
    last: tuple[int, datetime, int] | None = None
    for pk, worker, start, end in active.values_list("pk", "worker_id", "start_at", "end_at"):
        if last is not None and last[0] == worker and start < last[1]:
            yield f"assignments {last[2]} and {pk} of worker {worker} overlap"
        last = (worker, end, pk)


def trails(now: datetime) -> Iterator[str]:
    """Every status is reached by audited steps of the transition table, from the first state to the present one."""
    for model, first, begins in SUBJECTS:
        name = model._meta.model_name
        found = _trails(name)
        for pk, status in model._default_manager.values_list("pk", "status"):
            problem = _walk(model.TRANSITIONS, found.get(pk, []), first, begins, status)
            if problem:
                yield f"{name} {pk}: {problem}"


def _trails(name: str) -> dict[int, Trail]:
    found: dict[int, Trail] = defaultdict(list)
    events = AuditEvent.objects.filter(subject_type=name).order_by("at", "id")
    for row in events.values("subject_id", "at", "action", "actor_role", "from_state", "to_state"):
        found[row["subject_id"]].append(dict(row))
    return found


def _walk(table: Any, trail: Trail, first: str, begins: str, status: str) -> str:
    """The first thing wrong with a trail, or nothing. Steps at one moment may be told in any order."""
    if begins and not any(row["action"] == begins and row["to_state"] == first for row in trail):
        return f"no {begins!r} in its audit"
    steps = [row for row in trail if row["from_state"]]
    state = first
    while steps:
        at = steps[0]["at"]
        step = next((row for row in steps if row["at"] == at and row["from_state"] == state), None)
        if step is None:
            return f"{steps[0]['action']!r} from {steps[0]['from_state']} while {state}"
        rule = table.get((state, step["action"]))
        if rule is None or rule.to != step["to_state"] or step["actor_role"] not in rule.who:
            return f"{step['action']!r} by {step['actor_role']} from {state} to {step['to_state']} is not allowed"
        state = step["to_state"]
        steps.remove(step)
    return "" if state == status else f"is {status}, its audit ends in {state}"


def audit_bounds(now: datetime) -> Iterator[str]:
    """No event lies in the future or before the order it belongs to was made."""
    late = AuditEvent.objects.filter(at__gt=now + MINUTE).count()
    if late:
        yield f"{late} audit events lie in the future"
    made = dict(Order.objects.values_list("pk", "created_at"))
    for order, at, action in AuditEvent.objects.exclude(order_id=None).values_list("order_id", "at", "action"):
        if order in made and at < made[order]:
            yield f"{action!r} of order {order} lies before the order"


def places(now: datetime) -> Iterator[str]:
    """A filled place has exactly one active assignment, any other has none."""
    active = Count("assignments", filter=Q(assignments__status__in=ACTIVE_ASSIGNMENT))
    for pk, status, count in Position.objects.annotate(active=active).values_list("pk", "status", "active"):
        if count != (status == PositionStatus.FILLED):
            yield f"position {pk} is {status} with {count} active assignments"


def questions(now: datetime) -> Iterator[str]:
    """Somebody is asked for a place exactly while it is offered, and the worker shown for it is among them."""
    pending = Q(offers__status=OfferStatus.PENDING)
    first = pending & Q(offers__worker=F("proposed_worker"))
    found = Position.objects.annotate(asked=Count("offers", filter=pending), first=Count("offers", filter=first))
    for pk, status, asked, first_asked in found.values_list("pk", "status", "asked", "first"):
        if bool(asked) != (status == PositionStatus.OFFERED):
            yield f"position {pk} is {status} with {asked} unanswered offers"
        elif asked and first_asked != 1:
            yield f"position {pk}: whom it shows is not asked"


def hours(now: datetime) -> Iterator[str]:
    """Hours are the worked span, priced; a correction by hand is priced from the same start."""
    corrected = set(AuditEvent.objects.filter(subject_type="timesheet", action="correct").values_list("subject_id"))
    sheets = Timesheet.objects.select_related("assignment")
    for sheet in sheets.iterator(chunk_size=2000):
        work = sheet.assignment
        if work.checked_in_at is None or work.checked_out_at is None:
            yield f"timesheet {sheet.pk} without both punches"
            continue
        span = worked_span(work)
        if (sheet.pk,) in corrected:
            span = Span(span.start, span.start + sheet.actual_minutes * MINUTE)
        if sheet.actual_minutes != span.minutes:
            yield f"timesheet {sheet.pk}: {sheet.actual_minutes} min instead of {span.minutes}"
        elif sheet.amount != price_of(work, span):
            yield f"timesheet {sheet.pk}: {sheet.amount} CNY instead of {price_of(work, span)}"


def price_of(work: Assignment, span: Span) -> Any:
    """The amount by the product's own arithmetic."""
    return _Prices.of(work, span)


class _Prices:
    """Equal spans at equal rates are priced once."""

    known: dict[Any, Any] = {}  # noqa: RUF012

    @classmethod
    def of(cls, work: Assignment, span: Span) -> Any:
        key = (span.start, span.end, work.bill_rate)
        if key not in cls.known:
            cls.known[key] = amount_of(work, span)
        return cls.known[key]


def order_times(now: datetime) -> Iterator[str]:
    """Submitted, proposed, confirmed, filled and completed are the moments of the audit."""
    firsts = {"submit": "submitted_at", "confirm": "confirmed_at"}
    ends = {"complete": "completed_at", "lapse": "completed_at"}
    seen: dict[tuple[int, str], datetime] = {}
    events = AuditEvent.objects.filter(subject_type="order", action__in=[*firsts, *ends]).order_by("at", "id")
    for pk, action, at in events.values_list("subject_id", "action", "at"):
        seen.setdefault((pk, (firsts | ends)[action]), at)
    for order in Order.objects.all():
        for name in ("submitted_at", "confirmed_at", "completed_at"):
            if getattr(order, name) != seen.get((order.pk, name)):
                yield f"order {order.pk}: {name} is {getattr(order, name)}, audited {seen.get((order.pk, name))}"
    yield from _fill_times()
    yield from _response_times()


def _fill_times() -> Iterator[str]:
    """A fill lies at a moment at which one of the order's people said yes."""
    yes = set(Assignment.objects.values_list("position__shift__order_id", "booked_at"))
    for pk, at in Order.objects.filter(filled_at__isnull=False).values_list("pk", "filled_at"):
        if (pk, at) not in yes:
            yield f"order {pk}: filled_at {at} is no yes"


def _response_times() -> Iterator[str]:
    """A response lies at a moment at which one of the order's places was given somebody."""
    given = set(
        AuditEvent.objects.filter(subject_type="position", action__in=("propose", "invite")).values_list(
            "order_id", "at"
        )
    )
    for pk, at in Order.objects.filter(proposed_at__isnull=False).values_list("pk", "proposed_at"):
        if (pk, at) not in given:
            yield f"order {pk}: proposed_at {at} is no proposal"


def punches(now: datetime) -> Iterator[str]:
    """Who came has a punch, at the time of the assignment, inside the fence; who did not has none."""
    kinds: dict[int, dict[str, Punch]] = defaultdict(dict)
    for row in Punch.objects.all():
        kinds[row.assignment_id][row.kind] = row
    for work in Assignment.objects.all():
        have = kinds.get(work.pk, {})
        came = work.status in (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
        wanted = {"in": came, "out": work.status == AssignmentStatus.COMPLETED}
        for kind, moment in (("in", work.checked_in_at), ("out", work.checked_out_at)):
            punch = have.get(kind)
            if (punch is not None) != wanted[kind] or (punch is not None and punch.at != moment):
                yield f"assignment {work.pk} ({work.status}): its {kind} punch does not fit"
            elif kind == "in" and punch is not None and punch.method == "position" and punch.in_fence is False:
                yield f"assignment {work.pk}: checked in outside the fence"


def case_rounds(now: datetime) -> Iterator[str]:
    """Rounds count from one without a gap, each with its own 48 hours; the case shows the last one."""
    due = timedelta(hours=LoopPolicy.current().due_hours)
    for case in ReviewCase.objects.prefetch_related("rounds"):
        rounds = list(case.rounds.all())
        if [one.number for one in rounds] != list(range(1, case.round + 1)):
            yield f"case {case.pk}: rounds are not contiguous"
            continue
        if any(one.due_at != one.opened_at + due for one in rounds) or case.due_at != rounds[-1].due_at:
            yield f"case {case.pk}: a deadline is not {due} after the opening"
        if case.opened_at != rounds[0].opened_at:
            yield f"case {case.pk}: not opened with its first round"


def escalations(now: datetime) -> Iterator[str]:
    """An escalation is sent only when due and while the clock runs."""
    for row in Escalation.objects.select_related("case"):
        if row.sent_at is not None and row.sent_at < row.due_at:
            yield f"escalation {row.pk} was sent before it was due"
    sent = Escalation.objects.filter(sent_at__isnull=False).values_list("case_id", "round", "sent_at")
    reported = {
        (case, number): at for case, number, at in CaseRound.objects.values_list("case_id", "number", "reported_at")
    }
    for case, number, at in sent:
        stopped = reported.get((case, number))
        if at is not None and stopped is not None and at > stopped:
            yield f"case {case}, round {number}: escalated after the report"


def breaches(now: datetime) -> Iterator[str]:
    """A breach is kept if and only if the report was late, or the clock runs on past its end."""
    for turn in CaseRound.objects.select_related("case"):
        running = turn.case.status in RUNNING and turn.case.round == turn.number
        late = turn.reported_at is not None and turn.reported_at > turn.due_at
        # The timer that writes it may be a little behind.
        overdue = running and now > turn.due_at + 10 * MINUTE
        if (late and turn.breached_at is None) or (overdue and turn.breached_at is None):
            yield f"case {turn.case_id}, round {turn.number}: a breach is not recorded"
        elif turn.breached_at is not None and not late and not (running and now > turn.due_at):
            yield f"case {turn.case_id}, round {turn.number}: a breach that was none"


def bad_reviews(now: datetime) -> Iterator[str]:
    """Every bad review has a case, no other has one."""
    policy, with_case = LoopPolicy.current(), set(ReviewCase.objects.values_list("review_id", flat=True))
    for review in Review.objects.all():
        if cases.is_bad(review, policy) != (review.pk in with_case):
            yield f"review {review.pk} ({review.overall} stars): {'a' if review.pk in with_case else 'no'} case"


def closed_cases(now: datetime) -> Iterator[str]:
    """A closed case says when and how its last round ended."""
    ends = {CaseStatus.CONFIRMED: "confirmed", CaseStatus.NO_ANSWER: "no_answer"}
    last: QuerySet[CaseRound] = CaseRound.objects.filter(number=F("case__round")).select_related("case")
    for turn in last:
        wanted = ends.get(CaseStatus(turn.case.status), "")
        if turn.outcome != wanted or (turn.case.closed_at is not None) != bool(wanted):
            yield f"case {turn.case_id} is {turn.case.status}, its last round {turn.outcome or 'open'}"


ALL: tuple[Callable[[datetime], Iterator[str]], ...] = (
    overlaps,
    trails,
    audit_bounds,
    places,
    questions,
    hours,
    order_times,
    punches,
    case_rounds,
    escalations,
    breaches,
    bad_reviews,
    closed_cases,
)


def violations(now: datetime) -> list[str]:
    """Everything that is wrong, each with the name of the invariant."""
    _Prices.known.clear()
    return [f"{check.__name__}: {problem}" for check in ALL for problem in check(now)]
