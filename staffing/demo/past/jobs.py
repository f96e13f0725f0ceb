"""An order in memory: its rows, and what its places are waiting for."""

from dataclasses import dataclass, field
from datetime import datetime

from orders.matching import Booking, LatLng
from orders.models import Assignment, Offer, Order, Position, Replacement, Shift
from orders.pool import booking
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

    def booking(self, start: datetime, end: datetime) -> Booking:
        """Time given to this place, and where that is."""
        site = self.job.ask.site
        return booking(start, end, self.job.order.pk, LatLng(site.latitude, site.longitude) if site else None)


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
