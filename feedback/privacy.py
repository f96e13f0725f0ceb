"""What the feedback loop keeps about a worker: stars that clients gave, facts in cases, and what they complained of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from feedback.models import Complaint, Evidence, InsightNote, StarChange, StarStanding, WorkerRating, WriteBack
from staffing.core.models import User
from staffing.core.personal import Closing, Holder, Stored, register


def stored() -> Sequence[Stored]:
    """Stars, and complaints."""
    kept = _("长期保存，注销后不再带姓名")
    return [
        Stored(_("客户给您的评分"), _("计算星级，改进服务"), kept),
        Stored(_("您的星级得分与每次变动的依据"), _("认证星级，说明原因"), _("直到注销账号")),
        Stored(_("您提交的投诉与反映"), _("处理问题；未经您同意不向客户透露姓名"), kept),
        Stored(_("您下班后记下的顾客问题、需求与建议"), _("归类后发给客户的产品团队，不带姓名"), kept),
    ]


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The stars about this person; the client's words are about the whole service and stay with it."""
    rows = WorkerRating.objects.filter(assignment__worker__user=user)
    said, changes = Complaint.objects.filter(reporter=user), StarChange.objects.filter(worker__user=user)
    noted = InsightNote.objects.filter(assignment__worker__user=user)
    return {
        "star_changes": list(changes.values("at", "cause", "score_after", "level_after", "ratings")),
        "ratings": list(rows.values("assignment", "stars", "review__created_at")),
        "complaints": list(said.values("at", "client__name", "order", "category", "severity", "text", "may_name")),
        "insights": list(noted.values("at", "text", "count")),
    }


def erase(closing: Closing) -> None:
    """Facts of cases and what they led to name the number from now on."""
    was, own = closing.user.name, "case__order__shifts__positions__offers__worker__user"
    for model in (StarChange, StarStanding):
        model._default_manager.filter(worker__user=closing.user).delete()
    # A match names people who were never asked, too.
    facts = Evidence.objects.filter(Q(**{own: closing.user}) | Q(kind="match", data__icontains=was)).distinct()
    _rename(Evidence, facts, was, closing.name)
    _rename(WriteBack, WriteBack.objects.filter(worker__user=closing.user), was, closing.name)


def _rename(model: type[Model], found: Iterable[Any], was: str, name: str) -> None:
    changed = []
    for row in found:
        data = _renamed(row.data, was, name)
        if data != row.data:
            row.data = data
            changed.append(row)
    model._default_manager.bulk_update(changed, ["data"], batch_size=500)


def _renamed(value: Any, was: str, name: str) -> Any:
    """The same with another name, however deep it stands."""
    if isinstance(value, dict):
        return {key: _renamed(one, was, name) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, was, name) for one in value]
    return name if value == was else value


register(Holder(app="feedback", stored=stored, tables=tables, erase=erase))
