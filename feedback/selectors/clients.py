"""Clients over time: who comes back month by month (cohorts), and the habits of those of high value."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from feedback.packages import Habits
from feedback.selectors.cuts import Cut
from feedback.selectors.period import midnight
from orders.models import Client
from orders.models.orders import Package
from orders.states import OrderStatus
from workers.models import ServiceType

MONTHS = 12
COHORTS = """
SELECT first::date, age, COUNT(*), COUNT(*) FILTER (WHERE EXISTS (
           SELECT FROM orders_order AS placed WHERE placed.client_id = signed.id
           AND placed.submitted_at >= (first + make_interval(months => age)) AT TIME ZONE %(zone)s
           AND placed.submitted_at < (first + make_interval(months => age + 1)) AT TIME ZONE %(zone)s))
FROM (SELECT id, industry, date_trunc('month', created_at AT TIME ZONE %(zone)s) AS first FROM orders_client) AS signed
CROSS JOIN generate_series(0, %(months)s - 1) AS age
WHERE first >= date_trunc('month', %(now)s AT TIME ZONE %(zone)s) - make_interval(months => %(months)s)
  AND (first + make_interval(months => age + 1)) AT TIME ZONE %(zone)s <= %(now)s
  AND (%(client)s::bigint IS NULL OR id = %(client)s) AND (%(industry)s = '' OR industry = %(industry)s)
GROUP BY first, age ORDER BY first, age
"""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The clients signed in one month, and how many of them ordered in each month after that is over (0: the same)."""

    month: date
    size: int
    ordered: tuple[int, ...]


def cohorts(now: datetime, cut: Cut) -> list[Cohort]:
    """The last twelve months of signing, the oldest first. One query."""
    params: dict[str, Any] = {
        "zone": settings.TIME_ZONE,
        "months": MONTHS,
        "now": now,
        "client": cut.client,
        "industry": cut.industry,
    }
    with connection.cursor() as cursor:
        cursor.execute(COHORTS, params)
        found: dict[date, list[tuple[int, int]]] = {}
        for month, _age, size, ordered in cursor.fetchall():
            found.setdefault(month, []).append((size, ordered))
    return [Cohort(month, ages[0][0], tuple(ordered for _size, ordered in ages)) for month, ages in found.items()]


@dataclass(frozen=True, slots=True)
class Signed:
    """A client of a cohort and the orders placed in one month after that of signing."""

    pk: int
    name: str
    signed_at: datetime
    orders: int


def cohort(month: date, age: int, cut: Cut) -> list[Signed]:
    """The clients signed in the month that begins so, with their orders `age` months later, most first. One query."""
    first, last, begin, end = (_month(month, more) for more in (0, 1, age, age + 1))
    placed = Count("orders", Q(orders__submitted_at__gte=begin, orders__submitted_at__lt=end))
    signed = Client.objects.filter(created_at__gte=first, created_at__lt=last).annotate(placed=placed)
    if cut.client:
        signed = signed.filter(pk=cut.client)
    if cut.industry:
        signed = signed.filter(industry=cut.industry)
    return [Signed(one.pk, one.name, one.created_at, one.placed) for one in signed.order_by("-placed", "name")]


def _month(first: date, more: int) -> datetime:
    """The local beginning of the month so many months later."""
    year, month = divmod(first.year * 12 + first.month - 1 + more, 12)
    return midnight(date(year, month + 1, 1))


HABITS = """
SELECT company.id, company.name, company.value, COALESCE(placed.orders, 0), COALESCE(placed.weeks, 0),
       COALESCE(placed.special, 0), COALESCE(placed.team, 0), said.stars, COALESCE(said.reviews, 0),
       COALESCE(said.again, 0), COALESCE(said.asked, 0)
FROM orders_client AS company
LEFT JOIN (
    SELECT client_id, COUNT(*) AS orders, COUNT(*) FILTER (WHERE package = %(team)s) AS team,
           COUNT(*) FILTER (WHERE package = %(special)s OR service_type = %(rare)s) AS special,
           COUNT(DISTINCT date_trunc('week', submitted_at AT TIME ZONE %(zone)s)) AS weeks
    FROM orders_order WHERE submitted_at > %(since)s AND submitted_at <= %(now)s AND status <> %(cancelled)s
    GROUP BY client_id) AS placed ON placed.client_id = company.id
LEFT JOIN (
    SELECT client_id, AVG(overall)::float8 AS stars, COUNT(*) AS reviews, COUNT(*) FILTER (WHERE order_again) AS again,
           COUNT(order_again) AS asked
    FROM feedback_review WHERE created_at > %(since)s AND created_at <= %(now)s
    GROUP BY client_id) AS said ON said.client_id = company.id
WHERE company.is_active AND company.value > %(normal)s
  AND (%(client)s::bigint IS NULL OR company.id = %(client)s) AND (%(industry)s = '' OR industry = %(industry)s)
ORDER BY 4 DESC, company.name
"""


@dataclass(frozen=True, slots=True)
class Valued:
    """A client of high value and what they did."""

    pk: int
    name: str
    value: Client.Value
    habits: Habits


def valued(now: datetime, days: int, cut: Cut) -> list[Valued]:
    """The clients of high value with what they did in the last `days` days, most orders first. One query."""
    since = now - timedelta(days=days)
    weeks = (_monday(now) - _monday(since)).days // 7 + 1
    params: dict[str, Any] = {
        "now": now, "since": since, "zone": settings.TIME_ZONE, "client": cut.client, "industry": cut.industry,
        "team": Package.FIXED_TEAM.value, "special": Package.SPECIAL_POOL.value, "rare": ServiceType.BILINGUAL.value,
        "cancelled": OrderStatus.CANCELLED.value, "normal": Client.Value.NORMAL.value,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(HABITS, params)
        rows = cursor.fetchall()
    return [Valued(pk, name, Client.Value(value), Habits(weeks, *numbers)) for pk, name, value, *numbers in rows]


def _monday(moment: datetime) -> date:
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())
