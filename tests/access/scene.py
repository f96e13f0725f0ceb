"""Two sides of one small agency, each with everything an address can name: what is one's own, and what is another's."""

import io
import re
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
    conflicts,
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
from orders.services.conflicts import Declared
from staffing.core import notices, private_files
from staffing.core import photos as pictures
from staffing.core.actors import LINK, Actor, actor_of
from staffing.core.models import Notification, OutboxMessage, Role, User
from tests.fixtures import training
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.partners import partner
from workers.models import (
    AvailabilityException,
    CertificateType,
    Commitment,
    Course,
    Document,
    IssuedCertificate,
    PartnerFee,
    Proposal,
    Scope,
    Skill,
    SoftSkill,
    TypingText,
    Worker,
)
from workers.services import (
    application_links,
    applications,
    checks,
    commitments,
    hooks,
    importing,
    interviews,
    partners,
    proposals,
    sessions,
    standing_appeals,
    typing_tests,
    vault,
    watch,
)
from workers.services.applications import ApplicationSpec
from workers.services.checks import Wanted
from workers.services.commitments import Plan
from workers.services.interviews import Appointment

AT_SITE = Fix(*HERE, accuracy_m=20)
HOURS = timedelta(hours=1)

# Which object an address means, by what stands before its `<…:pk>`; the first that fits.
MEANINGS = [
    (r"papers/<", "paper"),
    (r"desk/checks/<", "check"),
    (r"^api/v1/applications/<", "application"),
    (r"^sources/keys/<", "partner_key"),
    (r"^sources/news/<", "delivery"),
    (r"^sources/imports/<", "import"),
    (r"^sources/<", "partner"),
    (r"training/courses/<", "course"),
    (r"training/lessons/<", "lesson"),
    (r"training/sessions/<", "session"),
    (r"training/quizzes/<", "quiz"),
    (r"training/questions/<", "question"),
    (r"training/attempts/<", "attempt"),
    (r"training/typing/<", "typing"),
    (r"training/certificates/<", "issued"),
    (r"^verify/<", "issued_code"),
    (r"(revisits|insight)/clients/<", "client"),
    (r"^revisits/<", "revisit"),
    (r"^insight/groups/<", "insight_group"),
    (r"^my/shifts/<int:pk>/insight/", "served"),
    (r"^client/reports/<", "daily"),
    (r"^client/insight/<", "insight_report"),
    (r"^reports/<", "house_daily"),
    (r"^reports/weekly/<", "weekly"),
    (r"^inbox/<", "notification"),
    (r"outbox/<", "outbox"),
    (r"^my/shifts/<|assignments/<", "assignment"),
    (r"desk/shifts/<", "shift"),
    (r"desk/views/<", "view"),
    (r"swaps/<", "swap"),
    (r"bench/<", "bench"),
    (r"^my/me/watch/<|people/watch/<", "watched"),
    (r"^my/me/decisions/<", "removal"),
    (r"people/proposals/<", "proposal"),
    (r"people/appeals/<", "standing_appeal"),
    (r"people/conflicts/<", "conflict"),
    (r"desk/clients/<", "client"),
    (r"appeals/<", "appeal"),
    (r"^my/open/<", "shift"),
    (r"positions/<|desk/week/\w+/<", "position"),
    (r"offers/<", "offer"),
    (r"hours/<|timesheets/<", "timesheet"),
    (r"cases/<", "case"),
    (r"writebacks/<", "writeback"),
    (r"credits/<", "credit"),
    (r"training/<", "training"),
    (r"fixes/<", "fix"),
    (r"absences/<", "absence"),
    (r"complaints/<", "complaint"),
    (r"reviews/photos/<", "review_photo"),
    (r"surveys/<", "survey"),
    (r"reviews/<", "review"),
    (r"people/<|workers/<", "worker"),
    (r"members/<", "member"),
    (r"orders/<", "order"),
    (r"templates/<", "template"),
    (r"recurring/<", "recurring"),
    (r"windows/<", "window"),
    (r"exceptions/<", "exception"),
    (r"commitments/<", "commitment"),
    (r"^s/<|^join/<", "token"),
    (r"^apply/<", "apply_token"),
    (r"^applications/<", "application"),
    (r"^calendar/<", "calendar"),
    (r"^photos/<", "photo"),
    (r"^sites/<|^my/code/<", "site"),
    (r"^kiosk/<", "kiosk"),
    (r"desk/proofs/<", "punch"),
]


@dataclass
class Side:
    """One client and one worker with all that is theirs: `ids` by kind of object."""

    client: Client
    users: dict[str, User]
    ids: dict[str, Any] = field(default_factory=dict)


def meaning(route: str) -> str:
    """The kind of object an address names. Raises `LookupError` for an address nobody has described here."""
    for pattern, kind in MEANINGS:
        if re.search(pattern, route):
            return kind
    raise LookupError(f"{route}: say in MEANINGS which object this address names")


def build(agency: Agency, desk: Actor) -> Side:
    """A served, reviewed and reported order; a booked assignment; an offer that waits."""
    worker, company = agency.worker(), agency.client()
    member = agency.member(company)
    company.members.update(may_manage=True)
    side = Side(company, {Role.CLIENT: member, Role.WORKER: worker.user})
    who = actor_of(worker.user)
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
    booked = _booked(agency, company, desk, who, NOW + 72 * HOURS)
    offer = _offered(agency, company, desk, NOW + 120 * HOURS)
    notices.tell(
        [member, worker.user], "order.filled", order, now=NOW, key=f"{order.pk}", data={"number": "1", "title": "x"}
    )
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
        **_trained(agency, worker, desk),
        "review": review.pk,
        "review_photo": review_photos.keep(review, pictures.Safe(b"RIFF", b"RIFF", 1, 1), served.end_at).pk,
        "survey": survey.pk,
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
        **_judged(worker, desk),
        "token": surveys.token_of(survey),
        **_applied(worker, desk),
        "calendar": calendar.token_of(calendar.renew(worker, seen="", by=who, now=NOW)),
        "view": _view(desk, company).pk,
        **_told(served, desk),
        **_sources(desk),
        **_papers(worker, desk),
        "outbox": OutboxMessage.objects.earliest("pk").pk,
        "notification": {
            user.role: Notification.objects.filter(user=user).latest("pk").pk for user in (member, worker.user)
        },
    }
    return side


def _papers(worker: Worker, desk: Actor) -> dict[str, int]:
    """A paper and a background check that wait, and numbers in the vault."""
    by, day = actor_of(worker.user), NOW.date() + timedelta(days=300)
    kind, _new = CertificateType.objects.get_or_create(
        code="scene", defaults={"name_zh": "健康证", "name_en": "Health"}
    )
    paper = Document(worker=worker, certificate=kind, digest="x", sent_at=NOW, width=1, height=1)
    paper.file, paper.small = private_files.write(pictures.Safe(b"RIFF", b"RIFF", 1, 1))
    paper.save()
    for secret, number in (("identity", "990000199001010009"), ("bank", "6217000000000000004")):
        vault.put(worker.pk, secret, number, by=by, now=NOW)
    return {"paper": paper.pk, "check": checks.request(worker.pk, Wanted(2, "x", day), by=desk, now=NOW).pk}


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


def _trained(agency: Agency, worker: Worker, desk: Actor) -> dict[str, Any]:
    """A course that was passed with all that hangs on it, and a try at typing that runs."""
    course = training.course(pass_rule="quiz")
    lesson, quiz = training.lesson(course), training.quiz(course)
    session = training.session(agency, course, start=NOW + 700 * HOURS, trainer=desk.user)
    sessions.enrol(session.pk, worker, by=desk, now=NOW)
    attempt = training.take(worker, quiz)
    skill, _new = Skill.objects.get_or_create(
        code="typing-zh",
        defaults={"name_zh": "中文打字", "name_en": "Typing", "kind": "typing", "grades": training.GRADES},
    )
    TypingText.objects.get_or_create(skill=skill, script="zh", defaults={"body": "您好，请问有什么可以帮您？"})
    issued = IssuedCertificate.objects.get(worker=worker, course=course)
    return {
        "course": course.pk,
        "lesson": lesson.pk,
        "session": session.pk,
        "quiz": quiz.pk,
        "question": quiz.questions.earliest("pk").pk,
        "attempt": attempt.pk,
        "typing": typing_tests.start(worker.pk, "zh", by=actor_of(worker.user), now=NOW).pk,
        "issued": issued.pk,
        "issued_code": issued.code,
    }


def _applied(worker: Worker, desk: Actor) -> dict[str, Any]:
    """Two applications with one phone, the later one with an interview that was scored."""
    phone = f"137{worker.pk:08d}"
    specs = [ApplicationSpec(worker.user.name, phone, source=source) for source in ("direct", "student")]
    _first, found = (applications.submit(spec, by=LINK, now=NOW).application for spec in specs)
    talk = Appointment(NOW + 24 * HOURS, "phone", "137")
    interviews.appoint(found.pk, talk, by=desk, now=NOW)
    interviews.score(found.pk, dict.fromkeys(SoftSkill.values, 4), by=desk, now=NOW)
    return {"application": found.pk, "apply_token": application_links.token_of(found)}


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


def _sources(desk: Actor) -> dict[str, int]:
    """A partner with a key, an address and news; a file of its applicants."""
    of = partner()
    key = partners.make_key(of, sandbox=True, scopes=[Scope.READ], form_key=uuid.uuid4(), by=desk, now=NOW).key
    hooks.save(of, url="https://partner.example/in", is_active=True, by=desk, now=NOW)
    hooks.tell_test(of, key="x", now=NOW)
    partners.pay(of, PartnerFee(paid_on=NOW.date(), amount=1, note="x"), by=desk, now=NOW)
    sent = io.BytesIO("姓名,手机号\n林晓,1".encode())
    file = importing.upload(sent, "a.csv", source="partner", partner=of, by=desk, now=NOW)
    return {"partner": of.pk, "partner_key": key.pk, "delivery": of.deliveries.get().pk, "import": file.pk}


def _judged(worker: Worker, desk: Actor) -> dict[str, int]:
    """A watch, an appeal against it, what waits and what was decided, and a tie to a company."""
    why = [{"figure": "late", "have": "40", "need": "30", "n": 5, "services": [{"day": "2026-11-20", "title": "x"}]}]
    watched = watch.put_on(worker.pk, "pre_sale", why, NOW)
    waiting = proposals.make(worker.pk, "full_time", [{"code": "services", "have": "60", "need": "60"}], NOW)
    assert watched is not None and waiting is not None
    said = {"evidence": waiting.evidence, "made_at": NOW, "due_at": NOW + HOURS, "decided_at": NOW, "reason": "x"}
    removal = Proposal.objects.create(worker=worker, kind="suspend", status="approved", decided_by=desk.user, **said)
    appeal = standing_appeals.file(watched, by=actor_of(worker.user), now=NOW, text="x")
    tie = conflicts.declare(worker, Declared("某公司", "related"), by=actor_of(worker.user), now=NOW)
    ids = {"watched": watched.pk, "proposal": waiting.pk, "removal": removal.pk}
    return ids | {"standing_appeal": appeal.pk, "conflict": tie.pk}


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
