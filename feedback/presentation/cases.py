"""A case's state, steps, history and suggested report in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.models import CaseRound, Escalation, ReviewCase, WriteBack
from feedback.states import CLOSED, RUNNING, CaseStatus, Cause
from staffing.core.actors import Actor
from staffing.core.models import AuditEvent, Role
from staffing.core.templatetags.formats import day_text, moment_text
from staffing.core.transitions import allowed

Item = dict[str, Any]

STATUS_KIND: Mapping[str, str] = {
    CaseStatus.OPEN: "danger",
    CaseStatus.INVESTIGATING: "warning",
    CaseStatus.FIXING: "warning",
    CaseStatus.REPORTED: "info",
    CaseStatus.CONFIRMED: "success",
    CaseStatus.NO_ANSWER: "neutral",
}
CLIENT_STATUS: Mapping[str, Any] = {
    CaseStatus.OPEN: gettext_lazy("已受理"),
    CaseStatus.INVESTIGATING: gettext_lazy("查因中"),
    CaseStatus.FIXING: gettext_lazy("整改中"),
    CaseStatus.REPORTED: gettext_lazy("待您确认"),
    CaseStatus.CONFIRMED: gettext_lazy("已确认解决"),
    CaseStatus.NO_ANSWER: gettext_lazy("未收到您的答复，已结案"),
}
GROUP_NAMES: Mapping[str, Any] = {
    "open": gettext_lazy("处理中"),
    "reported": gettext_lazy("待客户确认"),
    "closed": gettext_lazy("已结案"),
}
LEVEL_ROLES: Mapping[str, Any] = {
    "owner": gettext_lazy("负责人"),
    "substitute": gettext_lazy("替补负责人"),
    "manager": gettext_lazy("经理"),
}
EVENTS: Mapping[str, tuple[Any, str]] = {
    "open": (gettext_lazy("差评立案，48 小时开始计时"), "danger"),
    "take": (gettext_lazy("接手案件"), "info"),
    "find_cause": (gettext_lazy("查明原因并确定整改措施"), "info"),
    "report": (gettext_lazy("已答复客户"), "info"),
    "confirm": (gettext_lazy("客户确认已解决"), "success"),
    "not_solved": (gettext_lazy("客户表示未解决，重新计时"), "danger"),
    "no_answer": (gettext_lazy("客户未答复，到期结案"), "neutral"),
    "escalate": (gettext_lazy("案件升级"), "warning"),
    "hand_over": (gettext_lazy("案件移交"), "warning"),
    "fix_done": (gettext_lazy("整改已完成"), "success"),
    "write_back": (gettext_lazy("落实整改"), "success"),
    "take_back": (gettext_lazy("撤回整改"), "neutral"),
}
ACTOR_NAMES: Mapping[str, Any] = {"system": gettext_lazy("系统"), "link": gettext_lazy("客户（链接）")}
FULL_STOPS = "。."  # i18n: data
PROGRESS = ("take", "find_cause", "report", "answer")
PROGRESS_NAMES: Mapping[str, Any] = {
    "take": gettext_lazy("接手"),
    "find_cause": gettext_lazy("原因与整改"),
    "report": gettext_lazy("答复客户"),
    "answer": gettext_lazy("客户确认"),
}
CLIENT_NAMES: Mapping[str, Any] = {
    "take": gettext_lazy("受理"),
    "find_cause": gettext_lazy("查因与整改"),
    "report": gettext_lazy("答复您"),
    "answer": gettext_lazy("您确认"),
}
# The client sees investigation and repair as one step, and its case taken up from the first moment.
CLIENT_REACHED: Mapping[str, int] = {
    CaseStatus.OPEN: 1,
    CaseStatus.INVESTIGATING: 1,
    CaseStatus.FIXING: 1,
    CaseStatus.REPORTED: 3,
    CaseStatus.CONFIRMED: 4,
    CaseStatus.NO_ANSWER: 4,
}
REACHED: Mapping[str, int] = {
    CaseStatus.OPEN: 0,
    CaseStatus.INVESTIGATING: 1,
    CaseStatus.FIXING: 2,
    CaseStatus.REPORTED: 3,
    CaseStatus.CONFIRMED: 4,
    CaseStatus.NO_ANSWER: 4,
}


def actions(case: ReviewCase, by: Actor) -> dict[str, bool]:
    """What this role may do now by the transition table; `running`, `reported`, `closed` name the phase."""
    names = ("take", "find_cause", "report", "confirm", "not_solved")
    may = {name: allowed(ReviewCase.TRANSITIONS, case.status, name, by) for name in names}
    phases = {"running": case.status in RUNNING, "closed": case.status in CLOSED}
    return may | phases | {"mine": case.owner_id is not None and by.user == case.owner}


def tabs(counts: Mapping[str, int], chosen: str, query: QueryDict) -> list[Item]:
    """One tab per group, keeping the other filters."""
    return [
        {"label": GROUP_NAMES[name], "url": _with(query, state=name), "active": name == chosen, "count": count}
        for name, count in counts.items()
    ]


def _with(query: QueryDict, **changes: str) -> str:
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        changed[name] = value
    return f"?{changed.urlencode()}"


def desk_steps(case: ReviewCase, events: Iterable[AuditEvent]) -> list[Item]:
    """The round's progress as the agency sees it; `events`: the case's audit trail."""
    turn = current(case)
    took = {one.action: one.at for one in events if one.at >= turn.opened_at}
    times = {"take": took.get("take"), "find_cause": took.get("find_cause")}
    return _steps(REACHED[case.status], PROGRESS_NAMES, times | _ends(turn))


def client_steps(case: ReviewCase) -> list[Item]:
    """The round's progress as the client sees it."""
    turn = current(case)
    return _steps(CLIENT_REACHED[case.status], CLIENT_NAMES, {"take": turn.opened_at} | _ends(turn))


def _steps(reached: int, names: Mapping[str, Any], times: Mapping[str, datetime | None]) -> list[Item]:
    return [
        {
            "label": names[name],
            "time": moment_text(times[name]) if times.get(name) else "",
            "state": _at(place, reached),
        }
        for place, name in enumerate(PROGRESS)
    ]


def _at(place: int, reached: int) -> str:
    return "done" if place < reached else "current" if place == reached else "todo"


def _ends(turn: CaseRound) -> dict[str, datetime | None]:
    return {"report": turn.reported_at, "answer": turn.answered_at}


def current(case: ReviewCase) -> CaseRound:
    """The running or last round, from what was prefetched."""
    return next(turn for turn in case.rounds.all() if turn.number == case.round)


def escalations(case: ReviewCase) -> list[Item]:
    """Every planned call for help: when it was due, whether and when it was made."""
    ordered = sorted(case.escalations.all(), key=lambda row: (-row.round, row.level_hours))
    return [
        {"round": row.round, "hours": row.level_hours, "who": LEVEL_ROLES.get(row.role, row.role), "due_at": row.due_at}
        | _escalation_state(row)
        for row in ordered
    ]


def _escalation_state(row: Escalation) -> Item:
    if row.sent_at:
        return {"kind": "warning", "state": _("已升级 %(at)s") % {"at": moment_text(row.sent_at)}}
    if row.dropped_at:
        return {"kind": "neutral", "state": _("无需升级")}
    return {"kind": "neutral", "state": _("未到时间")}


def suggested_report(case: ReviewCase, done: str = "") -> str:
    """The first draft of the report: cause, fix, and what was done for good (`done`: lines); empty without cause."""
    turn = current(case)
    if turn.report:
        return turn.report
    if not (turn.cause and turn.fix):
        return ""
    facts = {
        "number": case.order_number or case.number,
        "title": case.title,
        "cause": Cause(turn.cause).label,
        "note": turn.cause_note.rstrip(FULL_STOPS),
        "fix": turn.fix.rstrip(FULL_STOPS),
        "until": _("（%(day)s前完成）") % {"day": day_text(turn.fix_by)} if turn.fix_by else "",
        "done": _("为避免再次发生，我们已经：\n%(lines)s\n") % {"lines": done} if done else "",
    }
    return (
        _(
            "您好！关于订单 %(number)s「%(title)s」，我们对给您带来的不便深表歉意。\n"
            "经查，问题出在%(cause)s：%(note)s。\n"
            "我们的整改：%(fix)s%(until)s。\n"
            "%(done)s"
            "请您确认问题是否已经解决；如未解决，请告诉我们，我们会重新处理。"
        )
        % facts
    )


def timeline(events: Iterable[AuditEvent]) -> list[Item]:
    """The audit trail for `components/timeline.html`."""
    return [_event(one) for one in events]


def _event(one: AuditEvent) -> Item:
    title, kind = EVENTS.get(one.action, (one.action, "neutral"))
    return {"at": one.at, "title": title, "kind": kind, "who": _who(one), "text": _event_text(one)}


def _who(one: AuditEvent) -> Any:
    if one.actor is not None:
        return f"{one.actor.name} · {Role(one.actor_role).label}"
    return ACTOR_NAMES.get(one.actor_role, one.actor_role)


def _event_text(one: AuditEvent) -> str:
    data = one.data
    if one.action == "escalate":
        role = LEVEL_ROLES.get(data.get("role", ""), "")
        return _("满 %(hours)s 小时，通知%(who)s") % {"hours": data.get("hours"), "who": role}
    if one.action == "find_cause" and data.get("cause") in Cause.values:
        facts = {"cause": Cause(data["cause"]).label, "note": data.get("note", ""), "fix": data.get("fix", "")}
        return _("%(cause)s：%(note)s\n整改：%(fix)s") % facts
    if one.action == "hand_over":
        return f"{data.get('from')} → {data.get('to')}"
    if one.action in ("write_back", "take_back"):
        return str(WriteBack.Kind(data["kind"]).label)
    return str(data.get("text") or one.reason)
