"""Counting the figures of past days beforehand, and again whenever one of their rows has changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from feedback.models import LoopPolicy, Review, Survey
from feedback.models.figures import CountedDay, StaleDay
from feedback.selectors import counted
from feedback.selectors.cuts import EVERYTHING
from feedback.selectors.period import DAY, midnight
from feedback.selectors.sources import Window
from orders.models import Order, OrderPolicy

# One statement counts so many days: the lock is held, and the work lost by a stop, for about a second.
TOGETHER: Final = 7
# Of the advisory lock: whoever counts.
LOCK: Final = 0x4669_6775


def refresh(now: datetime, *, most: int = 70) -> int:
    """Count up to `most` days that were never counted, or whose rows or rules have changed; the latest first.

    Returns how many. While somebody else counts, nothing is done.
    """
    policy, loop = OrderPolicy.current(), LoopPolicy.current()
    days, done = wanted(now, policy, loop)[:most], 0
    for first in range(0, len(days), TOGETHER):
        done += _count(sorted(days[first : first + TOGETHER]), now, policy, loop)
    forget()
    return done


def wanted(now: datetime, policy: OrderPolicy, loop: LoopPolicy) -> list[date]:
    """The days that are over for good and not counted as they are now, the latest first. Few queries."""
    first = _first_day()
    if first is None:
        return []
    over = timezone.localtime(counted.settled_before(now, policy)).date()
    same = CountedDay.objects.filter(rules=counted.rules(policy, loop), at__lte=now)
    known = set(same.values_list("day", flat=True)) - set(StaleDay.objects.values_list("day", flat=True).distinct())
    days = [over - n * DAY for n in range(1, (over - first).days + 1)]
    return [day for day in days if day not in known]


def _first_day() -> date | None:
    moments = (
        Order.objects.aggregate(at=Min("submitted_at"))["at"],
        Order.objects.exclude(submitted_at=None).aggregate(at=Min("starts_at"))["at"],
        Survey.objects.aggregate(at=Min("sent_at"))["at"],
        Review.objects.aggregate(at=Min("created_at"))["at"],
    )
    known = [timezone.localtime(moment).date() for moment in moments if moment]
    return min(known) if known else None


@transaction.atomic
def _count(days: Sequence[date], now: datetime, policy: OrderPolicy, loop: LoopPolicy) -> int:
    if not _alone():
        return 0
    counted.count(days, Window(midnight(days[0]), midnight(days[-1] + DAY), now, EVERYTHING, policy, loop))
    return len(days)


@transaction.atomic
def forget() -> int:
    """Delete marks of days that nobody has counted: whoever counts them later sees the change itself. Rows deleted."""
    if not _alone():
        return 0
    return StaleDay.objects.exclude(day__in=CountedDay.objects.values("day")).delete()[0]


def _alone() -> bool:
    """Whether this transaction has the lock of the counting; it is given back with its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
