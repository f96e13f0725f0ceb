"""People on pages: `{% load people_ui %}`."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from staffing.core import phones
from staffing.core.templatetags.ui import Kind, pill
from workers import standing_text
from workers.career_steps import Gap
from workers.models import Proposal, StandingAppeal, WatchEntry, Worker
from workers.states import ProposalStatus

register = template.Library()
KINDS: dict[str, Kind] = {
    Worker.Status.ACTIVE: "success",
    Worker.Status.WATCH: "info",
    Worker.Status.SUSPENDED: "warning",
    Worker.Status.LEFT: "neutral",
}
# By state of a watch, a proposal or an appeal.
STANDING: dict[str, Kind] = {
    "watching": "warning",
    "appealed": "info",
    "mended": "success",
    "open": "warning",
    "approved": "info",
    "accepted": "success",
    "overturned": "success",
}


@register.filter
def masked(phone: str) -> str:
    """138****1234; what is no mobile number is hidden altogether."""
    return phones.mask(phone) if phones.is_valid(phone) else "****"


@register.simple_tag
def worker_state(status: str) -> SafeString:
    """Whether a person can be sent."""
    return pill(KINDS[status], str(Worker.Status(status).label))


@register.simple_tag
def standing_state(row: WatchEntry | Proposal | StandingAppeal) -> SafeString:
    """Where a watch, a proposal or an appeal stands; a removal that was agreed to is in force."""
    if isinstance(row, Proposal) and row.removes and row.status == ProposalStatus.APPROVED:
        return pill("danger", _("已生效"))
    return pill(STANDING.get(row.status, "neutral"), str(row.get_status_display()))


@register.simple_tag
def gap_text(gap: Gap) -> str:
    """One thing that a step needs."""
    return standing_text.need(gap.kind, {"have": gap.have, "need": gap.need})


@register.simple_tag
def weekday(number: int) -> str:
    """The name of a weekday, 0 = Monday."""
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][number]
