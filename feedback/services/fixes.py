"""What was promised to be put right: by whom, until when, and whether it was."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import CaseRound, ReviewCase
from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict

# The fix's own day is told of when work begins.
MORNING = time(9)


def unfinished() -> QuerySet[CaseRound]:
    """Fixes that were promised and are not done, the most pressing first; those without a day last."""
    rows = CaseRound.objects.exclude(fix="").filter(fix_done_at__isnull=True, fix_by__isnull=False)
    related = ("case__client", "case__order", "case__complaint", "case__owner", "fix_owner")
    return rows.select_related(*related).order_by("fix_by", "pk")


def plan(turn: CaseRound, now: datetime) -> None:
    """Remind the fix's owner on its day; another day brings another reminder."""
    if turn.fix_by is None:
        return
    due = max(timezone.make_aware(datetime.combine(turn.fix_by, MORNING)), now)
    outbox.publish("reviewcase.fix_due", {"id": turn.pk}, key=f"{turn.pk}:{turn.fix_by}", now=now, due_at=due)


@transaction.atomic
def done(round_id: int, *, by: Actor, now: datetime) -> CaseRound:
    """The fix is in place. Repeating it changes nothing; `Conflict` before a fix was named."""
    case_id = CaseRound.objects.values_list("case_id", flat=True).get(pk=round_id)
    case = ReviewCase.objects.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    turn = case.rounds.get(pk=round_id)
    if turn.fix_done_at is not None:
        return turn
    if not turn.fix:
        raise Conflict("no_fix", _("还没有整改措施。"))
    turn.fix_done_at = now
    turn.save(update_fields=["fix_done_at"])
    audit.record(case, "fix_done", by=by, now=now, data={"round": turn.number})
    return turn
