"""Enums and transition tables of papers that prove something, and of background checks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staffing.core.models import Role
from staffing.core.transitions import Table, rule

DISPATCHER, MANAGER, WORKER = Role.DISPATCHER, Role.MANAGER, Role.WORKER
SYSTEM = "system"


class DocumentStatus(TextChoices):
    """A paper from the upload to a person's word."""

    WAITING = "waiting", pgettext_lazy("paper", "待审核")
    ACCEPTED = "accepted", pgettext_lazy("paper", "已核验")
    REFUSED = "refused", pgettext_lazy("paper", "未通过")
    WITHDRAWN = "withdrawn", pgettext_lazy("paper", "已撤回")


D = DocumentStatus
DOCUMENT: Table = {
    (D.WAITING, "accept"): rule(D.ACCEPTED, DISPATCHER, MANAGER),
    (D.WAITING, "refuse"): rule(D.REFUSED, DISPATCHER, MANAGER),
    # Also when a newer paper for the same thing comes.
    (D.WAITING, "withdraw"): rule(D.WITHDRAWN, WORKER),
}


class CheckStatus(TextChoices):
    """A background check; of high trust it is half done after the first of two people."""

    REQUESTED = "requested", pgettext_lazy("check", "待审核")
    HALF = "half", _("待第二人复核")
    PASSED = "passed", pgettext_lazy("check", "已通过")
    REFUSED = "refused", pgettext_lazy("check", "未通过")
    EXPIRED = "expired", pgettext_lazy("check", "已到期")
    REVOKED = "revoked", pgettext_lazy("check", "已撤销")


C = CheckStatus
OPEN_CHECKS = (C.REQUESTED, C.HALF)
# Once somebody's word stood behind it.
APPROVED_CHECKS = (C.PASSED, C.EXPIRED, C.REVOKED)
CHECK: Table = {
    # Standard: one person. High trust: `first`, then `second` by another.
    (C.REQUESTED, "approve"): rule(C.PASSED, DISPATCHER, MANAGER),
    (C.REQUESTED, "first"): rule(C.HALF, DISPATCHER, MANAGER),
    (C.HALF, "second"): rule(C.PASSED, DISPATCHER, MANAGER),
    (C.REQUESTED, "refuse"): rule(C.REFUSED, DISPATCHER, MANAGER),
    (C.HALF, "refuse"): rule(C.REFUSED, DISPATCHER, MANAGER),
    (C.PASSED, "revoke"): rule(C.REVOKED, DISPATCHER, MANAGER),
    (C.PASSED, "expire"): rule(C.EXPIRED, SYSTEM),
}
