"""What a client's order form tells beside itself, and what the client keeps to order again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.asked import Found, Keeps
from orders.change_text import change_text
from orders.forms.catalogue import Catalogue
from orders.gates import Gates
from orders.models import Client, FormDraft, OrderPolicy, OrderTemplate, RecurringOrder
from orders.presentation import at_least
from orders.selectors.reach import Bar, Step, bar
from orders.services import planning
from orders.services.ordering import ShiftSpec
from staffing.core.models import User
from workers.models import Clearance

if TYPE_CHECKING:
    from orders.matching.whatif import Gain

# people for each place wanted, below which choice is scarce
ENOUGH = 2
GAINS = 4
DRAFTS = 3
# changes of place and time; all others are made in one field, or belong to the pool
OUTER = ("remote", "start_later", "end_earlier", "move_later", "move_earlier")
SHOWN_STEPS = ("3.0", "3.5", "4.0", "4.5", "5.0")


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift, how many people may take it, and how that looks: success, warning or danger."""

    shift: ShiftSpec
    eligible: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """Everything about the people in reach, ready to be shown."""

    shifts: Sequence[ShiftLine]
    tight: ShiftLine
    free: int
    busy: int
    bars: Sequence[Bar]
    steps: Sequence[Step]


def told(found: Found, catalogue: Catalogue, pool: Gates | None) -> Told:
    """The figures in words; what the special pool brings with it is not offered for loosening."""
    tight, lines = found.tight, [_line(shift, eligible) for shift, eligible in found.shifts]
    bars = [bar(_words(one, catalogue), one.removed, one.only, tight.free) for one in tight.keeps if one.removed]
    wanted = (gain for gain in tight.gains if gain.more and gain.net > 0)
    steps = [step for gain in wanted if (step := _step(gain, catalogue, pool)).field or gain.change.code in OUTER]
    return Told(lines, _line(tight.shift, tight.eligible), tight.free, tight.busy, bars, steps[:GAINS])


def _line(shift: ShiftSpec, eligible: int) -> ShiftLine:
    if eligible >= ENOUGH * shift.headcount:
        return ShiftLine(shift, eligible, "success", _("充足"))
    if eligible >= shift.headcount:
        return ShiftLine(shift, eligible, "warning", _("偏紧"))
    return ShiftLine(shift, eligible, "danger", _("不够"))


def _words(one: Keeps, catalogue: Catalogue) -> str:
    if one.kind == "stars":
        return _("%(stars)s 星及以上") % {"stars": one.level}
    if one.kind == "clearance":
        return str(Clearance(int(one.level)).label)
    item = catalogue.by_code(one.kind)[one.code]
    if one.kind == "course":
        return _("培训“%(name)s”") % {"name": item.name}
    return at_least(item.name, item.grade(int(one.level))) if one.level else item.name


def _step(gain: "Gain", catalogue: Catalogue, pool: Gates | None) -> Step:
    code, params = gain.change.code, gain.change.params
    names = {item.code: item.name for items in catalogue.items.values() for item in items} | catalogue.grades()
    field, value = _setting(code, params, catalogue, pool)
    return Step(change_text(code, params, names), gain.more, field=field, value=value)


def _setting(code: str, params: Mapping[str, Any], catalogue: Catalogue, pool: Gates | None) -> tuple[str, str]:
    """The field of the form that makes the change, and its value; for a box to untick the box's own value."""
    kind, _dash, verb = code.rpartition("_")
    if kind in ("skill", "language"):
        pk = catalogue.by_code(kind)[params[kind]].pk
        fixed = (pool.skills if kind == "skill" else pool.languages) if pool else {}
        return ("", "") if pk in fixed else (f"{kind}_{pk}", str(params.get("to", "")))
    if kind in ("certificate", "course"):
        pk = catalogue.by_code(kind)[params[kind]].pk
        fixed_ids = (pool.certificates if kind == "certificate" else pool.courses) if pool else ()
        return ("", "") if pk in fixed_ids else (f"{kind}s", str(pk))
    if kind == "stars" and not (pool and pool.min_stars):
        to = str(params.get("to", ""))
        return ("min_stars", to) if verb == "drop" or to in SHOWN_STEPS else ("", "")
    if kind == "clearance" and not (pool and pool.clearance):
        return "clearance", str(params["to"])
    return "", ""


def half_filled(user: User | None, client: Client) -> list[FormDraft]:
    """The forms that the person has not sent yet, newest first; one query."""
    return list(FormDraft.objects.filter(user=user, client=client).defer("data")[:DRAFTS])


def templates_of(client: Client) -> QuerySet[OrderTemplate]:
    """The client's templates, those used last first, each with how many orders repeat it."""
    running = Count("recurring", filter=Q(recurring__stopped_at__isnull=True))
    own = OrderTemplate.objects.filter(client=client).annotate(running=running)
    return own.select_related("created_by").order_by("-used_at", "name")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A recurring order with the week whose order is written next, and when; both None when it is over."""

    row: RecurringOrder
    last_ordered: date | None
    next_week: date | None
    next_at: datetime | None

    @property
    def days(self) -> list[int]:
        """The weekdays, 0 = Monday."""
        return list(self.row.weekdays)


def repeats_of(client: Client, now: datetime) -> list[Repeat]:
    """The client's recurring orders: those that run first; two queries."""
    policy = OrderPolicy.current()
    rows = (
        RecurringOrder.objects.filter(template__client=client)
        .select_related("template")
        .annotate(ordered=Max("orders__recurring_week"))
    )
    return sorted((_repeat(row, policy, now) for row in rows), key=lambda one: (one.next_week is None, -one.row.pk))


def _repeat(row: Any, policy: OrderPolicy, now: datetime) -> Repeat:
    week = next((week for week in _weeks(row, now) if planning.due_at(row, week, policy) > now), None)
    if row.stopped_at is not None or week is None:
        return Repeat(row, row.ordered, None, None)
    return Repeat(row, row.ordered, week, planning.due_at(row, week, policy))


def _weeks(row: RecurringOrder, now: datetime) -> Iterator[date]:
    """From the last one that may be due already; far enough to find the next."""
    week = max(row.first_week, planning.monday(timezone.localdate(now) - planning.WEEK))
    while row.last_week is None or week <= row.last_week:
        yield week
        week += planning.WEEK
