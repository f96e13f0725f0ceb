"""What a plan would change, in groups that stand or fall together, and whether a group still holds and is worth it.

A group is judged by the rules and values of single pairs on what is true now, not by the plan: a plan that was cut
short, or made a moment ago, may well ask for moves that are no gain (any more).
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from orders.matching import (
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
from orders.services.horizon import Horizon, Sets, time_of
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
Crew = Mapping[int, frozenset[int]]


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


def groups_of(moves: Iterable[Move], horizon: Horizon) -> list[Group]:
    """Moves that share a shift, a person, or an order not yet proposed, in the order of their first."""
    root: dict[Hashable, Hashable] = {}

    def find(key: Hashable) -> Hashable:
        while root.setdefault(key, key) != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    listed = list(moves)
    for move in listed:
        first, *others = _ties(move, horizon)
        for key in others:
            root[find(key)] = find(first)
    found: dict[Hashable, list[Move]] = defaultdict(list)
    for move in listed:
        found[find(("shift", move.place.shift_id))].append(move)
    return list(found.values())


def _ties(move: Move, horizon: Horizon) -> list[tuple[str, int]]:
    order = horizon.orders[horizon.needs[move.place.shift_id].order_id]
    people = [("worker", worker) for worker in (move.old, move.new) if worker is not None]
    whole = [("order", order.pk)] if order.status == OrderStatus.SUBMITTED else []
    return [("shift", move.place.shift_id), *people, *whole]


def crews(horizon: Horizon, plan: Proposal) -> tuple[Crew, Crew]:
    """Who is on the movable places of each shift: now, and by the plan."""
    before = {
        shift: frozenset(place.proposed_worker_id for place in places if place.proposed_worker_id is not None)
        for shift, places in horizon.movable.items()
    }
    after = {
        answer.need.shift_id: frozenset(one.worker for one in answer.positions if one.worker is not None)
        for answer in plan.shifts
    }
    return before, after


@dataclass(frozen=True, slots=True)
class Side:
    """One of two ways to staff the movable places: by shift, and by worker."""

    crew: Crew
    shifts: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, crew: Crew) -> "Side":
        """With the shifts of each worker."""
        shifts: dict[int, list[int]] = defaultdict(list)
        for shift, workers in crew.items():
            for worker in workers:
                shifts[worker].append(shift)
        return cls(crew, shifts)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges groups. `people` are those of the touched shifts as they are now, with all their bookings."""

    horizon: Horizon
    before: Side
    after: Side
    weights: Weights
    people: Mapping[int, Candidate]
    gone: Sets
    blocked: Sets

    def holds(self, group: Group) -> bool:
        """Whether everybody who gets a place may take it, and the whole is worth more than what there is.

        What there is counts `stay` for every unconfirmed choice that is given up.
        """
        coming = [(move.new, move.place.shift_id) for move in group if move.new is not None]
        return all(self._may(who, shift, self.after) for who, shift in coming) and self.gain(group) > 0

    def gain(self, group: Group) -> int:
        """Value units that the group is worth more than what there is."""
        shifts = {move.place.shift_id for move in group}
        workers = {worker for move in group for worker in (move.old, move.new) if worker is not None}
        new = [(move.new, move.place.shift_id) for move in group if move.new is not None]
        old = [(move.old, move.place.shift_id) for move in group if move.old is not None]
        gained = sum(self._value(who, shift, present=False) for who, shift in new)
        lost = sum(self._value(who, shift, present=True) for who, shift in old if self._may(who, shift, self.before))
        return gained - lost + self._worth(self.after, shifts, workers) - self._worth(self.before, shifts, workers)

    def _may(self, worker: int, shift: int, side: Side) -> bool:
        """Whether the worker may take the shift beside what else the side gives them."""
        person = self.people.get(worker)
        if person is None or worker in self.gone.get(shift, ()):
            return False
        others = [time_of(self.horizon.needs[other]) for other in side.shifts.get(worker, ()) if other != shift]
        whole = replace(person, bookings=(*self._fixed(person), *others))
        return not any(reasons_against(self._need(shift), whole, weights=self.weights))

    def _need(self, shift: int) -> Need:
        need = self.horizon.needs[shift]
        return replace(need, blocked=self.blocked.get(need.client_id, frozenset()))

    def _fixed(self, person: Candidate) -> list[Booking]:
        """Bookings that the plan does not decide."""
        decided = {self._key(self.horizon.needs[shift]) for shift in self.before.shifts.get(person.id, ())}
        return [b for b in person.bookings if (b.start, b.end, b.order_id) not in decided]

    @staticmethod
    def _key(need: Need) -> tuple[object, ...]:
        return need.start, need.end, need.order_id

    def _value(self, worker: int, shift: int, *, present: bool) -> int:
        """The pair's value but for places held for novices and for continuity within the plan."""
        need, person = self._need(shift), self.people[worker]
        alone = replace(person, bookings=tuple(self._fixed(person)))
        index = Index([need], [alone], weights=self.weights)
        view, who = index.needs[0], index.people[worker]
        parts = (*base_parts(view, who, self.weights), continuity(who.on_other_shift(view), self.weights))
        return plan_value(need, alone, parts, self.weights, present=present)

    def _worth(self, side: Side, shifts: Iterable[int], workers: Iterable[int]) -> int:
        """What these shifts' places for novices and these workers' further shifts of an order add."""
        held = (min(self.horizon.needs[s].novice_places, self._novices(side.crew.get(s, ()))) for s in shifts)
        again = sum(
            n - 1
            for worker in workers
            for n in Counter(self.horizon.needs[s].order_id for s in side.shifts.get(worker, ())).values()
        )
        return self.weights.novice_first * sum(held) + self.weights.point * self.weights.continuity * again

    def _novices(self, crew: Iterable[int]) -> int:
        return sum(is_novice(self.people[who], self.weights) for who in crew if who in self.people)
