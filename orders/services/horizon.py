"""What a batch may decide: the open and unconfirmed places of the coming days, and what they ask for.

Everything is read in a fixed number of queries, however many orders, places and people there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, Q

from orders import needs
from orders.matching import Booking, Held, Need, Weights
from orders.matching.value import held_for_novices
from orders.models import DoNotSend, Order, Position, Shift, TeamMember
from orders.needs import Sets, Terms, Times
from orders.pool import booking, gone_from
from orders.services.proposing import CONFIRMED
from orders.states import OrderStatus, PositionStatus
from staffing.core.bulk import among

WAITING = Q(status=PositionStatus.OPEN) & Q(
    shift__order__status__in=(OrderStatus.SUBMITTED, OrderStatus.PROPOSED, *CONFIRMED)
)
# A proposal that nobody has confirmed, unless a person chose it.
UNCONFIRMED = Q(status=PositionStatus.PROPOSED, chosen_by_hand=False, shift__order__status=OrderStatus.PROPOSED)
TAKEN = Q(status__in=(PositionStatus.PROPOSED, PositionStatus.OFFERED, PositionStatus.FILLED))

_SHIFT: Any = Position._meta.get_field("shift")


@dataclass(frozen=True, slots=True)
class Horizon:
    """Places by shift, in id order: `movable` ones may be given to anybody, `fixed` ones stay as they are.

    `needs` (by shift) count the movable places alone; `gone` are workers who are not asked again, by shift.
    """

    orders: Mapping[int, Terms]
    movable: Mapping[int, Sequence[Position]]
    fixed: Mapping[int, Sequence[Position]]
    needs: Mapping[int, Need]
    gone: Sets

    def present(self) -> list[Held]:
        """The unconfirmed choices."""
        return [Held(shift, worker) for shift, worker in self._chosen()]

    def given_up(self, shifts: Iterable[int] | None = None) -> Mapping[int, list[Booking]]:
        """By worker: the time that unconfirmed choices (of these shifts) take."""
        wanted = None if shifts is None else set(shifts)
        found: dict[int, list[Booking]] = defaultdict(list)
        for shift, worker in self._chosen():
            if wanted is None or shift in wanted:
                found[worker].append(time_of(self.needs[shift]))
        return found

    def _chosen(self) -> Iterable[tuple[int, int]]:
        for shift, places in self.movable.items():
            for place in places:
                if place.proposed_worker_id is not None:
                    yield shift, place.proposed_worker_id


def time_of(need: Need) -> Booking:
    """The time that one place of the need takes."""
    return booking(need.start, need.end, need.order_id, None if need.remote else need.site)


def places(now: datetime, days: int) -> Any:
    """The places that a batch may decide, by shift and id."""
    coming = Q(shift__start_at__gt=now, shift__start_at__lt=now + timedelta(days=days))
    return Position.objects.filter(WAITING | UNCONFIRMED, coming).order_by("shift__start_at", "shift_id", "id")


def digest(now: datetime, days: int, weights: Weights) -> str:
    """Changes when a place may be decided that could not before, or otherwise; three small queries."""
    facts: list[Any] = [weights.version]
    for model in (DoNotSend, TeamMember):
        facts.append(sorted(model.objects.aggregate(n=Count("pk"), last=Max("pk")).items()))
    columns = ("pk", "status", "proposed_worker", "shift__order__status", "shift__order__client__value")
    facts += places(now, days).values_list(*columns)
    return sha256(repr(facts).encode()).hexdigest()


def read(now: datetime, days: int, weights: Weights) -> Horizon:
    """The places of the coming days as they are now.

    An order that waits for its first matching is left to that, unless all of it lies within the horizon.
    """
    movable: dict[int, list[Position]] = defaultdict(list)
    for place in places(now, days):
        movable[place.shift_id].append(place)
    shifts = {shift.pk: shift for shift in Shift.objects.filter(among("pk", movable))}
    orders = _orders({shift.order_id for shift in shifts.values()}, now + timedelta(days=days))
    shifts = {pk: shifts[pk] for pk in movable if pk in shifts and shifts[pk].order_id in orders}
    movable = {pk: _at(shift, movable[pk]) for pk, shift in shifts.items()}
    fixed = _fixed(movable)
    plain = needs.read(orders, (Times(s.pk, s.order_id, s.start_at, s.end_at, s.headcount) for s in shifts.values()))
    share = weights.novice_percent
    sized = {pk: _sized(need, share, movable[pk], fixed.get(pk, ())) for pk, need in plain.items()}
    return Horizon(orders, movable, fixed, sized, gone_from(movable))


def _at(shift: Shift, places: list[Position]) -> list[Position]:
    """The places with their shift at hand: one object for all of them, where a join would make one each."""
    for place in places:
        _SHIFT.set_cached_value(place, shift)
    return places


def _orders(ids: Iterable[int], until: datetime) -> Mapping[int, Terms]:
    rows = Order.objects.filter(among("pk", ids)).annotate(last=Max("shifts__start_at"))
    found = [(Terms(*terms), last) for *terms, last in rows.order_by().values_list(*needs.COLUMNS, "last")]
    return {terms.pk: terms for terms, last in found if terms.status != OrderStatus.SUBMITTED or last < until}


def _fixed(movable: Mapping[int, Sequence[Position]]) -> Mapping[int, Sequence[Position]]:
    decided = {place.pk for of in movable.values() for place in of}
    found: dict[int, list[Position]] = defaultdict(list)
    for place in Position.objects.filter(TAKEN, among("shift_id", movable)).exclude(UNCONFIRMED).order_by("id"):
        # of those decided, some may have been taken since they were read
        if place.pk not in decided:
            found[place.shift_id].append(place)
    return found


def _sized(need: Need, share: int, movable: Sequence[Position], fixed: Sequence[Position]) -> Need:
    """Only the places that can be decided; a novice who has a place for novices already counts as one."""
    novices = held_for_novices(need, share) - sum(place.novice for place in fixed)
    size = (len(movable), max(0, novices))
    # mostly nothing is given yet
    same = size == (need.headcount, need.novice_places)
    return need if same else replace(need, headcount=size[0], novice_places=size[1])
