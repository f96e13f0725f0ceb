"""After the greedy pass: fill places that were left open only because of an earlier choice.

Two bounded steps, both counted in nodes and never in seconds, so the result does not depend on the
machine. Ejection chains move people along alternatives (an augmenting path whose steps may free
several shifts). What is still open is then searched exhaustively per connected component where that
is small; there the number of filled places is the largest possible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .plan import Lane, Plan
from .prepared import CandidateView

CHAIN_DEPTH: Final = 4
CHAIN_NODES: Final = 20_000
# shared between all components of one call
SEARCH_NODES: Final = 40_000
SEARCH_PLACES: Final = 24

Placement = tuple[Lane, int]


class Chains:
    """Ejection chains on a plan, with a journal to take back what did not work out."""

    def __init__(self, plan: Plan, nodes: int = CHAIN_NODES) -> None:
        self.plan, self.nodes = plan, nodes
        self.journal: list[tuple[bool, Lane, int]] = []
        self.settled: set[tuple[int, int]] = set()

    def fill(self, lane: Lane) -> bool:
        """Fill one more place of the lane without opening another; False leaves the plan as it was."""
        self.journal.clear()
        self.settled.clear()
        return self._place(lane, CHAIN_DEPTH)

    def _place(self, lane: Lane, depth: int) -> bool:
        free = next((w for w in lane.order if w not in lane.taken and self.plan.fits(lane, w)), None)
        if free is not None:
            self._put(lane, free)
            return True
        return depth > 0 and any(self._eject_for(lane, w, depth) for w in lane.order if w not in lane.taken)

    def _eject_for(self, lane: Lane, worker: int, depth: int) -> bool:
        for out in list(self.plan.ejections(lane, worker)):
            self.nodes -= 1
            if self.nodes < 0:
                return False
            if any((other.id, worker) in self.settled for other in out):
                continue
            mark = len(self.journal)
            for other in out:
                self._drop(other, worker)
            self._put(lane, worker)
            if all(self._place(other, depth - 1) for other in out):
                return True
            self._undo(mark)
        return False

    def _put(self, lane: Lane, worker: int) -> None:
        self.plan.put(lane, worker)
        self.settled.add((lane.id, worker))
        self.journal.append((True, lane, worker))

    def _drop(self, lane: Lane, worker: int) -> None:
        self.plan.drop(lane, worker)
        self.journal.append((False, lane, worker))

    def _undo(self, mark: int) -> None:
        while len(self.journal) > mark:
            was_put, lane, worker = self.journal.pop()
            if was_put:
                self.plan.drop(lane, worker)
                self.settled.discard((lane.id, worker))
            else:
                self.plan.put(lane, worker)


class Search:
    """Exhaustive search for the fullest plan of a few lanes that share no worker with others."""

    def __init__(self, lanes: Sequence[Lane], people: Mapping[int, CandidateView], nodes: int) -> None:
        self.lanes = sorted(lanes, key=lambda lane: (len(lane.order) - lane.places, lane.id))
        self.nodes = nodes
        self.plan = Plan(people)
        self.now: list[Placement] = []
        self.best: list[Placement] = []
        most = [min(lane.places, len(lane.order)) for lane in self.lanes]
        self.later = [sum(most[at:]) for at in range(len(most) + 1)]

    def run(self, at_least: int) -> list[Placement] | None:
        """A plan with more than ``at_least`` places filled, the fullest that the nodes allow; None if there is none."""
        self.goal = at_least + 1
        self._lane(0, 0)
        return self.best if len(self.best) > at_least else None

    def _lane(self, at: int, first: int) -> None:
        self.nodes -= 1
        if len(self.now) >= self.goal:
            self.best, self.goal = list(self.now), len(self.now) + 1
        if self.nodes < 0 or at == len(self.lanes):
            return
        lane = self.lanes[at]
        here = min(lane.open, len(lane.order) - first)
        if len(self.now) + here + self.later[at + 1] < self.goal:
            return
        if here > 0:
            self._choose(lane, at, first)
        self._lane(at + 1, 0)

    def _choose(self, lane: Lane, at: int, first: int) -> None:
        """The places of a shift are alike: choose its people in one fixed order."""
        for index in range(first, len(lane.order)):
            worker = lane.order[index]
            if self.plan.fits(lane, worker):
                self._with(lane, worker, at, index + 1)

    def _with(self, lane: Lane, worker: int, at: int, following: int) -> None:
        self.plan.put(lane, worker)
        self.now.append((lane, worker))
        self._lane(at, following)
        self.now.pop()
        self.plan.drop(lane, worker)


def components(lanes: Sequence[Lane]) -> list[list[Lane]]:
    """Lanes grouped so that no worker is eligible in two groups."""
    groups: list[tuple[set[int], list[Lane]]] = []
    for lane in lanes:
        people, members = set(lane.base), [lane]
        apart: list[tuple[set[int], list[Lane]]] = []
        for others, theirs in groups:
            if people.isdisjoint(others):
                apart.append((others, theirs))
            else:
                people, members = people | others, theirs + members
        groups = [*apart, (people, members)]
    return [members for _, members in groups]


def improve(lanes: Sequence[Lane], plan: Plan) -> None:
    """Fill what can still be filled."""
    chains = Chains(plan)
    for lane in sorted(lanes, key=lambda it: (-it.view.need.priority, it.view.start, it.id)):
        while lane.open > 0 and chains.fill(lane):
            pass
    if any(lane.open > 0 and len(lane.order) > len(lane.taken) for lane in lanes):
        _search_components(lanes, plan)


def _search_components(lanes: Sequence[Lane], plan: Plan) -> None:
    nodes = SEARCH_NODES
    for group in components(lanes):
        if (
            nodes <= 0
            or not 0 < sum(lane.open for lane in group) <= sum(lane.places for lane in group) <= SEARCH_PLACES
        ):
            continue
        before = [(lane, worker) for lane in group for worker in sorted(lane.taken)]
        for lane, worker in before:
            plan.drop(lane, worker)
        search = Search(group, plan.people, nodes)
        for lane, worker in search.run(len(before)) or before:
            plan.put(lane, worker)
        nodes = search.nodes
