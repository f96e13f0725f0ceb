"""A dispatcher calls somebody who is booked, and does at once what the answer asks for."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, CallNote
from orders.services import attendance, locks, turning_up, waves
from orders.states import AssignmentStatus
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict

Outcome = CallNote.Outcome
# The same answer noted again so soon by the same person is the same click.
SAME_CLICK = timedelta(minutes=1)


@transaction.atomic
def note(assignment_id: int, *, outcome: str, note: str = "", by: Actor, now: datetime) -> CallNote:
    """Keep what a call brought. Who has come is checked in, who will come is confirmed, who will not is replaced.

    The same answer twice within a minute is kept once. Raises `Conflict` if the booking has moved on meanwhile, and
    what the deed raises; then nothing is kept.
    """
    if outcome == Outcome.NOT_COMING:
        locks.matching()
    work = locks.assignment(assignment_id)
    same = work.calls.filter(by=by.user, outcome=outcome, note=note[:200], at__gt=now - SAME_CLICK).first()
    if same is not None:
        return same
    if work.status != AssignmentStatus.BOOKED:
        raise Conflict("moved_on", _("此人已签到或已不在这个班次，请看现在的情况。"))
    assert by.user is not None, "somebody called"
    kept = CallNote.objects.create(assignment=work, by=by.user, at=now, outcome=outcome, note=note[:200])
    audit.record(work, "call", by=by, now=now, reason=_words(kept), data={"outcome": outcome})
    _follow(work, kept, by=by, now=now)
    return kept


def _words(kept: CallNote) -> str:
    label = str(Outcome(kept.outcome).label)
    return f"{label} · {kept.note}" if kept.note else label


def _follow(work: Assignment, kept: CallNote, *, by: Actor, now: datetime) -> None:
    why = f"{_t('电话确认')} · {_words(kept)}"[:200]
    if kept.outcome == Outcome.CAME:
        attendance.check_in(work.pk, by=by, now=now, reason=why)
    elif kept.outcome == Outcome.COMING and now < work.start_at:
        turning_up.confirm(work.pk, by=by, now=now, reason=why)
    elif kept.outcome == Outcome.NOT_COMING:
        waves.replace(work.position_id, work.pk, by=by, now=now)
