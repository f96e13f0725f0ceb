"""Somebody who applied becomes a worker: login, profile, what they declared and what an interview found."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import City, Role, User
from workers import answers
from workers.models import Application, InterviewSheet, Language, Skill, Worker
from workers.models.people import Attested
from workers.selectors import applications as reads
from workers.services import applications, availability, qualifications
from workers.states import ApplicationStatus


@dataclass(frozen=True, slots=True)
class Terms:
    """What the agency says about somebody new: where they work from, and by which contract."""

    city: City
    contract: str = Worker.Contract.PART_TIME


@transaction.atomic
def activate(application_id: int, terms: Terms, *, by: Actor, now: datetime) -> Worker:
    """Take somebody into the pool, without a password: the invitation sets it. A repeat gives the same worker.

    Raises `Conflict` while it may be somebody known, or if the phone has a login; `Invalid` for no such contract.
    """
    found = applications.locked(application_id)
    if found.status == ApplicationStatus.ACTIVE and found.worker is not None:
        return found.worker
    if found.duplicate == Application.Duplicate.POSSIBLE:
        raise Conflict("undecided", _("可能是重复报名，请先比较并作出决定。"))
    if terms.contract not in Worker.Contract.values:
        raise Invalid("bad_contract", _("请选择合同。"))
    worker = _worker(found, terms, now)
    _declared(found, worker, by=by, now=now)
    _scored(found, worker, by=by, now=now)
    audit.record(worker, "join", by=by, now=now, data={"application": found.pk})
    applications.to_stage(found, "activate", by=by, now=now, data={"worker": worker.pk}, worker=worker)
    return worker


def _worker(found: Application, terms: Terms, now: datetime) -> Worker:
    return Worker.objects.create(
        user=_user(found),
        city=terms.city,
        contract=terms.contract,
        remote_ok=found.remote_ok,
        source=found.source,
        partner=found.partner,
        joined_on=timezone.localdate(now),
    )


def _user(found: Application) -> User:
    try:
        with transaction.atomic():
            named = {"name": found.name, "email": found.email, "language": found.language}
            return User.objects.create_user(found.phone, None, role=Role.WORKER, **named)
    except IntegrityError as taken:
        raise Conflict("phone_taken", _("此手机号已有账号，请与本人核对，或合并到已有员工。")) from taken


def declare(worker: Worker, said: answers.Declared, *, by: Actor, now: datetime) -> None:
    """Write down what somebody says about themselves: unverified, and never in the place of what was verified."""
    today, own = timezone.localdate(now), Attested.Source.SELF
    sure = {row.skill.code for row in worker.skills.select_related("skill") if qualifications.holds(row, today)}
    for skill in Skill.objects.filter(code__in=set(said.skills) - sure, is_active=True):
        level = min(said.skills[skill.code], skill.most_level)
        qualifications.grade(worker, skill, level, verified_by=None, valid_until=None, source=own, by=by, now=now)
    sure = {
        row.language.code for row in worker.languages.select_related("language") if qualifications.holds(row, today)
    }
    for language in Language.objects.filter(code__in=set(said.languages) - sure, is_active=True):
        level = min(said.languages[language.code], language.most_level)
        qualifications.speak(worker, language, level, verified_by=None, valid_until=None, source=own, by=by, now=now)


def free(worker: Worker, said: answers.Declared, *, by: Actor, now: datetime) -> None:
    """The weekly hours somebody named, besides those they have."""
    spans: dict[tuple[int, int], list[int]] = {}
    for day, start, end in said.windows:
        spans.setdefault((start, end), []).append(day)
    for (start, end), days in spans.items():
        availability.add_windows(worker.pk, days, start, min(end, start + availability.DAY_MINUTES), by=by, now=now)


def _declared(found: Application, worker: Worker, *, by: Actor, now: datetime) -> None:
    said = answers.read(found.answers)
    declare(worker, _with_typing(said), by=by, now=now)
    free(worker, said, by=by, now=now)


def _with_typing(said: answers.Declared) -> answers.Declared:
    """Words a minute as the grade of each scale that measures them."""
    if said.typing_wpm is None:
        return said
    scales = Skill.objects.filter(kind=Skill.Kind.TYPING, is_active=True)
    reached = {row.code: row.level_of(said.typing_wpm) for row in scales if row.grades and row.grades[0].get("from")}
    levels = dict(said.skills) | {code: level for code, level in reached.items() if level}
    return answers.Declared(levels, said.languages, said.typing_wpm, said.major, said.experience, said.windows)


def _scored(found: Application, worker: Worker, *, by: Actor, now: datetime) -> None:
    """What the interview found counts as verified by whoever held it."""
    sheet = InterviewSheet.objects.filter(application=found).select_related("interviewer").first()
    means = reads.means(found)
    if sheet is None:
        return
    for skill in Skill.objects.filter(kind=Skill.Kind.SOFT, code__in=means, is_active=True):
        level = int(Decimal(means[skill.code]).quantize(Decimal(1), ROUND_HALF_UP))
        qualifications.grade(
            worker,
            skill,
            min(level, skill.most_level),
            verified_by=sheet.interviewer,
            valid_until=None,
            source=Attested.Source.INTERVIEW,
            by=by,
            now=now,
        )
