"""What a plan would change, in groups that stand or fall together, and whether a group still holds and is worth it.

A group is judged by the rules and values of single pairs on what is true now, not by the plan: a plan that was cut
short, or made a moment ago, may well ask for moves that are no gain (any more).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from orders.matching import (
    SHANGHAI,
    Booking,
    Candidate,
    Need,
    PositionProposal,
    Proposal,
    ShiftProposal,
    Weights,
    reasons_against,
)
from orders.matching.prepared import Index
from orders.matching.scoring import base_parts, continuity
from orders.matching.value import is_novice, plan_value
from orders.models import Position
from orders.needs import Sets
from orders.services.horizon import Horizon, time_of
from orders.states import OrderStatus


@dataclass(frozen=True, slots=True)
class Move:
    """A place as it was when the plan was made, and whom it is to have; None: nobody any more."""

    place: Position
    choice: PositionProposal | None

    @property
    def old(self) -> int | None:
        """Who was proposed."""
        return self.place.proposed_worker_id

    @property
    def new(self) -> int | None:
        """Who is to be."""
        return self.choice.worker if self.choice else None


Group = Sequence[Move]
Person = Callable[[int], Candidate | None]
# Rest and ways are shorter.
NEAR: Final = timedelta(days=1)
# So many more shifts of this length a person may take in one week by the same plan.
MOST_TAKEN: Final = 3


def moves_of(horizon: Horizon, plan: Proposal) -> list[Move]:
    """The changes: whoever stays on a shift keeps the very place, and as few places as possible change."""
    return [move for answer in plan.shifts for move in _of_shift(horizon.movable[answer.need.shift_id], answer)]


def _of_shift(places: Sequence[Position], answer: ShiftProposal) -> Iterator[Move]:
    chosen = {one.worker: one for one in answer.positions if one.worker is not None}
    left = [place for place in places if place.proposed_worker_id not in chosen]
    # Whoever loses the place is replaced before an open one is filled.
    left.sort(key=lambda place: (place.proposed_worker_id is None, place.pk))
    staying = {place.proposed_worker_id for place in places}
    coming = [one for worker, one in chosen.items() if worker not in staying]
    for n, place in enumerate(left):
        choice = coming[n] if n < len(coming) else None
        if choice is not None or place.proposed_worker_id is not None:
            yield Move(place, choice)


def groups_of(moves: Iterable[Move], horizon: Horizon, person_of: Person) -> list[Group]:
    """Moves that only make sense together, in the order of their first."""
    root: dict[Hashable, Hashable] = {}

    def find(key: Hashable) -> Hashable:
        while root.setdefault(key, key) != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    listed = list(moves)
    for one, other in _ties(listed, horizon, person_of):
        root[find(one)] = find(other)
    found: dict[Hashable, list[Move]] = defaultdict(list)
    for move in listed:
        found[find(("shift", move.place.shift_id))].append(move)
    return list(found.values())


def _ties(moves: Sequence[Move], horizon: Horizon, person_of: Person) -> Iterator[tuple[Hashable, Hashable]]:
    """Moves of a shift share its key; what ties them to others: an order not yet proposed, one person's shifts of an
    order, and a place that a person must leave to take another."""
    left: dict[int, list[int]] = defaultdict(list)
    taken: dict[int, list[int]] = defaultdict(list)
    for move in moves:
        shift = move.place.shift_id
        order = horizon.orders[horizon.needs[shift].order_id]
        if order.status == OrderStatus.SUBMITTED:
            yield ("shift", shift), ("order", order.pk)
        for worker, listed in ((move.old, left), (move.new, taken)):
            if worker is not None:
                yield ("shift", shift), ("worker on order", worker, order.pk)
                listed[worker].append(shift)
    for worker in left.keys() & taken.keys():
        for one, other in product(left[worker], taken[worker]):
            if _in_the_way(horizon.needs[one], horizon.needs[other], person_of(worker)):
                yield ("shift", one), ("shift", other)


def _in_the_way(left: Need, taken: Need, person: Candidate | None) -> bool:
    """Whether one must be given up for the other: too near each other, or too many hours for the week together.

    Too many ties only make groups larger; too few make them fail.
    """
    if left.start - taken.end < NEAR and taken.start - left.end < NEAR:
        return True
    if person is None or person.weekly_cap is None or _week(left.start) != _week(taken.start):
        return False
    booked = sum((b.end - b.start for b in person.bookings if _week(b.start) == _week(left.start)), timedelta())
    return booked + (taken.end - taken.start) * MOST_TAKEN > person.weekly_cap


def _week(moment: datetime) -> tuple[int, int]:
    year, week, _ = moment.astimezone(SHANGHAI).isocalendar()
    return year, week


class Staffing:
    """Who is on the movable places: by shift, and by worker. It follows the moves that are made."""

    def __init__(self, horizon: Horizon) -> None:
        self.crew: dict[int, set[int]] = defaultdict(set)
        self.shifts: dict[int, set[int]] = defaultdict(set)
        for held in horizon.present():
            self._add(held.worker_id, held.shift_id)

    def make(self, group: Group) -> None:
        """The moves are made."""
        for move in group:
            self._remove(move.old, move.place.shift_id)
        for move in group:
            self._add(move.new, move.place.shift_id)

    def undo(self, group: Group) -> None:
        """They are not."""
        for move in group:
            self._remove(move.new, move.place.shift_id)
        for move in group:
            self._add(move.old, move.place.shift_id)

    def _add(self, worker: int | None, shift: int) -> None:
        if worker is not None:
            self.crew[shift].add(worker)
            self.shifts[worker].add(shift)

    def _remove(self, worker: int | None, shift: int) -> None:
        if worker is not None:
            self.crew[shift].discard(worker)
            self.shifts[worker].discard(shift)


class Judge:
    """Judges groups one after the other. `people` are those of the touched shifts as they are now, with all bookings,
    of which `staffing` (as far as moves have been made and written) is a part."""

    def __init__(
        self,
        horizon: Horizon,
        staffing: Staffing,
        weights: Weights,
        people: Mapping[int, Candidate],
        *,
        gone: Sets,
        blocked: Sets,
    ) -> None:
        self.horizon, self.staffing, self.weights, self.gone = horizon, staffing, weights, gone
        self.needs: dict[int, Need] = {}
        self.blocked = blocked
        # What the plan does not decide, beside everybody's movable places at the start.
        self.people = {pk: replace(who, bookings=self._others(who)) for pk, who in people.items()}

    def _others(self, person: Candidate) -> tuple[Booking, ...]:
        decided = {self._key(self.horizon.needs[shift]) for shift in self.staffing.shifts.get(person.id, ())}
        return tuple(b for b in person.bookings if (b.start, b.end, b.order_id) not in decided)

    @staticmethod
    def _key(need: Need) -> tuple[object, ...]:
        return need.start, need.end, need.order_id

    def makes(self, group: Group) -> bool:
        """Make the moves if everybody may take their place and the whole is worth more than what there is.

        What there is counts `stay` for every unconfirmed choice that is given up.
        """
        before = self._worth(group, (move.old for move in group), present=True)
        self.staffing.make(group)
        may = all(self._may(move.new, move.place.shift_id) for move in group if move.new is not None)
        if may and self._worth(group, (move.new for move in group), present=False) > before:
            return True
        self.staffing.undo(group)
        return False

    def _worth(self, group: Group, chosen: Iterable[int | None], *, present: bool) -> int:
        """Value units of whoever is chosen for the group's places, as staffed at the moment."""
        pairs = [(who, move.place.shift_id) for who, move in zip(chosen, group, strict=True) if who is not None]
        values = sum(self._value(who, shift, present=present) for who, shift in pairs if self._may(who, shift))
        shifts = {move.place.shift_id for move in group}
        novices = sum(min(self.horizon.needs[shift].novice_places, self._novices(shift)) for shift in shifts)
        workers = {worker for move in group for worker in (move.old, move.new) if worker is not None}
        again = sum(self._again(worker) for worker in workers)
        weights = self.weights
        return values + weights.novice_first * novices + weights.point * weights.continuity * again

    def _may(self, worker: int, shift: int) -> bool:
        """Whether the worker may take the shift beside everything else."""
        person = self.people.get(worker)
        if person is None or worker in self.gone.get(shift, ()):
            return False
        others = [time_of(self.horizon.needs[other]) for other in self.staffing.shifts[worker] if other != shift]
        whole = replace(person, bookings=(*person.bookings, *others))
        return not any(reasons_against(self._need(shift), whole, weights=self.weights))

    def _need(self, shift: int) -> Need:
        if shift not in self.needs:
            need = self.horizon.needs[shift]
            self.needs[shift] = replace(need, blocked=self.blocked.get(need.client_id, frozenset()))
        return self.needs[shift]

    def _value(self, worker: int, shift: int, *, present: bool) -> int:
        """The pair's value but for places held for novices and for continuity within the plan."""
        need, person = self._need(shift), self.people[worker]
        index = Index([need], [person], weights=self.weights)
        view, who = index.needs[0], index.people[worker]
        parts = (*base_parts(view, who, self.weights), continuity(who.on_other_shift(view), self.weights))
        return plan_value(need, person, parts, self.weights, present=present)

    def _novices(self, shift: int) -> int:
        return sum(is_novice(self.people[who], self.weights) for who in self.staffing.crew[shift] if who in self.people)

    def _again(self, worker: int) -> int:
        """Shifts beyond the first of each order."""
        orders = Counter(self.horizon.needs[shift].order_id for shift in self.staffing.shifts[worker])
        return sum(n - 1 for n in orders.values())
