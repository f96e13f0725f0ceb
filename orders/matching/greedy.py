"""First workers and backups: the scarcest place first, the best person for it."""

from __future__ import annotations

from collections.abc import Sequence

from .plan import Lane, Plan, collide
from .types import Weights


def scarcity(lane: Lane, free: int) -> tuple[int, int, int, int]:
    """Sort key: fewest people to spare first, then the client's priority, start and id."""
    return (free - lane.open, -lane.view.need.priority, lane.view.start, lane.id)


class Greedy:
    """Fills the open places of all lanes, keeping for each lane who is still free for it."""

    def __init__(self, lanes: Sequence[Lane], plan: Plan, weights: Weights) -> None:
        self.lanes, self.plan, self.weights = lanes, plan, weights
        self.free = {lane.id: {w for w in lane.base if w not in lane.taken and plan.fits(lane, w)} for lane in lanes}
        self.siblings: dict[int, list[Lane]] = {}
        for lane in lanes:
            self.siblings.setdefault(lane.view.need.order_id, []).append(lane)

    def run(self) -> None:
        """Fill until no open place has a free person."""
        while lanes := [lane for lane in self.lanes if lane.open > 0 and self.free[lane.id]]:
            lane = min(lanes, key=lambda it: scarcity(it, len(self.free[it.id])))
            worker = min(self.free[lane.id], key=lambda w: (-lane.base[w] - self._together(lane, w), w))
            self._put(lane, worker)

    def _put(self, lane: Lane, worker: int) -> None:
        self.plan.put(lane, worker)
        for other in self.lanes:
            free = self.free[other.id]
            if worker in free and (other is lane or not self.plan.fits(other, worker)):
                free.discard(worker)

    def _together(self, lane: Lane, worker: int) -> int:
        """Continuity points that the worker has on this order, or can still earn on an open sibling."""
        siblings = self.siblings[lane.view.need.order_id]
        rest = self.plan.people[worker].rest
        can_join = any(
            s is not lane and s.open > 0 and worker in self.free[s.id] and not collide(lane.view, s.view, rest)
            for s in siblings
        )
        return self.weights.continuity if can_join or self.plan.on_order(lane, worker) else 0


def backups(lanes: Sequence[Lane], plan: Plan, weights: Weights) -> dict[int, list[int]]:
    """One backup per place, for each shift id the best first.

    A backup is eligible, is nobody's first or backup at a time that collides, and stays within the
    weekly cap even if called in, so that any of them can step in at once.
    """
    reserve = Plan(plan.people)
    reserve.chosen = {worker: list(chosen) for worker, chosen in plan.chosen.items()}
    shadows = {lane.id: _shadow(lane) for lane in lanes}
    Greedy(list(shadows.values()), reserve, weights).run()
    return {lane.id: sorted(shadows[lane.id].taken, key=lambda w: (-lane.base[w], w)) for lane in lanes}


def _shadow(lane: Lane) -> Lane:
    """The same lane with one more place for each place that has a worker."""
    base = {worker: points for worker, points in lane.base.items() if worker not in lane.taken}
    return Lane(lane.view, len(lane.taken) + len(lane.held), base)
