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


WORKER, SYSTEM = Role.WORKER, "system"


class WorkerStatus(TextChoices):
    """Whether somebody of the pool is sent. On watch is sent like active; only a person ends that."""

    ACTIVE = "active", _("在岗")
    WATCH = "watch", _("考察中")
    SUSPENDED = "suspended", _("暂停")
    LEFT = "left", _("已离开")


W = WorkerStatus
# Who is matched.
MATCHED = (W.ACTIVE, W.WATCH)

WORKER_TABLE: Table = {
    (W.ACTIVE, "watch"): rule(W.WATCH, SYSTEM, WORKER, DISPATCHER, MANAGER),
    (W.WATCH, "clear"): rule(W.ACTIVE, SYSTEM, WORKER, DISPATCHER, MANAGER),
    (W.ACTIVE, "suspend"): rule(W.SUSPENDED, MANAGER),
    (W.WATCH, "suspend"): rule(W.SUSPENDED, MANAGER),
    (W.ACTIVE, "leave"): rule(W.LEFT, MANAGER),
    (W.WATCH, "leave"): rule(W.LEFT, MANAGER),
    (W.SUSPENDED, "leave"): rule(W.LEFT, MANAGER),
    (W.SUSPENDED, "reinstate"): rule(W.ACTIVE, DISPATCHER, MANAGER),
    (W.LEFT, "reinstate"): rule(W.ACTIVE, DISPATCHER, MANAGER),
    # An appeal waits: until it is decided, what was decided has no effect.
    (W.SUSPENDED, "appeal"): rule(W.ACTIVE, WORKER),
    (W.LEFT, "appeal"): rule(W.ACTIVE, WORKER),
    # It was refused: a person's decision stands.
    (W.ACTIVE, "uphold_suspend"): rule(W.SUSPENDED, DISPATCHER, MANAGER),
    (W.WATCH, "uphold_suspend"): rule(W.SUSPENDED, DISPATCHER, MANAGER),
    (W.ACTIVE, "uphold_leave"): rule(W.LEFT, DISPATCHER, MANAGER),
    (W.WATCH, "uphold_leave"): rule(W.LEFT, DISPATCHER, MANAGER),
}


class WatchStatus(TextChoices):
    """A worker and a kind of service that is looked at."""

    WATCHING = "watching", _("考察中")
    APPEALED = "appealed", _("申诉中，暂不计入")
    MENDED = "mended", _("已改善")
    LIFTED = "lifted", _("已解除")


LIVE_WATCH = (WatchStatus.WATCHING, WatchStatus.APPEALED)

WATCH: Table = {
    (WatchStatus.WATCHING, "mend"): rule(WatchStatus.MENDED, SYSTEM),
    (WatchStatus.APPEALED, "mend"): rule(WatchStatus.MENDED, SYSTEM),
    (WatchStatus.WATCHING, "lift"): rule(WatchStatus.LIFTED, DISPATCHER, MANAGER),
    (WatchStatus.WATCHING, "appeal"): rule(WatchStatus.APPEALED, WORKER),
    (WatchStatus.APPEALED, "lift"): rule(WatchStatus.LIFTED, DISPATCHER, MANAGER),
    (WatchStatus.APPEALED, "uphold"): rule(WatchStatus.WATCHING, DISPATCHER, MANAGER),
}


class ProposalStatus(TextChoices):
    """What the system proposes about somebody; a manager decides."""

    OPEN = "open", _("待经理决定")
    APPROVED = "approved", _("已同意")
    DECLINED = "declined", _("未同意")
    WITHDRAWN = "withdrawn", _("依据已不成立")
    APPEALED = "appealed", _("申诉中，暂不生效")
    OVERTURNED = "overturned", _("申诉成功，已撤销")


PROPOSAL: Table = {
    (ProposalStatus.OPEN, "approve"): rule(ProposalStatus.APPROVED, MANAGER),
    (ProposalStatus.OPEN, "decline"): rule(ProposalStatus.DECLINED, MANAGER),
    (ProposalStatus.OPEN, "withdraw"): rule(ProposalStatus.WITHDRAWN, SYSTEM),
    (ProposalStatus.APPROVED, "appeal"): rule(ProposalStatus.APPEALED, WORKER),
    (ProposalStatus.APPEALED, "uphold"): rule(ProposalStatus.APPROVED, DISPATCHER, MANAGER),
    (ProposalStatus.APPEALED, "overturn"): rule(ProposalStatus.OVERTURNED, DISPATCHER, MANAGER),
}


class StandingAppealStatus(TextChoices):
    """A worker's word against a watch or a removal."""

    OPEN = "open", _("处理中")
    ACCEPTED = "accepted", _("申诉成功")
    REFUSED = "refused", _("维持原决定")


STANDING_APPEAL: Table = {
    (StandingAppealStatus.OPEN, "accept"): rule(StandingAppealStatus.ACCEPTED, DISPATCHER, MANAGER),
    (StandingAppealStatus.OPEN, "refuse"): rule(StandingAppealStatus.REFUSED, DISPATCHER, MANAGER),
}
