"""Gathered facts as sentences, and which cause they point to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from feedback.models import Evidence, Review, ReviewCase
from feedback.states import Cause
from orders.models import Replacement
from orders.states import AssignmentStatus, OfferStatus

Data = Mapping[str, Any]
Item = dict[str, Any]
Signal = tuple[str, str]

LOW_DIMENSION = 2
MANY_REFUSALS = 3
SLOW_REPLACEMENT_MINUTES = 60
POINTS = 100
KINDS: Mapping[str, Any] = {
    "match": gettext_lazy("匹配"),
    "offer": gettext_lazy("派单"),
    "absence": gettext_lazy("缺席"),
    "replacement": gettext_lazy("替补"),
    "punch": gettext_lazy("打卡"),
    "history": gettext_lazy("历史"),
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


SENTENCES: Mapping[str, Callable[[Data], str]] = {
    "match": _match,
    "offer": _offer,
    "absence": _absence,
    "replacement": _replacement,
    "punch": _punch,
    "history": _history,
}


def words(fact: Evidence) -> str:
    """One fact as a sentence; a kind without a sentence is shown as its name."""
    sentence = SENTENCES.get(fact.kind)
    return sentence(fact.data) if sentence else fact.kind


def evidence(case: ReviewCase) -> list[Item]:
    """The facts for `components/timeline.html`, oldest first."""
    return [
        {"at": fact.at, "who": KINDS.get(fact.kind, fact.kind), "title": words(fact)} for fact in case.evidence.all()
    ]


def signals(case: ReviewCase) -> list[Item]:
    """What points to which cause: [(cause's name, code, what speaks for it)], strongest first."""
    found: dict[str, list[str]] = {}
    told = _from_review(case.review) if case.review else ()
    for cause, text in [*told, *_from_evidence(list(case.evidence.all()))]:
        found.setdefault(cause, []).append(text)
    ranked = sorted(found.items(), key=lambda pair: -len(pair[1]))
    return [{"code": cause, "label": Cause(cause).label, "reasons": texts} for cause, texts in ranked]


def _from_review(review: Review) -> Iterator[Signal]:
    """A low dimension names the place to look at."""
    if review.skill_match <= LOW_DIMENSION:
        yield Cause.MATCHING, _("技能匹配只有 %(n)s 分") % {"n": review.skill_match}
    if review.attitude <= LOW_DIMENSION:
        yield Cause.COMMUNICATION, _("服务态度只有 %(n)s 分") % {"n": review.attitude}
    if review.attendance <= LOW_DIMENSION:
        yield Cause.EMERGENCY, _("到岗情况只有 %(n)s 分") % {"n": review.attendance}


def _from_evidence(facts: list[Evidence]) -> Iterator[Signal]:
    yield from _matching_signals(facts)
    yield from _emergency_signals(facts)
    late = _of(facts, "punch", lambda data: data["late"] > 0)
    if late:
        yield Cause.COMMUNICATION, ngettext("%(n)s 人迟到", "%(n)s 人迟到", late) % {"n": late}


def _matching_signals(facts: list[Evidence]) -> Iterator[Signal]:
    if _of(facts, "match", lambda data: bool(data["shortage"])):
        yield Cause.MATCHING, _("匹配时人手不足")
    refused = _of(facts, "offer", lambda data: True)
    if refused >= MANY_REFUSALS:
        yield Cause.MATCHING, _("%(n)s 次派单未被接受") % {"n": refused}


def _emergency_signals(facts: list[Evidence]) -> Iterator[Signal]:
    absent = _of(facts, "absence", lambda data: data["status"] == AssignmentStatus.NO_SHOW)
    if absent:
        yield Cause.EMERGENCY, ngettext("%(n)s 人未到岗", "%(n)s 人未到岗", absent) % {"n": absent}
    if _of(facts, "replacement", lambda data: data["minutes"] is None):
        yield Cause.EMERGENCY, _("空缺没有补上")
    if _of(facts, "replacement", lambda data: (data["minutes"] or 0) > SLOW_REPLACEMENT_MINUTES):
        yield Cause.EMERGENCY, _("替补超过 %(n)s 分钟才到位") % {"n": SLOW_REPLACEMENT_MINUTES}


def _of(facts: Iterable[Evidence], kind: str, test: Callable[[Data], bool]) -> int:
    return sum(1 for fact in facts if fact.kind == kind and test(fact.data))
