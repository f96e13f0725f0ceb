"""Why cases happen (Pareto), how long repairs take, and when people are wanted (weekday × hour, by city)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Ceil, Extract, ExtractHour, ExtractIsoWeekDay, ExtractMinute, Mod

from feedback.models import CaseRound
from feedback.selectors.cuts import Cut
from feedback.selectors.sources import Days
from feedback.states import Cause
from orders.models import Shift
from orders.states import OrderStatus

CLOCK_HOURS = 8
CLOCK_BARS = 7
RUNNING = "running"
WEEK_HOURS = 7 * 24


@dataclass(frozen=True, slots=True)
class CauseShare:
    """One cause: how many rounds named it, its share, and the share of it and all greater ones (0–1)."""

    cause: str
    label: str
    n: int
    share: float
    cumulative: float


def chosen(cut: Cut, order: str, client: str) -> Q:
    """The part asked for, by the paths from a row to its order and its client."""
    found = Q()
    if cut.city:
        found &= Q(**{f"{order}__city": cut.city})
    if cut.service:
        found &= Q(**{f"{order}__service_type": cut.service})
    if cut.client:
        found &= Q(**{client: cut.client})
    if cut.industry:
        found &= Q(**{f"{client}__industry": cut.industry})
    return found


def rounds(window: Days) -> Any:
    """The rounds opened in the window."""
    part = chosen(window.cut, "case__order", "case__client")
    return CaseRound.objects.filter(part, window.holds("opened_at")).order_by("-opened_at", "-pk")


def causes(named: Iterable[str]) -> list[CauseShare]:
    """The causes of rounds, most frequent first; a round without one ("") does not count."""
    counts = sorted(Counter(cause for cause in named if cause).items(), key=lambda pair: (-pair[1], pair[0]))
    whole = sum(n for _cause, n in counts)
    running, shares = 0, []
    for cause, n in counts:
        running += n
        shares.append(CauseShare(cause, str(Cause(cause).label), n, n / whole, running / whole))
    return shares


@dataclass(frozen=True, slots=True)
class Clock:
    """Rounds by the hours until the client was told: bars of `CLOCK_HOURS`, then later than all of them; and those
    still running.
    """

    bars: tuple[int, ...]
    running: int
    late: int


def repairs(window: Days) -> tuple[list[CauseShare], Clock]:
    """Why the rounds opened in the window were needed, and how they ran. One query."""
    turns = list(rounds(window).values_list("opened_at", "due_at", "reported_at", "cause"))
    return causes(cause for *_moments, cause in turns), clock((turn[:3] for turn in turns), window)


def clock(turns: Iterable[tuple[datetime, datetime, datetime | None]], window: Days) -> Clock:
    """How rounds (opened, due, reported) ran."""
    found, late = Counter[str](), 0
    for opened, due, reported in turns:
        bar = _bar(opened, reported, window)
        found[bar] += 1
        late += (window.now if bar == RUNNING or reported is None else reported) > due
    return Clock(tuple(found[str(bar)] for bar in range(CLOCK_BARS)), found[RUNNING], late)


def in_clock(window: Days, bar: str) -> list[CaseRound]:
    """The rounds behind one bar of the clock (its number), or those `running`. One query."""
    return [turn for turn in detailed(window) if _bar(turn.opened_at, turn.reported_at, window) == bar]


def detailed(window: Days) -> Any:
    """The rounds opened in the window with their case, order and client."""
    return rounds(window).select_related("case__client", "case__order", "case__complaint")


def _bar(opened: datetime, reported: datetime | None, window: Days) -> str:
    if reported is None or reported > window.now:
        return RUNNING
    return str(min(CLOCK_BARS - 1, int((reported - opened).total_seconds() // (3600 * CLOCK_HOURS))))


HEAT = """
SELECT city, EXTRACT(ISODOW FROM first)::int, EXTRACT(HOUR FROM first)::int, hours, SUM(headcount)::int
FROM (
    SELECT parent.city_id AS city, headcount, date_trunc('hour', start_at AT TIME ZONE %s) AS first,
           CEIL(EXTRACT(EPOCH FROM (end_at AT TIME ZONE %s) - date_trunc('hour', start_at AT TIME ZONE %s)) / 3600)::int
               AS hours
    FROM ({shifts}) AS shift (start_at, end_at, headcount, order_id) JOIN orders_order AS parent ON parent.id = order_id
) AS wanted
GROUP BY 1, 2, 3, 4
"""
Demand = Mapping[tuple[int, int], int]


def demand(window: Days) -> dict[int, dict[tuple[int, int], int]]:
    """Places wanted by city, then by (ISO weekday, hour of the day), over all shifts that begin in the window.

    A shift counts in every hour that it touches; one that ends at 18:00 does not touch 18:00–19:00. One query.
    """
    zone = settings.TIME_ZONE
    sql, params = (
        wanted(window).order_by().values_list("start_at", "end_at", "headcount", "order_id").query.sql_with_params()
    )
    found: dict[int, Counter[tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HEAT.format(shifts=sql), [zone, zone, zone, *params])
        for city, weekday, hour, hours, n in cursor.fetchall():
            for passed in range(hours):
                day, of_day = divmod(hour + passed, 24)
                found.setdefault(city, Counter())[(weekday - 1 + day) % 7 + 1, of_day] += n
    return {city: dict(counts) for city, counts in found.items()}


def wanted(window: Days) -> QuerySet[Shift]:
    """The shifts that begin in the window, of orders that were placed and not called off."""
    part = chosen(window.cut, "order", "order__client")
    begun = Shift.objects.filter(part, start_at__gte=window.start, start_at__lt=window.end)
    return begun.filter(order__submitted_at__isnull=False).exclude(order__status=OrderStatus.CANCELLED)


def touching(window: Days, weekday: int, hour: int) -> QuerySet[Shift]:
    """The shifts behind one field of the heat map: those that touch this hour of this ISO weekday, by start."""
    length = Extract(ExpressionWrapper(F("end_at") - F("start_at"), output_field=DurationField()), "epoch")
    hours = Ceil((length + ExtractMinute("start_at") * 60) / 3600.0)
    slot = (ExtractIsoWeekDay("start_at") - 1) * 24 + ExtractHour("start_at")
    ahead = Mod(Value((weekday - 1) * 24 + hour + WEEK_HOURS) - slot, Value(WEEK_HOURS))
    shifts = wanted(window).annotate(ahead=ahead, hours=hours)
    return shifts.filter(ahead__lt=F("hours")).select_related("order__client", "order__city").order_by("start_at", "pk")
