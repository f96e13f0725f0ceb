"""All figures of the dashboard from all sources in one statement, by grouping sets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.conf import settings
from django.db import connection
from django.db.models import CharField, Value

from feedback.selectors.period import Period
from feedback.selectors.sources import SOURCES, Window
from orders.models import OrderPolicy

By = Literal["total", "day", "week", "city", "service", "client"]
COLUMNS = ("fact_kpi", "fact_at", "fact_value", "fact_city", "fact_service", "fact_client")
# GROUPING() sets the bit of each column that is not grouped by: day 16, week 8, city 4, service 2, client 1.
BY_MASK: dict[int, By] = {31: "total", 15: "day", 23: "week", 27: "city", 29: "service", 30: "client"}

# The sources are compiled by the ORM; no text of a user reaches this statement but as a parameter.
STATEMENT = """
SELECT grouped.*, town.name_zh, town.name_en, company.name FROM (
SELECT kpi, now, GROUPING(day, week, city, service, client) AS mask, day, week, city, service, client,
       COUNT(*), AVG(value), STDDEV_SAMP(value),
       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY value), PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY value)
FROM (SELECT kpi, at >= %s AS now, (at AT TIME ZONE %s)::date AS day,
             date_trunc('week', at AT TIME ZONE %s)::date AS week, value, city, service, client
      FROM ({sources}) AS facts (kpi, at, value, city, service, client)) AS dated
GROUP BY GROUPING SETS ((kpi, now), (kpi, now, day), (kpi, now, city), (kpi, now, service), (kpi, now, client),
                        (kpi, week))
) AS grouped LEFT JOIN core_city AS town ON town.id = city LEFT JOIN orders_client AS company ON company.id = client
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with the number of rows behind it; None without rows. `spread`: the sample's standard deviation, from
    two rows on."""

    n: int = 0
    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    spread: float | None = None


NOTHING = Cell()
Key = tuple[str, bool, By, Any]
# What a city (Chinese and English) or a client is called, by its column and id.
Names = dict[tuple[By, int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of a period and of the one before it."""

    period: Period
    cells: dict[Key, Cell]
    names: Names = field(default_factory=dict)

    def total(self, kpi: str) -> Cell:
        """The whole period."""
        return self.cells.get((kpi, True, "total", None), NOTHING)

    def before(self, kpi: str) -> Cell:
        """The whole period before."""
        return self.cells.get((kpi, False, "total", None), NOTHING)

    def of(self, kpi: str, by: By, member: Any) -> Cell:
        """One city, service type, client or day of the period."""
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


def figures(period: Period, now: datetime, policy: OrderPolicy) -> Figures:
    """Two queries: the rounds for the pure clock, and everything else."""
    window = Window(period.before.start, period.end, now, policy)
    parts = [_compiled(name, window) for name in SOURCES]
    statement = STATEMENT.format(sources=" UNION ALL ".join(f"({sql})" for sql, _params in parts))
    params = [period.start, settings.TIME_ZONE, settings.TIME_ZONE, *(one for _sql, some in parts for one in some)]
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = cursor.fetchall()
    return Figures(period, dict(_cells(found)), _names(found))


def _compiled(name: str, window: Window) -> tuple[str, Iterable[Any]]:
    rows = SOURCES[name](window).order_by().annotate(fact_kpi=Value(name, CharField()))
    return rows.values_list(*COLUMNS).query.sql_with_params()


def _cells(found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Key, Cell]]:
    for kpi, now, mask, day, week, city, service, client, n, mean, spread, median, p90, *_names in found:
        by = BY_MASK[mask]
        member = {"total": None, "day": day, "week": week, "city": city, "service": service, "client": client}[by]
        cell = Cell(n, float(mean), float(median), float(p90), None if spread is None else float(spread))
        # A week may lie across the beginning of the period: it stands for itself.
        yield (kpi, True if by == "week" else now, by, member), cell


def _names(found: Iterable[tuple[Any, ...]]) -> Names:
    names: Names = {}
    for _kpi, _now, _mask, _day, _week, city, _service, client, *_numbers, name_zh, name_en, company in found:
        if city is not None:
            names["city", city] = (name_zh, name_en)
        if client is not None:
            names["client", client] = (company, company)
    return names
