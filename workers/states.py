"""Enums and the transition table of an application: from the first word to a member of the pool."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staffing.core.actors import LINK
from staffing.core.models import Role
from staffing.core.transitions import Table, rule

DISPATCHER, MANAGER = Role.DISPATCHER, Role.MANAGER


class ApplicationStatus(TextChoices):
    """The stage an application has reached."""

    APPLIED = "applied", _("待审核")
    DOCUMENTS = "documents", pgettext_lazy("application", "资料")
    INTERVIEW = "interview", _("面试")
    TRAINING = "training", pgettext_lazy("application", "培训")
    ACTIVE = "active", _("已入库")
    REJECTED = "rejected", _("未录用")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已合并")


A = ApplicationStatus
# In these somebody has to do something by a day.
OPEN = (A.APPLIED, A.DOCUMENTS, A.INTERVIEW, A.TRAINING)
CLOSED = (A.ACTIVE, A.REJECTED, A.WITHDRAWN, A.MERGED)

# From any open stage to any other, forwards or back: not everybody needs papers or a course.
_MOVES: Table = {
    (str(was), f"to_{to.value}"): rule(to, DISPATCHER, MANAGER) for was in OPEN for to in OPEN if was != to != A.APPLIED
}
_ENDS: Table = {
    (str(was), action): rule(to, *who)
    for was in OPEN
    for action, to, who in (
        ("activate", A.ACTIVE, (DISPATCHER, MANAGER)),
        ("reject", A.REJECTED, (DISPATCHER, MANAGER)),
        ("withdraw", A.WITHDRAWN, (LINK.role, DISPATCHER, MANAGER)),
        ("merge", A.MERGED, (DISPATCHER, MANAGER)),
    )
}
APPLICATION: Table = {
    **_MOVES,
    **_ENDS,
    # A mistake, or somebody who is wanted after all.
    (A.REJECTED, "reopen"): rule(A.APPLIED, DISPATCHER, MANAGER),
}


class RejectReason(TextChoices):
    """Why somebody was not taken."""

    UNSUITABLE = "unsuitable", _("不符合岗位要求")
    PAPERS = "papers", _("资料不全或不实")
    INTERVIEW = "interview", _("面试未通过")
    TRAINING = "training", _("培训未通过")
    UNREACHABLE = "unreachable", _("多次联系不上")
    DUPLICATE = "duplicate", _("重复报名")
    NO_NEED = "no_need", _("目前没有合适的岗位")
    OTHER = "other", _("其他")
