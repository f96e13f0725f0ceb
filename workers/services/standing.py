"""Whether somebody of the pool is sent: the one writer of `Worker.status` but for a closed account.

Lock order: the worker's row first, then what is kept about them.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core.actors import Actor
from staffing.core.errors import Invalid
from staffing.core.transitions import change
from workers.models import WatchEntry, Worker
from workers.states import MATCHED, WatchStatus, WorkerStatus

REMOVED = (WorkerStatus.SUSPENDED, WorkerStatus.LEFT)


def lock(worker_id: int) -> Worker:
    """The worker's row, ours until the transaction ends."""
    return Worker.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=worker_id)


def follow_watch(worker: Worker, *, by: Actor, now: datetime, reason: str = "") -> None:
    """A locked worker who is sent is on watch exactly while a kind of service is watched and no appeal suspends it."""
    watched = WatchEntry.objects.filter(worker=worker, status=WatchStatus.WATCHING).exists()
    if worker.status == WorkerStatus.ACTIVE and watched:
        change(worker, "watch", by=by, now=now, reason=reason)
    elif worker.status == WorkerStatus.WATCH and not watched:
        change(worker, "clear", by=by, now=now, reason=reason)


@transaction.atomic
def reinstate(worker_id: int, *, by: Actor, now: datetime, reason: str) -> Worker:
    """Send somebody again who was suspended or had left. Repeating it changes nothing; `Invalid` without a reason."""
    worker = lock(worker_id)
    if worker.status in MATCHED:
        return worker
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由，员工会看到。"))
    if not worker.user.is_active:
        raise Invalid("closed", _("此账号已注销，不能恢复。"))
    change(worker, "reinstate", by=by, now=now, reason=reason.strip()[:300])
    follow_watch(worker, by=by, now=now)
    return worker
