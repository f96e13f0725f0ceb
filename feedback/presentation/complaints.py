"""A complaint in words: who said it, what it would cost, what became of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from feedback.models import Complaint
from feedback.states import CLOSED, RUNNING
from orders.presentation import cost_words
from staffing.core.models import AuditEvent
from workers.pay.rates import Kind

Said = dict[str, Any]
BILL = {
    "approved": gettext_lazy("已确认工时"),
    "pending": gettext_lazy("待确认工时"),
    "cancelling": gettext_lazy("取消费用"),
}
DEEDS = {
    "file": gettext_noop("已登记"),
    "classify": gettext_noop("改了分类"),
    "archive": gettext_noop("已归档"),
}


def sender(complaint: Complaint) -> str:
    """Who said it, for the agency."""
    if complaint.raised_by_role == Complaint.Source.PHONE:
        return complaint.caller or "—"
    return complaint.reporter.name if complaint.reporter else "—"


def sender_for_client(complaint: Complaint) -> str:
    """Who said it, for the client: a worker only with their consent."""
    if complaint.raised_by_role == Complaint.Source.WORKER and not complaint.may_name:
        return _("一位客服人员")
    return sender(complaint)


def fees(complaint: Complaint) -> list[tuple[str, Decimal]]:
    """What the order cost when the complaint came: words and CNY."""
    return [(_fee_words(line), Decimal(line["amount"])) for line in complaint.fees]


def _fee_words(line: Said) -> str:
    if line["code"] in BILL:
        return str(BILL[line["code"]])
    return _("计划 · %(kind)s") % {"kind": cost_words(Kind(line["code"]), Decimal(line["percent"]))}


def outcome(complaint: Complaint) -> Said:
    """What became of it, for whoever said it: a state, its colour, and the answer as soon as there is one."""
    case = complaint.case
    answered = next((turn.report for turn in case.rounds.all() if turn.reported_at), "")
    if case.status in CLOSED:
        return {"text": _("已结案"), "kind": "success", "answer": answered}
    if case.status in RUNNING:
        return {"text": _("处理中"), "kind": "info", "answer": answered}
    return {"text": _("已有处理结果"), "kind": "success", "answer": answered}


def may_archive(complaint: Complaint) -> bool:
    """Whether it can be put away now."""
    return complaint.archived_at is None and complaint.case.status in CLOSED


def timeline(events: Sequence[AuditEvent]) -> list[Said]:
    """What was done with it, for the timeline component."""
    return [_event(one) for one in events if one.action in DEEDS]


def _event(event: AuditEvent) -> Said:
    who = event.actor.name if event.actor else ""
    return {"at": event.at, "title": _(DEEDS[event.action]), "who": who, "text": _change(event.data), "kind": "info"}


def _change(data: Said) -> str:
    """From which heading to which."""
    if "before" not in data:
        return ""
    return " → ".join(_kind(data[name]) for name in ("before", "after"))


def _kind(said: Said) -> str:
    return f"{Complaint.Category(said['category']).label} · {Complaint.Severity(said['severity']).label}"
