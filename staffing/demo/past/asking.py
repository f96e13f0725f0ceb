"""The question to the client: every week of a long order, at the end of each, never twice within the policy's days."""

from datetime import datetime, timedelta

from feedback.models import HeldSurvey, Survey
from feedback.survey_periods import Period, is_long, over_at, weeks
from staffing.core.actors import SYSTEM
from staffing.core.models import User
from staffing.demo.past import loop
from staffing.demo.past.jobs import Job
from staffing.demo.past.world import World

ANSWERED_SHARE = 0.62
Held = tuple[Job, HeldSurvey]


def by_week(w: World, job: Job) -> None:
    """The order begins: a long one is asked about at the end of each of its weeks but the last."""
    for period in _weeks(w, job)[:-1]:
        w.timeline.plan(over_at(period), _about, w, job, period)


def at_end(w: World, job: Job, at: datetime) -> None:
    """The order is over."""
    found = _weeks(w, job)
    _about(w, job, found[-1] if found else None, at)


def _weeks(w: World, job: Job) -> list[Period]:
    """The weeks of a long order; none of a short one."""
    order = job.order
    long = is_long(order.starts_at, order.ends_at, w.loop.long_order_days)
    return weeks(order.starts_at, order.ends_at) if long else []


def _about(w: World, job: Job, period: Period | None, at: datetime) -> None:
    """Ask now, or keep it until the contact may be asked again."""
    member = job.ask.member
    free = _free_at(w, member)
    if free is None or at >= free:
        _send(w, job, period, at)
        return
    first, last = period or (None, None)
    same = {"order": job.order, "client": job.order.client, "contact": member}
    held = w.ledger.add(HeldSurvey(**same, period_start=first, period_end=last, held_at=at))
    w.ledger.record(job.order, "survey_held", by=SYSTEM, at=at)
    if not w.held[member.pk]:
        key = f"{job.order.client_id}:{member.pk}:{free.isoformat()}"
        w.ledger.later("survey.held", {"client": job.order.client_id, "contact": member.pk}, key, at, free)
        w.timeline.plan(free, _send_held, w, member)
    w.held[member.pk].append((job, held))


def _free_at(w: World, member: User) -> datetime | None:
    last = w.last_asked.get(member.pk)
    return last + timedelta(days=w.loop.survey_gap_days) if last else None


def _send_held(w: World, member: User, at: datetime) -> None:
    """The contact may be asked again: about the newest, unless something was asked meanwhile."""
    if w.held[member.pk]:
        job, held = w.held[member.pk][-1]
        _send(w, job, held.period, at)


def _send(w: World, job: Job, period: Period | None, at: datetime) -> None:
    """The survey goes out with what was held; three of five are answered."""
    member, (first, last) = job.ask.member, period or (None, None)
    survey = w.ledger.add(
        Survey(
            order=job.order,
            client=job.order.client,
            contact=member,
            period_start=first,
            period_end=last,
            nonce=w.ledger.uuid().hex,
            sent_at=at,
            expires_at=at + timedelta(days=w.loop.survey_valid_days),
        )
    )
    for _job, held in w.held.pop(member.pk, []):
        held.asked_with = survey
    w.last_asked[member.pk] = at
    w.ledger.record(job.order, "survey", by=SYSTEM, at=at)
    remind = at + timedelta(hours=w.loop.survey_reminder_hours)
    w.ledger.later("survey.remind", {"id": survey.pk}, str(survey.pk), at, remind)
    if w.chance(ANSWERED_SHARE):
        w.timeline.plan(w.after(at, 20, 2400), loop.answer, w, job, survey)
    elif remind < w.ledger.horizon:
        survey.reminded_at = remind
