"""The writers and the one reader of identity numbers and bank accounts. Nothing else decrypts.

A number is in clear only in the request that brings it and in the answer to a reveal. It is never put into an audit
event, a message, a log or an error; those who need to see which one it is see its ends (`hint`).
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from staffing.core import audit, limits, outbox, secret_numbers
from staffing.core import vault as safe
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import Role
from staffing.core.vault import Sealed, Unreadable
from workers.models import PapersPolicy, VaultEntry, Worker
from workers.services.papers import check_text

log = logging.getLogger(__name__)
Kind = VaultEntry.Kind
REVEALED: Final = "reveal"
BATCH: Final = 500


@sensitive_variables()
def checked(kind: str, text: str, now: datetime) -> str:
    """The number as it is kept. Raises `Invalid`, in words that do not repeat it."""
    number = secret_numbers.plain(text)
    if kind == Kind.IDENTITY and not secret_numbers.is_identity(number, timezone.localdate(now)):
        raise Invalid("bad_identity", _("身份证号不正确，请核对 18 位号码。"))
    if kind == Kind.BANK and not secret_numbers.is_account(number):
        raise Invalid("bad_account", _("银行卡号不正确，请核对卡面数字。"))
    return number


@sensitive_variables()
def put(worker_id: int, kind: str, text: str, *, by: Actor, now: datetime) -> VaultEntry:
    """Keep a worker's own number in place of an earlier one. The same again changes nothing. Raises `Invalid`."""
    number = checked(kind, text, now)
    with transaction.atomic():
        worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
        if by.user is None or worker.user_id != by.user.pk:
            raise Forbidden("not_yours", _("您没有执行此操作的权限。"))
        row = worker.vault.filter(kind=kind).first() or VaultEntry(worker=worker, kind=kind)
        if bytes(row.digest) in safe.digests(number, kind):
            return row
        fill(row, number)
        row.changed_at = now
        row.save()
        audit.record(worker, f"set_{kind}", by=by, now=now)
        if kind == Kind.IDENTITY and find(kind, number).exclude(pk=row.pk).exists():
            outbox.publish("vault.duplicate", {"id": str(row.pk)}, key=f"{row.pk}:{now.isoformat()}", now=now)
    return row


@sensitive_variables()
def fill(row: VaultEntry, number: str) -> None:
    """Encrypt the number into a row that is not saved yet, or not with this number."""
    sealed = safe.seal(number, row=_bound(row), kind=row.kind)
    row.key, row.content, row.digest = sealed.key, sealed.content, sealed.digest
    row.hint = secret_numbers.mask(number)


def _bound(row: VaultEntry) -> str:
    """What the encryption is bound to: the row, the person and the kind; swapped contents do not decrypt."""
    return f"{row.pk}:{row.worker_id}:{row.kind}"


@sensitive_variables()
def _opened(row: VaultEntry) -> str:
    return safe.unseal(Sealed(row.key, bytes(row.content), bytes(row.digest)), row=_bound(row))


@sensitive_variables()
def _readable(row: VaultEntry) -> str:
    try:
        return _opened(row)
    except Unreadable as error:
        log.error("vault entry %s: %s", row.pk, error)
        raise Conflict("unreadable", _("这个号码无法解密，请联系管理员核对密钥。")) from None


def same_as(row: VaultEntry) -> QuerySet[VaultEntry]:
    """Other people's rows with the same number; a rotation under way may hide one until it is through."""
    return VaultEntry.objects.filter(kind=row.kind, digest=row.digest).exclude(pk=row.pk)


@sensitive_variables()
def find(kind: str, text: str) -> QuerySet[VaultEntry]:
    """The rows that hold this number, whichever key made them."""
    return VaultEntry.objects.filter(kind=kind, digest__in=safe.digests(secret_numbers.plain(text), kind))


def may_reveal(by: Actor) -> bool:
    """Managers; dispatchers if the policy says so."""
    return by.role == Role.MANAGER or (by.role == Role.DISPATCHER and PapersPolicy.current().dispatcher_reveals)


@sensitive_variables()
def reveal(worker_id: int, kind: str, reason: str, *, by: Actor, now: datetime) -> str:
    """The number itself; who looked, when and why is written down before it is handed out, and the worker is told.

    Raises `Forbidden` for another role, `Invalid` without a reason, `Conflict` if there is none, or after too many.
    """
    if not may_reveal(by) or by.user is None:
        raise Forbidden("may_not_reveal", _("您没有执行此操作的权限。"))
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    check_text(reason)
    if not limits.within(f"reveal:{by.user.pk}", PapersPolicy.current().reveals_an_hour, now):
        raise Conflict("too_many_reveals", _("查看过于频繁，请一小时后再试。"))
    with transaction.atomic():
        row = VaultEntry.objects.select_related("worker__user").filter(worker_id=worker_id, kind=kind).first()
        if row is None:
            raise Conflict("nothing_kept", _("此人没有登记这项号码。"))
        number = _readable(row)
        words = reason.strip()[:200]
        event = audit.record(row.worker, f"{REVEALED}_{kind}", by=by, now=now, reason=words)
        outbox.publish("vault.reveal", {"event": event.pk}, key=str(event.pk), now=now)
    return number


@dataclass(frozen=True, slots=True)
class Rotation:
    """How far a rotation has come: rows encrypted anew, and the ids of rows that no key of ours reads."""

    done: int
    unreadable: tuple[str, ...]


def rotate(batch: int = BATCH) -> Iterator[Rotation]:
    """Encrypt every row with the first key, a batch a transaction; tells after each how far it has come.

    Stopped anywhere it goes on where it stopped, since a row says which key it needs; a second run finds nothing.
    Two runs at once share the work.
    """
    done, failed = 0, set[str]()
    while True:
        with transaction.atomic():
            old = VaultEntry.objects.exclude(key=safe.keys()[0].name).exclude(pk__in=failed)
            rows = list(old.select_for_update(skip_locked=True).order_by("pk")[:batch])
            fresh = [row for row in rows if _again(row)]
            VaultEntry.objects.bulk_update(fresh, ["key", "content", "digest"])
        if not rows:
            return
        done += len(fresh)
        failed |= {str(row.pk) for row in rows if row not in fresh}
        yield Rotation(done, tuple(sorted(failed)))


@sensitive_variables()
def _again(row: VaultEntry) -> bool:
    try:
        fill(row, _opened(row))
    except Unreadable:
        return False
    return True
