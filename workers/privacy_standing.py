"""What the pool keeps about how somebody's work is judged: watch, proposals, appeals, career."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from staffing.core import forgetting
from staffing.core.models import AuditEvent, User
from staffing.core.personal import Closing, Holder, Stored, register
from workers.models import Career, LevelChange, Proposal, StandingAppeal, WatchEntry, Worker

OWN = (StandingAppeal, WatchEntry, Proposal, LevelChange, Career)


def stored() -> Sequence[Stored]:
    """How work is judged, and what follows from it."""
    kept = _("直到注销账号")
    return [
        Stored(_("考察、晋升与清退的依据和决定，您的申诉"), _("公平评价您的服务"), kept),
        Stored(_("级别、方向与意向"), _("计薪，安排您的发展"), kept),
    ]


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What was decided and why; not what nobody has decided on yet."""
    own = {"worker__user": user}
    decided = Proposal.objects.filter(**own).exclude(decided_at=None)
    watched, appeals = WatchEntry.objects.filter(**own), StandingAppeal.objects.filter(**own)
    levels, careers = LevelChange.objects.filter(**own), Career.objects.filter(**own)
    return {
        "watch": list(watched.values("service_type", "status", "reasons", "since", "ended_at", "end_reason")),
        "decisions": list(decided.values("kind", "status", "evidence", "decided_at", "reason", "outcome")),
        "standing_appeals": list(appeals.values("level", "status", "text", "filed_at", "decision")),
        "levels": list(levels.values("level_before", "level_after", "effective_on", "reason")),
        "career": list(careers.values("track", "wish")),
    }


def erase(closing: Closing) -> None:
    """Nothing of it stays; what was done stays in the audit without the name."""
    worker = Worker.objects.get(user=closing.user)
    for model in OWN:
        rows: Any = model._default_manager.filter(worker=worker)
        ids = list(rows.values_list("pk", flat=True))
        about = AuditEvent.objects.filter(subject_type=model._meta.model_name, subject_id__in=ids)
        forgetting.in_audit(about, closing)
        forgetting.in_notices(model, ids, closing)
        rows.delete()


register(Holder(app="workers.standing", stored=stored, tables=tables, erase=erase))
