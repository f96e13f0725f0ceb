"""One order as the dispatcher sees it: its places, who is chosen for each and why, and how far it has come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from orders.models import Assignment, DoNotSend, Offer, Order, Position, Replacement, Shift, TeamMember
from orders.selectors.desk import explaining
from orders.selectors.desk.explaining import Choice
from orders.selectors.desk.queue import rows
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus, TimesheetStatus

CAME = (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
LOST = (AssignmentStatus.NO_SHOW, AssignmentStatus.CANCELLED, AssignmentStatus.RELEASED)
EXCHANGEABLE = (PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED)
LIVE = (OrderStatus.PROPOSED, OrderStatus.OFFERING, OrderStatus.FILLED, OrderStatus.IN_SERVICE)
CANCELLABLE = (OrderStatus.SUBMITTED, OrderStatus.PROPOSED, OrderStatus.OFFERING, OrderStatus.FILLED)


def exchangeable(position: Position) -> bool:
    """Whether another worker may still be put on the place of a live order."""
    return position.status in EXCHANGEABLE and position.shift.order.status in LIVE


@dataclass(frozen=True, slots=True)
class Place:
    """One position with everything that is true of it now."""

    position: Position
    offer: Offer | None
    work: Assignment | None
    lost: Sequence[Assignment]
    seeking: Replacement | None
    choice: Choice | None
    late: bool

    @property
    def exchangeable(self) -> bool:
        """Whether another worker may still be put here."""
        return exchangeable(self.position)

    @property
    def wanting(self) -> bool:
        """Whether nobody is chosen yet."""
        return self.position.status == PositionStatus.OPEN

    @property
    def releasable(self) -> bool:
        """Whether a booked worker sits here who has not come yet."""
        return self.work is not None and self.work.status == AssignmentStatus.BOOKED

    @property
    def inside(self) -> bool:
        """Whether the worker has come and not left."""
        return self.work is not None and self.work.status == AssignmentStatus.CHECKED_IN

    @property
    def disputed(self) -> bool:
        """Whether the client disputes the hours."""
        sheet = getattr(self.work, "timesheet", None) if self.work else None
        return sheet is not None and sheet.status == TimesheetStatus.DISPUTED


@dataclass(frozen=True, slots=True)
class Board:
    """A shift with its places. `begun`: its start has passed."""

    shift: Shift
    places: Sequence[Place]
    begun: bool
    over: bool

    @property
    def filled(self) -> int:
        """Places with somebody booked."""
        return sum(place.position.status == PositionStatus.FILLED for place in self.places)

    @property
    def bars(self) -> Sequence[Mapping[str, Any]]:
        """Parts of the first score shown: what the colours of all bars mean; empty without scores."""
        return next((place.choice.bars for place in self.places if place.choice), ())

    @property
    def arrived(self) -> int:
        """Places whose worker has come."""
        return sum(place.work is not None and place.work.status in CAME for place in self.places)


def order_rows() -> QuerySet[Order]:
    """Orders with all that the head of the page shows."""
    return rows().select_related("client", "site", "city", "created_by")


def positions() -> QuerySet[Position]:
    """Positions with offer, assignments and running replacement, in a fixed number of queries."""
    works = Assignment.objects.select_related("worker__user", "timesheet").order_by("id")
    open_ones = Replacement.objects.filter(found__isnull=True, failed_at__isnull=True)
    return (
        Position.objects.select_related("shift__order", "proposed_worker__user", "backup_worker__user")
        .prefetch_related(
            Prefetch("offers", Offer.objects.filter(status=OfferStatus.PENDING), to_attr="pending"),
            Prefetch("assignments", works, to_attr="works"),
            Prefetch("replacements", open_ones, to_attr="seeking"),
        )
        .order_by("shift__start_at", "shift_id", "number")
    )


def boards(order: Order, now: datetime, *, shift_id: int | None = None) -> list[Board]:
    """The shifts of an order (or one of them) with their places and why each worker was chosen."""
    found = list(positions().filter(shift__order=order, **({"shift": shift_id} if shift_id else {})))
    matches = explaining.light_matches().in_bulk({p.match_id for p in found if p.match_id and p.proposed_worker_id})
    rankings = {pk: explaining.ranking_of(match) for pk, match in matches.items()}
    named, taken = explaining.names(), _chosen(found)
    by_shift: dict[Shift, list[Place]] = {}
    for position in found:
        ranking = rankings.get(position.match_id or 0, explaining.Ranking(()))
        told = explaining.choice(
            ranking,
            position.proposed_worker_id,
            named,
            chosen=taken[position.shift_id],
            novice=position.novice and not position.chosen_by_hand,
        )
        by_shift.setdefault(position.shift, []).append(_place(position, told, now))
    return [Board(shift, places, shift.start_at <= now, shift.end_at <= now) for shift, places in by_shift.items()]


def _chosen(found: Sequence[Position]) -> Mapping[int, set[int]]:
    """By shift: who has a place of it."""
    taken: dict[int, set[int]] = defaultdict(set)
    for position in found:
        taken[position.shift_id].add(position.proposed_worker_id or 0)
    return taken


def _place(position: Position, chosen: Choice | None, now: datetime) -> Place:
    works: list[Assignment] = position.works  # type: ignore[attr-defined]
    pending: list[Offer] = position.pending  # type: ignore[attr-defined]
    seeking: list[Replacement] = position.seeking  # type: ignore[attr-defined]
    work = next((w for w in works if w.status not in LOST), None)
    lost = [w for w in works if w.status in LOST]
    late = work is not None and work.status == AssignmentStatus.BOOKED and work.start_at <= now
    return Place(position, next(iter(pending), None), work, lost, next(iter(seeking), None), chosen, late)


def works() -> QuerySet[Assignment]:
    """Assignments as the action pages name them."""
    return Assignment.objects.select_related(
        "worker__user", "position__shift__order__client", "position__shift__order__site"
    )


def circle(order: Order) -> Mapping[str, list[Any]]:
    """The client's own team and the workers it does not want again (two queries)."""
    of_client = {"client": order.client_id}
    return {
        "team": list(TeamMember.objects.filter(**of_client).select_related("worker__user")),
        "do_not_send": list(DoNotSend.objects.filter(**of_client).select_related("worker__user")),
    }
