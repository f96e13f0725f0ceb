"""Which places of a week one person could take as things are now: asked once before they are dropped on one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from orders import matching_text as text
from orders import needs, snapshot
from orders.matching import Candidate, Need
from orders.models import Order, Position, Shift
from orders.needs import Terms, Times, ceil_minute, floor_minute
from orders.pool import gone_from, weights_in_force
from orders.selectors.desk import explaining, live
from orders.selectors.desk.live import Judged, Now
from orders.selectors.desk.proposal import LIVE
from orders.selectors.desk.week import Week, in_week, places
from orders.services.assigning import seen_of
from orders.services.bookings import NEVER_OVERRIDDEN
from orders.states import PositionStatus
from orders.whatif import placed_on

# Places that the chooser offers at once.
SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class Target:
    """A place to move somebody to: `value` says which, and as it was seen; `now` how they stand to it."""

    place: Position
    value: str
    now: Now


def shifts_of(orders: Collection[Order], week: Week, now: datetime) -> list[Shift]:
    """The shifts of these orders in the week that are not over (one query)."""
    found = Shift.objects.filter(in_week(week), order__in=[order.pk for order in orders], end_at__gt=now)
    return list(found.select_related("order__client", "order__site", "order__city").order_by("start_at", "id"))


def reach(worker_id: int, shifts: Sequence[Shift], now: datetime, *, leaving: Shift | None = None) -> dict[int, Judged]:
    """By shift: how the person stands to it, once they have left the place of `leaving`. A fixed number of queries."""
    person = snapshot.candidates([worker_id], now, snapshot.available(now)).get(worker_id) if shifts else None
    if person is None:
        return {}
    person = _without(person, leaving) if leaving else person
    ids = [shift.pk for shift in shifts]
    weights, gone, placed = weights_in_force(), gone_from(ids), placed_on(ids)
    here = {pk: placed.get(pk, set()) for pk in ids}
    wanted = _needs(shifts, now)
    return {
        pk: live.judge(wanted[pk], person, weights, placed=here[pk], gone=gone.get(pk, frozenset())) for pk in wanted
    }


def _without(person: Candidate, leaving: Shift) -> Candidate:
    """As if what they have of this shift were not theirs any more."""
    times = (floor_minute(leaving.start_at), ceil_minute(leaving.end_at), leaving.order_id)
    kept = [one for one in person.bookings if (one.start, one.end, one.order_id) != times]
    return replace(person, bookings=tuple(kept))


def _needs(shifts: Sequence[Shift], now: datetime) -> Mapping[int, Need]:
    terms = {shift.order_id: Terms.of(shift.order) for shift in shifts}
    times = (Times(s.pk, s.order_id, max(s.start_at, now), s.end_at, s.headcount) for s in shifts)
    return needs.read(terms, times)


def told(found: Mapping[int, Judged]) -> dict[str, Any]:
    """The answer for the browser: points by shift, and shifts with the same reasons together, in words."""
    by_codes: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, judged in found.items():
        if judged.reasons:
            by_codes[tuple(dict.fromkeys(reason.code for reason in judged.reasons))].append(pk)
    out = [
        {"ids": ids, "why": "\n".join(text.brief_texts(codes)), "never": not NEVER_OVERRIDDEN.isdisjoint(codes)}
        for codes, ids in by_codes.items()
    ]
    scores = {str(pk): sum(part.points for part in one.parts) for pk, one in found.items() if not one.reasons}
    return {"scores": scores, "out": out}


def targets(place: Position, week: Week, now: datetime, picked: int | None = None) -> list[Target]:
    """Where whoever is on the place could go in the week: one place a shift, those that suit first; `picked` above."""
    found = _one_a_shift(place, week, now, picked)
    leaving = place.shift
    assert place.proposed_worker_id is not None
    judged = reach(place.proposed_worker_id, [one.shift for one in found], now, leaving=leaving)
    named = explaining.names() if any(one.reasons for one in judged.values()) else {}
    words = live.in_words(judged, named)
    listed = [Target(one, value_of(one), words[one.shift_id]) for one in found if one.shift_id in words]
    listed.sort(key=lambda one: (one.place.pk != picked, bool(one.now.reasons), one.place.shift.start_at))
    return listed[:SHOWN]


def value_of(place: Position) -> str:
    """A place as it is seen, in one word."""
    return f"{place.pk}.{seen_of(place.status, place.proposed_worker_id)}"


def _one_a_shift(place: Position, week: Week, now: datetime, picked: int | None) -> list[Position]:
    """The open places of other shifts, the first of each; and the one picked, whoever has it."""
    found = places(week).filter(shift__end_at__gt=now, shift__order__status__in=LIVE).exclude(shift=place.shift_id)
    wanted = found.filter(status=PositionStatus.OPEN)
    if picked:
        wanted = wanted | found.filter(pk=picked)
    rows = wanted.select_related("shift__order__site", "shift__order__city", "proposed_worker__user")
    first: dict[int, Position] = {}
    for row in rows:
        if row.shift_id not in first or row.pk == picked:
            first[row.shift_id] = row
    return list(first.values())
