"""The writers of papers: a worker sends a picture of one, a person of the agency says whether it proves the thing.

What is accepted is written where matching reads it, with who looked and until when it counts. A paper that waits or was
refused changes nothing of what counts, so a renewal under review leaves the old one in force until its day.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import limits, photos, private_files, secret_numbers, transitions
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Forbidden, Invalid
from workers.models import (
    CertificateType,
    Course,
    Document,
    Language,
    PapersPolicy,
    Skill,
    Worker,
)
from workers.models.people import Attested
from workers.paper_states import DocumentStatus
from workers.services import expiring, qualifications

Subject = CertificateType | Skill | Language | Course


@dataclass(frozen=True, slots=True)
class Claim:
    """What a picture is to prove; `level` for a skill or a language."""

    kind: str
    subject: Subject
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reviewer read from it. `valid_until` None: it has no end. `passed_on`: of a course."""

    issuer: str = ""
    number: str = ""
    valid_until: date | None = None
    level: int | None = None
    passed_on: date | None = None


def send(worker_id: int, claim: Claim, file: BinaryIO, *, remark: str, by: Actor, now: datetime) -> Document:
    """Keep a picture for review. It takes the place of one of the same thing that still waits; the same picture again
    changes nothing. Raises `Invalid` for what is no safe picture, a level that is none, or a number that names a person
    in the remark; `Conflict` after too many in this hour."""
    check_text(remark)
    _check_level(claim)
    if not limits.within(f"papers:{worker_id}", PapersPolicy.current().uploads_an_hour, now):
        raise Conflict("too_many_papers", _("上传过于频繁，请一小时后再试。"))
    safe = photos.clean(file)
    digest = hashlib.sha256(safe.content).hexdigest()
    with transaction.atomic():
        worker = _own(worker_id, by)
        waiting = worker.documents.filter(status=DocumentStatus.WAITING, **{claim.kind: claim.subject}).first()
        if waiting is not None and (waiting.digest, waiting.level) == (digest, claim.level):
            return waiting
        if waiting is not None:
            transitions.change(waiting, "withdraw", by=by, now=now)
        row = Document(worker=worker, level=claim.level, digest=digest, remark=remark.strip()[:200], sent_at=now)
        setattr(row, claim.kind, claim.subject)
        return _kept(row, safe)


def _kept(row: Document, safe: photos.Safe) -> Document:
    """Save the row with its files; neither stays without the other."""
    row.file, row.small = private_files.write(safe)
    row.width, row.height = safe.width, safe.height
    try:
        row.save()
    except BaseException:
        private_files.remove([row.file, row.small])
        raise
    return row


def _own(worker_id: int, by: Actor) -> Worker:
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    if by.user is None or worker.user_id != by.user.pk:
        raise Forbidden("not_yours", _("您没有执行此操作的权限。"))
    return worker


def check_text(*texts: str) -> None:
    """Raise `Invalid` if a text that is kept readable holds an identity number or a card's number."""
    if any(secret_numbers.holds(text) for text in texts):
        raise Invalid("secret_number", _("这里请不要写身份证号或银行卡号。"))


def _check_level(claim: Claim) -> None:
    scale = claim.subject if isinstance(claim.subject, Skill | Language) else None
    if claim.level is None if scale else claim.level is not None:
        raise Invalid("bad_level", _("请选择等级。"))
    if scale and claim.level is not None and not 1 <= claim.level <= scale.most_level:
        raise Invalid("bad_level", _("请选择等级。"))


@transaction.atomic
def withdraw(document_id: int, *, by: Actor, now: datetime) -> None:
    """The worker takes a waiting paper back. Repeating it changes nothing. Raises `Conflict` once it is decided."""
    row = _locked(document_id)
    if by.user is None or row.worker.user_id != by.user.pk:
        raise Forbidden("not_yours", _("您没有执行此操作的权限。"))
    if row.status != DocumentStatus.WAITING:
        if row.status == DocumentStatus.WITHDRAWN:
            return
        raise Conflict("paper_decided", _("这份材料已经审核。"))
    transitions.change(row, "withdraw", by=by, now=now)


@transaction.atomic
def accept(document_id: int, finding: Finding, *, by: Actor, now: datetime) -> Document:
    """It proves the thing: that counts from now on, through the whole of its last day.

    Raises `Invalid` for a last day that is over or a level that is none, `Conflict` if somebody decided before.
    """
    row = _locked(document_id)
    _check_finding(row, finding, timezone.localdate(now))
    row.issuer, row.number = finding.issuer.strip()[:80], finding.number.strip()[:60]
    row.valid_until, row.level = finding.valid_until, finding.level
    data = {"until": row.valid_until and row.valid_until.isoformat(), "level": row.level, row.kind: row.subject.code}
    _decide(row, "accept", "", by, now, data, ["issuer", "number", "valid_until", "level"])
    _write_down(row, finding, by, now)
    return row


def _check_finding(row: Document, finding: Finding, today: date) -> None:
    check_text(finding.issuer, finding.number)
    if finding.valid_until is not None and finding.valid_until < today:
        raise Invalid("already_over", _("有效期已过的材料不能核验通过。"))
    if finding.passed_on is not None and finding.passed_on > today:
        raise Invalid("not_yet", _("通过日期不能晚于今天。"))
    _check_level(Claim(row.kind, row.subject, finding.level))


@transaction.atomic
def refuse(document_id: int, reason: str, *, by: Actor, now: datetime) -> Document:
    """It proves nothing, and the worker is told why. Raises `Invalid` without a reason, `Conflict` if decided."""
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    check_text(reason)
    row = _locked(document_id)
    _decide(row, "refuse", reason.strip()[:200], by, now, None, [])
    return row


def _decide(row: Document, action: str, words: str, by: Actor, now: datetime, data: Any, also: list[str]) -> None:
    row.decided_by, row.decided_at, row.decision = by.user, now, words
    also = ["decided_by", "decided_at", "decision", *also]
    transitions.change(row, action, by=by, now=now, reason=words, data=data, also=also)


def _locked(document_id: int) -> Document:
    """The paper, behind the lock of its worker: a renewal and a decision come one after the other."""
    worker_id = Document.objects.values_list("worker_id", flat=True).get(pk=document_id)
    Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    rows = Document.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("worker", "certificate", "skill", "language", "course").get(pk=document_id)


def _write_down(row: Document, finding: Finding, by: Actor, now: datetime) -> None:
    today = timezone.localdate(now)
    held: Any
    if row.certificate is not None:
        values: dict[str, Any] = {"issuer": row.issuer, "expires_on": row.valid_until}
        values |= {"verified_by": by.user, "verified_on": today}
        held, _new = row.worker.certificates.update_or_create(type=row.certificate, defaults=values)
    elif row.course is not None:
        values = {"passed_on": finding.passed_on or today, "valid_until": row.valid_until, "score": None}
        held, _new = row.worker.courses.update_or_create(course=row.course, defaults=values)
    else:
        held = _graded(row, by, now)
    expiring.renewed(row.kind, held.pk, row.valid_until)


def _graded(row: Document, by: Actor, now: datetime) -> Any:
    assert row.level is not None
    told: dict[str, Any] = {"verified_by": by.user, "valid_until": row.valid_until, "source": Attested.Source.PAPER}
    if row.skill is not None:
        return qualifications.grade(row.worker, row.skill, row.level, by=by, now=now, **told)
    assert row.language is not None
    return qualifications.speak(row.worker, row.language, row.level, by=by, now=now, **told)
