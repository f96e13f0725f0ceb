"""Review cases: opened by a bad review or a complaint, repaired within 48 hours, ended by the client's word.

The clock of a round runs from its opening until the repair is reported to the client. "Not solved" opens a new
round with a fresh clock. Only the client, or a stated time without an answer, closes a case.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback import sla
from feedback.models import CaseRound, Complaint, Escalation, LoopPolicy, Review, ReviewCase
from feedback.services import evidence, fixes, owners
from feedback.states import RUNNING, CaseStatus, Cause
from orders.models import Client
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role, User
from staffing.core.transitions import change


def clock_policy(policy: LoopPolicy) -> sla.ClockPolicy:
    """The hours in force, as the pure clock wants them."""
    levels = (
        (policy.owner_hours, "owner"),
        (policy.substitute_hours, "substitute"),
        (policy.manager_hours, "manager"),
    )
    return sla.ClockPolicy(due_hours=policy.due_hours, levels=levels)


def is_bad(review: Review, policy: LoopPolicy) -> bool:
    """D2: overall at or under the limit, any dimension at or under its limit, or the problem not solved."""
    dimensions = (review.attendance, review.skill_match, review.attitude)
    return review.overall <= policy.bad_overall or min(dimensions) <= policy.bad_dimension or not review.solved


def open_if_bad(review: Review, now: datetime) -> ReviewCase | None:
    """Open a case for a bad review, in the caller's transaction, with its evidence and its first clock."""
    if not is_bad(review, LoopPolicy.current()):
        return None
    return _open(ReviewCase(review=review, order=review.order, client=review.client), now)


@transaction.atomic
def open_for(*, complaint: Complaint, now: datetime) -> ReviewCase:
    """The case of a complaint, opened as a bad review's would be; opening it again gives the first one."""
    Client.objects.select_for_update(no_key=True).get(pk=complaint.client_id)
    found = ReviewCase.objects.filter(complaint=complaint).first()
    if found is not None:
        return found
    return _open(ReviewCase(complaint=complaint, order=complaint.order, client=complaint.client), now)


def _open(case: ReviewCase, now: datetime) -> ReviewCase:
    case.owner, case.substitute = owners.first_pair(now)
    case.opened_at, case.due_at = now, sla.due_at(now, clock_policy(LoopPolicy.current()))
    case.save()
    event = audit.record(case, "open", by=SYSTEM, now=now, to_state=case.status)
    _start_clock(case, now)
    evidence.gather(case, now)
    outbox.publish("reviewcase.open", {"id": case.pk}, key=str(event.pk), now=now)
    return case


def _start_clock(case: ReviewCase, now: datetime) -> None:
    CaseRound.objects.create(case=case, number=case.round, opened_at=now, due_at=case.due_at)
    # One second past the deadline: a repair at the very instant is still in time.
    late = case.due_at + timedelta(seconds=1)
    payload = {"id": case.pk, "round": case.round}
    outbox.publish("reviewcase.breach", payload, key=f"{case.pk}:{case.round}", now=now, due_at=late)
    for step in sla.escalations(now, clock_policy(LoopPolicy.current())):
        row = Escalation.objects.create(
            case=case, round=case.round, level_hours=step.level_hours, role=step.role, due_at=step.due_at
        )
        outbox.publish("reviewcase.escalate", {"id": row.pk}, key=str(row.pk), now=now, due_at=step.due_at)


def lock(case_id: int) -> ReviewCase:
    """The case, locked."""
    return (
        ReviewCase.objects.select_for_update(of=("self",), no_key=True)
        .select_related("order", "client", "complaint", "owner", "substitute")
        .get(pk=case_id)
    )


def current_round(case: ReviewCase) -> CaseRound:
    """The round whose clock runs, or ran last."""
    return case.rounds.get(number=case.round)


@transaction.atomic
def take(case_id: int, *, by: Actor, now: datetime) -> ReviewCase:
    """Make a case one's own. Taking one's own again changes nothing.

    A substitute who takes it changes places with the owner: the call at 40 h must reach somebody else.
    """
    case = lock(case_id)
    if case.status == CaseStatus.INVESTIGATING and case.owner == by.user:
        return case
    if case.substitute == by.user:
        case.substitute = case.owner
    case.owner = by.user
    change(case, "take", by=by, now=now, also=["owner", "substitute"])
    return case


@transaction.atomic
def find_cause(
    case_id: int,
    *,
    cause: str,
    note: str,
    fix: str,
    fix_by: date | None,
    by: Actor,
    now: datetime,
    fix_owner: User | None = None,
    checklist: Sequence[str] = (),
) -> ReviewCase:
    """Name the cause and the fix; `checklist`: the signals that were found true (`feedback.diagnosis`).

    The fix is the case owner's unless somebody else is named. Raises `Invalid` if a field is missing.
    """
    case = lock(case_id)
    if cause not in Cause.values or not note.strip() or not fix.strip():
        raise Invalid("incomplete", _("请填写原因、说明与整改措施。"))
    CaseRound.objects.filter(case=case, number=case.round).update(
        cause=cause,
        cause_note=note.strip(),
        fix=fix.strip(),
        fix_by=fix_by,
        fix_owner=fix_owner or case.owner,
        checklist=sorted(checklist),
    )
    change(case, "find_cause", by=by, now=now, data={"cause": cause, "note": note, "fix": fix})
    fixes.plan(current_round(case), now)
    return case


@transaction.atomic
def report(case_id: int, *, text: str, by: Actor, now: datetime) -> ReviewCase:
    """Tell the client what was done; the clock stops here. Later than 48 h is a breach, kept for ever.

    Repeating it changes nothing. Raises `Invalid` without words, `Conflict` before cause and fix are named.
    """
    case = lock(case_id)
    if case.status == CaseStatus.REPORTED:
        return case
    if not text.strip():
        raise Invalid("no_text", _("请填写给客户的说明。"))
    turn = current_round(case)
    turn.report, turn.reported_at = text.strip(), now
    if now > turn.due_at:
        turn.breached_at = turn.breached_at or turn.due_at
    change(case, "report", by=by, now=now, data={"text": text})
    turn.save(update_fields=["report", "reported_at", "breached_at"])
    deadline = _silent_until(case)
    payload = {"id": case.pk, "round": case.round}
    outbox.publish("reviewcase.silence", payload, key=f"{case.pk}:{case.round}", now=now, due_at=deadline)
    for n, moment in enumerate(reminders(now, deadline, LoopPolicy.current()), start=1):
        key = f"{case.pk}:{case.round}:{n}"
        outbox.publish("reviewcase.remind", payload | {"n": n}, key=key, now=now, due_at=moment)
    return case


def reminders(reported_at: datetime, deadline: datetime, policy: LoopPolicy) -> tuple[datetime, ...]:
    """When the client is asked again, so many days after the report; never after the case would be closed."""
    days = {policy.first_reminder_days, policy.second_reminder_days} - {0}
    moments = sorted(reported_at + timedelta(days=one) for one in days)
    return tuple(moment for moment in moments if moment < deadline)


@transaction.atomic
def confirm(case_id: int, *, by: Actor, now: datetime, note: str = "", seen_round: int | None = None) -> ReviewCase:
    """The client says it is solved: the only good end. Repeating it changes nothing.

    `seen_round` is the round the client answered to: raises `Conflict` if a newer one has begun since.
    """
    case = lock(case_id)
    if case.status == CaseStatus.CONFIRMED:
        return case
    if seen_round is not None and seen_round != case.round:
        raise Conflict("newer_round", _("案件已进入新的一轮，请查看最新答复后再确认。"))
    _end(case, "confirm", CaseRound.Outcome.CONFIRMED, by=by, now=now, note=note)
    return case


@transaction.atomic
def not_solved(case_id: int, *, by: Actor, now: datetime, note: str, seen_round: int | None = None) -> ReviewCase:
    """The client says it is not solved: a new round with a fresh clock and a higher owner (`owners.higher_pair`).

    `seen_round` is the round the client answered to, so that a repeat changes nothing. Raises `Invalid` without words.
    """
    case = lock(case_id)
    if seen_round is not None and seen_round < case.round:
        return case
    if not note.strip():
        raise Invalid("no_text", _("请说明哪里还没有解决。"))
    _answered(case, CaseRound.Outcome.NOT_SOLVED, now, note)
    before = case.owner
    case.owner, case.substitute = owners.higher_pair(case, now)
    case.round += 1
    case.due_at = sla.due_at(now, clock_policy(LoopPolicy.current()))
    change(case, "not_solved", by=by, now=now, reason=note, also=["round", "due_at", "owner", "substitute"])
    _start_clock(case, now)
    if case.owner != before:
        owners.tell(case, before, now)
    return case


@transaction.atomic
def close_unanswered(case_id: int, round_number: int, now: datetime) -> bool:
    """Close a case after the stated time without an answer; counted apart from confirmed ones.

    False if the client answered, or if the policy has become more patient: then it is asked again at the new hour.
    """
    case = lock(case_id)
    if case.status != CaseStatus.REPORTED or case.round != round_number:
        return False
    if now < (deadline := _silent_until(case)):
        payload, key = {"id": case.pk, "round": case.round}, f"{case.pk}:{case.round}:{deadline.isoformat()}"
        outbox.publish("reviewcase.silence", payload, key=key, now=now, due_at=deadline)
        return False
    _end(case, "no_answer", CaseRound.Outcome.NO_ANSWER, by=SYSTEM, now=now, note="")
    return True


def _silent_until(case: ReviewCase) -> datetime:
    reported_at = current_round(case).reported_at
    assert reported_at is not None, "a reported case has been reported"
    return sla.answer_deadline(reported_at, LoopPolicy.current().answer_days)


def _end(case: ReviewCase, action: str, outcome: str, *, by: Actor, now: datetime, note: str) -> None:
    case.closed_at = now
    change(case, action, by=by, now=now, reason=note, also=["closed_at"])
    _answered(case, outcome, now, note)


def _answered(case: ReviewCase, outcome: str, now: datetime, note: str) -> None:
    CaseRound.objects.filter(case=case, number=case.round).update(
        outcome=outcome, outcome_note=note.strip(), answered_at=now
    )


@transaction.atomic
def escalate(escalation_id: int, now: datetime) -> bool:
    """Call for help once; False if it was done, or is no longer needed. At 48 h the breach is recorded."""
    case_id = Escalation.objects.values_list("case_id", flat=True).get(pk=escalation_id)
    case = lock(case_id)
    row = Escalation.objects.get(pk=escalation_id)
    if row.sent_at or row.dropped_at or now < row.due_at:
        return False
    if case.round != row.round or case.status not in RUNNING:
        row.dropped_at = now
        row.save(update_fields=["dropped_at"])
        return False
    owners.hand_over(case, now)
    row.sent_at = now
    row.save(update_fields=["sent_at"])
    turn = current_round(case)
    if turn.breached_at is None and now > turn.due_at:
        turn.breached_at = turn.due_at
        turn.save(update_fields=["breached_at"])
    event = audit.record(case, "escalate", by=SYSTEM, now=now, data={"hours": row.level_hours, "role": row.role})
    outbox.publish("reviewcase.escalated", {"id": row.pk}, key=str(event.pk), now=now)
    return True


@transaction.atomic
def record_breach(case_id: int, round_number: int, now: datetime) -> bool:
    """Write down for ever that a round ran past its deadline. False if it was reported in time or noted before."""
    case = lock(case_id)
    turn = case.rounds.get(number=round_number)
    if turn.reported_at is not None or turn.breached_at is not None or now <= turn.due_at:
        return False
    turn.breached_at = turn.due_at
    turn.save(update_fields=["breached_at"])
    return True


def recipients(row: Escalation) -> list[User]:
    """Who is called: owner, substitute or all managers; when somebody is missing or away, the managers."""
    person = {"owner": row.case.owner, "substitute": row.case.substitute}.get(row.role)
    if person is not None and owners.is_there(person, row.sent_at or row.due_at):
        return [person]
    return list(User.objects.filter(role=Role.MANAGER, is_active=True))
