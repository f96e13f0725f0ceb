"""Strikes, and the worker's word against one: decided by a person, the second time by a manager.

A strike is a no-show, or a booking called off within the hours of the policy. While an appeal waits, and once one was
accepted, the strike does not count (`orders.strikes.counted`).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders import strikes
from orders.models import Appeal, Assignment, OrderPolicy
from orders.services import locks
from orders.states import AppealStatus
from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import Role
from staffing.core.transitions import change

LEVELS = 2


@transaction.atomic
def file(assignment_id: int, *, by: Actor, now: datetime, text: str) -> Appeal:
    """Appeal against a strike, or once more against the refusal of the first appeal.

    Repeating it while one waits gives that one. Raises `Invalid` without words, `Conflict` if there is no strike, it
    is too late, or the last word has been said.
    """
    work = locks.assignment(assignment_id)
    last = Appeal.objects.filter(assignment=work).order_by("-level").first()
    if last is not None and last.status == AppealStatus.OPEN:
        return last
    if not text.strip():
        raise Invalid("no_text", _("请写明申诉的理由。"))
    if not may_appeal(work, last, now):
        raise Conflict("no_appeal", _("这条记录现在不能申诉：已撤销、已是最终结果，或已过申诉期限。"))
    appeal = Appeal.objects.create(
        assignment=work, level=last.level + 1 if last else 1, text=text.strip()[:500], filed_at=now
    )
    event = audit.record(appeal, "file", by=by, now=now, to_state=appeal.status)
    outbox.publish("appeal.file", {"id": appeal.pk}, key=str(event.pk), now=now)
    return appeal


def may_appeal(work: Assignment, last: Appeal | None, now: datetime, policy: OrderPolicy | None = None) -> bool:
    """Whether the worker may say something against it now; `last`: their last appeal."""
    policy = policy or OrderPolicy.current()
    since = last.decided_at if last else work.ended_at
    if not strikes.is_strike(work, policy) or since is None:
        return False
    again = last is None or (last.status == AppealStatus.REFUSED and last.level < LEVELS)
    return again and now < since + timedelta(days=policy.appeal_days)


@transaction.atomic
def decide(appeal_id: int, *, accept: bool, by: Actor, now: datetime, reason: str) -> Appeal:
    """Take the strike back, or let it stand; the worker is told why.

    Repeating it changes nothing. Raises `Invalid` without a reason, `Forbidden` where the second appeal is decided by
    anybody but a manager who did not decide the first, `Conflict` if it was decided otherwise.
    """
    locks.assignment(Appeal.objects.values_list("assignment_id", flat=True).get(pk=appeal_id))
    appeal = Appeal.objects.select_related("assignment__worker__user", "assignment__position__shift").get(pk=appeal_id)
    wanted = AppealStatus.ACCEPTED if accept else AppealStatus.REFUSED
    if appeal.status == wanted:
        return appeal
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    if appeal.level == LEVELS:
        _by_another_manager(appeal, by)
    appeal.decided_by, appeal.decided_at, appeal.decision = by.user, now, reason.strip()[:300]
    also = ["decided_by", "decided_at", "decision"]
    change(appeal, "accept" if accept else "refuse", by=by, now=now, reason=reason, also=also)
    return appeal


def excuse(work: Assignment, *, by: Actor, now: datetime, text: str) -> Appeal:
    """Take back the strike of a locked booking whose worker was there after all, as an accepted appeal does; `text`:
    the worker's words. The place was refilled: it is the replacement's, and so are its hours.

    Repeating it changes nothing. Raises `Conflict` if the last word on it has been said.
    """
    last = Appeal.objects.filter(assignment=work).order_by("-level").first()
    if last is not None and last.status == AppealStatus.ACCEPTED:
        return last
    if last is None or last.status == AppealStatus.REFUSED:
        level = last.level + 1 if last else 1
        if level > LEVELS:
            raise Conflict("last_word", _("经理已对这条记录作出最终决定。"))
        last = Appeal.objects.create(assignment=work, level=level, text=text[:500] or "—", filed_at=now)
    said = _("已认可到岗，违约撤销；名额已由替补完成，这一班不另计工时。")
    return decide(last.pk, accept=True, by=by, now=now, reason=str(said))


def _by_another_manager(appeal: Appeal, by: Actor) -> None:
    first = Appeal.objects.filter(assignment=appeal.assignment_id, level=1).first()
    if by.role != Role.MANAGER or (first is not None and by.user == first.decided_by):
        raise Forbidden("manager_only", _("第二次申诉由未处理过第一次申诉的经理决定。"))
