"""An application in words: for the applicant how far it is and what comes next, for the desk what was done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from staffing.core.models import AuditEvent
from staffing.core.templatetags.formats import day_text
from staffing.core.templatetags.ui import Kind
from workers.forms import WEEKDAYS
from workers.models import Application, Language, Skill
from workers.services.merging import Field
from workers.states import OPEN, ApplicationStatus, RejectReason

Said = dict[str, Any]
A = ApplicationStatus
KINDS: Mapping[str, Kind] = {
    A.APPLIED: "info", A.DOCUMENTS: "info", A.INTERVIEW: "accent", A.TRAINING: "accent", A.ACTIVE: "success",
    A.REJECTED: "neutral", A.WITHDRAWN: "neutral", A.MERGED: "neutral",
}  # fmt: skip
# For the applicant: what comes next, in this stage.
NEXT: Mapping[str, Any] = {
    A.APPLIED: gettext_lazy(
        "我们正在审核您的报名，会打电话或写信告诉您结果。如果您之前用这个手机号报过名，会接着之前的报名处理。"
    ),
    A.DOCUMENTS: gettext_lazy("请准备身份证、学历证明；有普通话或其他证书的也请带上。我们会与您约定核对的时间。"),
    A.INTERVIEW: gettext_lazy("面试约 20 分钟，聊聊您的经历，以及遇到客户着急时会怎么做。"),
    A.TRAINING: gettext_lazy("请参加岗前培训，通过后就可以接单。培训时间会另行通知。"),
    A.ACTIVE: gettext_lazy("欢迎加入！请用发给您的链接设置密码，之后用手机号登录接单。"),
    A.REJECTED: gettext_lazy("这次没有合适的安排，感谢您的时间。情况有变化时，欢迎再次报名。"),
    A.WITHDRAWN: gettext_lazy("您已撤回报名，我们不会再联系您。想法有变化时，欢迎再次报名。"),
    A.MERGED: gettext_lazy("您之前已经报过名，两次报名已合并处理，不需要重复填写。"),
}
DEEDS = {
    "apply": gettext_noop("提交报名"),
    "again": gettext_noop("又提交了一次报名"),
    "take": gettext_noop("接手"),
    "to_documents": gettext_noop("进入资料阶段"),
    "to_interview": gettext_noop("进入面试阶段"),
    "to_training": gettext_noop("进入培训阶段"),
    "appoint": gettext_noop("安排面试"),
    "score": gettext_noop("面试评分"),
    "reject": gettext_noop("未录用"),
    "reopen": gettext_noop("重新处理"),
    "withdraw": gettext_noop("撤回报名"),
    "activate": gettext_noop("正式入库"),
    "merge": gettext_noop("合并"),
    "merge_in": gettext_noop("并入了另一份报名"),
    "apart": gettext_noop("确认不是同一人"),
    "erase": gettext_noop("清除个人资料"),
}


def steps(found: Application) -> list[Said]:
    """The way through the stages, each with the day it was reached, for the `steps` component. One query."""
    way = [*OPEN, A.ACTIVE]
    if found.status not in way:
        return [{"label": A(found.status).label, "time": day_text(found.closed_at), "state": "failed"}]
    here = way.index(A(found.status))
    events = AuditEvent.objects.filter(subject_type="application", subject_id=found.pk, to_state__in=way[:here])
    reached = dict(events.order_by("at").values_list("to_state", "at")) | {found.status: found.stage_at}
    return [_step(stage, number, here, reached.get(stage)) for number, stage in enumerate(way)]


def _step(stage: ApplicationStatus, number: int, here: int, at: datetime | None) -> Said:
    last = stage == A.ACTIVE and number == here
    state = "done" if number < here or last else "current" if number == here else "todo"
    return {"label": stage.label, "time": day_text(at) if at else "", "state": state}


def next_words(found: Application) -> str:
    """What the applicant is to expect."""
    return str(NEXT[found.status])


def declared(found: Application) -> list[tuple[str, str]]:
    """What they said about themselves, as name and value. Two queries."""
    said = found.answers
    skills = _named(Skill, said.get("skills", {}))
    typing = said.get("typing_wpm")
    rows = [
        (_("技能与学历"), " · ".join(skills)),
        (_("语言"), " · ".join(_named(Language, said.get("languages", {})))),
        (_("打字速度"), _("%(n)s 字/分钟") % {"n": typing} if typing else ""),
        (_("专业"), said.get("major", "")),
        (_("可用时间"), " · ".join(hours(said.get("windows", [])))),
        (_("远程工作"), _("可以") if found.remote_ok else _("不可以")),
        (_("做过的工作"), said.get("experience", "")),
    ]
    return [(name, value or "—") for name, value in rows]


def _named(model: type[Skill] | type[Language], levels: Mapping[str, int]) -> list[str]:
    rows = model.objects.filter(code__in=levels) if levels else ()
    return [row.graded(levels[row.code]) for row in rows]


def hours(windows: Sequence[Sequence[int]]) -> list[str]:
    """Free hours, weekdays with the same hours together: 周一 周二 09:00–18:00."""
    days: dict[tuple[int, int], list[int]] = {}
    for day, start, end in windows:
        days.setdefault((start, end), []).append(day)
    names = dict(WEEKDAYS)
    return [f"{' '.join(str(names[day]) for day in found)} {_clock(s)}–{_clock(e)}" for (s, e), found in days.items()]


def _clock(minute: int) -> str:
    return f"{minute % 1440 // 60:02d}:{minute % 60:02d}" if minute != 1440 else "24:00"


def events(rows: Sequence[AuditEvent]) -> list[Said]:
    """What was done, for the timeline component, newest first."""
    return [_event(row) for row in reversed(rows) if row.action in DEEDS]


def _event(row: AuditEvent) -> Said:
    who = row.actor.name if row.actor else _("申请人") if row.actor_role == "link" else _("系统")
    return {"at": row.at, "title": _(DEEDS[row.action]), "who": who, "text": _told(row), "kind": "info"}


def _told(row: AuditEvent) -> str:
    why = row.data.get("why")
    if why:
        return str(RejectReason(why).label)
    fields = row.data.get("fields", ())
    return ngettext("改动 %(n)s 项", "改动 %(n)s 项", len(fields)) % {"n": len(fields)} if fields else ""


CODED: Mapping[str, type[Skill] | type[Language]] = {"skills": Skill, "languages": Language}
# What can be taken over when two are merged.
FIELDS = {
    "name": gettext_lazy("姓名"),
    "email": gettext_lazy("邮箱"),
    "city": gettext_lazy("城市"),
    "remote_ok": gettext_lazy("可远程"),
    "skills": gettext_lazy("技能与学历"),
    "languages": gettext_lazy("语言"),
    "typing_wpm": gettext_lazy("打字速度"),
    "major": gettext_lazy("专业"),
    "experience": gettext_lazy("做过的工作"),
    "windows": gettext_lazy("可用时间"),
}


def rows(fields: Sequence[Field], form: Form) -> list[Said]:
    """Both sides of each field in words, first those that differ, with the choice. Two queries."""
    names = _catalogue(fields)
    return [
        {
            "label": FIELDS[field.name],
            "old": _value(field.name, field.old, names),
            "new": _value(field.name, field.new, names),
            "choice": form[field.name] if field.differs else None,
        }
        for field in sorted(fields, key=lambda field: not field.differs)
        if field.differs or field.old
    ]


def _catalogue(fields: Sequence[Field]) -> dict[str, Any]:
    codes = {field.name: {*(field.old or ()), *(field.new or ())} for field in fields if field.name in CODED}
    return {
        name: {row.code: row for row in model.objects.filter(code__in=codes.get(name, ()))}
        for name, model in CODED.items()
    }


def _value(name: str, value: Any, names: Mapping[str, Any]) -> str:
    if value in ("", None, {}, []):
        return "—"
    if name in CODED:
        return " · ".join(names[name][code].graded(level) for code, level in value.items() if code in names[name])
    if name == "windows":
        return " · ".join(hours(value))
    return (_("是") if value else _("否")) if isinstance(value, bool) else str(value)


def moves(found: Application) -> list[tuple[str, str]]:
    """The other stages it can be moved to, the next one first."""
    if found.status not in OPEN:
        return []
    here = OPEN.index(A(found.status))
    ahead, behind = OPEN[here + 1 :], OPEN[1:here]
    return [(stage.value, str(stage.label)) for stage in (*ahead, *behind)]
