"""An order in memory: its rows, and what its places are waiting for."""

from dataclasses import dataclass, field

from orders.models import Assignment, Offer, Order, Position, Replacement, Shift
from orders.states import PositionStatus
from staffing.demo.past.world import Person
from staffing.demo.seed.demand import Ask


@dataclass(slots=True)
class Place:
    """One position, with the offer or assignment it holds."""

    job: "Job"
    row: Position
    shift: Shift
    waves: int = 0
    pending: Offer | None = None
    work: Assignment | None = None
    replacement: Replacement | None = None
    courting: Person | None = None

    @property
    def holder(self) -> int | None:
        """The worker proposed, offered or booked here."""
        if self.row.status in (PositionStatus.PROPOSED, PositionStatus.OFFERED):
            return self.row.proposed_worker_id
        return self.work.worker_id if self.work else None


@dataclass(slots=True)
class Job:
    """One order with its places; `gone` are workers who are not asked again, by shift."""

    ask: Ask
    order: Order
    shifts: list[Shift] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    gone: dict[int, set[int]] = field(default_factory=dict)
    works: list[Assignment] = field(default_factory=list)
    trouble: int = 0

    def on_shift(self, place: Place) -> frozenset[int]:
        """Workers on other places of the same shift."""
        others = (p.holder for p in self.places if p.shift is place.shift and p is not place)
        return frozenset(worker for worker in others if worker is not None)

    def missing(self) -> bool:
        """Whether a place is not accepted."""
        return any(place.row.status != PositionStatus.FILLED for place in self.places)
