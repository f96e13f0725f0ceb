"""Forms of applicants that are not sent yet: begun, kept as typed, sent; and their end, and that of what was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, secret_numbers
from staffing.core.actors import LINK, SYSTEM, Actor
from staffing.core.errors import Conflict
from staffing.core.models import Notification
from workers.models import Application, ApplicationDraft, Interview, Partner, RecruitPolicy
from workers.models.applications import new_nonce
from workers.services import applications
from workers.services.applications import ApplicationSpec, Submitted
from workers.states import OPEN, ApplicationStatus

Typed = Mapping[str, Sequence[str]]
# More than any field takes; whoever sends more is no applicant.
LONGEST_VALUE: Final = 600
MOST_VALUES: Final = 12
# What an application that is over keeps of the person: nothing.
FORGOTTEN: Final[Mapping[str, Any]] = {"phone": "", "email": "", "answers": {}, "note": "", "remote_ok": False}


def begin(typed: Typed, code: str, now: datetime) -> ApplicationDraft:
    """A form that was begun with consent; its link goes on with it."""
    return ApplicationDraft.objects.create(data=_kept(typed), code=code[:40], created_at=now, updated_at=now)


@transaction.atomic
def keep(draft_id: int, typed: Typed, now: datetime) -> ApplicationDraft | None:
    """What was typed in one step, as it was typed; None if the form has been sent meanwhile."""
    draft = ApplicationDraft.objects.select_for_update().filter(pk=draft_id, sent_at=None).first()
    if draft is not None:
        draft.data, draft.updated_at = draft.data | _kept(typed), now
        draft.save(update_fields=["data", "updated_at"])
    return draft


def _kept(typed: Typed) -> dict[str, list[str]]:
    return {name: [_clean(value) for value in values[:MOST_VALUES]] for name, values in typed.items()}


def _clean(value: str) -> str:
    """What is kept of a text: no NUL, no half of a character, no number that nobody asked for."""
    return secret_numbers.hide(value.replace("\x00", "").encode("utf-8", "ignore").decode())[:LONGEST_VALUE]


@transaction.atomic
def send(draft: ApplicationDraft, spec: ApplicationSpec, now: datetime) -> Submitted:
    """Hand the form in; its link becomes the application's. Raises `BadApplication`.

    Where the phone has one under way by the same way, nothing of that changes: its own person is told instead.
    """
    done = applications.submit(spec, partner=partner_of(draft.code), by=LINK, now=now)
    mine = ApplicationDraft.objects.filter(pk=draft.pk)
    if done.created:
        mine.delete()
    elif mine.filter(sent_at=None).update(sent_at=now, updated_at=now, phone=done.application.phone):
        applications.came_again(done.application, now)
    return done


def as_new(draft: ApplicationDraft, spec: ApplicationSpec) -> Application:
    """What the link of a form shows that was sent and made no application: a new one, which nothing ever happens to.

    It is in no table; only what its own sender wrote is in it.
    """
    stage, at = ApplicationStatus.APPLIED, draft.sent_at
    assert at is not None
    over = draft.withdrawn_at
    return Application(
        nonce=draft.nonce,
        name=spec.name,
        phone=draft.phone,
        email=spec.email,
        city=spec.city,
        source=spec.source,
        partner=partner_of(draft.code),
        remote_ok=spec.remote_ok,
        answers=dict(spec.answers),
        status=ApplicationStatus.WITHDRAWN if over else stage,
        created_at=at,
        stage_at=over or at,
        closed_at=over,
        due_at=None if over else applications.due_of(stage, at, RecruitPolicy.current()),
        consented_at=at,
        consent_version=applications.CONSENT_VERSION,
    )


def withdraw(row: Application | ApplicationDraft, now: datetime, *, erase: bool) -> None:
    """The applicant gives up, and may have everything deleted at once; a repeat changes nothing. Raises `Conflict`."""
    if isinstance(row, ApplicationDraft):
        mine = ApplicationDraft.objects.filter(pk=row.pk)
        mine.filter(withdrawn_at=None).update(withdrawn_at=now, updated_at=now)
        if erase:
            mine.delete()
        return
    applications.withdraw(row.pk, by=LINK, now=now)
    if erase:
        forget(row.pk, now, LINK)


def partner_of(code: str) -> Partner | None:
    """The partner whose code it is, if it still sends people."""
    return Partner.objects.filter(code=code, is_active=True).first() if code else None


def sweep(now: datetime) -> int:
    """Forget what came to nothing: forms nobody went on with, applications closed longer ago than the policy says.

    How many there were. An active person's application goes with the person, not by age.
    """
    policy = RecruitPolicy.current()
    unsent = Q(sent_at=None, updated_at__lt=now - timedelta(days=policy.draft_days))
    sent = Q(sent_at__isnull=False, updated_at__lt=now - timedelta(days=policy.keep_days))
    forgotten = ApplicationDraft.objects.filter(unsent | sent).delete()[0]
    over = Q(closed_at__lt=now - timedelta(days=policy.keep_days), erased_at=None) & ~Q(status="active")
    for pk in Application.objects.filter(over).order_by("pk").values_list("pk", flat=True):
        forgotten += forget(pk, now)
    return forgotten


@transaction.atomic
def forget(application_id: int, now: datetime, by: Actor = SYSTEM) -> bool:
    """Nothing says any more who it was: source, stages and dates stay. False if that was done before.

    Raises `Conflict` while it is open: it is withdrawn first.
    """
    found = applications.locked(application_id)
    if found.erased_at is not None:
        return False
    if found.status in OPEN:
        raise Conflict("still_open", _("请先撤回报名。"))
    forget_forms(found.phone)
    for name, value in {**FORGOTTEN, "name": f"#{found.pk}", "nonce": new_nonce(), "erased_at": now}.items():
        setattr(found, name, value)
    found.save()
    Interview.objects.filter(application=found).delete()
    found.sheets.all().delete()
    Notification.objects.filter(subject_type=Application._meta.label_lower, subject_id=found.pk).delete()
    audit.record(found, "erase", by=by, now=now)
    return True


def forget_forms(phone: str) -> None:
    """Forms that were sent with this phone and made no application."""
    if phone:
        ApplicationDraft.objects.filter(phone=phone).delete()
