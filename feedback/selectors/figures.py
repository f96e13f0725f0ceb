"""All figures of the dashboard: from sums counted beforehand where these still hold, from the rows elsewhere."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any, Literal

from django.conf import settings
from django.db import connection

from feedback.models import LoopPolicy
from feedback.selectors import counted
from feedback.selectors.cuts import EVERYTHING, Cut
from feedback.selectors.period import DAY, Period
from feedback.selectors.sources import COUNTED, RANKED, SCALE, SOURCES, Window
from orders.models import OrderPolicy

By = Literal["total", "day", "week", "city", "service", "client", "industry", "star", "source"]
LIVE = tuple(name for name in SOURCES if name not in (*COUNTED, RANKED))
# GROUPING() sets the bit of each column that is not grouped by.
GROUPING = "32 * GROUPING(day) + 16 * GROUPING(week) + 15"
# The same where nothing is grouped by week.
WITHOUT_WEEK = "32 * GROUPING(day) + 16 + GROUPING(city, service, client, industry)"
BY_MASK: dict[int, By] = {
    63: "total", 31: "day", 47: "week", 55: "city", 59: "service", 61: "client", 62: "industry",
}  # fmt: skip
DATED = """
(SELECT kpi, at >= %s AS now, (at AT TIME ZONE %s)::date AS day, date_trunc('week', at AT TIME ZONE %s)::date AS week,
        value, city, service, client, industry
 FROM ({facts}) AS facts (kpi, at, value, city, service, client)
 LEFT JOIN (SELECT id, industry FROM orders_client) AS company ON company.id = client) AS dated
"""
MEMBERS = "(kpi, now, city), (kpi, now, service), (kpi, now, client), (kpi, now, industry)"
ROWS = f"""
SELECT kpi, now, {WITHOUT_WEEK}, COALESCE(day::text, city::text, service, client::text, industry),
       COUNT(*), SUM(value)::bigint, SUM(value * value)::bigint, NULL::float8[]
FROM {DATED} GROUP BY GROUPING SETS ((kpi, now, day), {MEMBERS})
"""  # noqa: S608
# Rows of one figure alone: naming it would only lengthen what is sorted by.
RANKS = f"""
SELECT '{RANKED}', now, {GROUPING}, COALESCE(day::text, week::text),
       COUNT(*), SUM(value)::bigint, 0::bigint, PERCENTILE_CONT(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY value)
FROM {DATED} GROUP BY GROUPING SETS ((now), (now, day), (week))
"""  # noqa: S608
MEMBER_RANKS = f"""
SELECT '{RANKED}', true, 48 + GROUPING(city, service, client, industry),
       COALESCE(city::text, service, client::text, industry),
       COUNT(*), SUM(value)::bigint, 0::bigint, PERCENTILE_CONT(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY value)
FROM {DATED} WHERE now GROUP BY GROUPING SETS ((city), (service), (client), (industry))
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with the number of rows behind it; None without rows. `spread`: the sample's standard deviation, from
    two rows on. Median and P90 are told of times alone, the spread of whole periods.
    """

    n: int = 0
    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    spread: float | None = None


NOTHING = Cell()
Key = tuple[str, bool, By, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of a period and of the one before it."""

    period: Period
    cells: dict[Key, Cell]
    cut: Cut = EVERYTHING

    def total(self, kpi: str) -> Cell:
        """The whole period."""
        return self.cells.get((kpi, True, "total", None), NOTHING)

    def before(self, kpi: str) -> Cell:
        """The whole period before."""
        return self.cells.get((kpi, False, "total", None), NOTHING)

    def of(self, kpi: str, by: By, member: Any) -> Cell:
        """One city, service type, client, industry or day of the period."""
        return self.cells.get((kpi, True, by, member), NOTHING)

    def members(self, by: By) -> list[Any]:
        """Every member that has any row in the period."""
        return sorted({key[3] for key in self.cells if key[1] and key[2] == by})

    def weeks(self) -> list[date]:
        """The Mondays of the weeks, of the period and the one before it, that have any rows."""
        return self.members("week")

    def trend(self, kpi: str) -> list[tuple[date, Cell]]:
        """The days of the period that have rows, in order."""
        return [(day, self.of(kpi, "day", day)) for day in self.members("day") if self.of(kpi, "day", day).n]


@dataclass(slots=True)
class Tally:
    """Whole numbers that add up: rows, their values, the squares of these."""

    n: int = 0
    total: int = 0
    squares: int = 0

    def add(self, n: int, total: int, squares: int) -> None:
        """More of the same."""
        self.n, self.total, self.squares = self.n + n, self.total + total, self.squares + squares

    def cell(self, *, spread: bool) -> Cell:
        """The mean, rounded once; the spread only where it is asked for."""
        return Cell(self.n, self.total / self.n, spread=self._spread() if spread and self.n > 1 else None)

    def _spread(self) -> float:
        # Exact up to the root: both counts and sums are whole numbers.
        with localcontext(prec=50):
            around = Decimal(self.n * self.squares - self.total * self.total)
            return float((around / (self.n * (self.n - 1))).sqrt())


Tallies = dict[Key, Tally]


def figures(
    period: Period,
    now: datetime,
    policy: OrderPolicy,
    *,
    cut: Cut = EVERYTHING,
    loop: LoopPolicy | None = None,
    members: bool = True,
) -> Figures:
    """Every figure, of all rows or of a part of them; with the `members` of the splits, unless told not.

    Three queries, one more without the loop's numbers.
    """
    loop = loop or LoopPolicy.current()
    window = Window(period.before.start, period.end, now, cut, policy, loop)
    tallies: Tallies = defaultdict(Tally)
    days = set() if cut.of_person else counted.days_counted(period, now, policy, loop)
    if days:
        _add_counted(tallies, period, days, cut, members)
    ranks = _add_rows(tallies, window, period, days, members)
    cells = {key: tally.cell(spread=key[2] == "total") for key, tally in tallies.items()}
    return Figures(period, cells | ranks, cut)


def member_of(by: By, text: str) -> Any:
    """A member from its text: a day, an id, or the text itself."""
    if by in ("day", "week"):
        return date.fromisoformat(text)
    return int(text) if by in ("city", "client") else text


def _add_counted(tallies: Tallies, period: Period, days: set[date], cut: Cut, members: bool) -> None:
    for one in counted.sums(period, days, cut, members):
        if one.by == "day":
            _add_day(tallies, period, one.kpi, date.fromisoformat(one.member or ""), (one.n, one.total, one.squares))
        elif one.member is not None:
            by: Any = one.by
            tallies[one.kpi, True, by, member_of(by, one.member)].add(one.n, one.total, one.squares)


def _add_day(tallies: Tallies, period: Period, kpi: str, day: date, numbers: tuple[int, int, int]) -> None:
    """A day adds to itself, to its week, and to the period or the one before."""
    now = day >= period.first
    tallies[kpi, now, "day", day].add(*numbers)
    tallies[kpi, now, "total", None].add(*numbers)
    # A week may lie across the beginning of the period: it stands for itself.
    tallies[kpi, True, "week", day - timedelta(days=day.weekday())].add(*numbers)


def _add_rows(tallies: Tallies, window: Window, period: Period, days: set[date], members: bool) -> dict[Key, Cell]:
    """Add the rows of the figures that are never counted beforehand, and of the others on the days that were not.

    Returns the cells of the ranked figure, which cannot be added up.
    """
    both = [period.before.first + n * DAY for n in range(2 * period.days)]
    rest = counted.spans(day for day in both if day not in days)
    ranked = counted.facts([RANKED], window)
    parts = [(ROWS, counted.facts(LIVE, window)), (RANKS, ranked), *([(MEMBER_RANKS, ranked)] if members else [])]
    if rest:
        parts.append((ROWS, counted.facts(COUNTED, counted.within(window, rest))))
    ranks: dict[Key, Cell] = {}
    for kpi, now, mask, text, n, total, squares, places in _grouped(parts, period):
        by = BY_MASK[mask]
        if places is not None:
            ranks[kpi, by == "week" or now, by, text and member_of(by, text)] = _ranked(kpi, n, total, places)
        elif by == "day":
            _add_day(tallies, period, kpi, date.fromisoformat(text), (n, total, squares))
        elif now and text is not None:
            tallies[kpi, True, by, member_of(by, text)].add(n, total, squares)
    return ranks


def _ranked(kpi: str, n: int, total: int, places: Sequence[float]) -> Cell:
    scale = SCALE[kpi]
    return Cell(n, total / (n * scale), places[0] / scale, places[1] / scale)


def _grouped(parts: Sequence[tuple[str, counted.Compiled]], period: Period) -> list[tuple[Any, ...]]:
    zone = settings.TIME_ZONE
    statement = " UNION ALL ".join(f"({shape.format(facts=sql)})" for shape, (sql, _params) in parts)
    params = [one for _shape, (_sql, some) in parts for one in (period.start, zone, zone, *some)]
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
