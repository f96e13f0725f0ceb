"""Changes of a shift, and how a run of the engine went, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.matching_text import clearance_name, values_of

Names = Mapping[str, str]

_CHANGES: Final[Mapping[str, str]] = {
    "skill_lower": gettext_noop("技能「%(skill)s」降为「%(to)s」"),
    "skill_drop": gettext_noop("不要求技能「%(skill)s」"),
    "certificate_drop": gettext_noop("不要求证书「%(certificate)s」"),
    "course_drop": gettext_noop("不要求培训「%(course)s」"),
    "language_lower": gettext_noop("语言「%(language)s」降为「%(to)s」"),
    "language_drop": gettext_noop("不要求语言「%(language)s」"),
    "stars_lower": gettext_noop("最低星级由 %(from)s 降为 %(to)s"),
    "stars_drop": gettext_noop("不要求最低星级"),
    "clearance_lower": gettext_noop("背景审查由「%(from)s」降为「%(to)s」"),
    "rate_drop": gettext_noop("不限每小时费率"),
    "remote": gettext_noop("改为远程"),
    "start_later": gettext_noop("晚 %(minutes)s 分钟开始（%(start)s）"),
    "end_earlier": gettext_noop("早 %(minutes)s 分钟结束（%(end)s）"),
    "move_later": gettext_noop("整班推后 %(minutes)s 分钟（%(start)s–%(end)s）"),
    "move_earlier": gettext_noop("整班提前 %(minutes)s 分钟（%(start)s–%(end)s）"),
}
_CAUSES: Final[Mapping[str, str]] = {
    "order": gettext_noop("订单提交后匹配"),
    "batch": gettext_noop("统一优化"),
}
_METHODS: Final[Mapping[str, str]] = {
    "exact": gettext_noop("精确求解，已证明没有更好的方案"),
    "search": gettext_noop("搜索求解"),
    "polished": gettext_noop("精确求解未能在时限内完成，采用已有最好方案"),
    "greedy": gettext_noop("最难派的名额优先"),
    "ranking": gettext_noop("按得分排序"),
}
_STOPPED: Final = gettext_noop("到时限：最难派的名额优先")
_CUT_SHORT: Final = gettext_noop("到时限：采用已有最好方案")


def _clock(iso: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(iso)):%H:%M}"


_WRITTEN: Final[Mapping[str, Callable[[Any], str]]] = {"start": _clock, "end": _clock}


def change_text(code: str, params: Mapping[str, str | int], names: Names) -> str:
    """A change in the active language; ``names`` as in `matching_text`. Raises KeyError for an unknown code."""
    values = values_of(params, names)
    for key, written in _WRITTEN.items():
        if key in values:
            values[key] = written(values[key])
    if code == "clearance_lower":
        values = {key: clearance_name(int(level)) for key, level in values.items()}
    return _(_CHANGES[code]) % values


def cause_text(cause: str) -> str:
    """Why a run was made; the cause itself where it is none of an order's."""
    return _(_CAUSES[cause]) if cause in _CAUSES else cause


def method_text(method: str, *, stopped: bool) -> str:
    """How far the search of a run went; "" for runs that did not keep it."""
    if stopped:
        return _(_STOPPED if method == "greedy" else _CUT_SHORT)
    return _(_METHODS[method]) if method in _METHODS else ""


def gap_text(gap: float | None) -> str:
    """How much better a plan could be at most; "" where no bound was asked for. Rounded up to a hundredth per cent."""
    if gap is None:
        return ""
    hundredths = math.ceil(round(gap * 10_000, 6))
    if not hundredths:
        return _("没有更好的方案")
    return _("最多还能好 %(percent)s%%") % {"percent": f"{hundredths / 100:.2f}"}
