"""The loop in words: cases, evidence, figures. Reads objects, writes sentences; asks the database nothing."""

from feedback.presentation.cases import (
    STATUS_KIND,
    actions,
    client_steps,
    current,
    desk_steps,
    escalations,
    suggested_report,
    tabs,
    timeline,
)
from feedback.presentation.evidence import checklist, evidence, signals

__all__ = [
    "STATUS_KIND",
    "actions",
    "checklist",
    "client_steps",
    "current",
    "desk_steps",
    "escalations",
    "evidence",
    "signals",
    "suggested_report",
    "tabs",
    "timeline",
]
