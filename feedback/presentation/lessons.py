"""Write-backs, their effect and fixes in words: for the agency, for the preview, and for the client's report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from feedback.effect import Effect
from feedback.models import CreditNote, WriteBack
from orders.matching_text import clearance_name
from orders.models import ClientGate
from staffing.core.templatetags.formats import day_text, money_text
from workers.models.catalogue import grade_name

Data = Mapping[str, Any]
Item = dict[str, Any]
Kind = WriteBack.Kind
Gate = ClientGate.Kind

EFFECT_KIND: Mapping[str, str] = {"better": "success", "same": "warning", "worse": "danger", "watching": "neutral"}
EFFECT_WORDS: Mapping[str, Any] = {
    "better": gettext_lazy("有改善"),
    "same": gettext_lazy("没有变化"),
    "worse": gettext_lazy("仍在增加"),
    "watching": gettext_lazy("观察中"),
}


def _name(data: Data) -> str:
    return str(data["en"] if (get_language() or "").startswith("en") else data["zh"])


def _level(kind: str, level: int, grades: Sequence[Any]) -> str:
    if kind == Gate.STARS:
        return _("%(stars)s 星") % {"stars": f"{level / 10:g}"}
    if kind == Gate.CLEARANCE:
        return clearance_name(level)
    return grade_name(grades, level)


def _gate(data: Data) -> str:
    kind, label = data["gate"], Gate(data["gate"]).label
    if kind in (Gate.CERTIFICATE, Gate.COURSE):
        return _("今后的新订单都要求%(what)s：%(name)s") % {"what": label, "name": _name(data)}
    grades = data.get("grades", ())
    facts = {"what": label, "name": _name(data) if "zh" in data else "", "level": _level(kind, data["level"], grades)}
    told = _("今后的新订单都要求%(what)s %(name)s 不低于 %(level)s") % facts
    if data.get("before"):
        told += _("（原为 %(level)s）") % {"level": _level(kind, data["before"], grades)}
    return told.replace("  ", " ")


def _training(data: Data) -> str:
    facts = {"worker": data["worker"], "course": _name(data), "day": day_text(date.fromisoformat(data["due_on"]))}
    return _("%(worker)s 须在 %(day)s 前通过培训：%(course)s") % facts


def _backups(data: Data) -> str:
    facts = {"count": data["count"], "before": data["before"]}
    return _("该客户每个班次待命候补从 %(before)s 人增至 %(count)s 人") % facts


def _credit(data: Data) -> str:
    return _("补偿 %(amount)s：%(reason)s") % {"amount": money_text(Decimal(data["amount"])), "reason": data["reason"]}


WORDS: Mapping[str, Callable[[Data], str]] = {
    Kind.GATE: _gate,
    Kind.DO_NOT_SEND: lambda data: _("不再派遣 %(worker)s 到该客户") % {"worker": data["worker"]},
    Kind.TRAINING: _training,
    Kind.BACKUPS: _backups,
    Kind.BRIEFING: lambda data: _("上岗须知增加：%(text)s") % {"text": data["text"]},
    Kind.CREDIT: _credit,
}


def text(kind: str, data: Data) -> str:
    """What it changes, in one sentence."""
    return WORDS[kind](data)


def _client_training(data: Data) -> str:
    return _("%(worker)s 将完成“%(course)s”培训") % {"worker": data["worker"], "course": _name(data)}


CLIENT_WORDS: Mapping[str, Callable[[Data], str]] = {
    Kind.GATE: lambda data: _("提高了为贵公司选人的要求"),
    Kind.DO_NOT_SEND: lambda data: _("不再派 %(worker)s 到贵公司") % {"worker": data["worker"]},
    Kind.TRAINING: _client_training,
    Kind.BACKUPS: lambda data: _("贵公司每个班次都有 %(count)s 名候补待命") % {"count": data["count"]},
    Kind.BRIEFING: lambda data: _("每位到贵公司上岗的人都会先读到：%(text)s") % {"text": data["text"]},
    Kind.CREDIT: lambda data: _("向贵公司补偿 %(amount)s") % {"amount": money_text(Decimal(data["amount"]))},
}


def for_client(rows: Iterable[WriteBack]) -> str:
    """Everything in force as lines of the report, the oldest first; money only once it was agreed to."""
    told = [row for row in rows if row.reverted_at is None and _agreed(row)]
    lines = [CLIENT_WORDS[row.kind](row.data) for row in sorted(told, key=lambda row: row.pk)]
    return "\n".join(f"· {line}" for line in lines)


def _agreed(row: WriteBack) -> bool:
    return row.credit is None or row.credit.status == CreditNote.Status.APPROVED


def lines(rows: Iterable[WriteBack], found: Mapping[int, Effect]) -> list[Item]:
    """Each with its words, its state and what it brought."""
    return [
        {"row": row, "text": text(row.kind, row.data), "state": _state(row), "effect": _effect(row, found)}
        for row in rows
    ]


def _state(row: WriteBack) -> Item:
    if row.reverted_at is not None:
        return {"kind": "neutral", "text": _("已撤回")}
    if row.training is not None:
        return {
            "kind": "success" if row.training.status == "done" else "warning",
            "text": row.training.get_status_display(),
        }
    if row.credit is not None:
        kind = {"approved": "success", "waiting": "warning"}.get(row.credit.status, "neutral")
        return {"kind": kind, "text": row.credit.get_status_display()}
    return {"kind": "success", "text": _("已生效")}


def _effect(row: WriteBack, found: Mapping[int, Effect]) -> Item:
    one = found[row.pk]
    facts = {"days": one.days, "before": one.before, "after": one.after, "watched": one.watched}
    told = _("之前 %(days)s 天 %(before)s 起，之后 %(watched)s 天 %(after)s 起") % facts
    about = _("同一员工") if row.worker_id else _("同一客户同一原因")
    verdict = one.verdict
    return {"text": told, "about": about, "kind": EFFECT_KIND[verdict], "verdict": EFFECT_WORDS[verdict]}
