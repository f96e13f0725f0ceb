"""Applications from a partner's machines: one or many, for real or in the sandbox, each row with its own answer."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from staffing.core import phones, vault
from staffing.core.actors import Actor
from workers.models import Application, Partner, PartnerKey, PartnerReference, SandboxApplication
from workers.services import applications
from workers.services.applications import ApplicationSpec, BadApplication
from workers.states import ApplicationStatus

PARTNER: Final = Actor(None, "partner")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a partner sends: the application, and its own number of it."""

    spec: ApplicationSpec
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a partner may know of an application of its own; no person is named."""

    id: int
    external_id: str
    status: str
    created_at: datetime
    stage_at: datetime
    closed_at: datetime | None = None
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: an application, new or known, or problems by field."""

    kept: Kept | None
    created: bool = False
    problems: Mapping[str, Any] | None = None


def in_safe_order(phones_given: Sequence[str]) -> list[int]:
    """The rows in the order in which their phones are locked by everybody, so that two batches never wait in a ring."""
    return sorted(range(len(phones_given)), key=lambda row: (zlib.crc32(_plain(phones_given[row]).encode()), row))


def _plain(phone: str) -> str:
    try:
        return phones.normalise(phone)
    except phones.InvalidPhoneError:
        return ""


def submit_many(rows: Sequence[Sent], key: PartnerKey, now: datetime) -> list[Result]:
    """Each row on its own: what is wrong with one keeps no other out."""
    results: dict[int, Result] = {}
    for at in in_safe_order([row.spec.phone for row in rows]):
        results[at] = submit(rows[at], key, now)
    return [results[at] for at in range(len(rows))]


def submit(sent: Sent, key: PartnerKey, now: datetime) -> Result:
    """One row."""
    try:
        with transaction.atomic():
            return _tried(sent, key, now) if key.sandbox else _real(sent, key, now)
    except BadApplication as error:
        return Result(None, problems=error.problems)


def _real(sent: Sent, key: PartnerKey, now: datetime) -> Result:
    done = applications.submit(sent.spec, partner=key.partner, by=PARTNER, now=now)
    if sent.external_id:
        refer(sent.external_id, done.application, key.partner)
    return Result(of(done.application, sent.external_id), done.created)


def refer(external_id: str, application: Application, partner: Partner) -> None:
    """Keep the partner's number. Raises `BadApplication` if it stands for another application."""
    given = {"partner": partner, "external_id": external_id}
    known = PartnerReference.objects.filter(**given).first()
    if known and known.application_id != application.pk:
        raise BadApplication({"external_id": _("此编号已用于另一份报名。")})
    if known:
        return
    try:
        PartnerReference.objects.get_or_create(application=application, defaults=given)
    except IntegrityError:
        # Somebody used the number in this moment.
        raise BadApplication({"external_id": _("此编号已用于另一份报名。")}) from None


def _tried(sent: Sent, key: PartnerKey, now: datetime) -> Result:
    """Everything that would be done, and undone at once; what stays says only that this phone was sent before."""
    with transaction.atomic():
        checked = applications.submit(sent.spec, partner=key.partner, by=PARTNER, now=now).application
        transaction.set_rollback(True)
    # Keyed: of a number of eleven digits a plain digest hides nothing.
    digest = vault.digests(checked.phone, "sandbox")[0]
    Partner.objects.select_for_update(no_key=True).get(pk=key.partner_id)
    taken = SandboxApplication.objects.filter(partner=key.partner, external_id=sent.external_id).exclude(digest=digest)
    if sent.external_id and taken.exists():
        raise BadApplication({"external_id": _("此编号已用于另一份报名。")})
    row, fresh = SandboxApplication.objects.get_or_create(
        partner=key.partner, digest=digest, defaults={"external_id": sent.external_id, "created_at": now}
    )
    return Result(of_sandbox(row), fresh)


def of(application: Application, external_id: str = "") -> Kept:
    """A real application, for its partner."""
    return Kept(
        application.pk,
        external_id,
        application.status,
        application.created_at,
        application.stage_at,
        application.closed_at,
    )


def of_sandbox(row: SandboxApplication) -> Kept:
    """A sandbox application: it never leaves the first stage."""
    stage = ApplicationStatus.APPLIED.value
    return Kept(row.pk, row.external_id, stage, row.created_at, row.created_at, sandbox=True)
