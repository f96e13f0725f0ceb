"""What the feedback loop keeps about a worker: stars that clients gave, facts in cases, and what they complained of."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.models import Complaint, Evidence, InsightNote, WorkerRating
from staffing.core.models import User
from staffing.core.personal import Closing, Holder, Stored, register


def stored() -> Sequence[Stored]:
    """Stars, and complaints."""
    kept = _("长期保存，注销后不再带姓名")
    return [
        Stored(_("客户给您的评分"), _("计算星级，改进服务"), kept),
        Stored(_("您提交的投诉与反映"), _("处理问题；未经您同意不向客户透露姓名"), kept),
        Stored(_("您下班后记下的顾客问题、需求与建议"), _("归类后发给客户的产品团队，不带姓名"), kept),
    ]


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The stars about this person; the client's words are about the whole service and stay with it."""
    rows = WorkerRating.objects.filter(assignment__worker__user=user)
    said = Complaint.objects.filter(reporter=user)
    noted = InsightNote.objects.filter(assignment__worker__user=user)
    return {
        "ratings": list(rows.values("assignment", "stars", "review__created_at")),
        "complaints": list(said.values("at", "client__name", "order", "category", "severity", "text", "may_name")),
        "insights": list(noted.values("at", "text", "count")),
    }


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
