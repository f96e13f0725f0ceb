"""Gathered facts as sentences, and which cause they point to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from feedback import diagnosis
from feedback.diagnosis import CAUSES, CHECKS, Facts, Limits, Signal
from feedback.models import Evidence, ReviewCase
from feedback.states import Cause
from orders.matching_text import brief_texts
from orders.models import Replacement
from orders.states import AssignmentStatus, OfferStatus

Data = Mapping[str, Any]
Item = dict[str, Any]

POINTS = 100
KINDS: Mapping[str, Any] = {
    "match": gettext_lazy("匹配"),
    "offer": gettext_lazy("派单"),
    "absence": gettext_lazy("缺席"),
    "replacement": gettext_lazy("替补"),
    "punch": gettext_lazy("打卡"),
    "message": gettext_lazy("留言"),
    "history": gettext_lazy("历史"),
    "worker_before": gettext_lazy("历史"),
    "site_before": gettext_lazy("历史"),
}


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _match(data: Data) -> str:
    facts = {"pool": data["pool"], "eligible": data["eligible"], "rejected": data["rejected"]}
    told = _("从 %(pool)s 人中匹配：%(eligible)s 人次符合条件，%(rejected)s 人次被淘汰") % facts
    if data.get("best") is not None:
        told += _("；最高得分 %(best)s／%(of)s") % {"best": data["best"], "of": POINTS}
    if data.get("shortage"):
        told += ngettext("；缺 %(n)s 人", "；缺 %(n)s 人", data["shortage"]) % {"n": data["shortage"]}
    return told


def _details(data: Data) -> str:
    """Who stood first by score, and who was turned away by what."""
    ranked = [f"{one['worker']} {one['score']}" for one in data.get("ranked", ())]
    against = [f"{one['worker']}: {brief_texts([one['reason']['code']])[0]}" for one in data.get("against", ())]
    lines = [_("得分：%(people)s") % {"people": " · ".join(ranked)}] if ranked else []
    return "\n".join([*lines, *([_("淘汰：%(people)s") % {"people": " · ".join(against)}] if against else [])])


def _offer(data: Data) -> str:
    facts = {"worker": data["worker"], "status": _label(OfferStatus, data["status"])}
    told = _("%(worker)s：派单%(status)s") % facts
    return told + (_("，理由：%(reason)s") % {"reason": data["reason"]} if data.get("reason") else "")


def _absence(data: Data) -> str:
    return _("%(worker)s：%(status)s") % {"worker": data["worker"], "status": _label(AssignmentStatus, data["status"])}


def _replacement(data: Data) -> str:
    cause = _label(Replacement.Cause, data["cause"])
    if data.get("minutes") is None:
        return _("因%(cause)s寻找替补，未能补上") % {"cause": cause}
    facts = {"cause": cause, "minutes": data["minutes"], "found": data["found"]}
    return _("因%(cause)s寻找替补，%(minutes)s 分钟后由 %(found)s 接替") % facts


def _punch(data: Data) -> str:
    parts = []
    if data["late"] > 0:
        parts.append(_("迟到 %(n)s 分钟") % {"n": data["late"]})
    if data["short"] > 0:
        parts.append(_("比计划少 %(n)s 分钟") % {"n": data["short"]})
    return _("%(worker)s：%(facts)s") % {"worker": data["worker"], "facts": _("，").join(parts)}


def _history(data: Data) -> str:
    return _("该客户此前已有 %(cases)s 个案件，共评价 %(reviews)s 次") % dict(data)


def _message(data: Data) -> str:
    told = f"{data['author']}: {data['body']}"
    if not data["client"]:
        return told
    if data["reply"] is None:
        return told + _(" · 没有回复")
    return told + _(" · %(n)s 分钟后回复") % {"n": data["reply"]}


def _worker_before(data: Data) -> str:
    return _("%(worker)s 参与的其他订单已有 %(cases)s 个案件") % dict(data)


def _site_before(data: Data) -> str:
    return _("%(site)s 此前已有 %(cases)s 个案件") % dict(data)


SENTENCES: Mapping[str, Callable[[Data], str]] = {
    "match": _match,
    "offer": _offer,
    "absence": _absence,
    "replacement": _replacement,
    "punch": _punch,
    "message": _message,
    "history": _history,
    "worker_before": _worker_before,
    "site_before": _site_before,
}


def words(fact: Evidence) -> str:
    """One fact as a sentence; a kind without a sentence is shown as its name."""
    sentence = SENTENCES.get(fact.kind)
    return sentence(fact.data) if sentence else fact.kind


def evidence(case: ReviewCase) -> list[Item]:
    """The facts for `components/timeline.html`, oldest first."""
    return [
        {
            "at": fact.at,
            "who": KINDS.get(fact.kind, fact.kind),
            "title": words(fact),
            "text": _details(fact.data) if fact.kind == "match" else "",
        }
        for fact in case.evidence.all()
    ]


def facts_of(case: ReviewCase) -> Facts:
    """Review or complaint and evidence as the figures that the checks look at."""
    review, rows = case.review, list(case.evidence.all())
    return Facts(
        skill_match=review.skill_match if review else None,
        attitude=review.attitude if review else None,
        attendance=review.attendance if review else None,
        category=case.complaint.category if case.complaint else "",
        score=min((data["best"] for data in _all(rows, "match") if data.get("best") is not None), default=None),
        shortage=sum(data["shortage"] for data in _all(rows, "match")),
        refusals=len(_all(rows, "offer")),
        no_shows=sum(data["status"] == AssignmentStatus.NO_SHOW for data in _all(rows, "absence")),
        empty=sum(data["minutes"] is None for data in _all(rows, "replacement")),
        slowest=max((data["minutes"] or 0 for data in _all(rows, "replacement")), default=0),
        late=sum(data["late"] > 0 for data in _all(rows, "punch")),
        reply=max((data.get("reply") or 0 for data in _all(rows, "message")), default=0),
        worker_cases=sum(data["cases"] for data in _all(rows, "worker_before")),
    )


def _all(rows: Iterable[Evidence], kind: str) -> list[Data]:
    return [row.data for row in rows if row.kind == kind]


CHECK_WORDS: Mapping[str, Any] = {
    "skill_low": gettext_lazy("技能匹配只有 %(n)s 分"),
    "said_skill": gettext_lazy("投诉的是技能"),
    "score_low": gettext_lazy("最高匹配得分只有 %(n)s"),
    "shortage": gettext_lazy("匹配时人手不足"),
    "refusals": gettext_lazy("%(n)s 次派单未被接受"),
    "worker_before": gettext_lazy("服务的员工此前已有 %(n)s 个案件"),
    "attitude_low": gettext_lazy("服务态度只有 %(n)s 分"),
    "said_attitude": gettext_lazy("投诉的是态度"),
    "said_communication": gettext_lazy("投诉的是沟通"),
    "slow_reply": gettext_lazy("客户留言 %(n)s 分钟后才回复"),
    "late": gettext_lazy("%(n)s 人迟到"),
    "attendance_low": gettext_lazy("到岗情况只有 %(n)s 分"),
    "said_attendance": gettext_lazy("投诉的是到岗"),
    "no_show": gettext_lazy("%(n)s 人未到岗"),
    "empty": gettext_lazy("空缺没有补上"),
    "slow": gettext_lazy("替补 %(n)s 分钟才到位"),
    "said_cost": gettext_lazy("投诉的是费用"),
    "said_other": gettext_lazy("投诉归为其他"),
}
# The same checks without a figure, for what the evidence does not show but the owner may have found out.
PLAIN_WORDS: Mapping[str, Any] = {
    "skill_low": gettext_lazy("技能达不到客户的要求"),
    "score_low": gettext_lazy("派去的人匹配得分偏低"),
    "shortage": gettext_lazy("匹配时人手不足"),
    "refusals": gettext_lazy("多次派单未被接受"),
    "worker_before": gettext_lazy("同一员工再次出现问题"),
    "attitude_low": gettext_lazy("服务态度不好"),
    "slow_reply": gettext_lazy("客户留言回复慢"),
    "late": gettext_lazy("有人迟到"),
    "attendance_low": gettext_lazy("到岗不如约定"),
    "no_show": gettext_lazy("有人未到岗"),
    "empty": gettext_lazy("空缺没有补上"),
    "slow": gettext_lazy("替补来得太慢"),
}


def signals(case: ReviewCase, limits: Limits | None = None) -> list[Item]:
    """What points to which cause: [(cause's name, code, what speaks for it)], strongest first."""
    found = diagnosis.signals(facts_of(case), limits or Limits())
    order = diagnosis.weights(signal.code for signal in found)
    return [
        {
            "code": cause,
            "label": Cause(cause).label,
            "weight": weight,
            "reasons": [_check_text(signal) for signal in found if signal.cause == cause],
        }
        for cause, weight in order.items()
    ]


def _check_text(signal: Signal) -> str:
    return str(CHECK_WORDS[signal.code]) % {"n": signal.n}


def checklist(case: ReviewCase, limits: Limits, ticked: Sequence[str] | None) -> list[Item]:
    """Every line by cause, ticked as the owner left it, or as the evidence says before anybody looked."""
    found = {signal.code: signal for signal in diagnosis.signals(facts_of(case), limits)}
    chosen = set(found if ticked is None else ticked)
    return [{"code": cause, "label": Cause(cause).label, "lines": _lines(cause, found, chosen)} for cause in CAUSES]


def _lines(cause: str, found: Mapping[str, Signal], chosen: set[str]) -> list[Item]:
    shown = [one for one in CHECKS if one.cause == cause and (one.code in found or one.code in PLAIN_WORDS)]
    return [
        {
            "code": one.code,
            "text": _check_text(found[one.code]) if one.code in found else PLAIN_WORDS[one.code],
            "found": one.code in found,
            "ticked": one.code in chosen,
        }
        for one in shown
    ]
