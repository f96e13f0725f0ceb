"""Money given back: alone up to the policy's limit, above it by two people."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from feedback.models import CreditNote, LoopPolicy, ReviewCase
from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Forbidden, Invalid

Status = CreditNote.Status


def is_alone(case: ReviewCase, amount: Decimal) -> bool:
    """Whether one person may give it (CNY): all that the case gives stays within the limit, in however many parts."""
    given = CreditNote.objects.filter(case=case, status__in=(Status.APPROVED, Status.WAITING))
    before = given.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return before + amount <= LoopPolicy.current().credit_alone


def request(case: ReviewCase, amount: Decimal, *, reason: str, by: Actor, now: datetime) -> CreditNote:
    """Give so much back (CNY), in the caller's transaction; above the limit it waits for a second person."""
    if amount <= 0 or not reason.strip():
        raise Invalid("bad_credit", _("请填写大于 0 的金额和理由。"))
    assert by.user is not None
    alone = is_alone(case, amount)
    note = CreditNote.objects.create(
        case=case,
        client=case.client,
        order=case.order,
        amount=amount,
        reason=reason.strip()[:200],
        status=Status.APPROVED if alone else Status.WAITING,
        requested_by=by.user,
        requested_at=now,
        decided_by=by.user if alone else None,
        decided_at=now if alone else None,
    )
    event = audit.record(note, "request", by=by, now=now, reason=note.reason, data={"amount": str(amount)})
    outbox.publish("creditnote.decided" if alone else "creditnote.request", {"id": note.pk}, key=str(event.pk), now=now)
    return note


@transaction.atomic
def decide(note_id: int, *, approve: bool, by: Actor, now: datetime) -> CreditNote:
    """The second person's word. Repeating the same word changes nothing.

    `Forbidden` for whoever asked, `Conflict` once it was decided otherwise.
    """
    note = _lock(note_id)
    wanted = Status.APPROVED if approve else Status.REFUSED
    if note.status == wanted:
        return note
    if note.status != Status.WAITING:
        raise Conflict("decided", _("此补偿单已有决定。"))
    if by.user is None or by.user == note.requested_by:
        raise Forbidden("second_person", _("须由提出人以外的另一人复核。"))
    _close(note, wanted, by, now)
    event = audit.record(note, "approve" if approve else "refuse", by=by, now=now)
    outbox.publish("creditnote.decided", {"id": note.pk}, key=str(event.pk), now=now)
    return note


@transaction.atomic
def withdraw(note_id: int, *, by: Actor, now: datetime) -> CreditNote:
    """Take back what nobody has decided; `Conflict` afterwards: what the client was promised stays."""
    note = _lock(note_id)
    if note.status == Status.WITHDRAWN:
        return note
    if note.status != Status.WAITING:
        raise Conflict("decided", _("此补偿单已有决定。"))
    _close(note, Status.WITHDRAWN, by, now)
    audit.record(note, "withdraw", by=by, now=now)
    return note


def _close(note: CreditNote, status: CreditNote.Status, by: Actor, now: datetime) -> None:
    note.status, note.decided_by, note.decided_at = status, by.user, now
    note.save(update_fields=["status", "decided_by", "decided_at"])


def _lock(note_id: int) -> CreditNote:
    return (
        CreditNote.objects.select_for_update(of=("self",), no_key=True).select_related("requested_by").get(pk=note_id)
    )
