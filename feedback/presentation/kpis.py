"""What each figure is called, what it means, and how its number is written. The long form: docs/glossary.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.models import LoopPolicy
from feedback.selectors.figures import Cell
from orders.models import OrderPolicy
from staffing.core.templatetags.formats import NOTHING, duration_text, percent_text

Unit = Literal["share", "minutes", "stars"]
SMALL_SAMPLE = 10
# A smaller change than what is written (0.1 points, a second, 0.01 stars) is none.
NOTICEABLE: Mapping[Unit, float] = {"share": 0.0005, "minutes": 1 / 60, "stars": 0.005}


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure: `better` is the direction in which it improves; `miss` the value of a row that counts
    against it; `hit_label` and `miss_label` say which a row is; `target` names its row of the loop's policy;
    `card`: whether it has one of its own.
    """

    key: str
    label: Any
    unit: Unit
    definition: Any
    better: Literal["up", "down"] = "up"
    miss: str = ""
    hit_label: Any = ""
    miss_label: Any = ""
    target: str = ""
    card: bool = True

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
        target="target_response_percent",
    ),
    Kpi(
        "fill",
        gettext_lazy("满足率"),
        "share",
        gettext_lazy("期内已开始的班次中，有人上岗的名额 ÷ 需求名额；已取消的名额不计，未到岗且未补上的不算满足。"),
        miss="0",
        hit_label=gettext_lazy("有人"),
        miss_label=gettext_lazy("缺口"),
        target="target_fill_percent",
    ),
    Kpi(
        "arrived",
        gettext_lazy("承诺到岗率"),
        "share",
        gettext_lazy(
            "期内班次中，开始前已有人接单的名额里，在宽限时间内有人签到的比例；已取消的名额不计，换人补上的也算到岗。"
        ),
        miss="0",
        hit_label=gettext_lazy("到岗"),
        miss_label=gettext_lazy("落空"),
        target="target_arrived_percent",
    ),
    Kpi(
        "fill_orders",
        gettext_lazy("订单满员率"),
        "share",
        gettext_lazy("期内已开始的订单中，所有名额曾全部有人接单的比例；已取消的订单不计。"),
        miss="0",
        hit_label=gettext_lazy("满员"),
        miss_label=gettext_lazy("未满员"),
        card=False,
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
        target="target_no_show_percent",
    ),
    Kpi(
        "satisfaction",
        gettext_lazy("满意度"),
        "stars",
        gettext_lazy("期内收到的评价中，总体满意度（1–5 分）的平均值。"),
        target="target_stars",
    ),
    Kpi(
        "attendance",
        gettext_lazy("到岗评分"),
        "stars",
        gettext_lazy("期内评价中“到岗情况”（1–5 分）的平均值。"),
        card=False,
    ),
    Kpi(
        "skill_match",
        gettext_lazy("技能匹配评分"),
        "stars",
        gettext_lazy("期内评价中“技能匹配”（1–5 分）的平均值。"),
        card=False,
    ),
    Kpi(
        "attitude",
        gettext_lazy("服务态度评分"),
        "stars",
        gettext_lazy("期内评价中“服务态度”（1–5 分）的平均值。"),
        card=False,
    ),
    Kpi(
        "rating",
        gettext_lazy("人员评分"),
        "stars",
        gettext_lazy("期内评价中，对每位上岗人员的评分（1–5 分）的平均值。"),
        card=False,
    ),
    Kpi(
        "rating_novice",
        gettext_lazy("新人的评分"),
        "stars",
        gettext_lazy("期内评价中，对此前完成的服务少于规定次数者的评分（1–5 分）的平均值。"),
        card=False,
    ),
    Kpi(
        "rating_experienced",
        gettext_lazy("有经验者的评分"),
        "stars",
        gettext_lazy("期内评价中，对此前完成的服务达到规定次数者的评分（1–5 分）的平均值。"),
        card=False,
    ),
    Kpi(
        "answered",
        gettext_lazy("评价答复率"),
        "share",
        gettext_lazy("期内发出的满意度调查中，客户已答复的比例；刚发出、尚未答复的也计入分母。"),
        miss="0",
        hit_label=gettext_lazy("已答复"),
        miss_label=gettext_lazy("未答复"),
        target="target_answered_percent",
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
        target="target_compliance_percent",
    ),
    Kpi(
        "confirmed",
        gettext_lazy("客户确认率"),
        "share",
        gettext_lazy("期内结案的案件中，由客户确认已解决的比例；客户未答复而到期结案的不算确认。"),
        miss="0",
        hit_label=gettext_lazy("已确认"),
        miss_label=gettext_lazy("未确认"),
        target="target_confirmed_percent",
    ),
    Kpi(
        "reopened",
        gettext_lazy("重开率"),
        "share",
        gettext_lazy("期内有结果的案件轮次中，客户答复“未解决”而重开的比例；客户未答复而到期的轮次算未重开。"),
        "down",
        miss="1",
        hit_label=gettext_lazy("未重开"),
        miss_label=gettext_lazy("重开"),
        target="target_reopened_percent",
    ),
    Kpi(
        "repeat",
        gettext_lazy("复购率"),
        "share",
        gettext_lazy(
            "满员且已完成的订单中，客户在服务结束后规定天数内又提交订单的比例；按期限届满之日计入，未届满的不计。"
        ),
        miss="0",
        hit_label=gettext_lazy("已复购"),
        miss_label=gettext_lazy("未复购"),
        target="target_repeat_percent",
    ),
    Kpi(
        "renewal",
        gettext_lazy("续约率"),
        "share",
        gettext_lazy(
            "自签约起每满规定天数为一个合作周期：某周期有服务的客户，在下一周期又提交订单的比例；按下一周期结束之日计入。"
        ),
        miss="0",
        hit_label=gettext_lazy("已续约"),
        miss_label=gettext_lazy("未续约"),
        target="target_renewal_percent",
    ),
)
KPIS: Mapping[str, Kpi] = {one.key: one for one in _ALL}


def target_of(kpi: Kpi, policy: OrderPolicy, loop: LoopPolicy) -> float | None:
    """What the figure is to reach (or not to pass), in the figure's own unit; None without a target."""
    if kpi.key == "response":
        return float(policy.response_target_minutes)
    if not kpi.target:
        return None
    number = float(getattr(loop, kpi.target))
    return number / 100 if kpi.unit == "share" else number


def met(kpi: Kpi, cell: Cell, target: float | None) -> bool | None:
    """Whether the target is reached; None without target, without rows, or with too few to say."""
    number = kpi.number(cell)
    if target is None or number is None or cell.n < SMALL_SAMPLE:
        return None
    return number >= target if kpi.better == "up" else number <= target


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
