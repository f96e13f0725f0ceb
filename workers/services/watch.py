"""The writers of the watch: put on and taken off by figures, or taken off by a person. Nothing else follows from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.transitions import change
from workers.models import WatchEntry
from workers.services import standing
from workers.states import LIVE_WATCH, MATCHED, WatchStatus

ENDED = ["ended_at", "ended_by", "end_reason"]


def live(worker_id: int, service_type: str) -> WatchEntry | None:
    """The watch that runs."""
    return WatchEntry.objects.filter(worker=worker_id, service_type=service_type, status__in=LIVE_WATCH).first()


@transaction.atomic
def put_on(worker_id: int, service_type: str, reasons: Sequence[Any], now: datetime) -> WatchEntry | None:
    """Watch a worker in a kind of service; one who is watched gets the reasons as they are now. None for somebody who
    is not sent anyway."""
    worker = standing.lock(worker_id)
    if worker.status not in MATCHED:
        return None
    if (row := live(worker_id, service_type)) is not None:
        WatchEntry.objects.filter(pk=row.pk).exclude(reasons=list(reasons)).update(reasons=list(reasons))
        return row
    row = WatchEntry.objects.create(worker=worker, service_type=service_type, reasons=list(reasons), since=now)
    event = audit.record(row, "start", by=SYSTEM, now=now, to_state=row.status, data={"reasons": list(reasons)})
    outbox.publish("watchentry.start", {"id": row.pk}, key=str(event.pk), now=now)
    standing.follow_watch(worker, by=SYSTEM, now=now)
    return row


@transaction.atomic
def mend(worker_id: int, service_type: str, now: datetime) -> bool:
    """The figures are better: the watch is over. False if there was none."""
    worker = standing.lock(worker_id)
    row = live(worker_id, service_type)
    if row is None:
        return False
    row.ended_at = now
    change(row, "mend", by=SYSTEM, now=now, also=["ended_at"])
    standing.follow_watch(worker, by=SYSTEM, now=now)
    return True


@transaction.atomic
def lift(entry_id: int, *, by: Actor, now: datetime, reason: str) -> WatchEntry:
    """A person ends the watch; what was before no longer counts for one. Repeating it changes nothing.

    Raises `Invalid` without a reason, `Conflict` once it is mended.
    """
    worker = standing.lock(WatchEntry.objects.values_list("worker", flat=True).get(pk=entry_id))
    row = WatchEntry.objects.get(pk=entry_id)
    if row.status == WatchStatus.LIFTED:
        return row
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由，员工会看到。"))
    if row.appeals.filter(status="open").exists():
        raise Conflict("appeal_open", _("员工已提出申诉，请在申诉中处理。"))
    end(row, by=by, now=now, reason=reason)
    standing.follow_watch(worker, by=by, now=now, reason=row.end_reason)
    return row


def end(row: WatchEntry, *, by: Actor, now: datetime, reason: str) -> None:
    """Lift a watch whose worker is locked."""
    row.ended_at, row.ended_by, row.end_reason = now, by.user, reason.strip()[:300]
    change(row, "lift", by=by, now=now, reason=row.end_reason, also=ENDED)
