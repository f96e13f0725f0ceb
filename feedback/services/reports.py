"""Reports that go out by themselves: each day to clients and managers, each week to managers.

Both are made by an hourly look of the beat under one advisory lock; the rows say what has been made, so a repeat makes
nothing. After an outage the missed days are made late, each with its page, and told of together in one message; of
missed weeks only the last is told.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from feedback.changes import Sample, largest
from feedback.models import DailyReport, LoopPolicy, ReportChoice, WeeklyReport
from feedback.presentation.kpis import KPIS
from feedback.selectors import daily
from feedback.selectors.figures import Cell, Figures, figures
from feedback.selectors.insight import monday_of
from feedback.selectors.period import DAY, Period
from orders.models import OrderPolicy
from staffing.core import outbox
from staffing.core.models import User

# The advisory lock under which reports are made.
REPORTS_LOCK = 0x5245504F
TOLD = 3


def missing_days(last: date | None, today: date, back: int) -> list[date]:
    """The days before `today` without a report, at most `back`, the earliest first; at first only yesterday."""
    first = today - DAY if last is None else max(last + DAY, today - back * DAY)
    return [first + n * DAY for n in range((today - first).days)]


def _too_early(now: datetime, policy: LoopPolicy) -> bool:
    return timezone.localtime(now).hour < policy.report_hour


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REPORTS_LOCK])


@transaction.atomic
def make_daily(now: datetime) -> list[DailyReport]:
    """The reports of the days that have none, from the policy's hour on: one a client about whom there is anything to
    say, and the house's, which also says that the day is done.
    """
    policy, today = LoopPolicy.current(), timezone.localdate(now)
    if _too_early(now, policy):
        return []
    _lock()
    last = DailyReport.objects.filter(client=None).order_by("-day").values_list("day", flat=True).first()
    made = [row for day in missing_days(last, today, policy.report_back_days) for row in _of_day(day, now)]
    DailyReport.objects.bulk_create(made)
    _tell_daily(made, now)
    return made


def _of_day(day: date, now: datetime) -> list[DailyReport]:
    of_clients = daily.of_day(day)
    house = daily.together(of_clients.values())
    whole = house | {"overdue_revisits": daily.overdue_revisits(timezone.localdate(now))}
    rows = [DailyReport(client_id=client, day=day, figures=told, made_at=now) for client, told in of_clients.items()]
    return [*rows, DailyReport(day=day, figures=whole, made_at=now)]


def _tell_daily(made: list[DailyReport], now: datetime) -> None:
    """One message each, about all the days that were made for it."""
    by_client: dict[int | None, list[DailyReport]] = {}
    for row in made:
        by_client.setdefault(row.client_id, []).append(row)
    for client, rows in by_client.items():
        payload = {"ids": [row.pk for row in rows]}
        outbox.publish("report.daily", payload, key=f"{client or 0}:{rows[-1].day}", now=now)


@transaction.atomic
def make_weekly(now: datetime) -> WeeklyReport | None:
    """What changed most last week, once, from Monday's hour on; None if it is made, or too early."""
    policy = LoopPolicy.current()
    this_monday = monday_of(now)
    if timezone.localdate(now) == this_monday and _too_early(now, policy):
        return None
    _lock()
    monday = this_monday - timedelta(days=7)
    if WeeklyReport.objects.filter(monday=monday).exists():
        return None
    found = figures(Period(monday, monday + 6 * DAY), now, OrderPolicy.current())
    made = WeeklyReport.objects.create(monday=monday, changes=changes(found, policy.weekly_sample), made_at=now)
    outbox.publish("report.weekly", {"id": made.pk}, key=str(monday), now=now)
    return made


def changes(found: Figures, sample: int) -> list[dict[str, Any]]:
    """The figures that changed most against the week before, with both numbers and their samples."""
    pairs = {key: (found.total(key), found.before(key)) for key in KPIS}
    steps = largest({key: (_sample(new), _sample(old)) for key, (new, old) in pairs.items()}, count=TOLD, sample=sample)
    return [_step(step.key, *pairs[step.key]) for step in steps]


def _sample(cell: Cell) -> Sample | None:
    return None if cell.mean is None else Sample(cell.n, cell.mean, cell.spread)


def _step(key: str, new: Cell, old: Cell) -> dict[str, Any]:
    number = KPIS[key].number
    return {"key": key, "now": number(new), "before": number(old), "n": new.n, "n_before": old.n}


def choose(user: User, wanted: Mapping[str, bool]) -> None:
    """Which reports a person wants (`daily`, `weekly`)."""
    ReportChoice.objects.update_or_create(user=user, defaults=dict(wanted))
