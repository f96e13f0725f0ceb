"""Marks of cases and rounds: `{% load feedback_ui %}`."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback import sla
from feedback.models import CaseRound, Complaint, ReviewCase
from feedback.presentation.cases import CLIENT_STATUS, STATUS_KIND
from feedback.selectors.cases import clock_of
from feedback.states import RUNNING, CaseStatus
from staffing.core.templatetags.ui import Kind, pill

register = template.Library()
NEAR = timedelta(hours=8)
VERDICT_KIND: dict[sla.Verdict, Kind] = {
    sla.Verdict.IN_TIME: "success",
    sla.Verdict.BREACHED: "danger",
    sla.Verdict.RUNNING: "info",
}
SEVERITY_KIND: dict[Complaint.Severity, Kind] = {
    Complaint.Severity.LOW: "neutral",
    Complaint.Severity.HIGH: "warning",
    Complaint.Severity.URGENT: "danger",
}


@register.simple_tag
def case_pill(case: ReviewCase) -> SafeString:
    """The state as the agency calls it."""
    return pill(STATUS_KIND[case.status], CaseStatus(case.status).label)  # type: ignore[arg-type]


@register.simple_tag
def client_case_pill(case: ReviewCase) -> SafeString:
    """The state as the client reads it."""
    return pill(STATUS_KIND[case.status], str(CLIENT_STATUS[case.status]))  # type: ignore[arg-type]


@register.simple_tag
def severity_pill(complaint: Complaint) -> SafeString:
    """How bad it is."""
    kind = SEVERITY_KIND[Complaint.Severity(complaint.severity)]
    return pill(kind, complaint.get_severity_display())


@register.simple_tag
def round_pill(turn: CaseRound, now: datetime) -> SafeString:
    """Whether the round was in time; a late one stays late for ever."""
    verdict = sla.verdict(clock_of(turn), now)
    names = {
        sla.Verdict.IN_TIME: _("按时答复"),
        sla.Verdict.BREACHED: _("超时"),
        sla.Verdict.RUNNING: _("计时中"),
    }
    return pill(VERDICT_KIND[verdict], names[verdict])


@register.inclusion_tag("feedback/_clock.html")
def case_clock(case: ReviewCase, now: datetime) -> dict[str, Any]:
    """The countdown of a running case, red when little is left or the time is over."""
    near = case.due_at - now < NEAR
    return {"case": case, "running": case.status in RUNNING, "kind": "danger" if near else "warning"}
