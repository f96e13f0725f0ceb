"""Conflicts of interest: declared by the worker or entered by the desk; while one holds, the worker is not sent there.

Lock order: the client row (if it is known), then the row itself.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Client, ConflictOfInterest, DoNotSend
from orders.services import circle
from orders.services.circle import Terms
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Invalid
from workers.models import Worker

OVER = "conflict.over"
BARRED = DoNotSend.Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody says: which company, what ties them to it, until which day (included)."""

    company: str
    kind: str
    note: str = ""
    until: date | None = None


@transaction.atomic
def declare(worker: Worker, said: Declared, *, by: Actor, now: datetime) -> ConflictOfInterest:
    """Keep it; if the company is a client by its exact name, the worker is not sent there from now on, else a
    dispatcher says which client it is. Declaring the same again changes nothing. `Invalid` without a company."""
    company = said.company.strip()[:100]
    if not company:
        raise Invalid("no_company", _("请填写公司名称。"))
    if said.until is not None and said.until < timezone.localdate(now):
        raise Invalid("past_day", _("有效期不能早于今天。"))
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    own = ConflictOfInterest.objects.filter(worker=worker, ended_at=None)
    if (known := own.filter(company__iexact=company).first()) is not None:
        return known
    assert by.user is not None
    row = ConflictOfInterest.objects.create(
        worker=worker,
        company=company,
        kind=said.kind,
        note=said.note.strip()[:200],
        until=said.until,
        declared_by=by.user,
        declared_at=now,
    )
    event = audit.record(row, "declare", by=by, now=now, data={"kind": said.kind})
    outbox.publish("conflict.declare", {"id": row.pk}, key=str(event.pk), now=now)
    return row


@transaction.atomic
def place(conflict_id: int, client: Client, *, by: Actor, now: datetime) -> ConflictOfInterest:
    """Say which client it is about: the worker is not sent there while it holds. Repeating it changes nothing."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    row = ConflictOfInterest.objects.select_for_update(no_key=True, of=("self",)).get(pk=conflict_id)
    if row.ended_at is not None or row.client_id is not None:
        return row
    other = ConflictOfInterest.objects.filter(worker=row.worker, client=client, ended_at=None)
    if other.exists():
        _end(row, by, now, str(_("与已有申报重复")))
        return row
    row.client = client
    row.save(update_fields=["client"])
    audit.record(row, "place", by=by, now=now, data={"client": client.pk})
    circle.bar(client, row.worker, BARRED, Terms(row.get_kind_display()), by, now)
    if row.until is not None:
        over = datetime.combine(row.until + timedelta(days=1), time.min, timezone.get_current_timezone())
        outbox.publish(OVER, {"id": row.pk}, key=str(row.pk), now=now, due_at=over)
    return row


@transaction.atomic
def end(conflict_id: int, *, by: Actor, now: datetime, reason: str) -> ConflictOfInterest:
    """It holds no longer. Repeating it changes nothing; `Invalid` without a reason."""
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    return _over(conflict_id, by, now, reason.strip()[:300])


@transaction.atomic
def lapse(conflict_id: int, now: datetime) -> bool:
    """Its last day is over. False if it is gone, or holds longer now."""
    row = ConflictOfInterest.objects.filter(pk=conflict_id, ended_at=None).first()
    if row is None or row.until is None or row.until >= timezone.localdate(now):
        return False
    _over(conflict_id, SYSTEM, now, str(_("有效期已过")))
    return True


def _over(conflict_id: int, by: Actor, now: datetime, reason: str) -> ConflictOfInterest:
    client_id = ConflictOfInterest.objects.values_list("client", flat=True).get(pk=conflict_id)
    if client_id is not None:
        Client.objects.select_for_update(no_key=True).get(pk=client_id)
    row = ConflictOfInterest.objects.select_for_update(no_key=True, of=("self",)).get(pk=conflict_id)
    if row.ended_at is None:
        _end(row, by, now, reason)
    return row


def _end(row: ConflictOfInterest, by: Actor, now: datetime, reason: str) -> None:
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    audit.record(row, "end", by=by, now=now, reason=reason)
    if row.client is not None:
        circle.unbar(row.client, row.worker, BARRED, by, now, reason)


def client_named(company: str) -> Client | None:
    """The client of exactly this name."""
    return Client.objects.filter(name=company.strip(), is_active=True).first()
