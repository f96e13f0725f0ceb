"""A worker's word against a watch or a removal, in two levels; while one is open, what it is against has no effect.

The first is decided by somebody of the agency who did not decide before, the second by a manager who decided neither.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import Role, User
from staffing.core.transitions import change
from workers.models import Proposal, StandingAppeal, StandingPolicy, WatchEntry, Worker
from workers.services import standing, watch
from workers.states import MATCHED, ProposalStatus, StandingAppealStatus, WatchStatus

LEVELS = 2
Subject = WatchEntry | Proposal
Status = StandingAppealStatus
STANDS = (WatchStatus.WATCHING, ProposalStatus.APPROVED)


@transaction.atomic
def file(subject: Subject, *, by: Actor, now: datetime, text: str) -> StandingAppeal:
    """Appeal, or appeal once more after a refusal. Repeating it while one waits gives that one.

    Raises `Invalid` without words, `Conflict` if it has ended, is too late, or the last word has been said.
    """
    worker = standing.lock(subject.worker_id)
    subject = type(subject).objects.get(pk=subject.pk)
    last = _last(subject)
    if last is not None and last.status == Status.OPEN:
        return last
    if not text.strip():
        raise Invalid("no_text", _("请写明申诉的理由。"))
    policy = StandingPolicy.current()
    if not may_appeal(subject, last, now, policy):
        raise Conflict("no_appeal", _("现在不能申诉：已结束、已是最终结果，或已过申诉期限。"))
    return _file(subject, worker, last.level + 1 if last else 1, text, policy, by, now)


def _file(
    subject: Subject, worker: Worker, level: int, text: str, policy: StandingPolicy, by: Actor, now: datetime
) -> StandingAppeal:
    due = now + timedelta(hours=policy.appeal_answer_hours)
    said = {"level": level, "text": text.strip()[:500], "filed_at": now, "due_at": due}
    row = StandingAppeal.objects.create(worker=worker, **_against(subject), **said)
    change(subject, "appeal", by=by, now=now)
    if isinstance(subject, Proposal):
        change(worker, "appeal", by=by, now=now)
    standing.follow_watch(worker, by=by, now=now)
    event = audit.record(row, "file", by=by, now=now, to_state=row.status)
    outbox.publish("standingappeal.file", {"id": row.pk}, key=str(event.pk), now=now)
    remind = due - timedelta(hours=policy.appeal_remind_hours)
    outbox.publish("standingappeal.remind", {"id": row.pk}, key=str(row.pk), now=now, due_at=max(now, remind))
    outbox.publish("standingappeal.overdue", {"id": row.pk}, key=str(row.pk), now=now, due_at=due)
    return row


def may_appeal(subject: Subject, last: StandingAppeal | None, now: datetime, policy: StandingPolicy) -> bool:
    """Whether the worker may say something against it now; `last`: their last appeal about it."""
    if subject.status not in STANDS or (isinstance(subject, Proposal) and not _removed(subject)):
        return False
    began = subject.since if isinstance(subject, WatchEntry) else subject.decided_at
    since = last.decided_at if last else began
    again = last is None or (last.status == Status.REFUSED and last.level < LEVELS)
    return again and since is not None and now < since + timedelta(days=policy.appeal_file_days)


def _removed(proposal: Proposal) -> bool:
    return proposal.removes and proposal.worker.status in standing.REMOVED and proposal.worker.user.is_active


@transaction.atomic
def decide(appeal_id: int, *, accept: bool, by: Actor, now: datetime, reason: str) -> StandingAppeal:
    """End what the appeal is against, or let it stand; the worker is told why. Repeating it changes nothing.

    Raises `Invalid` without a reason, `Forbidden` for somebody who decided before (and, the second time, for anybody
    but a manager), `Conflict` if it was decided otherwise.
    """
    worker = standing.lock(StandingAppeal.objects.values_list("worker", flat=True).get(pk=appeal_id))
    row = StandingAppeal.objects.select_related("watch", "proposal").get(pk=appeal_id)
    wanted = Status.ACCEPTED if accept else Status.REFUSED
    if row.status == wanted:
        return row
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由，员工会看到。"))
    _check(row, by)
    row.decided_by, row.decided_at, row.decision = by.user, now, reason.strip()[:300]
    also = ["decided_by", "decided_at", "decision"]
    change(row, "accept" if accept else "refuse", by=by, now=now, reason=row.decision, also=also)
    _follow(row, worker, accept, by, now)
    standing.follow_watch(worker, by=by, now=now, reason=row.decision)
    return row


def may_decide(row: StandingAppeal, user: User | None) -> bool:
    """Whether this person of the agency may decide it: they have not decided before, and are a manager if it is the
    second appeal."""
    return eligible(row, user, set(earlier(row).values_list("decided_by", flat=True)))


def eligible(row: StandingAppeal, user: User | None, before: set[int | None]) -> bool:
    """The same, with those who decided the appeals before this one at hand."""
    first = row.proposal.decided_by_id if row.proposal else None
    second = row.level == LEVELS
    return user is not None and user.pk not in {*before, first} and (not second or user.role == Role.MANAGER)


def _check(row: StandingAppeal, by: Actor) -> None:
    if not may_decide(row, by.user):
        raise Forbidden("other_person", _("申诉须由未作过决定的人处理；第二次申诉由经理处理。"))


def _follow(row: StandingAppeal, worker: Worker, accept: bool, by: Actor, now: datetime) -> None:
    """What the decision does to what was appealed against; a watch that has mended meanwhile stays over."""
    if row.watch is not None and row.watch.status == WatchStatus.APPEALED:
        if accept:
            watch.end(row.watch, by=by, now=now, reason=row.decision)
        else:
            change(row.watch, "uphold", by=by, now=now, reason=row.decision)
    if row.proposal is not None:
        change(row.proposal, "overturn" if accept else "uphold", by=by, now=now, reason=row.decision)
        if not accept and worker.status in MATCHED:
            change(worker, f"uphold_{row.proposal.kind}", by=by, now=now, reason=row.decision)


def earlier(row: StandingAppeal) -> Any:
    """The appeals about the same that came before."""
    return StandingAppeal.objects.filter(watch=row.watch, proposal=row.proposal, level__lt=row.level)


def _last(subject: Subject) -> StandingAppeal | None:
    return StandingAppeal.objects.filter(**_against(subject)).order_by("-level").first()


def _against(subject: Subject) -> dict[str, Any]:
    return {"watch": subject} if isinstance(subject, WatchEntry) else {"proposal": subject}
