"""Why cases happen (Pareto), and when people are wanted (weekday × hour)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count

from feedback.models import CaseRound
from feedback.selectors.period import Period
from feedback.states import Cause
from orders.states import OrderStatus

# One row per shift and hour that it touches; a shift that ends at 18:00 does not touch 18:00–19:00.
HEAT = """
SELECT EXTRACT(ISODOW FROM hour)::int, EXTRACT(HOUR FROM hour)::int, SUM(headcount)::int
FROM orders_shift AS shift
JOIN orders_order AS parent ON parent.id = shift.order_id
CROSS JOIN LATERAL generate_series(
    date_trunc('hour', shift.start_at AT TIME ZONE %s),
    (shift.end_at AT TIME ZONE %s) - interval '1 microsecond', interval '1 hour') AS hour
WHERE shift.start_at >= %s AND shift.start_at < %s AND parent.submitted_at IS NOT NULL AND parent.status <> %s
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class CauseShare:
    """One cause: how many rounds named it, its share, and the share of it and all greater ones (0–1)."""

    cause: str
    label: str
    n: int
    share: float
    cumulative: float


def causes(period: Period) -> list[CauseShare]:
    """Rounds opened in the period by the cause named, most frequent first. One query."""
    rounds = CaseRound.objects.filter(opened_at__gte=period.start, opened_at__lt=period.end).exclude(cause="")
    counts = list(rounds.order_by().values_list("cause").annotate(n=Count("pk")).order_by("-n", "cause"))
    whole = sum(n for _cause, n in counts)
    running, shares = 0, []
    for cause, n in counts:
        running += n
        shares.append(CauseShare(cause, str(Cause(cause).label), n, n / whole, running / whole))
    return shares


def demand(period: Period) -> dict[tuple[int, int], int]:
    """Places wanted by (ISO weekday, hour of the day) over all shifts that begin in the period. One query."""
    zone = settings.TIME_ZONE
    params: list[str | datetime] = [zone, zone, period.start, period.end, OrderStatus.CANCELLED.value]
    with connection.cursor() as cursor:
        cursor.execute(HEAT, params)
        return {(weekday, hour): n for weekday, hour, n in cursor.fetchall()}
