"""Punches that need a dispatcher's word are put down here; what the word does is in `proofs`."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Assignment, Punch, PunchRequest, ServicePhoto, ServicePolicy
from orders.services import proving, site_codes
from orders.services.proving import Fix
from orders.states import AssignmentStatus, PunchRequestStatus
from staffing.core import audit, outbox
from staffing.core.actors import Actor, actor_of

TOPIC = "punchrequest.ask"


def waits_for_a_word(work: Assignment, kind: str, *, late: bool) -> bool:
    """Whether a punch that was sent later cannot count by itself: it is `late`, or the booking has gone on without it
    (counted as absent, or checked out by the system)."""
    if work.status == AssignmentStatus.NO_SHOW:
        return True
    if kind == Punch.Kind.IN:
        return late and work.status == AssignmentStatus.BOOKED
    if work.status == AssignmentStatus.BOOKED:
        return work.punch_requests.filter(kind=Punch.Kind.IN, status=PunchRequestStatus.WAITING).exists()
    if work.status == AssignmentStatus.COMPLETED:
        return work.punches.filter(kind=Punch.Kind.OUT, method=Punch.Method.SYSTEM).exists()
    return late and work.status == AssignmentStatus.CHECKED_IN


def ask_queued(
    work: Assignment, kind: str, *, at: datetime, fix: Fix | None, code: str, key: uuid.UUID | None, now: datetime
) -> PunchRequest:
    """Put a punch that was sent later to a dispatcher, with whether its code was the right one when it was made."""
    if kind == Punch.Kind.IN:
        proving.check_time(work, at)
    remark = ""
    if code:
        site = work.position.shift.order.site
        right = site is not None and site_codes.matches(site, code, at)
        remark = _("打卡码与当时一致") if right else _("打卡码与当时不一致")
    return ask(work, kind, PunchRequest.Why.QUEUED, at=at, now=now, remark=remark, fix=fix, key=key)


def ask(
    work: Assignment,
    kind: str,
    why: str,
    *,
    at: datetime,
    now: datetime,
    remark: str = "",
    photo: ServicePhoto | None = None,
    fix: Fix | None = None,
    key: uuid.UUID | None = None,
) -> PunchRequest:
    """Put down a punch of a locked booking for a dispatcher to look at. One that waits already, or came before with
    the same number, is returned as it is. A position is kept with the worker's consent alone."""
    same = PunchRequest.objects.filter(assignment=work, kind=kind)
    waiting = same.filter(status=PunchRequestStatus.WAITING).first()
    if found := waiting or (same.filter(key=key).first() if key else None):
        return found
    row = PunchRequest(assignment=work, kind=kind, why=why, claimed_at=at, received_at=now, key=key)
    row.remark, row.photo = remark[:300], photo
    if fix is not None and not work.position.shift.order.remote and proving.consented(work, at, now):
        proving.locate(row, work, fix, ServicePolicy.current())
    row.save()
    event = audit.record(row, "ask", by=_asker(work), now=now, to_state=row.status, reason=row.remark)
    outbox.publish(TOPIC, {"id": row.pk}, key=str(event.pk), now=now)
    return row


def _asker(work: Assignment) -> Actor:
    return actor_of(work.worker.user)
