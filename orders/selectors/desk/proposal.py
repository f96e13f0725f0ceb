"""One order as the dispatcher sees it: its places, who is chosen for each and why, and how far it has come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from orders.matching_text import grade_text
from orders.models import Assignment, DoNotSend, Offer, Order, Position, Replacement, Shift, TeamMember
from orders.selectors.desk import explaining
from orders.selectors.desk.explaining import Choice
from orders.selectors.desk.queue import GRADED, NEEDS, rows
from orders.services.proposing import CONFIRMED
from orders.states import (
    ACTIVE_ASSIGNMENT,
    AssignmentStatus,
    OfferStatus,
    OrderStatus,
    PositionStatus,
    TimesheetStatus,
)

CAME = (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
LOST = (AssignmentStatus.NO_SHOW, AssignmentStatus.CANCELLED, AssignmentStatus.RELEASED)
EXCHANGEABLE = (PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED)
LIVE = (OrderStatus.PROPOSED, OrderStatus.OFFERING, OrderStatus.FILLED, OrderStatus.IN_SERVICE)
SHOWN_PLACES = 7
PLACES_A_PAGE = 20
OF_A_PLACE = (
    "shift__order",
    "proposed_worker__user",
    "backup_worker__user",
    "pending",
    "work__worker__user",
    "work__timesheet",
    "seeking",
)
CANCELLABLE = (OrderStatus.SUBMITTED, OrderStatus.PROPOSED, OrderStatus.OFFERING, OrderStatus.FILLED)


def exchangeable(position: Position) -> bool:
    """Whether another worker may still be put on the place of a live order."""
    return position.status in EXCHANGEABLE and position.shift.order.status in LIVE


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody who had the place and has it no more, and what became of it in words."""

    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked in a running search: in which wave, and what they have said in words."""

    name: str
    wave: int
    status: str
    answer: str

    @property
    def waiting(self) -> bool:
        """Whether they may still say yes."""
        return self.status == OfferStatus.PENDING


@dataclass(frozen=True, slots=True)
class Place:
    """One position with everything that is true of it now."""

    position: Position
    offer: Offer | None
    work: Assignment | None
    lost: Sequence[Lost]
    seeking: Replacement | None
    choice: Choice | None
    late: bool
    asked: Sequence[Asked] = ()

    @property
    def searching(self) -> bool:
        """Whether several are asked at once now."""
        return self.position.status == PositionStatus.OFFERED and self.position.wave > 0

    @property
    def findable(self) -> bool:
        """Whether several may be asked at once for the place; a booked worker would be given up first."""
        if self.position.shift.order.status not in CONFIRMED or self.searching:
            return False
        return self.position.status in EXCHANGEABLE or self.releasable

    @property
    def exchangeable(self) -> bool:
        """Whether another worker may still be put here."""
        return exchangeable(self.position)

    @property
    def restorable(self) -> bool:
        """Whether a dispatcher's own choice may be given back to the engine's."""
        return self.position.chosen_by_hand and self.exchangeable

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


@dataclass(frozen=True, slots=True)
class Cut:
    """A board of which only some places are shown."""

    board: Board
    places: Sequence[Place]

    @property
    def more(self) -> int:
        """Places that are not shown."""
        return len(self.board.places) - len(self.places)


def cut(found: Sequence[Board], most: int = SHOWN_PLACES) -> list[Cut]:
    """So many places of the boards in all, from the first on: an order may have hundreds."""
    cuts: list[Cut] = []
    for board in found:
        shown = board.places[: max(0, most)]
        most -= len(shown)
        cuts.append(Cut(board, shown))
    return cuts


@dataclass(frozen=True, slots=True)
class Paged:
    """A board with one page of its places."""

    board: Board
    page: Page[Place]


def paged(board: Board, number: str | int | None = 1, *, place: int | None = None) -> Paged:
    """A page of the board's places: the one with this place if it has it, else the one of this number."""
    ids = [one.position.pk for one in board.places]
    wanted = ids.index(place) // PLACES_A_PAGE + 1 if place in ids else number
    return Paged(board, Paginator(board.places, PLACES_A_PAGE).get_page(wanted))


def order_rows() -> QuerySet[Order]:
    """Orders with all that the head of the page shows."""
    return rows().select_related("client", "site", "city", "created_by")


def positions() -> QuerySet[Position]:
    """Positions with the offer of the first who is asked, active assignment, running replacement, and the people lost
    on the way (`lost`: `{"name", "status"}`) and all who were asked in waves (`asked`), in one query.
    """
    lost = Assignment.objects.filter(position=OuterRef("pk"), status__in=LOST).order_by("id")
    seeking = Q(replacements__found__isnull=True, replacements__failed_at__isnull=True)
    asked = Q(offers__status=OfferStatus.PENDING, offers__worker=F("proposed_worker"))
    told = Offer.objects.filter(position=OuterRef("pk"), wave__gt=0).exclude(status=OfferStatus.ACCEPTED)
    row = JSONObject(name="worker__user__name", wave="wave", status="status", sent="sent_at")
    joined: QuerySet[Any] = Position.objects.annotate(
        pending=FilteredRelation("offers", condition=asked),
        work=FilteredRelation("assignments", condition=Q(assignments__status__in=ACTIVE_ASSIGNMENT)),
        seeking=FilteredRelation("replacements", condition=seeking),
        lost=ArraySubquery(lost.values(row=JSONObject(name="worker__user__name", status="status"))),
        asked=ArraySubquery(told.order_by("wave", "id").values(row=row)),
    )
    return joined.select_related(*OF_A_PLACE).order_by("shift__start_at", "shift_id", "number")


def boards(
    order: Order, now: datetime, *, shift_id: int | None = None, named: Mapping[str, str] | None = None
) -> list[Board]:
    """The shifts of an order (or one of them) with their places and why each worker was chosen (`named`: the
    catalogue's names, if they are at hand).
    """
    rows = positions().filter(shift__order=order, **({"shift": shift_id} if shift_id else {}))
    # A place has one running replacement; should it ever have two, it still is one place.
    found = list({position.pk: position for position in rows}.values())
    matches = explaining.light_matches().in_bulk({p.match_id for p in found if p.match_id and p.proposed_worker_id})
    rankings = {pk: explaining.ranking_of(match) for pk, match in matches.items()}
    named = explaining.names() if named is None else named
    taken = _chosen(found)
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
    # Django leaves out the attribute of a joined row that is not there.
    work: Assignment | None = getattr(position, "work", None)
    late = work is not None and work.status == AssignmentStatus.BOOKED and work.start_at <= now
    gone: list[Mapping[str, str]] = position.lost  # type: ignore[attr-defined]
    lost = [Lost(row["name"], str(AssignmentStatus(row["status"]).label)) for row in gone]
    pending, seeking = getattr(position, "pending", None), getattr(position, "seeking", None)
    return Place(position, pending, work, lost, seeking, chosen, late, _asked(position, seeking))


def _asked(position: Any, seeking: Replacement | None) -> list[Asked]:
    """Whom the running search has asked, in the order of asking."""
    if position.status not in (PositionStatus.OPEN, PositionStatus.OFFERED) or not position.wave:
        return []
    since = seeking.started_at if seeking else position.shift.order.created_at
    run = [row for row in position.asked if datetime.fromisoformat(row["sent"]) >= since]
    return [Asked(row["name"], row["wave"], row["status"], str(OfferStatus(row["status"]).label)) for row in run]


def works() -> QuerySet[Assignment]:
    """Assignments as the action pages name them."""
    return Assignment.objects.select_related(
        "worker__user", "position__shift__order__client", "position__shift__order__site"
    )


def requirements(order: Order, names: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """What the order asks for, by kind and in words, from the rows of `order_rows`."""
    return {kind: [_needed(kind, need, names) for need in getattr(order, kind)] for kind in NEEDS}


def _needed(kind: str, need: Mapping[str, Any], names: Mapping[str, str]) -> str:
    name = names.get(need["code"], need["code"])
    if need["level"] is None:
        return name
    return f"{name} {grade_text(GRADED[kind], need['code'], need['level'], names)}"


def circle(order: Order) -> Mapping[str, list[Mapping[str, Any]]]:
    """The client's own team and the workers it does not want again, by name (one query)."""
    columns = ("worker_id", "worker__user__name")
    team = TeamMember.objects.filter(client=order.client_id).values_list(
        Value("team", CharField()), *columns, Value("", CharField())
    )
    refused = DoNotSend.objects.filter(client=order.client_id).values_list(
        Value("do_not_send", CharField()), *columns, "reason"
    )
    found: dict[str, list[Mapping[str, Any]]] = {"team": [], "do_not_send": []}
    for kind, worker, name, reason in sorted(team.order_by().union(refused.order_by(), all=True), key=lambda r: r[1]):
        found[kind].append({"pk": worker, "name": name, "reason": reason})
    return found
