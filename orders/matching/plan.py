"""The set rules: what one worker may take together, beyond what is already booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .prepared import CandidateView, NeedView
from .types import Reason, ScorePart


@dataclass(slots=True)
class Lane:
    """One need while planning: who may come, with points, and how many places are still to fill."""

    view: NeedView
    places: int
    base: dict[int, int] = field(default_factory=dict)
    parts: dict[int, tuple[ScorePart, ...]] = field(default_factory=dict)
    rejected: dict[int, tuple[Reason, ...]] = field(default_factory=dict)
    held: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    taken: set[int] = field(default_factory=set)

    @property
    def id(self) -> int:
        """The shift's id."""
        return self.view.need.shift_id

    @property
    def open(self) -> int:
        """Places without a worker."""
        return self.places - len(self.taken)


def collide(a: NeedView, b: NeedView, rest: int) -> bool:
    """Whether one worker who rests ``rest`` microseconds cannot do both shifts."""
    return a.start < b.end + rest and b.start < a.end + rest


class Plan:
    """Who takes which lanes; existing bookings are in the candidates and already checked per lane."""

    __slots__ = ("chosen", "people")

    def __init__(self, people: Mapping[int, CandidateView]) -> None:
        self.people = people
        self.chosen: dict[int, list[Lane]] = {}

    def put(self, lane: Lane, worker: int) -> None:
        """Give the worker one place of the lane."""
        lane.taken.add(worker)
        self.chosen.setdefault(worker, []).append(lane)

    def drop(self, lane: Lane, worker: int) -> None:
        """Take the place back."""
        lane.taken.discard(worker)
        self.chosen[worker].remove(lane)

    def lanes_of(self, worker: int) -> Sequence[Lane]:
        """What the worker takes in this plan."""
        return self.chosen.get(worker, ())

    def collisions(self, lane: Lane, worker: int) -> list[Lane]:
        """Chosen lanes that overlap this one or leave too little rest."""
        rest = self.people[worker].rest
        return [other for other in self.lanes_of(worker) if collide(lane.view, other.view, rest)]

    def over_cap(self, lane: Lane, worker: int, without: Sequence[Lane] = ()) -> bool:
        """Whether the lane would break the weekly cap, leaving out the lanes ``without``."""
        who = self.people[worker]
        if who.cap is None:
            return False
        kept = [other.view for other in self.lanes_of(worker) if other not in without]
        return any(
            who.booked.get(week, 0) + elapsed + sum(e for v in kept for w, e in v.weeks if w == week) > who.cap
            for week, elapsed in lane.view.weeks
        )

    def fits(self, lane: Lane, worker: int) -> bool:
        """Whether the worker, eligible for the lane, can take it beside everything chosen so far."""
        if not self.chosen.get(worker):
            return True
        return not self.collisions(lane, worker) and not self.over_cap(lane, worker)

    def in_the_way(self, lane: Lane, worker: int) -> Lane | None:
        """The first chosen lane, by start, that keeps the worker from this one."""
        if self.fits(lane, worker):
            return None
        blocking = self.collisions(lane, worker)
        weeks = {week for week, _ in lane.view.weeks}
        sharing = (o for o in self.lanes_of(worker) if any(week in weeks for week, _ in o.view.weeks))
        return min(blocking or sharing, key=lambda other: (other.view.start, other.id))

    def ejections(self, lane: Lane, worker: int) -> Iterator[list[Lane]]:
        """Small sets of chosen lanes whose removal lets the worker take this one."""
        blocking = self.collisions(lane, worker)
        if not self.over_cap(lane, worker, blocking):
            yield blocking
            return
        for other in self.lanes_of(worker):
            if other not in blocking and not self.over_cap(lane, worker, [*blocking, other]):
                yield [*blocking, other]

    def on_order(self, lane: Lane, worker: int) -> bool:
        """Whether the worker has another shift of the lane's order, booked or in this plan."""
        who = self.people.get(worker)
        if who is not None and who.on_other_shift(lane.view):
            return True
        order = lane.view.need.order_id
        return any(other is not lane and other.view.need.order_id == order for other in self.lanes_of(worker))
