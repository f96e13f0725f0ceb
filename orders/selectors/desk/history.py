"""What happened to an order, from the audit, in words."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.models import Assignment, Offer, Order
from orders.selectors.desk import explaining
from staffing.core.models import AuditEvent, Role
from workers.models import Worker

SHOWN = 80

# In the order in which they follow each other: what one deed writes bears one moment.
DEEDS: Final[Mapping[tuple[str, str], str]] = {
    ("order", "create"): gettext_noop("创建订单"),
    ("order", "submit"): gettext_noop("提交订单"),
    ("order", "cancel"): gettext_noop("取消订单"),
    ("order", "repropose"): gettext_noop("重新匹配"),
    ("offer", "decline"): gettext_noop("婉拒派单"),
    ("offer", "expire"): gettext_noop("派单过期"),
    ("offer", "withdraw"): gettext_noop("撤回派单"),
    ("assignment", "cancel"): gettext_noop("员工取消"),
    ("assignment", "no_show"): gettext_noop("未到岗"),
    ("assignment", "release"): gettext_noop("释放员工"),
    ("position", "clear"): gettext_noop("撤下人选"),
    ("position", "vacate"): gettext_noop("名额空出"),
    ("position", "lapse"): gettext_noop("名额未补上"),
    ("position", "propose"): gettext_noop("推荐人选"),
    ("position", "exchange"): gettext_noop("更换人选"),
    ("position", "override"): gettext_noop("破例派单"),
    ("order", "propose"): gettext_noop("匹配完成"),
    ("order", "confirm"): gettext_noop("确认派单"),
    ("offer", "send"): gettext_noop("发出派单"),
    ("offer", "accept"): gettext_noop("接受派单"),
    ("order", "fill"): gettext_noop("订单满员"),
    ("order", "unfill"): gettext_noop("订单出现缺口"),
    ("assignment", "check_in"): gettext_noop("签到"),
    ("order", "start"): gettext_noop("服务开始"),
    ("assignment", "check_out"): gettext_noop("签退"),
    ("timesheet", "submit"): gettext_noop("提交工时"),
    ("timesheet", "dispute"): gettext_noop("对工时有异议"),
    ("timesheet", "correct"): gettext_noop("更正工时"),
    ("timesheet", "approve"): gettext_noop("批准工时"),
    ("order", "complete"): gettext_noop("服务完成"),
    ("order", "lapse"): gettext_noop("订单到期结束"),
}
RANK: Final = {deed: number for number, deed in enumerate(DEEDS)}
# Reasons that services write as codes; people's own reasons are shown as they were typed.
REASONS: Final[Mapping[str, str]] = {
    "order_cancelled": gettext_noop("订单已取消"),
    "exchanged": gettext_noop("已更换人选"),
    "shift_over": gettext_noop("班次已结束"),
    "booked_elsewhere": gettext_noop("该员工已接受其他班次"),
    "batch": gettext_noop("按统一优化的结果调整"),
    "double_booked": gettext_noop("该员工该时段已有班次"),
    "not_eligible": gettext_noop("该员工已不符合要求"),
    "position_taken": gettext_noop("名额已有人接单"),
    "declined": gettext_noop("婉拒"),
    "expired": gettext_noop("未在时限内答复"),
    "too_late": gettext_noop("剩余时间不足"),
    "no_show": gettext_noop("未到岗"),
    "cancelled": gettext_noop("员工取消"),
    "released": gettext_noop("调度释放"),
    "forgotten": gettext_noop("忘记签退"),
}
KINDS: Final[Mapping[str, str]] = {
    "cancel": "danger",
    "no_show": "danger",
    "lapse": "danger",
    "override": "warning",
    "vacate": "warning",
    "release": "warning",
    "unfill": "warning",
    "dispute": "warning",
    "decline": "warning",
    "fill": "success",
    "accept": "success",
    "complete": "success",
    "check_in": "success",
    "approve": "success",
}


def events_of(order: Order) -> list[dict[str, Any]]:
    """The newest events of an order, newest first, as the timeline component wants them."""
    rows = list(
        AuditEvent.objects.filter(order_id=order.pk, subject_type__in={subject for subject, _deed in DEEDS})
        .select_related("actor")
        .order_by("-at", "-id")[:SHOWN]
    )
    rows.sort(key=lambda row: (row.at, RANK.get((row.subject_type, row.action), 0), row.pk), reverse=True)
    people = _people(rows)
    overridden = any(row.action == "override" for row in rows)
    named = explaining.names() if overridden else {}
    known = [row for row in rows if (row.subject_type, row.action) in DEEDS]
    return [_event(run, people, named) for run in _runs(known, named)]


def _runs(rows: list[AuditEvent], named: Mapping[str, str]) -> list[list[AuditEvent]]:
    """Neighbours that one person did in one moment for one reason stand together: eight offers are one deed."""

    def deed(row: AuditEvent) -> tuple[Any, ...]:
        return row.subject_type, row.action, row.at, row.actor_id, row.actor_role, _text(row, named)

    return [list(run) for _deed, run in groupby(rows, key=deed)]


def _people(rows: list[AuditEvent]) -> Mapping[tuple[str, int], str]:
    """Names of the workers behind offers, assignments and choices."""
    ids: dict[str, set[int]] = {"offer": set(), "assignment": set(), "position": set()}
    for row in rows:
        ids.get(row.subject_type, set()).add(row.subject_id)
    chosen = {row.data["worker"] for row in rows if row.data.get("worker")}
    found: dict[tuple[str, int], str] = {}
    for name, model in (("offer", Offer), ("assignment", Assignment)):
        pairs = model.objects.filter(pk__in=ids[name]).values_list("pk", "worker__user__name")
        found |= {(name, pk): who for pk, who in pairs}
    workers = Worker.objects.filter(pk__in=chosen).values_list("pk", "user__name")
    return found | {("worker", pk): who for pk, who in workers}


def _event(run: list[AuditEvent], people: Mapping[tuple[str, int], str], named: Mapping[str, str]) -> dict[str, Any]:
    row = run[0]
    return {
        "at": row.at,
        "title": _title(_(DEEDS[row.subject_type, row.action]), run, people),
        "who": _actor(row),
        "text": _text(row, named),
        "kind": KINDS.get(row.action, "neutral"),
    }


def _title(deed: str, run: list[AuditEvent], people: Mapping[tuple[str, int], str]) -> str:
    """推荐人选 × 8 · 江明倩、欧阳雪: how often, and the names, each once and in the order of the places."""
    deed = f"{deed} × {len(run)}" if len(run) > 1 else deed
    found = (
        people.get((row.subject_type, row.subject_id)) or people.get(("worker", row.data.get("worker") or 0))
        for row in reversed(run)
    )
    who = _("、").join(dict.fromkeys(filter(None, found)))
    return f"{deed} · {who}" if who else deed


def _actor(row: AuditEvent) -> str:
    if row.actor is None:
        return _("系统") if row.actor_role == "system" else _("客户链接")
    return f"{row.actor.name} · {Role(row.actor_role).label}"


def _text(row: AuditEvent, named: Mapping[str, str]) -> str:
    reason = _(REASONS[row.reason]) if row.reason in REASONS else row.reason
    against = explaining.reason_words(row.data.get("reasons", ()), named) if row.action == "override" else []
    return "\n".join(filter(None, [reason, *against]))
