"""Call-backs: planned by the client's value, logged by who calls, planned again.

Lock order: the client row, then the revisit.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import LoopPolicy, Revisit, RevisitCall
from feedback.services import complaints
from feedback.services.complaints import About, Words
from feedback.states import RevisitStatus
from orders.models import Client, Order
from orders.states import OrderStatus
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.transitions import change, change_many

Outcome = RevisitCall.Outcome
# What the agency must know more about than the outcome itself.
NEEDS_WORDS = (Outcome.ISSUE, Outcome.WANTS_OFFER)


@dataclass(frozen=True, slots=True)
class Said:
    """What a call brought. `next_on`: when to call again (None: as the policy says); `key` makes a repeat harmless;
    `complaint`: what the client complains about."""

    outcome: str
    key: uuid.UUID
    note: str = ""
    next_on: date | None = None
    complaint: Words | None = None


@transaction.atomic
def plan(now: datetime) -> int:
    """Plan a call for each client who has none planned, so many days after the last service, order or call.

    Planned once, the day stays: a client who orders daily is called all the same. Clients who never ordered, or have
    left, are not called. How many were planned; a second run plans none.
    """
    gone = Revisit.objects.select_for_update().filter(status=RevisitStatus.PLANNED, client__is_active=False)
    _drop(list(gone), now)
    days = {value: n for value, n in LoopPolicy.current().revisit_days.items() if n}
    wanting = _last_heard(Client.objects.filter(is_active=True, value__in=days))
    heard = wanting.exclude(revisits__status=RevisitStatus.PLANNED).values_list("pk", "value", "last_heard")
    rows = [
        Revisit(client_id=pk, planned_at=now, due_on=timezone.localdate(last) + timedelta(days=days[value]))
        for pk, value, last in heard
        if last is not None
    ]
    return len(Revisit.objects.bulk_create(rows, ignore_conflicts=True))


def _drop(rows: list[Revisit], now: datetime) -> None:
    for row in rows:
        row.closed_at = now
    change_many(rows, "drop", by=SYSTEM, now=now, also=["closed_at"])


def _last_heard(clients: QuerySet[Client]) -> QuerySet[Any]:
    """`last_heard`: the latest of the last order, the last service and the last call; None without any."""
    own = Order.objects.filter(client=OuterRef("pk")).order_by().values("client")
    ordered = own.filter(submitted_at__isnull=False).annotate(last=Max("submitted_at"))
    served = own.filter(status=OrderStatus.COMPLETED).annotate(last=Max("completed_at"))
    calls = RevisitCall.objects.filter(revisit__client=OuterRef("pk")).order_by().values("revisit__client")
    called = calls.annotate(last=Max("at"))
    return clients.annotate(last_heard=Greatest(*(Subquery(rows.values("last")) for rows in (ordered, served, called))))


@transaction.atomic
def log_call(revisit_id: int, said: Said, *, by: Actor, now: datetime) -> RevisitCall:
    """Keep what a call brought and plan the next one. The same form sent again gives the first call.

    Raises `Invalid` without the words an outcome needs or for a next day that is not ahead, `Conflict` if somebody
    has logged this call-back already.
    """
    row = _locked(revisit_id)
    if (known := RevisitCall.objects.filter(form_key=said.key).first()) is not None:
        return known
    if row.status != RevisitStatus.PLANNED:
        raise Conflict("revisit_done", _("这次回访已有人完成，请查看记录。"))
    _check(said, timezone.localdate(now))
    call = _kept(row, said, by, now)
    if said.outcome == Outcome.NOT_REACHED:
        _again(row, call, by, now)
    else:
        _done(row, call, by, now)
    if said.outcome == Outcome.ISSUE and said.complaint is not None:
        complaints.file(About(row.client), said.complaint, by=by, now=now, key=said.key)
    return call


def _locked(revisit_id: int) -> Revisit:
    client_id = Revisit.objects.values_list("client_id", flat=True).get(pk=revisit_id)
    Client.objects.select_for_update(no_key=True).get(pk=client_id)
    return Revisit.objects.select_for_update(of=("self",), no_key=True).select_related("client").get(pk=revisit_id)


def _check(said: Said, today: date) -> None:
    if said.outcome not in Outcome.values:
        raise Invalid("bad_outcome", _("请选择回访结果。"))
    if said.outcome in NEEDS_WORDS and not said.note.strip():
        raise Invalid("no_text", _("请写下客户说了什么。"))
    if said.next_on is not None and said.next_on <= today:
        raise Invalid("past_day", _("下次回访须晚于今天。"))


def _kept(row: Revisit, said: Said, by: Actor, now: datetime) -> RevisitCall:
    assert by.user is not None, "somebody called"
    return RevisitCall.objects.create(
        revisit=row,
        by=by.user,
        at=now,
        outcome=said.outcome,
        note=said.note.strip(),
        next_on=said.next_on or _next_day(row, said.outcome, timezone.localdate(now)),
        form_key=said.key,
    )


def _next_day(row: Revisit, outcome: str, today: date) -> date | None:
    policy = LoopPolicy.current()
    missed = outcome == Outcome.NOT_REACHED
    days = policy.revisit_retry_days if missed else policy.revisit_days[row.client.value]
    return today + timedelta(days=days) if days else None


def _again(row: Revisit, call: RevisitCall, by: Actor, now: datetime) -> None:
    assert call.next_on is not None, "a call in vain is made again"
    row.tries, row.due_on = row.tries + 1, call.next_on
    change(row, "not_reached", by=by, now=now, also=["tries", "due_on"])


def _done(row: Revisit, call: RevisitCall, by: Actor, now: datetime) -> None:
    row.closed_at = now
    change(row, "call", by=by, now=now, data={"outcome": call.outcome}, also=["closed_at"])
    if call.next_on is not None:
        Revisit.objects.create(client=row.client, due_on=call.next_on, planned_at=now)
