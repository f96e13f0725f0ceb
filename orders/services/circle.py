"""Whom a client likes to see again, and whom not: the fixed team and do-not-send. Matching follows at once."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, Client, DoNotSend, TeamMember
from orders.services import attendance, removals
from orders.states import AssignmentStatus
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from workers.models import Worker
from workers.models.changes import PoolChange

REASON = "do_not_send"
OVER = "circle.over"


@dataclass(frozen=True, slots=True)
class Terms:
    """Why, and until which day (included; None: for good)."""

    reason: str = ""
    until: date | None = None


@transaction.atomic
def add_to_team(client: Client, worker: Worker, *, by: Actor, now: datetime, terms: Terms = Terms()) -> None:
    """Prefer the worker from now on. Repeating it changes nothing. `Conflict` for somebody not to be sent."""
    _lock(client)
    if DoNotSend.objects.filter(client=client, worker=worker).exists():
        raise Conflict("not_to_be_sent", _("此人已列入“不再派遣”，请先撤销。"))
    values = _kept(terms, by, now)
    row, fresh = TeamMember.objects.get_or_create(client=client, worker=worker, defaults=values)
    if fresh:
        _listed(row, client, worker, by, now)


@transaction.atomic
def leave_team(client: Client, worker: Worker, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Treat the worker as any other again. Repeating it changes nothing."""
    _lock(client)
    _unlisted(TeamMember.objects.filter(client=client, worker=worker), client, worker, by, now, reason)


@transaction.atomic
def do_not_send(
    client: Client, worker: Worker, *, reason: str, by: Actor, now: datetime, until: date | None = None
) -> None:
    """Never propose the worker to this client again; who was only proposed or asked is passed over now.

    Bookings stay: whether to have them replaced is a decision of its own (`replace`). Repeating it changes nothing.
    Raises `Invalid` without a reason.
    """
    if not reason.strip():
        raise Invalid("no_reason", _("请填写不再派遣的理由。"))
    _lock(client)
    bar(client, worker, DoNotSend.Kind.WISH, Terms(reason, until), by, now)


def bar(client: Client, worker: Worker, kind: str, terms: Terms, by: Actor, now: datetime) -> None:
    """Bar a worker from a locked client by wish or for a conflict of interest. Repeating it changes nothing."""
    values = _kept(terms, by, now)
    row, fresh = DoNotSend.objects.get_or_create(client=client, worker=worker, kind=kind, defaults=values)
    if not fresh:
        return
    leave_team(client, worker, by=by, now=now)
    _listed(row, client, worker, by, now)
    removals.pass_over(worker, now=now, reason=REASON, client=client)


@transaction.atomic
def send_again(client: Client, worker: Worker, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Take the wish back; a conflict of interest stays. Repeating it changes nothing."""
    _lock(client)
    unbar(client, worker, DoNotSend.Kind.WISH, by, now, reason)


def unbar(client: Client, worker: Worker, kind: str, by: Actor, now: datetime, reason: str = "") -> None:
    """What `bar` did, for a locked client."""
    rows = DoNotSend.objects.filter(client=client, worker=worker, kind=kind)
    _unlisted(rows, client, worker, by, now, reason)


def _kept(terms: Terms, by: Actor, now: datetime) -> dict[str, Any]:
    if terms.until is not None and terms.until < timezone.localdate(now):
        raise Invalid("past_day", _("有效期不能早于今天。"))
    said = {"reason": terms.reason.strip()[:200], "until": terms.until}
    return said | {"created_at": now, "added_by": by.user}


def _listed(row: TeamMember | DoNotSend, client: Client, worker: Worker, by: Actor, now: datetime) -> None:
    audit.record(row, "add", by=by, now=now, reason=row.reason, data=_pair(client, worker))
    _changed(worker)
    if row.until is not None:
        payload = {"list": row._meta.model_name, "id": row.pk}
        over = datetime.combine(row.until + timedelta(days=1), time.min, timezone.get_current_timezone())
        outbox.publish(OVER, payload, key=f"{row._meta.model_name}:{row.pk}", now=now, due_at=over)


def _unlisted(
    rows: QuerySet[Any],
    client: Client,
    worker: Worker,
    by: Actor,
    now: datetime,
    reason: str,
) -> None:
    for row in rows:
        data = _pair(client, worker) | {"reason": row.reason}
        audit.record(row, "remove", by=by, now=now, reason=reason.strip()[:300], data=data)
        row.delete()
        _changed(worker)


@transaction.atomic
def lapse(kind: str, row_id: int, now: datetime) -> bool:
    """The last day on a list is over. False if the row is gone, or holds longer now."""
    model = {"teammember": TeamMember, "donotsend": DoNotSend}[kind]
    row = model._default_manager.filter(pk=row_id).select_related("client", "worker").first()
    if row is None or row.until is None or row.until >= timezone.localdate(now):
        return False
    _lock(row.client)
    rows = model._default_manager.filter(pk=row_id)
    _unlisted(rows, row.client, row.worker, SYSTEM, now, str(_("有效期已过")))
    return True


def replace(work: Assignment, *, by: Actor, now: datetime) -> Assignment:
    """Have somebody sent instead of a booked worker whom the client does not want any more; free of charge.

    Raises `Conflict` unless the worker is on the list, `ShiftBegun` kinds as `attendance.release` does.
    """
    client = work.position.shift.order.client_id
    row = DoNotSend.objects.filter(client=client, worker=work.worker_id).first()
    if row is None:
        raise Conflict("still_welcome", _("请先把此人列入“不再派遣”。"))
    if work.status not in (AssignmentStatus.BOOKED, AssignmentStatus.RELEASED):
        raise Conflict("wrong_state", _("当前状态已改变，不能执行此操作。请刷新后查看。"))
    return attendance.release(work.pk, by=by, now=now, reason=row.reason)


def _lock(client: Client) -> None:
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)


def _pair(client: Client, worker: Worker) -> dict[str, int]:
    return {"client": client.pk, "worker": worker.pk}


def _changed(worker: Worker) -> None:
    """The next planning of all open places looks at this person anew."""
    PoolChange.objects.create(kind=PoolChange.Kind.WORKER, row_id=worker.pk)
