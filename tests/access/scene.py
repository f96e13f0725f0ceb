"""Two sides of one small agency, each with everything an address can name: what is one's own, and what is another's."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from feedback.models import (
    Complaint,
    DailyReport,
    InsightReport,
    LoopPolicy,
    ReviewCase,
    Revisit,
    StaffAbsence,
    WeeklyReport,
)
from feedback.selectors import daily
from feedback.services import cases, complaints, insight, surveys, writebacks
from feedback.services import photos as review_photos
from feedback.services.complaints import About, Words
from feedback.services.insight import Noted
from feedback.services.remedies import Plan as Remedy
from feedback.services.surveys import Answers
from orders.models import (
    Appeal,
    Assignment,
    BenchPlace,
    BenchShift,
    Client,
    Offer,
    Order,
    SavedView,
    SwapRequest,
    Timesheet,
)
from orders.services import (
    attendance,
    calendar,
    offers,
    ordering,
    photos,
    planning,
    proposing,
    punch_requests,
    saved_views,
    site_codes,
)
from orders.services.attendance import Fix
from staffing.core import notices
from staffing.core import photos as pictures
from staffing.core.actors import Actor, actor_of
from staffing.core.models import Notification, OutboxMessage, Role, User
from tests.access.scene_people import of_people
from tests.fixtures.agency import HERE, NOW, Agency
from workers.models import (
    AvailabilityException,
    Commitment,
    Course,
    Worker,
)
from workers.services import (
    commitments,
)
from workers.services.commitments import Plan

AT_SITE = Fix(*HERE, accuracy_m=20)
HOURS = timedelta(hours=1)

# Which object an address means, by what stands before its `<…:pk>`; the first that fits.


@dataclass
class Side:
    """One client and one worker with all that is theirs: `ids` by kind of object."""

    client: Client
    users: dict[str, User]
    ids: dict[str, Any] = field(default_factory=dict)


def build(agency: Agency, desk: Actor) -> Side:
    """A served, reviewed and reported order; a booked assignment; an offer that waits."""
    worker, company = agency.worker(), agency.client()
    member = agency.member(company)
    company.members.update(may_manage=True)
    side = Side(company, {Role.CLIENT: member, Role.WORKER: worker.user})
    who = actor_of(worker.user)
    served, case = _repaired(agency, company, desk, who)
    review = case.review
    assert review is not None
    booked = _booked(agency, company, desk, who, NOW + 72 * HOURS)
    offer = _offered(agency, company, desk, NOW + 120 * HOURS)
    told: dict[str, Any] = {"key": f"{review.order_id}", "data": {"number": "1", "title": "x"}}
    notices.tell([member, worker.user], "order.filled", review.order, now=NOW, **told)
    side.ids = {
        "order": offer.position.shift.order_id,
        **_kept(agency, company),
        "shift": offer.position.shift_id,
        "position": offer.position_id,
        "offer": offer.pk,
        "assignment": booked.pk,
        "timesheet": Timesheet.objects.get(assignment=served).pk,
        "case": case.pk,
        **_learned(case, worker, desk),
        "review": review.pk,
        "review_photo": review_photos.keep(review, pictures.Safe(b"RIFF", b"RIFF", 1, 1), served.end_at).pk,
        "survey": review.survey_id,
        "complaint": _complaint(company, actor_of(member)).pk,
        "worker": worker.pk,
        "member": member.membership.pk,
        "window": worker.windows.earliest("pk").pk,
        "exception": _day_off(worker).pk,
        "commitment": _lecture(worker).pk,
        "swap": _swap(booked).pk,
        "bench": _bench(worker).pk,
        "appeal": _appeal(served).pk,
        **_proved(served, booked, desk),
        **of_people(agency, worker, desk),
        "token": surveys.token_of(review.survey),
        "calendar": calendar.token_of(calendar.renew(worker, seen="", by=who, now=NOW)),
        "view": _view(desk, company).pk,
        **_told(served, desk),
        "outbox": OutboxMessage.objects.earliest("pk").pk,
        "notification": {
            user.role: Notification.objects.filter(user=user).latest("pk").pk for user in (member, worker.user)
        },
    }
    return side


def _repaired(agency: Agency, company: Client, desk: Actor, who: Actor) -> tuple[Assignment, ReviewCase]:
    """A shift that was served, its bad review, and the case that was reported to the client."""
    served = _booked(agency, company, desk, who, NOW + 24 * HOURS)
    attendance.check_in(served.pk, by=who, now=served.start_at, fix=AT_SITE)
    attendance.check_out(served.pk, by=who, now=served.end_at, fix=AT_SITE)
    served.refresh_from_db(fields=["status"])
    order = served.position.shift.order
    ordering.settle(order.pk, served.end_at)
    survey = surveys.send(order.pk, served.end_at) or order.surveys.get()
    review = surveys.answer(survey.pk, Answers(1, 1, 1, 1), served.end_at)
    case = ReviewCase.objects.get(review=review)
    cases.take(case.pk, by=desk, now=served.end_at)
    cases.find_cause(case.pk, cause="other", note="n", fix="f", fix_by=None, by=desk, now=served.end_at)
    cases.report(case.pk, text="t", by=desk, now=served.end_at)
    return served, case


def _complaint(company: Client, by: Actor) -> Complaint:
    said = Words("attitude", 2, "态度不好")
    return complaints.file(About(company), said, by=by, now=NOW, key=uuid.uuid4())


def _kept(agency: Agency, company: Client) -> dict[str, int]:
    """A template that nothing repeats, and one that repeats itself."""
    by = agency.acting_client(company)
    plain, weekly = (
        planning.save_template(company, name, agency.spec(company), by=by, now=NOW) for name in ("plain", "weekly")
    )
    rhythm = planning.Rhythm([0], NOW.date(), None, days_ahead=7)
    return {"template": plain.pk, "recurring": planning.repeat(weekly, rhythm, by=by, now=NOW).pk}


def _proved(served: Assignment, booked: Assignment, desk: Actor) -> dict[str, Any]:
    """A photo of the service, a missed punch that waits, and a screen with the place's code."""
    site, when = served.position.shift.order.site, served.end_at
    assert site is not None
    safe = pictures.Safe(b"RIFF", b"RIFF", 1, 1)
    missed = punch_requests.ask(booked, "in", "missed", at=booked.start_at, now=when, remark="x")
    return {
        "photo": photos.keep(served, safe, remark="x", now=when).pk,
        "site": site.pk,
        "kiosk": site_codes.open_kiosk(site, by=desk, now=when),
        "punch": missed.pk,
    }


def _learned(case: ReviewCase, worker: Worker, desk: Actor) -> dict[str, int]:
    """A course set because of a case, money that waits, a fix that is not done, and a day away."""
    course, _new = Course.objects.get_or_create(code="calm", defaults={"name_zh": "安抚", "name_en": "Calming"})
    day, many = NOW.date() + timedelta(days=90), LoopPolicy.current().credit_alone + 1
    plans = (Remedy("training", worker=worker, course=course, due_on=day), Remedy("credit", amount=many, reason="x"))
    rows = [writebacks.apply(case.pk, plan, form_key=uuid.uuid4(), by=desk, now=case.due_at) for plan in plans]
    assert desk.user is not None and rows[0].training_id and rows[1].credit_id
    kept = {"entered_by": desk.user, "entered_at": NOW}
    away, _new = StaffAbsence.objects.get_or_create(user=desk.user, first_day=day, last_day=day, defaults=kept)
    return {
        "writeback": rows[0].pk,
        "training": rows[0].training_id,
        "credit": rows[1].credit_id,
        "fix": case.rounds.get().pk,
        "absence": away.pk,
    }


def _told(served: Assignment, desk: Actor) -> dict[str, int]:
    """A call-back, a note in its group, and a report of each kind."""
    assert desk.user is not None
    client, when = served.position.shift.order.client, served.end_at
    day, monday = when.date(), when.date() - timedelta(days=7)
    noted = insight.note(served, Noted("question", "x", uuid.uuid4()), when)
    kept = {"asked_by": desk.user, "asked_at": when, "email": "p@client.example", "language": "zh-hans"}
    nothing = daily.together([])
    house, _new = DailyReport.objects.get_or_create(
        client=None, day=day, defaults={"figures": nothing, "made_at": when}
    )
    weekly, _new = WeeklyReport.objects.get_or_create(monday=monday, defaults={"made_at": when})
    return {
        "client": client.pk,
        "served": served.pk,
        "revisit": Revisit.objects.create(client=client, due_on=day, planned_at=when).pk,
        "insight_group": noted.group_id,
        "insight_report": InsightReport.objects.create(client=client, monday=monday, **kept).pk,
        "daily": DailyReport.objects.create(client=client, day=day, figures=nothing, made_at=when).pk,
        "house_daily": house.pk,
        "weekly": weekly.pk,
    }


def _view(desk: Actor, company: Client) -> SavedView:
    assert desk.user is not None
    return saved_views.save(desk.user, "desk", f"view {company.pk}", f"client={company.pk}", NOW)


def _day_off(worker: Worker) -> AvailabilityException:
    start = NOW + 500 * HOURS
    return AvailabilityException.objects.create(worker=worker, kind="off", start_at=start, end_at=start + HOURS)


def _lecture(worker: Worker) -> Commitment:
    day = (NOW + 600 * HOURS).date()
    return commitments.add(worker.pk, Plan("x", (), 0, 60, day, day), by=actor_of(worker.user), now=NOW)


def _swap(work: Assignment) -> SwapRequest:
    """Nobody else is asked."""
    return SwapRequest.objects.create(assignment=work, only=work.worker, asked_at=NOW, expires_at=work.start_at - HOURS)


def _bench(worker: Worker) -> BenchPlace:
    """An invitation to stand by, far from all else."""
    times = {"start_at": NOW + 600 * HOURS, "end_at": NOW + 604 * HOURS}
    counted = {"wanted": 1, "positions": 1, "loss": 0.1, "planned_at": NOW, "end_at": times["end_at"]}
    shift, _new = BenchShift.objects.get_or_create(city=worker.city, start_at=times["start_at"], defaults=counted)
    until = times["start_at"] - HOURS
    return BenchPlace.objects.create(shift=shift, worker=worker, invited_at=NOW, answer_by=until, pay_rate=6, **times)


def _appeal(work: Assignment) -> Appeal:
    return Appeal.objects.create(assignment=work, text="我到了", filed_at=work.end_at)


def _offered(agency: Agency, company: Client, desk: Actor, start: Any) -> Offer:
    order: Order = agency.submitted(company, start=start)
    proposing.propose_order(order.pk, NOW)
    ordering.confirm(order.pk, by=desk, now=NOW)
    return Offer.objects.select_related("position__shift").get(position__shift__order=order)


def _booked(agency: Agency, company: Client, desk: Actor, who: Actor, start: Any) -> Assignment:
    offer = _offered(agency, company, desk, start)
    work = offers.accept(offer.pk, by=who, now=NOW)
    return Assignment.objects.select_related("position__shift__order").get(pk=work.pk)
