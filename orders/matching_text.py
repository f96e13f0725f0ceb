"""The engine's codes in words. Codes stay data; only here do they become sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.matching import REASONS, Lead, Reason, ScorePart
from staffing.core.templatetags.formats import day_text, moment_text

Names = Mapping[str, str]
Values = dict[str, Any]
_NO_NAMES: Final[Names] = {}
_NAMED: Final = ("skill", "certificate", "course", "language")
_GRADED: Final = ("skill", "language")
_LEVELS: Final = ("have", "need", "from", "to")


def _hours(minutes: int) -> str:
    """Minutes as hours; two decimals at most, so that 7.98 of 8 hours does not read as enough."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def _moment(iso: str) -> str:
    return moment_text(datetime.fromisoformat(iso))


def _day(iso: str) -> str:
    return day_text(date.fromisoformat(iso), year=True)


def clearance_name(level: int) -> str:
    """The name of a background check, 0..2."""
    return {0: _("无背景审查"), 1: _("标准背景审查"), 2: _("高级背景审查")}[level]


def grade_key(kind: str, code: str, level: int) -> str:
    """Under which ``names`` has what a level of a skill or language is called."""
    return f"{kind}:{code}:{level}"


def values_of(params: Mapping[str, str | int], names: Names) -> Values:
    """The params with catalogue codes replaced by their names, and levels of skills and languages by theirs."""
    values: Values = {key: names.get(str(value), value) if key in _NAMED else value for key, value in params.items()}
    for kind in _GRADED:
        if kind in params:
            levels = {key: params[key] for key in _LEVELS if key in params}
            values |= {key: grade_text(kind, str(params[kind]), int(level), names) for key, level in levels.items()}
    return values


def grade_text(kind: str, code: str, level: int, names: Names) -> str:
    """What a level of a skill or language is called, by ``names``; its number if they do not say."""
    return names.get(grade_key(kind, code, level)) or _("%(level)s 级") % {"level": level}


def _converted(values: Values, convert: Callable[[Any], str], *keys: str) -> Values:
    return values | {key: convert(values[key]) for key in keys}


def _hours_of(*keys: str) -> Callable[[Values], Values]:
    return lambda values: _converted(values, _hours, *keys)


def _days_of(*keys: str) -> Callable[[Values], Values]:
    return lambda values: _converted(values, _day, *keys)


def _moments_of(*keys: str) -> Callable[[Values], Values]:
    return lambda values: _converted(values, _moment, *keys)


def _clearances(values: Values) -> Values:
    return _converted(values, clearance_name, "have", "need")


def _weekly(values: Values) -> Values:
    return _converted(_converted(values, _hours, "booked", "would_be", "cap"), _day, "week")


# how the params of a code are written; codes not named here are written as they are
_WRITTEN: Final[Mapping[str, Callable[[Values], Values]]] = {
    "certificate_expired": _days_of("valid_until", "day"),
    "course_expired": _days_of("valid_until", "day"),
    "skill_not_valid": _days_of("valid_until", "day"),
    "language_not_valid": _days_of("valid_until", "day"),
    "clearance": _clearances,
    "clearance_expired": lambda values: _clearances(_converted(values, _day, "valid_until", "day")),
    "outside_hours": _hours_of("missing", "length"),
    "time_off": _moments_of("start", "end"),
    "overlap": _moments_of("start", "end"),
    "rest_before": _hours_of("have", "need"),
    "rest_after": _hours_of("have", "need"),
    "weekly_hours": _weekly,
    "fairness": _hours_of("recent"),
}


_REASONS: Final[Mapping[str, str]] = {
    "inactive": gettext_noop("不在可派人员名单中"),
    "skill_missing": gettext_noop("没有技能「%(skill)s」，要求「%(need)s」"),
    "skill_level": gettext_noop("技能「%(skill)s %(have)s」，要求「%(need)s」"),
    "certificate_missing": gettext_noop("没有证书「%(certificate)s」"),
    "certificate_expired": gettext_noop("证书「%(certificate)s」有效期至%(valid_until)s，需在%(day)s仍有效"),
    "course_missing": gettext_noop("没有通过培训「%(course)s」"),
    "course_expired": gettext_noop("培训「%(course)s」有效期至%(valid_until)s，需在%(day)s仍有效"),
    "language_missing": gettext_noop("不会语言「%(language)s」，要求「%(need)s」"),
    "language_level": gettext_noop("语言「%(language)s %(have)s」，要求「%(need)s」"),
    "stars_low": gettext_noop("星级 %(have)s，要求至少 %(need)s"),
    "unrated": gettext_noop("尚无星级，要求至少 %(need)s"),
    "clearance": gettext_noop("目前%(have)s，要求%(need)s"),
    "rate_high": gettext_noop("每小时费率 %(have)s，最高接受 %(need)s"),
    "do_not_send": gettext_noop("客户要求不再派遣"),
    "remote_not_accepted": gettext_noop("不接受远程工作"),
    "no_location": gettext_noop("没有登记常住位置，无法计算距离"),
    "other_city": gettext_noop("在%(have)s，工作地点在%(need)s"),
    "too_far": gettext_noop("距离 %(distance_km)s 公里，最远接受 %(max_km)s 公里"),
    "outside_hours": gettext_noop("%(length)s 小时的班次中有 %(missing)s 小时不在可工作时间内"),
    "time_off": gettext_noop("%(start)s 至 %(end)s 请假"),
    "overlap": gettext_noop("与 %(start)s 至 %(end)s 的已有安排冲突"),
    "rest_before": gettext_noop("距上一班只休息 %(have)s 小时，要求 %(need)s 小时"),
    "rest_after": gettext_noop("距下一班只休息 %(have)s 小时，要求 %(need)s 小时"),
    "travel_before": gettext_noop("距上一班 %(distance_km)s 公里，路上需 %(need)s 分钟，间隔只有 %(have)s 分钟"),
    "travel_after": gettext_noop("距下一班 %(distance_km)s 公里，路上需 %(need)s 分钟，间隔只有 %(have)s 分钟"),
    "weekly_hours": gettext_noop(
        "%(week)s起的一周已排 %(booked)s 小时，加上本班次为 %(would_be)s 小时，上限 %(cap)s 小时"
    ),
    "declined_before": gettext_noop("已拒绝或未到岗过这一班次"),
    "already_on_shift": gettext_noop("已在这一班次上"),
    "skill_not_valid": gettext_noop("技能「%(skill)s %(have)s」有效期至%(valid_until)s，需在%(day)s仍有效"),
    "language_not_valid": gettext_noop("语言「%(language)s %(have)s」有效期至%(valid_until)s，需在%(day)s仍有效"),
    "clearance_expired": gettext_noop("%(have)s有效期至%(valid_until)s，需在%(day)s仍有效，要求%(need)s"),
}
# of what does not count because nobody has verified it
_UNVERIFIED: Final[Mapping[str, str]] = {
    "skill_not_valid": gettext_noop("技能「%(skill)s %(have)s」为自报，尚未核实，要求「%(need)s」"),
    "language_not_valid": gettext_noop("语言「%(language)s %(have)s」为自报，尚未核实，要求「%(need)s」"),
    "certificate_expired": gettext_noop("证书「%(certificate)s」尚未核实"),
}

# the same without figures, for answers that kept nothing but the codes
_BRIEF: Final[Mapping[str, str]] = {
    "inactive": gettext_noop("不在可派人员名单中"),
    "skill_missing": gettext_noop("没有要求的技能"),
    "skill_level": gettext_noop("技能级别不够"),
    "certificate_missing": gettext_noop("没有要求的证书"),
    "certificate_expired": gettext_noop("证书届时已过期"),
    "course_missing": gettext_noop("没有通过要求的培训"),
    "course_expired": gettext_noop("培训届时已过期"),
    "language_missing": gettext_noop("不会要求的语言"),
    "language_level": gettext_noop("语言级别不够"),
    "stars_low": gettext_noop("星级不够"),
    "unrated": gettext_noop("尚无星级"),
    "clearance": gettext_noop("背景审查级别不够"),
    "rate_high": gettext_noop("费率高于上限"),
    "do_not_send": gettext_noop("不派往该客户"),
    "remote_not_accepted": gettext_noop("不接受远程工作"),
    "no_location": gettext_noop("没有登记常住位置"),
    "other_city": gettext_noop("在另一城市"),
    "too_far": gettext_noop("距离太远"),
    "outside_hours": gettext_noop("不在可工作时间内"),
    "time_off": gettext_noop("请假"),
    "overlap": gettext_noop("与已有安排冲突"),
    "rest_before": gettext_noop("距上一班休息不够"),
    "rest_after": gettext_noop("距下一班休息不够"),
    "travel_before": gettext_noop("从上一班赶来时间不够"),
    "travel_after": gettext_noop("赶往下一班时间不够"),
    "weekly_hours": gettext_noop("超过每周工时上限"),
    "declined_before": gettext_noop("已拒绝或未到岗过这一班次"),
    "already_on_shift": gettext_noop("已在这一班次上"),
    "skill_not_valid": gettext_noop("技能届时已过期，或尚未核实"),
    "language_not_valid": gettext_noop("语言等级届时已过期，或尚未核实"),
    "clearance_expired": gettext_noop("背景审查届时已过期"),
}

_PARTS: Final[Mapping[str, str]] = {
    "closeness": gettext_noop("距离 %(distance_km)s 公里，最远接受 %(max_km)s 公里"),
    "closeness_unknown": gettext_noop("距离未知"),
    "remote": gettext_noop("远程工作，不计距离"),
    "stars": gettext_noop("星级 %(stars)s，已服务 %(services)s 次"),
    "stars_novice": gettext_noop("新人，尚无星级，按 %(prior)s 星计"),
    "reliability": gettext_noop("可靠度 %(percent)s%%"),
    "skill": gettext_noop("满足全部 %(required)s 项技能要求，共高出 %(above)s 级"),
    "base": gettext_noop("人人相同的基础分"),
    "priority": gettext_noop("客户价值 %(priority)s"),
    "economy": gettext_noop("每小时费率 %(rate)s，最高接受 %(max_rate)s"),
    "quality_first": gettext_noop("优质客户：星级与可靠度另计 %(percent)s%%"),
    "fairness": gettext_noop("近期工作 %(recent)s 小时"),
}

# parts that are either earned or not: (not earned, earned)
_FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    "team": (gettext_noop("不在客户的固定班底中"), gettext_noop("客户的固定班底")),
    "continuity": (gettext_noop("没有同一订单的其他班次"), gettext_noop("同一订单的其他班次也由其承担")),
}

_PART_NAMES: Final[Mapping[str, str]] = {
    "base": gettext_noop("基础分"),
    "priority": gettext_noop("客户价值"),
    "closeness": gettext_noop("距离"),
    "closeness_unknown": gettext_noop("距离"),
    "remote": gettext_noop("距离"),
    "stars": gettext_noop("星级"),
    "stars_novice": gettext_noop("星级"),
    "reliability": gettext_noop("可靠度"),
    "skill": gettext_noop("技能"),
    "team": gettext_noop("固定班底"),
    "economy": gettext_noop("费率"),
    "quality_first": gettext_noop("优质客户优先"),
    "fairness": gettext_noop("近期工时"),
    "continuity": gettext_noop("同单连续"),
}

_GATES: Final[Mapping[str, str]] = {
    "active": gettext_noop("人员状态"),
    "skill": gettext_noop("技能"),
    "certificate": gettext_noop("证书"),
    "training": gettext_noop("培训"),
    "language": gettext_noop("语言"),
    "stars": gettext_noop("星级"),
    "clearance": gettext_noop("背景审查"),
    "rate": gettext_noop("费率"),
    "do_not_send": gettext_noop("客户黑名单"),
    "place": gettext_noop("地点"),
    "availability": gettext_noop("可工作时间"),
    "booking": gettext_noop("已有安排与休息"),
    "travel": gettext_noop("路上时间"),
    "weekly_hours": gettext_noop("每周工时"),
    "declined": gettext_noop("已拒绝"),
    "on_shift": gettext_noop("已在班次上"),
}

_GROUPS: Final[Mapping[str, str]] = {
    "skill": gettext_noop("技能"),
    "time": gettext_noop("时间"),
    "distance": gettext_noop("距离"),
    "rating": gettext_noop("评分"),
}


def _fill(sentence: str, code: str, params: Mapping[str, str | int], names: Names) -> str:
    written = _WRITTEN.get(code, lambda values: values)
    return _(sentence) % written(values_of(params, names))


def reason_text(reason: Reason, names: Names = _NO_NAMES) -> str:
    """A reason in the active language; ``names`` gives catalogue names of skills, certificates, courses and languages
    by code, and of levels by `grade_key`.

    Raises KeyError for an unknown code.
    """
    if reason.params.get("why") == "conflict":
        return _("与该客户有利益冲突")
    if reason.params.get("valid_until") == "":
        return _(_UNVERIFIED[reason.code]) % values_of(reason.params, names)
    return _fill(_REASONS[reason.code], reason.code, reason.params, names)


def brief_texts(codes: Iterable[str]) -> list[str]:
    """Codes of reasons without their figures, a sentence a gate: "技能：没有要求的技能、技能级别不够"."""
    by_gate: dict[str, list[str]] = {}
    for code in codes:
        by_gate.setdefault(REASONS[code][0], []).append(_(_BRIEF[code]))
    return [
        _("%(gate)s：%(reasons)s") % {"gate": gate_text(gate), "reasons": _("、").join(told)}
        for gate, told in by_gate.items()
    ]


def part_text(part: ScorePart, names: Names = _NO_NAMES) -> str:
    """A score part in the active language. Raises KeyError for an unknown code."""
    if part.code in _FLAGS:
        (earned,) = part.params.values()
        return _(_FLAGS[part.code][bool(earned)])
    if part.code == "skill" and not part.params["required"]:
        return _("没有技能要求")
    return _fill(_PARTS[part.code], part.code, part.params, names)


def gate_text(gate: str) -> str:
    """The name of a gate. Raises KeyError for an unknown gate."""
    return _(_GATES[gate])


def group_text(group: str) -> str:
    """The name of a group of the score bar. Raises KeyError for an unknown group."""
    return _(_GROUPS[group])


def part_name(code: str) -> str:
    """The short name of a score part. Raises KeyError for an unknown code."""
    return _(_PART_NAMES[code])


def lead_text(lead: Lead | None, *, novice: bool = False) -> str:
    """Why the worker stands before the next: "比下一位高 7 分：距离 +5，星级 +2"; ``novice``: on a novice place."""
    notes = [_("此名额留给新人")] if novice else []
    if lead is None:
        return _("；").join(notes)
    if lead.team_first:
        notes.append(_("固定班底优先"))
    if lead.continuity:
        notes.append(_("同一订单优先由同一人承担"))
    told = _("，").join(f"{part_name(code)} {points:+d}" for code, points in lead.differences)
    return _("；").join([*notes, _points_text(lead.points) % {"points": abs(lead.points), "parts": told}])


def _points_text(points: int) -> str:
    if not points:
        return _("与下一位得分相同")
    return _("比下一位高 %(points)d 分：%(parts)s") if points > 0 else _("得分比下一位低 %(points)d 分：%(parts)s")
