"""What the system proposes about people. A manager decides, with a reason; nothing happens by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.transitions import change
from workers.models import Proposal, StandingPolicy, Worker
from workers.services import careers, standing
from workers.services.careers import Target
from workers.states import MATCHED, ProposalStatus

Kind = Proposal.Kind
DUE = "proposal.due"
DECIDED = ["decided_by", "decided_at", "reason"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A manager's word. `effective_on`: from when a promotion counts (None: today)."""

    approve: bool
    reason: str
    effective_on: date | None = None


@transaction.atomic
def make(
    worker_id: int, kind: str, evidence: Sequence[Any], now: datetime, *, level: str = "", track: str = ""
) -> Proposal | None:
    """Propose something, unless the same waits, or was decided on not long ago. The row that waits gets the evidence
    as it is now."""
    worker, policy = standing.lock(worker_id), StandingPolicy.current()
    if worker.status not in MATCHED:
        return None
    own = Proposal.objects.filter(worker=worker, kind=kind)
    if own.filter(status=ProposalStatus.OPEN).update(evidence=list(evidence), level=level, track=track):
        return None
    since = now - timedelta(days=policy.again_days)
    said_no = own.filter(level=level, track=track, decided_at__gt=since).exclude(status=ProposalStatus.OVERTURNED)
    if said_no.exists() or own.filter(status=ProposalStatus.APPEALED).exists():
        return None
    due = now + timedelta(days=policy.proposal_days)
    said = {"evidence": list(evidence), "level": level, "track": track, "made_at": now, "due_at": due}
    row = Proposal.objects.create(worker=worker, kind=kind, **said)
    event = audit.record(row, "make", by=SYSTEM, now=now, to_state=row.status, data={"evidence": list(evidence)})
    outbox.publish("proposal.make", {"id": row.pk}, key=str(event.pk), now=now)
    outbox.publish(DUE, {"id": row.pk}, key=str(row.pk), now=now, due_at=due)
    return row


@transaction.atomic
def withdraw(worker_id: int, kinds: Sequence[str], now: datetime) -> int:
    """What spoke for it is gone; how many proposals that ended."""
    standing.lock(worker_id)
    rows = list(Proposal.objects.filter(worker=worker_id, kind__in=kinds, status=ProposalStatus.OPEN))
    for row in rows:
        row.decided_at = now
        change(row, "withdraw", by=SYSTEM, now=now, also=["decided_at"])
    return len(rows)


@transaction.atomic
def decide(proposal_id: int, verdict: Verdict, *, by: Actor, now: datetime) -> Proposal:
    """Do what is proposed, or not; the worker is told why. Repeating it changes nothing.

    Raises `Invalid` without a reason, `Conflict` if it was decided otherwise, or the worker is not sent any more.
    """
    worker = standing.lock(Proposal.objects.values_list("worker", flat=True).get(pk=proposal_id))
    row = Proposal.objects.get(pk=proposal_id)
    wanted = ProposalStatus.APPROVED if verdict.approve else ProposalStatus.DECLINED
    if row.status == wanted:
        return row
    if not verdict.reason.strip():
        raise Invalid("no_reason", _("请填写理由，员工会看到。"))
    row.decided_by, row.decided_at, row.reason = by.user, now, verdict.reason.strip()[:300]
    change(row, "approve" if verdict.approve else "decline", by=by, now=now, reason=row.reason, also=DECIDED)
    if verdict.approve:
        _do(row, worker, verdict, by, now)
    return row


def _do(row: Proposal, worker: Worker, verdict: Verdict, by: Actor, now: datetime) -> None:
    if worker.status not in MATCHED:
        raise Conflict("not_sent", _("此人当前不在派单范围内。"))
    if row.removes:
        change(worker, row.kind, by=by, now=now, reason=row.reason)
    elif row.kind == Kind.PROMOTE:
        target = Target(row.level, row.track, verdict.effective_on or timezone.localdate(now))
        careers.set_level(worker.pk, target, by=by, now=now, reason=row.reason)


@transaction.atomic
def conclude(proposal_id: int, outcome: str, *, by: Actor, now: datetime) -> Proposal:
    """What came of a recommendation for full time. Raises `Conflict` before it was agreed to."""
    standing.lock(Proposal.objects.values_list("worker", flat=True).get(pk=proposal_id))
    row = Proposal.objects.get(pk=proposal_id)
    if row.kind != Kind.FULL_TIME or row.status != ProposalStatus.APPROVED:
        raise Conflict("wrong_state", _("当前状态已改变，不能执行此操作。请刷新后查看。"))
    if row.outcome != outcome:
        row.outcome, row.outcome_at = outcome, now
        row.save(update_fields=["outcome", "outcome_at"])
        audit.record(row, "conclude", by=by, now=now, data={"outcome": outcome})
    return row
