"""How states look: every state of the order line has a pill kind here; the words are the enum's own labels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from orders.models import Assignment, GateProfile, Order, Package
from orders.states import (
    AppealStatus,
    AssignmentStatus,
    BenchStatus,
    OfferStatus,
    OrderStatus,
    PositionStatus,
    PunchRequestStatus,
    SwapStatus,
    TimesheetStatus,
)
from staffing.core.models import City
from staffing.core.templatetags.formats import moment_text
from staffing.core.templatetags.ui import Kind
from workers.models import Clearance
from workers.pay.rates import Kind as Uplift

ORDER: Mapping[str, Kind] = {
    OrderStatus.DRAFT: "neutral",
    OrderStatus.SUBMITTED: "info",
    OrderStatus.PROPOSED: "accent",
    OrderStatus.OFFERING: "warning",
    OrderStatus.FILLED: "success",
    OrderStatus.IN_SERVICE: "success",
    OrderStatus.COMPLETED: "neutral",
    OrderStatus.CANCELLED: "danger",
}
POSITION: Mapping[str, Kind] = {
    PositionStatus.OPEN: "warning",
    PositionStatus.PROPOSED: "info",
    PositionStatus.OFFERED: "accent",
    PositionStatus.FILLED: "success",
    PositionStatus.LAPSED: "danger",
    PositionStatus.CLOSED: "neutral",
}
OFFER: Mapping[str, Kind] = {
    OfferStatus.PENDING: "warning",
    OfferStatus.ACCEPTED: "success",
    OfferStatus.DECLINED: "danger",
    OfferStatus.EXPIRED: "neutral",
    OfferStatus.WITHDRAWN: "neutral",
}
ASSIGNMENT: Mapping[str, Kind] = {
    AssignmentStatus.BOOKED: "info",
    AssignmentStatus.CHECKED_IN: "success",
    AssignmentStatus.COMPLETED: "neutral",
    AssignmentStatus.NO_SHOW: "danger",
    AssignmentStatus.CANCELLED: "warning",
    AssignmentStatus.RELEASED: "neutral",
}
TIMESHEET: Mapping[str, Kind] = {
    TimesheetStatus.SUBMITTED: "warning",
    TimesheetStatus.APPROVED: "success",
    TimesheetStatus.DISPUTED: "danger",
}
SWAP: Mapping[str, Kind] = {
    SwapStatus.OPEN: "warning",
    SwapStatus.TAKEN: "accent",
    SwapStatus.DONE: "success",
    SwapStatus.REFUSED: "danger",
    SwapStatus.WITHDRAWN: "neutral",
    SwapStatus.EXPIRED: "neutral",
}
APPEAL: Mapping[str, Kind] = {
    AppealStatus.OPEN: "warning",
    AppealStatus.ACCEPTED: "success",
    AppealStatus.REFUSED: "danger",
}
BENCH: Mapping[str, Kind] = {
    BenchStatus.INVITED: "warning",
    BenchStatus.STANDING_BY: "accent",
    BenchStatus.DECLINED: "neutral",
    BenchStatus.EXPIRED: "neutral",
    BenchStatus.CALLED: "success",
    BenchStatus.RELEASED: "neutral",
    BenchStatus.FINISHED: "neutral",
}
PUNCH_REQUEST: Mapping[str, Kind] = {
    PunchRequestStatus.WAITING: "warning",
    PunchRequestStatus.APPROVED: "success",
    PunchRequestStatus.REFUSED: "danger",
}
PILLS: Mapping[type[TextChoices], Mapping[str, Kind]] = {
    OrderStatus: ORDER,
    PositionStatus: POSITION,
    OfferStatus: OFFER,
    AssignmentStatus: ASSIGNMENT,
    TimesheetStatus: TIMESHEET,
    SwapStatus: SWAP,
    AppealStatus: APPEAL,
    BenchStatus: BENCH,
    PunchRequestStatus: PUNCH_REQUEST,
}


def way_pill(work: Assignment) -> tuple[Kind, str]:
    """The pill of a booking with what was said before the shift: accepted, confirmed, on the way."""
    if work.status != AssignmentStatus.BOOKED:
        return state_pill(AssignmentStatus(work.status))
    if work.departed_at is not None:
        return "accent", _("在路上")
    return ("info", _("已确认到岗")) if work.confirmed_at is not None else ("neutral", pgettext("worker", "已接单"))


def state_pill(value: TextChoices) -> tuple[Kind, str]:
    """Pill kind and words of a state. KeyError for an enum without a table."""
    return PILLS[type(value)][value], str(value.label)


COST_WORDS: Mapping[str, str] = {
    Uplift.DAY: gettext_noop("日间"),
    Uplift.NIGHT: gettext_noop("夜间"),
    Uplift.HOLIDAY: gettext_noop("节假日"),
}


def cost_words(code: Uplift, percent: Decimal) -> str:
    """夜间（+10%）: the kind of hours that a line of an estimate bills."""
    words = _(COST_WORDS[code])
    return _("%(kind)s（+%(percent)s%%）") % {"kind": words, "percent": f"{percent:f}"} if percent else words


class Step(TypedDict):
    """One point of a progress line, as the component wants it."""

    label: str
    time: str
    state: str


def progress(order: Order, started_at: datetime | None) -> list[Step]:
    """The order's course in six points, each with its time; a cancelled order ends at a failed one.

    The point that comes next says what is waited for; beginning and end say when they are planned.
    """
    points = [
        (_("已提交"), _("待提交"), order.submitted_at, None),
        (_("已推荐"), _("匹配中"), order.proposed_at, None),
        (_("已派单"), _("待派单"), order.confirmed_at, None),
        (_("已满员"), _("待满员"), order.filled_at, None),
        (_("服务中"), _("待开始"), started_at, order.starts_at),
        (_("已完成"), _("待完成"), order.completed_at, order.ends_at),
    ]
    states = [_step_state(order, [at for *_labels, at, _planned in points], index) for index in range(len(points))]
    over = order.status in (OrderStatus.COMPLETED, OrderStatus.CANCELLED)
    return [
        Step(
            label=awaited if state == "current" and at is None else label,
            time=_step_time(at, None if over else planned),
            state=state,
        )
        for state, (label, awaited, at, planned) in zip(states, points, strict=True)
    ]


def _step_time(at: datetime | None, planned: datetime | None) -> str:
    """When it was, or when it is to be."""
    if at is None and planned is not None:
        return _("计划 %(at)s") % {"at": moment_text(planned)}
    return moment_text(at) if at else ""


def _step_state(order: Order, moments: Sequence[datetime | None], index: int) -> str:
    """Reached points are done, the next is under way; an order that ended without it failed there."""
    if order.status == OrderStatus.IN_SERVICE and index == len(moments) - 2:
        return "current"
    if moments[index] is not None:
        return "done"
    is_next = None not in moments[:index]
    if order.status in (OrderStatus.COMPLETED, OrderStatus.CANCELLED):
        return "failed" if is_next else "todo"
    return "current" if is_next and order.status != OrderStatus.IN_SERVICE else "todo"


Fact = tuple[str, str]


def place_facts(*, remote: bool, city: City, site: str, address: str) -> list[Fact]:
    """Where the work is done, as pairs for the facts component."""
    if remote:
        return [(_("服务方式"), _("远程")), (_("城市"), city.name)]
    return [(_("服务地点"), site), (_("详细地址"), address), (_("城市"), city.name)]


def need_facts(
    skills: Iterable[tuple[str, str]],
    languages: Iterable[tuple[str, str]],
    certificates: Iterable[str],
    min_stars: Decimal | None,
    clearance: int,
    courses: Iterable[str] = (),
) -> list[Fact]:
    """What people must bring, as pairs; what is not asked for is left out. `skills` and `languages`: name and grade."""
    pairs = [
        (_("技能"), _listed(at_least(*skill) for skill in skills)),
        (_("语言"), _listed(at_least(*language) for language in languages)),
        (_("证书"), _listed(certificates)),
        (_("要求培训"), _listed(courses)),
        (_("最低星级"), f"{min_stars}" if min_stars else ""),
        (_("背景核查"), str(Clearance(clearance).label) if clearance else ""),
    ]
    return [pair for pair in pairs if pair[1]]


def package_fact(package: str, pool: GateProfile | None) -> Fact:
    """How the people are chosen; a special pool by its name."""
    return _("服务套餐"), f"{Package(package).label}{f' · {pool.name}' if pool else ''}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an order asks of people, by name: skills and languages with their grades, certificates, courses."""

    skills: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]
    certificates: Sequence[str]
    courses: Sequence[str]


def order_facts(order: Order, asked: Asked) -> list[Fact]:
    """Place, package and requirements of an order with its place and pool."""
    site = order.site
    place = place_facts(
        remote=order.remote, city=order.city, site=site.name if site else "", address=site.address if site else ""
    )
    needs = need_facts(
        asked.skills, asked.languages, asked.certificates, order.min_stars, order.clearance, asked.courses
    )
    return [*place, package_fact(order.package, order.special_pool), *needs]


def at_least(name: str, grade: str) -> str:
    """普通话 二级乙等及以上: the least that is asked of a skill or language."""
    return _("%(name)s %(grade)s及以上") % {"name": name, "grade": grade}


def _listed(words: Iterable[str]) -> str:
    return _("、").join(words)
