"""The writers of background checks. They alone write `Worker.clearance` and until when it counts.

Standard: one person approves. High trust: two different people, which the database holds as well (`two_people`).
What a worker is cleared for is always the highest check that stands; whatever changes one settles it at once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, private_files, transitions
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.photos import Safe
from workers.models import BackgroundCheck, Clearance, PapersPolicy, Worker
from workers.paper_states import CheckStatus
from workers.services import expiring
from workers.services.papers import check_text

KIND = "clearance"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A check to be made: its level, what it rests on, through which day it shall count, and a picture of the paper."""

    level: int
    source: str
    valid_until: date
    note: str = ""
    scan: Safe | None = None


def last_day(level: int, today: date) -> date:
    """Through which day a check of this level counts by the policy, if it is made today."""
    policy = PapersPolicy.current()
    return today + timedelta(days=policy.high_days if level == Clearance.HIGH else policy.standard_days)


def request(worker_id: int, wanted: Wanted, *, by: Actor, now: datetime) -> BackgroundCheck:
    """Ask for a check. Raises `Invalid` without a source, for a day that is over or later than the policy allows, and
    for numbers that name a person; `Conflict` while another check of the person is open."""
    today = timezone.localdate(now)
    _check_wanted(wanted, today)
    row = BackgroundCheck(worker_id=worker_id, level=wanted.level, source=wanted.source.strip()[:120])
    row.valid_until, row.note = wanted.valid_until, wanted.note.strip()[:300]
    row.requested_by, row.requested_at = by.user, now
    with transaction.atomic():
        worker = _worker(worker_id)
        if worker.checks.filter(decided_at__isnull=True).exists():
            raise Conflict("check_open", _("此人已有一项背景核查在办理中。"))
        _kept(row, wanted.scan)
        data = {"level": row.level, "until": wanted.valid_until.isoformat()}
        audit.record(row, "request", by=by, now=now, to_state=row.status, data=data)
    return row


def _check_wanted(wanted: Wanted, today: date) -> None:
    check_text(wanted.source, wanted.note)
    if wanted.level not in (Clearance.STANDARD, Clearance.HIGH):
        raise Invalid("bad_level", _("请选择核查级别。"))
    if not wanted.source.strip():
        raise Invalid("no_source", _("请写明核查依据。"))
    if not today <= wanted.valid_until <= last_day(wanted.level, today):
        most = last_day(wanted.level, today)
        raise Invalid("bad_day", _("有效期须在今天到 %(most)s 之间。"), most=most.isoformat())


def _kept(row: BackgroundCheck, scan: Safe | None) -> None:
    if scan is None:
        row.save()
        return
    row.file, row.small = private_files.write(scan)
    row.width, row.height = scan.width, scan.height
    try:
        row.save()
    except BaseException:
        private_files.remove([row.file, row.small])
        raise


@transaction.atomic
def approve(check_id: int, *, by: Actor, now: datetime) -> BackgroundCheck:
    """One more word for it. Standard is passed by the first, high trust by the second of another person.

    Raises `Forbidden` `same_person` to whoever approved before, `Conflict` once it is decided or its last day is over.
    """
    row = _locked(check_id)
    if row.valid_until is not None and row.valid_until < timezone.localdate(now):
        raise Conflict("already_over", _("所填有效期已过，请驳回后重新发起。"))
    if row.status == CheckStatus.HALF:
        _second(row, by, now)
    else:
        _first(row, by, now)
    if row.status == CheckStatus.PASSED:
        _settle(row.worker, by, now)
    return row


def _first(row: BackgroundCheck, by: Actor, now: datetime) -> None:
    alone = row.level == Clearance.STANDARD
    row.first_by, row.first_at = by.user, now
    row.decided_at = now if alone else None
    also = ["first_by", "first_at", "decided_at"]
    transitions.change(row, "approve" if alone else "first", by=by, now=now, also=also)


def _second(row: BackgroundCheck, by: Actor, now: datetime) -> None:
    if by.user is None or by.user.pk == row.first_by_id:
        raise Forbidden("same_person", _("高信任背调须由另一位同事复核。"))
    row.second_by, row.second_at, row.decided_at = by.user, now, now
    transitions.change(row, "second", by=by, now=now, also=["second_by", "second_at", "decided_at"])


@transaction.atomic
def refuse(check_id: int, reason: str, *, by: Actor, now: datetime) -> BackgroundCheck:
    """It is not passed; it stays as history, and what the worker is cleared for stays as it is."""
    row = _locked(check_id)
    row.decided_at = now
    _close(row, "refuse", reason, by, now, ["decided_at"])
    return row


@transaction.atomic
def revoke(check_id: int, reason: str, *, by: Actor, now: datetime) -> BackgroundCheck:
    """It counts no longer, from now on. Raises `Invalid` without a reason, `Conflict` if it does not stand."""
    row = _locked(check_id)
    _close(row, "revoke", reason, by, now, [])
    _settle(row.worker, by, now)
    return row


def _close(row: BackgroundCheck, action: str, reason: str, by: Actor, now: datetime, also: list[str]) -> None:
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    check_text(reason)
    row.closed_by, row.closed_at, row.reason = by.user, now, reason.strip()[:300]
    also = ["closed_by", "closed_at", "reason", *also]
    transitions.change(row, action, by=by, now=now, reason=row.reason, also=also)


def expire(now: datetime) -> int:
    """End what is over; the lower check of the same person counts again if it still stands. Returns how many ended."""
    today = timezone.localdate(now)
    over = BackgroundCheck.objects.filter(status=CheckStatus.PASSED, valid_until__lt=today)
    return sum(_expire(pk, today, now) for pk in over.order_by("worker_id", "pk").values_list("pk", flat=True))


@transaction.atomic
def _expire(check_id: int, today: date, now: datetime) -> bool:
    row = _locked(check_id)
    if row.status != CheckStatus.PASSED or row.valid_until is None or row.valid_until >= today:
        return False
    row.closed_at = now
    transitions.change(row, "expire", by=SYSTEM, now=now, also=["closed_at"])
    _settle(row.worker, SYSTEM, now)
    return True


def _settle(worker: Worker, by: Actor, now: datetime) -> None:
    """What the worker is cleared for: the highest check that stands, and of these the one that lasts longest."""
    today = timezone.localdate(now)
    stands = worker.checks.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), status=CheckStatus.PASSED)
    best = max(stands, key=lambda row: (row.level, row.valid_until or date.max), default=None)
    level, until = (best.level, best.valid_until) if best else (Clearance.NONE.value, None)
    if (worker.clearance, worker.clearance_until) == (level, until):
        return
    data: dict[str, Any] = {"from": worker.clearance, "to": level, "until": until and until.isoformat()}
    worker.clearance, worker.clearance_until = level, until
    worker.save(update_fields=["clearance", "clearance_until"])
    expiring.renewed(KIND, worker.pk, until)
    audit.record(worker, "clear", by=by, now=now, data=data)


def _worker(worker_id: int) -> Worker:
    return Worker.objects.select_for_update(no_key=True).get(pk=worker_id)


def _locked(check_id: int) -> BackgroundCheck:
    """The check, behind the lock of its worker, who comes with it."""
    worker = _worker(BackgroundCheck.objects.values_list("worker_id", flat=True).get(pk=check_id))
    row = BackgroundCheck.objects.select_for_update(no_key=True).get(pk=check_id)
    row.worker = worker
    return row
