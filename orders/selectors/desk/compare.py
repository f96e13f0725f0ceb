"""Two people side by side for one place: points part by part, what speaks against them, and what they did before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone

from orders import matching_text as text
from orders.matching import ScorePart, part_from_dict
from orders.models import Assignment, MatchShift, Position, Shift
from orders.selectors.desk import candidates, explaining, live
from orders.selectors.desk.proposal import LOST
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus
from workers.models import Worker

CHOICES = 40


@dataclass(frozen=True, slots=True)
class Past:
    """Services for the order's client and at its site, the latest of them, lost ones (no-shows and what was given
    back), and the time booked in the week of the shift."""

    client: int = 0
    site: int = 0
    last: datetime | None = None
    lost: int = 0
    week: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. `parts`: name → (points, most, words)."""

    worker: Worker
    score: int | None
    parts: Mapping[str, tuple[int, int, str]]
    reasons: Sequence[str]
    past: Past
    present: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the points for both; a part that one of them does not have is None."""

    name: str
    first: tuple[int, int, str] | None
    second: tuple[int, int, str] | None

    @property
    def difference(self) -> int:
        """Points that the first has more."""
        return (self.first[0] if self.first else 0) - (self.second[0] if self.second else 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sides` are two, `rows` their parts in the engine's order; `difference`: points that the first has more."""

    sides: Sequence[Side]
    rows: Sequence[Row]
    difference: int | None

    @property
    def less(self) -> int | None:
        """Points that the second has more."""
        return None if self.difference is None else -self.difference


def of(position: Position, pair: Sequence[int], now: datetime) -> Comparison | None:
    """The two people for the place; None if one of them is unknown or they are the same."""
    people = explaining.people(pair)
    if len(people) != 2:
        return None
    match = position.match or candidates.newest_match(position.shift)
    named, past = explaining.names(), _past(position.shift, list(people))
    told = _told(position, match, list(people), named, now)
    sides = [Side(people[pk], *told[pk], past[pk], present=pk == position.proposed_worker_id) for pk in pair]
    return Comparison(sides, _rows(sides), _difference(sides))


def choices(position: Position) -> list[Worker]:
    """Who can be put beside each other: whoever has the place, and the best of the ranking, by rank."""
    match = position.match or candidates.newest_match(position.shift)
    ranked = [row["worker"] for row in match.ranked[:CHOICES]] if match else []
    first = [position.proposed_worker_id] if position.proposed_worker_id else []
    ids = list(dict.fromkeys([*first, *ranked]))
    found = explaining.people(ids)
    return [found[pk] for pk in ids if pk in found]


Told = tuple[int | None, Mapping[str, tuple[int, int, str]], Sequence[str]]


def _told(
    place: Position, match: MatchShift | None, ids: Sequence[int], named: Mapping[str, str], now: datetime
) -> Mapping[int, Told]:
    """Points, parts and reasons: of the stored ranking if it lists both, else of both as they stand now.

    That somebody has the place does not stand against them.
    """
    rows: dict[int, Any] = {row["worker"]: row for row in match.ranked} if match else {}
    if all(pk in rows for pk in ids):
        kept = {pk: [part_from_dict(part) for part in rows[pk]["parts"]] for pk in ids}
        return {pk: (rows[pk]["score"], _worded(kept[pk], named), ()) for pk in ids}
    standing = live.standing(place.shift, ids, named, now, holder=place.proposed_worker_id)
    return {
        pk: (one.score, _worded(one.parts, named), one.reasons) if (one := standing.get(pk)) else (None, {}, ())
        for pk in ids
    }


def _worded(parts: Sequence[ScorePart], named: Mapping[str, str]) -> dict[str, tuple[int, int, str]]:
    return {text.part_name(part.code): (part.points, part.max_points, text.part_text(part, named)) for part in parts}


def _rows(sides: Sequence[Side]) -> list[Row]:
    # who lacks a skill has no part for it: the other one's order counts
    fullest = sorted(sides, key=lambda side: -len(side.parts))
    names = dict.fromkeys(name for side in fullest for name in side.parts)
    return [Row(name, sides[0].parts.get(name), sides[1].parts.get(name)) for name in names]


def _difference(sides: Sequence[Side]) -> int | None:
    first, second = sides[0].score, sides[1].score
    return None if first is None or second is None else first - second


def _past(shift: Shift, ids: Sequence[int]) -> dict[int, Past]:
    """What the people did for the client, and how much they have in the week of the shift: two queries."""
    order = shift.order
    served = Q(status=AssignmentStatus.COMPLETED)
    here = Q(position__shift__order__site=order.site_id) if order.site_id else Q(pk=None)
    works = Assignment.objects.filter(worker__in=ids, position__shift__order__client=order.client_id).order_by()
    rows = works.values("worker").annotate(
        client=Count("pk", filter=served),
        site=Count("pk", filter=served & here),
        last=Max("end_at", filter=served),
        lost=Count("pk", filter=Q(status__in=LOST)),
    )
    found = {row["worker"]: Past(row["client"], row["site"], row["last"], row["lost"]) for row in rows}
    weeks = _weeks(shift, ids)
    return {pk: replace(found.get(pk, Past()), week=weeks.get(pk, timedelta(0))) for pk in ids}


def _weeks(shift: Shift, ids: Sequence[int]) -> Mapping[int, timedelta]:
    """Time booked in the week (from Monday) in which the shift begins."""
    day = timezone.localtime(shift.start_at).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - timedelta(days=day.weekday())
    booked = Assignment.objects.filter(
        worker__in=ids,
        status__in=ACTIVE_ASSIGNMENT,
        start_at__gte=monday,
        start_at__lt=monday + timedelta(days=7),
    ).order_by()
    return dict(booked.values_list("worker").annotate(length=Sum(F("end_at") - F("start_at"))))
