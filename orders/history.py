"""The audit of an order in plain words for its client.

What is not in the tables stays inside the agency: proposals, offers, and the reasons that workers gave.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from staffing.core.models import AuditEvent, Role
from staffing.core.money import ZERO
from staffing.core.templatetags.formats import money_text
from staffing.core.templatetags.ui import Kind

# (subject, action) → words with %(name)s (the worker) and the colour of the dot.
WORDS: Mapping[tuple[str, str], tuple[str, Kind]] = {
    ("order", "create"): (gettext_noop("订单已填写"), "neutral"),
    ("order", "copy"): (gettext_noop("调度按上周订单代为下单"), "info"),
    ("order", "submit"): (gettext_noop("订单已提交，开始匹配"), "info"),
    ("order", "propose"): (gettext_noop("匹配完成，推荐人选已就绪"), "info"),
    ("order", "repropose"): (gettext_noop("调度要求重新匹配"), "warning"),
    ("order", "confirm"): (gettext_noop("方案已确认，开始向员工派单"), "info"),
    ("order", "fill"): (gettext_noop("全部名额已有人接单"), "success"),
    ("order", "unfill"): (gettext_noop("有名额空出，正在补人"), "warning"),
    ("order", "start"): (gettext_noop("服务开始"), "success"),
    ("order", "complete"): (gettext_noop("服务完成"), "success"),
    ("order", "lapse"): (gettext_noop("服务时间已过，订单结束"), "warning"),
    ("order", "amend"): (gettext_noop("订单内容已修改"), "info"),
    ("order", "cancel"): (gettext_noop("订单已取消"), "danger"),
    ("order", "survey"): (gettext_noop("满意度问卷已发出"), "info"),
    ("order", "review"): (gettext_noop("已收到评价"), "info"),
    ("assignment", "book"): (gettext_noop("%(name)s 已接单"), "success"),
    ("assignment", "confirm"): (gettext_noop("%(name)s 已确认到岗"), "info"),
    ("assignment", "doubt"): (gettext_noop("%(name)s 尚未确认到岗，我们正在联系"), "warning"),
    ("assignment", "set_out"): (gettext_noop("%(name)s 已出发"), "info"),
    ("assignment", "check_in"): (gettext_noop("%(name)s 已到岗"), "success"),
    ("assignment", "undo_check_in"): (gettext_noop("%(name)s 的到岗未获确认"), "warning"),
    ("assignment", "reinstate"): (gettext_noop("%(name)s 经核实已到岗"), "success"),
    ("assignment", "check_out"): (gettext_noop("%(name)s 已签退"), "neutral"),
    ("assignment", "no_show"): (gettext_noop("%(name)s 未到岗，开始寻找替补"), "danger"),
    ("assignment", "cancel"): (gettext_noop("%(name)s 无法到岗，开始寻找替补"), "warning"),
    ("assignment", "release"): (gettext_noop("%(name)s 的安排已撤销"), "warning"),
    ("assignment", "undo"): (gettext_noop("%(name)s 的安排已撤销"), "warning"),
    ("assignment", "swap"): (gettext_noop("%(name)s 与同事换班"), "neutral"),
    ("timesheet", "submit"): (gettext_noop("%(name)s 的工时待确认"), "info"),
    ("timesheet", "approve"): (gettext_noop("%(name)s 的工时已批准"), "success"),
    ("timesheet", "dispute"): (gettext_noop("对 %(name)s 的工时提出异议"), "danger"),
    ("timesheet", "correct"): (gettext_noop("%(name)s 的工时已更正"), "warning"),
    ("timesheet", "recount"): (gettext_noop("%(name)s 的工时已按打卡更正"), "warning"),
    ("reviewcase", "open"): (gettext_noop("已开启反馈处理"), "danger"),
    ("reviewcase", "report"): (gettext_noop("处理结果已提交给您"), "info"),
    ("reviewcase", "not_solved"): (gettext_noop("反馈尚未解决，继续处理"), "danger"),
    ("reviewcase", "confirm"): (gettext_noop("反馈已确认解决"), "success"),
}
SUBJECTS = sorted({subject for subject, _action in WORDS})
ACTIONS = sorted({action for _subject, action in WORDS})
# Words that one side wrote for the other; other reasons are codes or private.
WITH_REASON = {("order", "cancel"), ("timesheet", "dispute"), ("timesheet", "correct")}
WHO: Mapping[str, str] = {
    "system": gettext_noop("系统"),
    "link": gettext_noop("问卷链接"),
    Role.DISPATCHER: gettext_noop("调度"),
    Role.MANAGER: gettext_noop("经理"),
    Role.WORKER: gettext_noop("员工"),
}


def told(event: AuditEvent, name: str) -> dict[str, Any] | None:
    """One event for the timeline component; None for what is not for the client. `event.actor` must be loaded."""
    key = (event.subject_type, event.action)
    if key not in WORDS:
        return None
    words, kind = WORDS[key]
    said = [event.reason if key in WITH_REASON else "", _cost(event)]
    text = " · ".join(filter(None, said))
    return {"at": event.at, "title": _(words) % {"name": name}, "who": _who(event), "text": text, "kind": kind}


def _cost(event: AuditEvent) -> str:
    """What the client's own decision cost, if anything."""
    fee = Decimal(event.data.get("fee", 0)) if event.subject_type == "order" else ZERO
    return _("取消费用 %(fee)s") % {"fee": money_text(fee)} if fee else ""


def _who(event: AuditEvent) -> str:
    if event.actor_role == Role.CLIENT and event.actor is not None:
        return event.actor.name
    return _(WHO[event.actor_role]) if event.actor_role in WHO else ""
