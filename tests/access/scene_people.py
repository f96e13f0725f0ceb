"""One side's papers, training, applications, partners and standing."""

import io
import uuid
from datetime import timedelta
from typing import Any

from orders.services import (
    conflicts,
)
from orders.services.conflicts import Declared
from staffing.core import photos as pictures
from staffing.core import private_files
from staffing.core.actors import LINK, Actor, actor_of
from tests.fixtures import training
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.partners import partner
from workers.models import (
    CertificateType,
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
from workers.services.interviews import Appointment

HOURS = timedelta(hours=1)


def of_people(agency: Agency, worker: Worker, desk: Actor) -> dict[str, Any]:
    """What the pool keeps of a worker, and those through whom people come."""
    return {
        **papers(worker, desk),
        **trained(agency, worker, desk),
        **applied(worker, desk),
        **sources(desk),
        **judged(worker, desk),
    }


def papers(worker: Worker, desk: Actor) -> dict[str, int]:
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


def trained(agency: Agency, worker: Worker, desk: Actor) -> dict[str, Any]:
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


def applied(worker: Worker, desk: Actor) -> dict[str, Any]:
    """Two applications with one phone, the later one with an interview that was scored."""
    phone = f"137{worker.pk:08d}"
    specs = [ApplicationSpec(worker.user.name, phone, source=source) for source in ("direct", "student")]
    _first, found = (applications.submit(spec, by=LINK, now=NOW).application for spec in specs)
    talk = Appointment(NOW + 24 * HOURS, "phone", "137")
    interviews.appoint(found.pk, talk, by=desk, now=NOW)
    interviews.score(found.pk, dict.fromkeys(SoftSkill.values, 4), by=desk, now=NOW)
    return {"application": found.pk, "apply_token": application_links.token_of(found)}


def sources(desk: Actor) -> dict[str, int]:
    """A partner with a key, an address and news; a file of its applicants."""
    of = partner()
    key = partners.make_key(of, sandbox=True, scopes=[Scope.READ], form_key=uuid.uuid4(), by=desk, now=NOW).key
    hooks.save(of, url="https://partner.example/in", is_active=True, by=desk, now=NOW)
    hooks.tell_test(of, key="x", now=NOW)
    partners.pay(of, PartnerFee(paid_on=NOW.date(), amount=1, note="x"), by=desk, now=NOW)
    sent = io.BytesIO("姓名,手机号\n林晓,1".encode())
    file = importing.upload(sent, "a.csv", source="partner", partner=of, by=desk, now=NOW)
    return {"partner": of.pk, "partner_key": key.pk, "delivery": of.deliveries.get().pk, "import": file.pk}


def judged(worker: Worker, desk: Actor) -> dict[str, int]:
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
