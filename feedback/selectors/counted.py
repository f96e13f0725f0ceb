"""Figures counted beforehand: which days may be taken from there, their sums, and the SQL that counts a day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Exists, OuterRef, Value

from feedback.models import LoopPolicy
from feedback.models.figures import CountedDay, StaleDay
from feedback.selectors.cuts import Cut
from feedback.selectors.period import DAY, Period, midnight
from feedback.selectors.sources import COUNTED, SOURCES, Span, Window
from orders.models import OrderPolicy

COLUMNS = ("fact_kpi", "fact_at", "fact_value", "fact_city", "fact_service", "fact_client")
# Changes with every change of what a source counts, so that everything is counted anew.
VERSION = 2
# Where each figure stands in the arrays.
PLACES = range(1, len(COUNTED) + 1)
Compiled = tuple[str, list[Any]]


def rules(policy: OrderPolicy, loop: LoopPolicy) -> str:
    """A digest of all that decides what the rows of a day are, beside the rows themselves."""
    ours = (loop.experienced_services, loop.repeat_days, loop.renewal_days)
    numbers = (policy.response_target_minutes, policy.no_show_minutes, *ours)
    return sha256(repr((VERSION, COUNTED, settings.TIME_ZONE, numbers)).encode()).hexdigest()


def settled_before(now: datetime, policy: OrderPolicy) -> datetime:
    """What lies before this instant no clock changes any more: target and grace have passed, and a whole day."""
    return now - max(DAY, timedelta(minutes=max(policy.response_target_minutes, policy.no_show_minutes)))


def days_counted(period: Period, now: datetime, policy: OrderPolicy, loop: LoopPolicy) -> set[date]:
    """The days of both periods whose sums are as the rows are. One query."""
    stale = StaleDay.objects.filter(day=OuterRef("day"))
    days = CountedDay.objects.filter(
        ~Exists(stale), day__range=(period.before.first, period.last), rules=rules(policy, loop), at__lte=now
    )
    return set(days.values_list("day", flat=True))


def spans(days: Iterable[date]) -> tuple[Span, ...]:
    """Days as instants, neighbours together."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and found[-1][1] == day:
            found[-1] = (found[-1][0], day + DAY)
        else:
            found.append((day, day + DAY))
    return tuple((midnight(first), midnight(end)) for first, end in found)


def within(window: Window, parts: tuple[Span, ...]) -> Window:
    """The same, looking only at these parts."""
    return replace(window, spans=parts)


def facts(names: Sequence[str], window: Window, columns: Sequence[str] = COLUMNS) -> Compiled:
    """The rows of several figures in one SELECT: figure, moment, value, city, service type, client.

    The sources are compiled by the ORM; no text of a user reaches the statement but as a parameter.
    """
    parts = [part for name in names if (part := _compiled(name, window, columns))]
    if not parts:
        return NO_FACTS, []
    return " UNION ALL ".join(f"({sql})" for sql, _params in parts), [one for _sql, some in parts for one in some]


def _compiled(name: str, window: Window, columns: Sequence[str]) -> Compiled | None:
    """None where the ORM knows that there is no row."""
    rows = SOURCES[name](window).order_by().annotate(fact_kpi=Value(name, CharField()))
    try:
        sql, params = rows.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, list(params)


NO_FACTS = """
SELECT NULL::text, NULL::timestamptz, NULL::bigint, NULL::bigint, NULL::text, NULL::bigint WHERE false
"""
COUNT = """
WITH forgotten AS (DELETE FROM feedback_staleday WHERE day = ANY(%s)),
     replaced AS (DELETE FROM feedback_dailyfigure WHERE day = ANY(%s)),
     days AS (INSERT INTO feedback_countedday (day, rules, at) SELECT unnest(%s), %s, %s
              ON CONFLICT (day) DO UPDATE SET rules = EXCLUDED.rules, at = EXCLUDED.at)
INSERT INTO feedback_dailyfigure (day, client_id, city_id, service, n, total, squares)
SELECT day, client, city, service, ARRAY[{n}], ARRAY[{total}], ARRAY[{squares}]
FROM (SELECT kpi, (at AT TIME ZONE %s)::date AS day, value, city, service, client
      FROM ({facts}) AS facts (kpi, at, value, city, service, client)) AS dated
GROUP BY day, client, city, service
"""
# What most pages ask for, added up once.
ADD_UP = """
DELETE FROM feedback_dailysum WHERE day = ANY(%s);
INSERT INTO feedback_dailysum (day, by, member, n, total, squares)
SELECT day, CASE GROUPING(city_id, service, client_id) WHEN 3 THEN 'city' WHEN 5 THEN 'service' WHEN 6 THEN 'client'
                 ELSE '' END,
       COALESCE(city_id::text, service, client_id::text, ''), ARRAY[{n}], ARRAY[{total}], ARRAY[{squares}]
FROM feedback_dailyfigure WHERE day = ANY(%s)
GROUP BY GROUPING SETS ((day), (day, city_id), (day, service), (day, client_id))
HAVING GROUPING(city_id, service, client_id) = 7 OR COALESCE(city_id::text, service, client_id::text) IS NOT NULL
"""


def count(days: Sequence[date], window: Window) -> None:
    """Count these days anew. One statement, hence one snapshot: a change it does not see leaves its mark standing.

    The caller holds the lock of the counting, in a transaction: what is added up afterwards is never seen without.
    """
    sql, params = facts(COUNTED, within(window, spans(days)))
    places = [f"FILTER (WHERE kpi = '{name}')" for name in COUNTED]
    statement = COUNT.format(
        n=", ".join(f"COUNT(*) {place}" for place in places),
        total=", ".join(f"COALESCE(SUM(value) {place}, 0)" for place in places),
        squares=", ".join(f"COALESCE(SUM(value * value) {place}, 0)" for place in places),
        facts=sql,
    )
    digest, listed = rules(window.policy, window.loop), list(days)
    with connection.cursor() as cursor:
        cursor.execute(statement, [listed, listed, listed, digest, window.now, settings.TIME_ZONE, *params])
        cursor.execute(ADD_UP.format(**_added()), [listed, listed])


def _added() -> dict[str, str]:
    return {name: ", ".join(f"SUM({name}[{place}])" for place in PLACES) for name in ("n", "total", "squares")}


# One line for each day of both periods, and for the period itself one for each member of each split.
ALL_DAYS = """
SELECT 'day', day::text, {sums}, {squares} FROM feedback_dailysum WHERE by = %s AND member = %s AND day = ANY(%s)
"""
ALL_MEMBERS = """
UNION ALL SELECT by, member, {sums}, {nothing} FROM feedback_dailysum WHERE by <> '' AND day = ANY(%s) AND day >= %s
GROUP BY by, member
UNION ALL SELECT 'industry', industry, {sums}, {nothing}
FROM feedback_dailysum AS daily JOIN orders_client AS company ON company.id = daily.member::bigint
WHERE by = 'client' AND day = ANY(%s) AND day >= %s GROUP BY industry
"""
SUMS = """
WITH chosen AS (
    SELECT daily.*, daily.day >= %s AS now, company.industry
    FROM feedback_dailyfigure AS daily LEFT JOIN orders_client AS company ON company.id = daily.client_id
    WHERE daily.day = ANY(%s){only})
SELECT 'day', day::text, {sums}, {squares} FROM chosen GROUP BY day
"""
MEMBER_SUMS = """
UNION ALL
SELECT CASE GROUPING(city_id, service, client_id, industry)
           WHEN 7 THEN 'city' WHEN 11 THEN 'service' WHEN 13 THEN 'client' ELSE 'industry' END,
       COALESCE(city_id::text, service, client_id::text, industry), {sums}, {nothing}
FROM chosen WHERE now GROUP BY GROUPING SETS ((city_id), (service), (client_id), (industry))
"""
CUTS = {
    "city": "daily.city_id",
    "service": "daily.service",
    "client": "daily.client_id",
    "industry": "company.industry",
}


@dataclass(frozen=True, slots=True)
class Sum:
    """Rows, and the sums of their values and squares, of one figure for one day or member; `member` as text."""

    kpi: str
    by: str
    member: str | None
    n: int
    total: int
    squares: int


def sums(period: Period, days: set[date], cut: Cut, members: bool) -> Iterator[Sum]:
    """What was counted beforehand for these days, by day and, if asked for, by member. One query."""
    chosen = [(name, getattr(cut, name)) for name in CUTS if getattr(cut, name)]
    if not chosen or (not members and len(chosen) == 1 and "industry" not in dict(chosen)):
        found = _added_up(period, sorted(days), *(chosen or [("", "")])[0], members)
    else:
        found = _of_part(period, sorted(days), chosen, members)
    with connection.cursor() as cursor:
        cursor.execute(*found)
        for by, member, *numbers in cursor.fetchall():
            yield from _each(by, member, numbers)


def _added_up(period: Period, days: list[date], by: str, member: Any, members: bool) -> Compiled:
    """Of everything or of one member of a split, from the sums of the days."""
    one = ALL_DAYS.format(sums=_pairs("{0}[{1}]"), squares=_listed("squares[{0}]"))
    told: list[Any] = [by, str(member), days]
    if not members:
        return one, told
    every = ALL_MEMBERS.format(sums=_pairs("SUM({0}[{1}])::bigint"), nothing=_listed("0::bigint"))
    return one + every, [*told, days, period.first, days, period.first]


def _of_part(period: Period, days: list[date], chosen: Sequence[tuple[str, Any]], members: bool) -> Compiled:
    """Of any other part, from the numbers by client, city and service type."""
    statement = (SUMS + MEMBER_SUMS if members else SUMS).format(
        only="".join(f" AND {CUTS[name]} = %s" for name, _value in chosen),
        sums=_pairs("SUM({0}[{1}])::bigint"),
        squares=_listed("SUM(squares[{0}])::bigint"),
        nothing=_listed("0::bigint"),
    )
    return statement, [period.first, days, *(value for _name, value in chosen)]


def _pairs(shape: str) -> str:
    return ", ".join(f"{shape.format('n', place)}, {shape.format('total', place)}" for place in PLACES)


def _listed(shape: str) -> str:
    return ", ".join(shape.format(place) for place in PLACES)


def _each(by: str, member: str | None, numbers: Sequence[int]) -> Iterator[Sum]:
    counts, squares = numbers[: 2 * len(COUNTED)], numbers[2 * len(COUNTED) :]
    for place, kpi in enumerate(COUNTED):
        if n := counts[2 * place]:
            yield Sum(kpi, by, member, n, counts[2 * place + 1], squares[place])
