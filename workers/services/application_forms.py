"""Forms of applicants that are not sent yet: begun, kept as typed, sent; and their end, and that of what was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import LINK, SYSTEM, Actor
from staffing.core.errors import Conflict
from staffing.core.models import Notification
from workers.models import Application, ApplicationDraft, Interview, Partner, RecruitPolicy
from workers.models.applications import new_nonce
from workers.services import applications
from workers.services.applications import ApplicationSpec, Submitted
from workers.states import OPEN

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
    draft = ApplicationDraft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is not None:
        draft.data, draft.updated_at = draft.data | _kept(typed), now
        draft.save(update_fields=["data", "updated_at"])
    return draft


def _kept(typed: Typed) -> dict[str, list[str]]:
    return {name: [_clean(value) for value in values[:MOST_VALUES]] for name, values in typed.items()}


def _clean(value: str) -> str:
    """What the database can hold of a text: no NUL, no half of a character."""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()[:LONGEST_VALUE]


@transaction.atomic
def send(draft: ApplicationDraft, spec: ApplicationSpec, now: datetime) -> Submitted:
    """Hand the form in; its link becomes the application's. Raises `BadApplication`."""
    done = applications.submit(spec, partner=partner_of(draft.code), by=LINK, now=now)
    ApplicationDraft.objects.filter(pk=draft.pk).delete()
    return done


def partner_of(code: str) -> Partner | None:
    """The partner whose code it is, if it still sends people."""
    return Partner.objects.filter(code=code, is_active=True).first() if code else None


def sweep(now: datetime) -> int:
    """Forget what came to nothing: forms nobody went on with, applications closed longer ago than the policy says.

    How many there were. An active person's application goes with the person, not by age.
    """
    policy = RecruitPolicy.current()
    stale = ApplicationDraft.objects.filter(updated_at__lt=now - timedelta(days=policy.draft_days))
    forgotten = stale.delete()[0]
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
    for name, value in {**FORGOTTEN, "name": f"#{found.pk}", "nonce": new_nonce(), "erased_at": now}.items():
        setattr(found, name, value)
    found.save()
    Interview.objects.filter(application=found).delete()
    found.sheets.all().delete()
    Notification.objects.filter(subject_type=Application._meta.label_lower, subject_id=found.pk).delete()
    audit.record(found, "erase", by=by, now=now)
    return True
