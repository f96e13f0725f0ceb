"""What a worker's own limits cost them: shifts that they alone stand in the way of, by the rules of matching.

Looked at are the shifts of the last weeks and those to come, `LOOKED` at most, by the worker's settings of today.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db.models import QuerySet

from orders.matching import Reason
from orders.matching.prepared import Index
from orders.matching.rules import reasons
from orders.models import Shift
from orders.pool import candidate, weights_in_force
from orders.selectors.open_shifts import needs_of
from orders.states import OrderStatus
from workers.models import Worker

LOOKED: Final = 400
WEEKS: Final = 4
Limit = Literal["time", "distance", "remote", "cap", "rest"]
LIMITS: Final[dict[str, Limit]] = {
    "outside_hours": "time",
    "time_off": "time",
    "too_far": "distance",
    "remote_not_accepted": "remote",
    "weekly_hours": "cap",
    "rest_before": "rest",
    "rest_after": "rest",
}
# Time that was given to work already: nothing was lost.
WORKING: Final = frozenset({"overlap", "travel_before", "travel_after"})


@dataclass(frozen=True, slots=True)
class Losses:
    """Of `looked` shifts: `fit` suit; `lost` by one limit alone, by limit; `several` by more than one."""

    looked: int
    cut: bool
    fit: int
    lost: dict[str, int]
    several: int


def losses(worker: Worker, now: datetime) -> Losses:
    """Counted over what clients have asked for; at most seven queries."""
    rows = list(_shifts(now)[: LOOKED + 1])
    cut, rows = len(rows) > LOOKED, rows[:LOOKED]
    if not rows:
        return Losses(0, False, 0, {}, 0)
    weights, wanted = weights_in_force(), needs_of(rows)
    start, end = min(row.start_at for row in rows), max(row.end_at for row in rows)
    index = Index(wanted.values(), [candidate(worker.pk, start, end)], weights=weights)
    who = index.people[worker.pk]
    return tally((reasons(need, who) for need in index.needs), cut=cut)


def tally(found: Iterable[Iterable[Reason]], *, cut: bool = False) -> Losses:
    """Count what stands against somebody, shift by shift."""
    looked, kinds = 0, Counter[str]()
    for against in found:
        looked += 1
        kinds[kind_of({reason.code for reason in against})] += 1
    lost: dict[str, int] = {limit: kinds[limit] for limit in dict.fromkeys(LIMITS.values()) if kinds[limit]}
    return Losses(looked, cut, kinds["fit"], lost, kinds["several"])


def kind_of(codes: set[str]) -> str:
    """`fit`, the one limit in the way, `several` of them, or `other`: not theirs anyway, or working at that time."""
    if codes & WORKING or not codes <= LIMITS.keys():
        return "other"
    limits = {LIMITS[code] for code in codes}
    return "fit" if not limits else limits.pop() if len(limits) == 1 else "several"


def _shifts(now: datetime) -> QuerySet[Shift]:
    rows = Shift.objects.filter(start_at__gte=now - timedelta(weeks=WEEKS))
    rows = rows.exclude(order__status__in=(OrderStatus.DRAFT, OrderStatus.CANCELLED))
    return rows.select_related("order__client", "order__site", "order__city").order_by("-start_at", "-id")
