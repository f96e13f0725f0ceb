"""What happened to an order, from the audit, in words."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db.models import BigIntegerField, Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.models import Assignment, Offer, Order
from orders.selectors.desk import explaining
from staffing.core.models import AuditEvent, Role
from staffing.core.templatetags.formats import clock_text, moment_text
from workers.models import Worker

SHOWN = 80

# In the order in which they follow each other: what one deed writes bears one moment.
DEEDS: Final[Mapping[tuple[str, str], str]] = {
    ("order", "create"): gettext_noop("创建订单"),
    ("order", "copy"): gettext_noop("复制上周订单"),
    ("order", "submit"): gettext_noop("提交订单"),
    ("order", "cancel"): gettext_noop("取消订单"),
    ("order", "amend"): gettext_noop("客户修改订单"),
    ("order", "repropose"): gettext_noop("重新匹配"),
    ("offer", "decline"): gettext_noop("婉拒派单"),
    ("offer", "expire"): gettext_noop("派单过期"),
    ("offer", "withdraw"): gettext_noop("撤回派单"),
    ("assignment", "cancel"): gettext_noop("员工取消"),
    ("assignment", "no_show"): gettext_noop("未到岗"),
    ("assignment", "release"): gettext_noop("释放员工"),
    ("assignment", "undo"): gettext_noop("员工撤回自选班次"),
    ("assignment", "swap"): gettext_noop("员工换班"),
    ("position", "clear"): gettext_noop("撤下人选"),
    ("position", "vacate"): gettext_noop("名额空出"),
    ("position", "lapse"): gettext_noop("名额未补上"),
    ("position", "propose"): gettext_noop("推荐人选"),
    ("position", "exchange"): gettext_noop("更换人选"),
    ("position", "override"): gettext_noop("破例派单"),
    ("position", "invite"): gettext_noop("同时邀请多人"),
    ("order", "propose"): gettext_noop("匹配完成"),
    ("order", "confirm"): gettext_noop("确认派单"),
    ("offer", "send"): gettext_noop("发出派单"),
    ("offer", "accept"): gettext_noop("接受派单"),
    ("order", "fill"): gettext_noop("订单满员"),
    ("order", "unfill"): gettext_noop("订单出现缺口"),
    ("assignment", "confirm"): gettext_noop("确认到岗"),
    ("assignment", "call"): gettext_noop("致电员工"),
    ("assignment", "doubt"): gettext_noop("到时未确认到岗"),
    ("assignment", "set_out"): gettext_noop("已出发"),
    ("assignment", "check_in"): gettext_noop("签到"),
    ("assignment", "undo_check_in"): gettext_noop("外勤签到作废"),
    ("assignment", "reinstate"): gettext_noop("恢复到岗"),
    ("assignment", "move_punch"): gettext_noop("更正打卡时间"),
    ("order", "set_checklist"): gettext_noop("修改远程上岗清单"),
    ("order", "start"): gettext_noop("服务开始"),
    ("assignment", "check_out"): gettext_noop("签退"),
    ("timesheet", "submit"): gettext_noop("提交工时"),
    ("timesheet", "dispute"): gettext_noop("对工时有异议"),
    ("timesheet", "correct"): gettext_noop("更正工时"),
    ("timesheet", "recount"): gettext_noop("按打卡更正工时"),
    ("timesheet", "approve"): gettext_noop("批准工时"),
    ("order", "complete"): gettext_noop("服务完成"),
    ("order", "lapse"): gettext_noop("订单到期结束"),
}
RANK: Final = {deed: number for number, deed in enumerate(DEEDS)}
# Reasons that services write as codes; people's own reasons are shown as they were typed.
REASONS: Final[Mapping[str, str]] = {
    "order_cancelled": gettext_noop("订单已取消"),
    "amended": gettext_noop("客户修改了订单"),
    "do_not_send": gettext_noop("客户要求不再派遣"),
    "exchanged": gettext_noop("已更换人选"),
    "shift_over": gettext_noop("班次已结束"),
    "booked_elsewhere": gettext_noop("该员工已接受其他班次"),
    "batch": gettext_noop("按统一优化的结果调整"),
    "restored": gettext_noop("恢复系统推荐"),
    "double_booked": gettext_noop("该员工该时段已有班次"),
    "not_eligible": gettext_noop("该员工已不符合要求"),
    "position_taken": gettext_noop("名额已有人接单"),
    "declined": gettext_noop("婉拒"),
    "expired": gettext_noop("未在时限内答复"),
    "taken": gettext_noop("名额已有人接单"),
    "too_late": gettext_noop("剩余时间不足"),
    "no_show": gettext_noop("未到岗"),
    "cancelled": gettext_noop("员工取消"),
    "released": gettext_noop("调度释放"),
    "forgotten": gettext_noop("忘记签退"),
    "unconfirmed": gettext_noop("到时未确认到岗"),
    "undone": gettext_noop("员工撤回自选班次"),
    "swapped": gettext_noop("员工换班"),
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
    "reinstate": "success",
    "undo_check_in": "danger",
    "recount": "warning",
    "approve": "success",
}


def events_of(order: Order, named: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The newest events of an order, newest first, as the timeline component wants them (one query, if the
    catalogue's names are at hand).
    """
    rows = list(events().filter(order_id=order.pk).order_by("-at", "-id")[:SHOWN])
    rows.sort(key=lambda row: (row.at, RANK.get((row.subject_type, row.action), 0), row.pk), reverse=True)
    if named is None:
        named = explaining.names() if any(row.action == "override" for row in rows) else {}
    known = [row for row in rows if (row.subject_type, row.action) in DEEDS]
    return [_event(run, named) for run in _runs(known, named)]


def events() -> QuerySet[AuditEvent]:
    """Events of orders and what belongs to them, each with its actor and the worker it is about (`about`)."""
    return (
        AuditEvent.objects.filter(subject_type__in={subject for subject, _deed in DEEDS})
        .select_related("actor")
        .annotate(chosen=Cast(KeyTextTransform("worker", "data"), BigIntegerField()))
        .annotate(about=_about())
    )


def _about() -> Case:
    """The name of the worker behind an offer, an assignment or a choice."""
    chosen = Worker.objects.filter(pk=OuterRef("chosen"))
    asked = {
        name: Subquery(model.objects.filter(pk=OuterRef("subject_id")).values("worker__user__name")[:1])
        for name, model in (("offer", Offer), ("assignment", Assignment))
    }
    return Case(
        *(When(subject_type=name, then=found) for name, found in asked.items()),
        When(chosen__isnull=False, then=Subquery(chosen.values("user__name")[:1])),
        default=Value(None, CharField()),
    )


def sentence(event: AuditEvent, now: datetime) -> str:
    """Who did what, and when, in one sentence: "陆安然 10:32 更换人选 · 江明倩（更近）"."""
    told = _event([event], {})
    same_day = timezone.localdate(event.at) == timezone.localdate(now)
    facts = {
        "who": event.actor.name if event.actor else told["who"],
        "at": clock_text(event.at) if same_day else moment_text(event.at),
        "deed": told["title"],
    }
    if told["text"]:
        return _("%(who)s 于 %(at)s：%(deed)s（%(why)s）。") % {**facts, "why": told["text"]}
    return _("%(who)s 于 %(at)s：%(deed)s。") % facts


def _runs(rows: list[AuditEvent], named: Mapping[str, str]) -> list[list[AuditEvent]]:
    """Neighbours that one person did in one moment for one reason stand together: eight offers are one deed."""

    def deed(row: AuditEvent) -> tuple[Any, ...]:
        return row.subject_type, row.action, row.at, row.actor_id, row.actor_role, _text(row, named)

    return [list(run) for _deed, run in groupby(rows, key=deed)]


def _event(run: list[AuditEvent], named: Mapping[str, str]) -> dict[str, Any]:
    row = run[0]
    return {
        "at": row.at,
        "title": _title(_(DEEDS[row.subject_type, row.action]), run),
        "who": _actor(row),
        "text": _text(row, named),
        "kind": KINDS.get(row.action, "neutral"),
    }


def _title(deed: str, run: list[AuditEvent]) -> str:
    """推荐人选 × 8 · 江明倩、欧阳雪: how often, and the names, each once and in the order of the places."""
    deed = f"{deed} × {len(run)}" if len(run) > 1 else deed
    names = (str(getattr(row, "about", None) or "") for row in reversed(run))
    who = _("、").join(dict.fromkeys(filter(None, names)))
    return f"{deed} · {who}" if who else deed


def _actor(row: AuditEvent) -> str:
    if row.actor is None:
        return _("系统") if row.actor_role == "system" else _("客户链接")
    return f"{row.actor.name} · {Role(row.actor_role).label}"


def _text(row: AuditEvent, named: Mapping[str, str]) -> str:
    reason = _(REASONS[row.reason]) if row.reason in REASONS else row.reason
    against = explaining.reason_words(row.data.get("reasons", ()), named) if row.action == "override" else []
    return "\n".join(filter(None, [reason, *against]))
