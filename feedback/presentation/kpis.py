"""What each figure is called, what it means, and how its number is written. The long form: docs/glossary.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.selectors.figures import Cell
from staffing.core.templatetags.formats import NOTHING, duration_text, percent_text

Unit = Literal["share", "minutes", "stars"]
SMALL_SAMPLE = 10
# A smaller change than what is written (0.1 points, a second, 0.01 stars) is none.
NOTICEABLE: Mapping[Unit, float] = {"share": 0.0005, "minutes": 1 / 60, "stars": 0.005}


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure: `better` is the direction in which it improves; `miss` the value of a row that counts
    against it; `hit_label` and `miss_label` say which a row is.
    """

    key: str
    label: Any
    unit: Unit
    definition: Any
    better: Literal["up", "down"] = "up"
    miss: str = ""
    hit_label: Any = ""
    miss_label: Any = ""

    def number(self, cell: Cell) -> float | None:
        """The figure itself: the median of minutes, else the mean."""
        return cell.median if self.unit == "minutes" else cell.mean


_ALL = (
    Kpi(
        "response",
        gettext_lazy("响应时间（中位数）"),
        "minutes",
        gettext_lazy("期内提交的订单：从提交到每个名额都有推荐人选的时间，取中位数。"),
        "down",
    ),
    Kpi(
        "response_share",
        gettext_lazy("响应达标率"),
        "share",
        gettext_lazy(
            "期内提交的订单中，在响应目标时间内完成推荐的比例；仍在目标时间内等待的订单不计，取消前未推荐的不计。"
        ),
        miss="0",
        hit_label=gettext_lazy("达标"),
        miss_label=gettext_lazy("未达标"),
    ),
    Kpi(
        "fill",
        gettext_lazy("满足率"),
        "share",
        gettext_lazy("期内已开始的班次中，有人上岗的名额 ÷ 需求名额；已取消的名额不计，未到岗且未补上的不算满足。"),
        miss="0",
        hit_label=gettext_lazy("有人"),
        miss_label=gettext_lazy("缺口"),
    ),
    Kpi(
        "fill_orders",
        gettext_lazy("订单满员率"),
        "share",
        gettext_lazy("期内已开始的订单中，所有名额曾全部有人接单的比例；已取消的订单不计。"),
        miss="0",
        hit_label=gettext_lazy("满员"),
        miss_label=gettext_lazy("未满员"),
    ),
    Kpi(
        "no_show",
        gettext_lazy("未到岗率"),
        "share",
        gettext_lazy("期内应到岗的安排中，被记为未到岗的比例；开始后宽限时间内的安排不计，事先取消或释放的不计。"),
        "down",
        miss="1",
        hit_label=gettext_lazy("未记缺勤"),
        miss_label=gettext_lazy("未到岗"),
    ),
    Kpi(
        "satisfaction",
        gettext_lazy("满意度"),
        "stars",
        gettext_lazy("期内收到的评价中，总体满意度（1–5 分）的平均值。"),
    ),
    Kpi("attendance", gettext_lazy("到岗评分"), "stars", gettext_lazy("期内评价中“到岗情况”（1–5 分）的平均值。")),
    Kpi("skill_match", gettext_lazy("技能匹配评分"), "stars", gettext_lazy("期内评价中“技能匹配”（1–5 分）的平均值。")),
    Kpi("attitude", gettext_lazy("服务态度评分"), "stars", gettext_lazy("期内评价中“服务态度”（1–5 分）的平均值。")),
    Kpi(
        "answered",
        gettext_lazy("评价答复率"),
        "share",
        gettext_lazy("期内发出的满意度调查中，客户已答复的比例；刚发出、尚未答复的也计入分母。"),
        miss="0",
        hit_label=gettext_lazy("已答复"),
        miss_label=gettext_lazy("未答复"),
    ),
    Kpi(
        "compliance",
        gettext_lazy("48 小时闭环率"),
        "share",
        gettext_lazy(
            "期内开始的案件轮次中，在时限内答复客户的比例；每次“未解决”另起一轮；仍在计时的轮次不计，超时永久保留。"
        ),
        miss="0",
        hit_label=gettext_lazy("按时"),
        miss_label=gettext_lazy("超时"),
    ),
    Kpi(
        "confirmed",
        gettext_lazy("客户确认率"),
        "share",
        gettext_lazy("期内结案的案件中，由客户确认已解决的比例；客户未答复而到期结案的不算确认。"),
        miss="0",
        hit_label=gettext_lazy("已确认"),
        miss_label=gettext_lazy("未确认"),
    ),
)
KPIS: Mapping[str, Kpi] = {one.key: one for one in _ALL}


def number_text(unit: Unit, number: float | None) -> str:
    """The number without its unit's word; a dash without rows. Minutes are written as a duration, down to seconds."""
    if number is None:
        return NOTHING
    if unit == "share":
        return percent_text(number)
    return f"{number:.2f}" if unit == "stars" else duration_text(timedelta(minutes=number))


def unit_text(unit: Unit) -> str:
    """The word behind the number; a percentage and a duration bring their own."""
    return _("分") if unit == "stars" else ""


def value_text(kpi: Kpi, cell: Cell) -> str:
    """Number and unit of one cell."""
    number = kpi.number(cell)
    if number is None:
        return NOTHING
    return f"{number_text(kpi.unit, number)} {unit_text(kpi.unit)}".strip()


def delta(kpi: Kpi, cell: Cell, before: Cell) -> tuple[str, str]:
    """The change against the period before and its colour; nothing where one of them has no rows."""
    new, old = kpi.number(cell), kpi.number(before)
    if new is None or old is None:
        return "", "neutral"
    change = new - old
    if abs(change) < NOTICEABLE[kpi.unit]:
        return _("持平"), "neutral"
    return change_text(kpi.unit, change), "success" if (change > 0) == (kpi.better == "up") else "danger"


def change_text(unit: Unit, change: float) -> str:
    """A difference with its sign: percentage points, a duration, or points of five."""
    if unit == "share":
        return _("%(n)s 个百分点") % {"n": f"{change * 100:+.1f}"}
    if unit == "minutes":
        return ("+" if change > 0 else "-") + duration_text(timedelta(minutes=abs(change)))
    return f"{change:+.2f}"
