"""What the feedback loop keeps about a worker: stars that clients gave, and facts in cases."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.models import Evidence, WorkerRating
from staffing.core.models import User
from staffing.core.personal import Closing, Holder, Stored, register


def stored() -> Sequence[Stored]:
    """Stars."""
    return [Stored(_("客户给您的评分"), _("计算星级，改进服务"), _("长期保存，注销后不再带姓名"))]


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The stars about this person; the client's words are about the whole service and stay with it."""
    rows = WorkerRating.objects.filter(assignment__worker__user=user)
    return {"ratings": list(rows.values("assignment", "stars", "review__created_at"))}


def erase(closing: Closing) -> None:
    """Facts of cases on this person's orders name the number from now on."""
    was, own = (
        closing.user.name,
        Evidence.objects.filter(case__order__shifts__positions__offers__worker__user=closing.user),
    )
    rows = [row for row in own.distinct() if was in row.data.values()]
    for row in rows:
        row.data = {key: closing.name if value == was else value for key, value in row.data.items()}
    Evidence.objects.bulk_update(rows, ["data"], batch_size=500)


register(Holder(app="feedback", stored=stored, tables=tables, erase=erase))
