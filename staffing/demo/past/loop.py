"""The question to the client, the answer, and the case behind a bad one, as `feedback.services` would have done it."""

from datetime import datetime, timedelta

from feedback import sla
from feedback.models import CaseRound, Escalation, Review, ReviewCase, Survey, WorkerRating
from feedback.services import cases
from feedback.states import CLOSED, RUNNING, CaseStatus
from feedback.survey_periods import local_day
from orders.models import Assignment
from orders.states import AssignmentStatus
from staffing.core.actors import LINK, SYSTEM, Actor, actor_of
from staffing.core.models import User
from staffing.demo.past import line, words
from staffing.demo.past.jobs import Job
from staffing.demo.past.world import World

# How a service without and with trouble is liked: stars overall and their weights.
GOOD, TROUBLED = (5, 4, 3, 2, 1), (4, 3, 5, 2, 1)
GOOD_WEIGHTS, TROUBLED_WEIGHTS = (58, 32, 8, 1.5, 0.5), (34, 26, 12, 20, 8)
BREACH_SHARE, FIXED_SHARE = 0.07, 0.97


def answer(w: World, job: Job, survey: Survey, at: datetime) -> None:
    """The client's word; a bad one opens a case at the same moment."""
    review = w.ledger.add(_review(w, job, survey, at))
    survey.answered_at = at
    w.client_reviews[survey.client_id] += 1
    _rate_people(w, job, review, survey)
    w.ledger.record(job.order, "review", by=LINK, at=at, data={"overall": review.overall})
    if cases.is_bad(review, w.loop):
        _open(w, job, review, at)


def _review(w: World, job: Job, survey: Survey, at: datetime) -> Review:
    troubled = job.trouble > 0
    overall = w.random.choices(TROUBLED, TROUBLED_WEIGHTS)[0] if troubled else w.random.choices(GOOD, GOOD_WEIGHTS)[0]
    attendance = max(1, overall - 1) if troubled else min(5, max(2, overall + w.random.choice((0, 0, 1))))
    return Review(
        survey=survey,
        order=job.order,
        client=job.order.client,
        overall=overall,
        attendance=attendance,
        skill_match=min(5, max(2, overall + w.random.choice((-1, 0, 0, 1)))),
        attitude=min(5, max(2, overall + w.random.choice((0, 0, 1)))),
        solved=overall > 1,
        order_again=overall >= 3,
        comment=words.comment(w.random, overall, troubled=troubled),
        created_at=at,
    )


def _served(job: Job, survey: Survey) -> list[Assignment]:
    """Who came in the days that the survey is about, each once, by their last shift."""
    days = survey.period
    came = [work for work in job.works if work.status == AssignmentStatus.COMPLETED]
    inside = [work for work in came if days is None or days[0] <= local_day(work.start_at) <= days[1]]
    return list({work.worker_id: work for work in sorted(inside, key=lambda work: work.start_at)}.values())


def _rate_people(w: World, job: Job, review: Review, survey: Survey) -> None:
    for work in _served(job, survey):
        if w.chance(0.8):
            stars = min(5, max(1, max(3, review.overall) + w.random.choice((-1, 0, 0, 0, 1))))
            w.ledger.add(WorkerRating(review=review, assignment=work, stars=stars))
            person = w.people[work.worker_id]
            person.stars_sum += stars
            person.stars_count += 1


def _open(w: World, job: Job, review: Review, at: datetime) -> None:
    owner, substitute = _least_loaded(w)
    case = w.ledger.add(
        ReviewCase(
            review=review,
            order=job.order,
            client=job.order.client,
            owner=owner,
            substitute=substitute,
            opened_at=at,
            due_at=sla.due_at(at, cases.clock_policy(w.loop)),
        )
    )
    w.opened.append((case, w.client_cases[case.client_id], w.client_reviews[case.client_id]))
    w.client_cases[case.client_id] += 1
    w.ledger.record(case, "open", by=SYSTEM, at=at, to_state=str(case.status))
    _start_clock(w, job, case, at)


def _least_loaded(w: World) -> tuple[User, User]:
    load = {actor.user: w.open_cases[actor.user.pk] for actor in w.desk if actor.user}
    first, second = sorted(load, key=lambda user: (load[user], user.pk))[:2]
    w.open_cases[first.pk] += 1
    return first, second


def _start_clock(w: World, job: Job, case: ReviewCase, at: datetime) -> None:
    turn = w.ledger.add(CaseRound(case=case, number=case.round, opened_at=at, due_at=case.due_at))
    late = case.due_at + timedelta(seconds=1)
    w.ledger.later("reviewcase.breach", {"id": case.pk, "round": case.round}, f"{case.pk}:{case.round}", at, late)
    for step in sla.escalations(at, cases.clock_policy(w.loop)):
        row = w.ledger.add(
            Escalation(case=case, round=case.round, level_hours=step.level_hours, role=step.role, due_at=step.due_at)
        )
        w.timeline.plan(step.due_at + line.SOON, escalate, w, case, turn, row)
        w.ledger.later("reviewcase.escalate", {"id": row.pk}, str(row.pk), at, step.due_at)
    w.timeline.plan(w.after(at, 15, 300), take, w, job, case, turn)


def take(w: World, job: Job, case: ReviewCase, turn: CaseRound, at: datetime) -> None:
    """The owner takes it and looks into it."""
    assert case.owner is not None
    by = actor_of(case.owner)
    w.ledger.change(case, "take", by=by, at=at)
    w.timeline.plan(w.after(at, 40, 400), find_cause, w, job, case, turn, by)


def find_cause(w: World, job: Job, case: ReviewCase, turn: CaseRound, by: Actor, at: datetime) -> None:
    """Cause and fix are named."""
    turn.cause, turn.cause_note, turn.fix = words.cause(w.random, troubled=job.trouble > 0)
    turn.fix_by, turn.fix_owner = (at + timedelta(days=2)).date(), case.owner
    data = {"cause": turn.cause, "note": turn.cause_note, "fix": turn.fix}
    w.ledger.change(case, "find_cause", by=by, at=at, data=data)
    if w.chance(FIXED_SHARE):
        w.timeline.plan(w.after(at, 300, 2600), fixed, turn)
    if w.chance(BREACH_SHARE):
        reports = w.after(turn.due_at, 30, 600)
    else:
        reports = min(w.after(at, 60, 1500), turn.due_at - timedelta(minutes=20))
    w.timeline.plan(reports, report, w, job, case, turn, by)


def fixed(turn: CaseRound, at: datetime) -> None:
    """What was promised is in place."""
    turn.fix_done_at = at


def report(w: World, job: Job, case: ReviewCase, turn: CaseRound, by: Actor, at: datetime) -> None:
    """The client is told; the clock stops."""
    turn.report, turn.reported_at = words.report(turn.fix), at
    if at > turn.due_at:
        turn.breached_at = turn.breached_at or turn.due_at
    w.ledger.change(case, "report", by=by, at=at, data={"text": turn.report})
    deadline = sla.answer_deadline(at, w.loop.answer_days)
    w.ledger.later("reviewcase.silence", {"id": case.pk, "round": case.round}, f"{case.pk}:{case.round}", at, deadline)
    for n, moment in enumerate(cases.reminders(at, deadline, w.loop), start=1):
        payload = {"id": case.pk, "round": case.round, "n": n}
        w.ledger.later("reviewcase.remind", payload, f"{case.pk}:{case.round}:{n}", at, moment)
    w.timeline.plan(deadline + line.SOON, close_unanswered, w, case, turn)
    roll, client = w.random.random(), actor_of(job.ask.member)
    if roll < 0.72:
        w.timeline.plan(w.after(at, 60, 2600), confirm, w, case, turn, client)
    elif roll < 0.87 and case.round < 3:
        w.timeline.plan(w.after(at, 60, 1500), not_solved, w, job, case, turn, client)


def confirm(w: World, case: ReviewCase, turn: CaseRound, by: Actor, at: datetime) -> None:
    """The client says that it is solved."""
    _close(w, case, turn, "confirm", CaseRound.Outcome.CONFIRMED, by, at)


def close_unanswered(w: World, case: ReviewCase, turn: CaseRound, at: datetime) -> None:
    """The client said nothing for the stated time."""
    if case.status == CaseStatus.REPORTED and case.round == turn.number:
        _close(w, case, turn, "no_answer", CaseRound.Outcome.NO_ANSWER, SYSTEM, at)


def _close(w: World, case: ReviewCase, turn: CaseRound, action: str, outcome: str, by: Actor, at: datetime) -> None:
    case.closed_at = at
    w.ledger.change(case, action, by=by, at=at)
    assert case.status in CLOSED and case.owner is not None
    w.open_cases[case.owner.pk] -= 1
    turn.outcome, turn.answered_at = outcome, at


def not_solved(w: World, job: Job, case: ReviewCase, turn: CaseRound, by: Actor, at: datetime) -> None:
    """The client is not content: a new round with a fresh clock."""
    note = words.not_solved(w.random)
    turn.outcome, turn.outcome_note, turn.answered_at = CaseRound.Outcome.NOT_SOLVED, note, at
    _go_up(w, case)
    case.round += 1
    case.due_at = sla.due_at(at, cases.clock_policy(w.loop))
    w.ledger.change(case, "not_solved", by=by, at=at, reason=note)
    _start_clock(w, job, case, at)


def _go_up(w: World, case: ReviewCase) -> None:
    """The substitute takes it from here."""
    assert case.owner is not None and case.substitute is not None
    w.open_cases[case.owner.pk] -= 1
    case.owner, case.substitute = case.substitute, case.owner
    w.open_cases[case.owner.pk] += 1


def escalate(w: World, case: ReviewCase, turn: CaseRound, row: Escalation, at: datetime) -> None:
    """Call for help if it is still needed."""
    if case.round != row.round or case.status not in RUNNING:
        row.dropped_at = at
        return
    row.sent_at = at
    if turn.breached_at is None and at > turn.due_at:
        turn.breached_at = turn.due_at
    data = {"hours": row.level_hours, "role": row.role}
    w.ledger.record(case, "escalate", by=SYSTEM, at=at, data=data)
