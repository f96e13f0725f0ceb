"""The writers of applications: handed in, moved from stage to stage, taken over. Every stage changes in `to_stage`."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, outbox, phones, transitions
from staffing.core.actors import AGENCY_ROLES, LINK, Actor
from staffing.core.errors import Invalid
from staffing.core.models import City, Role, User
from workers import answers
from workers.models import Application, Language, Partner, RecruitPolicy, Skill, Worker
from workers.models.applications import new_nonce
from workers.states import CLOSED, OPEN, ApplicationStatus, RejectReason

# The class of advisory locks, one for each phone: two forms with one phone come one after the other.
PHONE_LOCK: Final = 7_120_406
MOST_NAME: Final = 60
MOST_CODE: Final = 40
# Of the text of the privacy notice on the form.
CONSENT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ApplicationSpec:
    """What somebody hands in: `phone` however it was typed, `answers` as `workers.answers` says.

    `code`: of whoever sent them; `nonce`: the secret of the link under which the form was filled in, if it had one.
    """

    name: str
    phone: str
    email: str = ""
    city: City | None = None
    source: str = Worker.Source.DIRECT
    code: str = ""
    remote_ok: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    language: str = "zh-hans"
    consented: bool = False
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The application, whether it is new, and whether the phone belongs to a worker or another open application."""

    application: Application
    created: bool
    possible_duplicate: bool


class BadApplication(Invalid):
    """What is wrong, by field of the spec."""

    def __init__(self, problems: Mapping[str, Any]) -> None:
        super().__init__("bad_application", " ".join(str(each) for each in problems.values()))
        self.problems = problems


def submit(spec: ApplicationSpec, *, partner: Partner | None = None, by: Actor, now: datetime) -> Submitted:
    """Keep an application. The same phone by the same way (source and partner) again changes nothing while it is open.

    A phone of a worker, or of another open application, is marked for a person's decision. A partner decides the
    source. Raises `BadApplication` with everything that is wrong.
    """
    checked = _checked(spec, partner)
    for last in (False, True):
        try:
            with transaction.atomic():
                return _submit(checked, partner, by=by, now=now)
        except IntegrityError:
            # Somebody was quicker, past the lock: what they wrote is found by the next look.
            if last:
                raise
    raise AssertionError


def _submit(spec: ApplicationSpec, partner: Partner | None, *, by: Actor, now: datetime) -> Submitted:
    lock_phone(spec.phone)
    known = list(open_ones().filter(phone=spec.phone))
    same = next((one for one in known if (one.source, one.partner_id) == (spec.source, partner and partner.pk)), None)
    if same is not None:
        return Submitted(same, False, same.duplicate == Application.Duplicate.POSSIBLE)
    doubtful = bool(known) or Worker.objects.filter(user__phone=spec.phone).exists()
    found = _insert(spec, partner, doubtful, by=by, now=now)
    event = audit.record(found, "apply", by=by, now=now, to_state=found.status, data={"source": found.source})
    outbox.publish("application.apply", {"id": found.pk, "event": str(event.pk)}, key=str(event.pk), now=now)
    remind_when_due(found, now)
    return Submitted(found, True, doubtful)


def _insert(spec: ApplicationSpec, partner: Partner | None, doubtful: bool, *, by: Actor, now: datetime) -> Application:
    stage = ApplicationStatus.APPLIED
    return Application.objects.create(
        name=spec.name,
        phone=spec.phone,
        email=spec.email,
        city=spec.city,
        source=spec.source,
        partner=partner,
        code=spec.code,
        remote_ok=spec.remote_ok,
        answers=dict(spec.answers),
        language=spec.language,
        status=stage,
        duplicate=Application.Duplicate.POSSIBLE if doubtful else Application.Duplicate.NO,
        owner=by.user if by.role in AGENCY_ROLES else _least_busy(),
        created_at=now,
        stage_at=now,
        due_at=due_of(stage, now, RecruitPolicy.current()),
        consented_at=now if spec.consented else None,
        consent_version=CONSENT_VERSION if spec.consented else 0,
        nonce=spec.nonce or new_nonce(),
    )


@transaction.atomic
def came_again(found: Application, now: datetime) -> None:
    """Somebody sent the form with the phone of an application that is under way: its person and its owner are told.

    Once a day, however often.
    """
    audit.record(found, "again", by=LINK, now=now)
    payload = {"id": found.pk, "day": f"{timezone.localdate(now)}"}
    outbox.publish("application.again", payload, key=f"{found.pk}:{payload['day']}", now=now)


def lock_phone(phone: str) -> None:
    """Whoever hands in or merges applications of this phone waits for us, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PHONE_LOCK, zlib.crc32(phone.encode()) - 2**31])


def _least_busy() -> User | None:
    """The dispatcher with the fewest open applications."""
    busy = dict(open_ones().values_list("owner").annotate(open=Count("pk")).order_by())
    people = User.objects.filter(role=Role.DISPATCHER, is_active=True).order_by("pk")
    return min(people, key=lambda user: busy.get(user.pk, 0), default=None)


def _checked(spec: ApplicationSpec, partner: Partner | None) -> ApplicationSpec:
    """The same, written as it is kept. Raises `BadApplication`."""
    problems: dict[str, Any] = {}
    name, email = " ".join(spec.name.split()), spec.email.strip()
    if not name or len(name) > MOST_NAME or not answers.printable(name):
        problems["name"] = _("请填写姓名，最多 60 个字。")
    phone = _phone(spec.phone, problems)
    _check_mail(email, problems)
    if len(spec.code) > MOST_CODE or not answers.printable(spec.code):
        problems["code"] = _("推荐码不正确。")
    source = partner.kind if partner else spec.source
    if source not in Worker.Source.values:
        problems["source"] = _("来源不正确。")
    said = _answers(spec.answers, problems)
    if problems:
        raise BadApplication(problems)
    language = spec.language if spec.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return ApplicationSpec(
        name, phone, email, spec.city, source, spec.code.strip(), spec.remote_ok, said, language, spec.consented,
        spec.nonce,
    )  # fmt: skip


def _phone(typed: str, problems: dict[str, Any]) -> str:
    try:
        return phones.normalise(typed)
    except phones.InvalidPhoneError:
        problems["phone"] = _("请输入 11 位大陆手机号。")
        return ""


def _check_mail(email: str, problems: dict[str, Any]) -> None:
    try:
        if email:
            validate_email(email)
    except ValidationError:
        problems["email"] = _("邮箱格式不正确。")


def _answers(raw: Mapping[str, Any], problems: dict[str, Any]) -> dict[str, Any]:
    """As kept; codes must be of the catalogue."""
    try:
        said = answers.read(raw)
    except answers.BadAnswers as wrong:
        problems[wrong.at] = wrong.message
        return {}
    for part, model, codes in (("skills", Skill, said.skills), ("languages", Language, said.languages)):
        if codes and model.objects.filter(code__in=codes).count() != len(codes):
            problems[part] = _("含有目录中没有的代码。")
    return said.as_json()


def open_ones() -> QuerySet[Application]:
    """Applications somebody has to do something about."""
    return Application.objects.filter(status__in=OPEN)


def due_of(stage: str, now: datetime, policy: RecruitPolicy) -> datetime | None:
    """By when a stage that begins now is to be over; None for one that is the end."""
    days = getattr(policy, f"{stage}_days", None)
    return None if days is None else now + timedelta(days=days)


def locked(application_id: int) -> Application:
    """The application, for a change."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("owner", "city", "partner").get(pk=application_id)


def to_stage(
    found: Application, action: str, *, by: Actor, now: datetime, data: dict[str, Any] | None = None, **fields: Any
) -> None:
    """The one place where a stage changes: status and dates, further `fields`, audit, news, and the next reminder.

    Raises `Conflict` or `Forbidden`. In the caller's transaction, with the row locked.
    """
    to = transitions.find(found.TRANSITIONS, found.status, action, by).to
    fields |= {
        "stage_at": now,
        "due_at": due_of(to, now, RecruitPolicy.current()),
        "closed_at": now if to in CLOSED else None,
    }
    for name, value in fields.items():
        setattr(found, name, value)
    transitions.change(found, action, by=by, now=now, data=data, also=fields)
    remind_when_due(found, now)


def remind_when_due(found: Application, now: datetime) -> None:
    """Somebody is told when the day has passed and nothing has happened; once for each day that was set."""
    if found.due_at is not None:
        payload = {"id": found.pk, "due": found.due_at.isoformat()}
        outbox.publish("application.overdue", payload, key=f"{found.pk}:{payload['due']}", now=now, due_at=found.due_at)


@transaction.atomic
def move(application_id: int, stage: str, *, by: Actor, now: datetime) -> Application:
    """To another open stage; a repeat changes nothing. Raises `Conflict`, `Forbidden`, `Invalid` for no such stage."""
    if stage not in OPEN:
        raise Invalid("bad_stage", _("没有这个阶段。"))
    found = locked(application_id)
    if found.status != stage:
        to_stage(found, f"to_{stage}", by=by, now=now)
    return found


@transaction.atomic
def take(application_id: int, *, by: Actor, now: datetime) -> Application:
    """Make it mine; whoever had it is told. Taking what is mine changes nothing."""
    found = locked(application_id)
    assert by.user is not None
    if found.owner_id != by.user.pk:
        before, found.owner = found.owner_id, by.user
        found.save(update_fields=["owner"])
        event = audit.record(found, "take", by=by, now=now, data={"before": before})
        payload = {"id": found.pk, "before": before, "event": str(event.pk)}
        outbox.publish("application.take", payload, key=str(event.pk), now=now)
    return found


@transaction.atomic
def reject(application_id: int, reason: str, note: str = "", *, by: Actor, now: datetime) -> Application:
    """Turn somebody down, with a reason; a repeat changes nothing. Raises `Invalid` without one, `Conflict`."""
    if reason not in RejectReason.values:
        raise Invalid("no_reason", _("请选择未录用原因。"))
    found = locked(application_id)
    if found.status != ApplicationStatus.REJECTED:
        to_stage(found, "reject", by=by, now=now, data={"why": reason}, reason=reason, note=note.strip()[:200])
    return found


@transaction.atomic
def reopen(application_id: int, *, by: Actor, now: datetime) -> Application:
    """Begin anew with somebody who was turned down. Raises `Conflict` if the phone has another open one by now."""
    found = locked(application_id)
    lock_phone(found.phone)
    twin = open_ones().filter(phone=found.phone).exclude(pk=found.pk)
    if found.erased_at or twin.exists():
        raise Invalid("twin", _("资料已清除，或此手机号已有其他进行中的报名。"))
    known = Worker.objects.filter(user__phone=found.phone).exists()
    doubt = Application.Duplicate.POSSIBLE if known else Application.Duplicate.NO
    to_stage(found, "reopen", by=by, now=now, reason="", note="", duplicate=doubt)
    return found


@transaction.atomic
def withdraw(application_id: int, *, by: Actor, now: datetime) -> Application:
    """The applicant does not want to any more; a repeat changes nothing. Raises `Conflict` once it is closed."""
    found = locked(application_id)
    if found.status != ApplicationStatus.WITHDRAWN:
        to_stage(found, "withdraw", by=by, now=now)
    return found
