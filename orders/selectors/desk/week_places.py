"""One week of work: orders × days with every place of their shifts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.models import Order, Position, Shift
from orders.selectors.desk import week_chips
from orders.selectors.desk.week import COURTED, DAYS, HIDDEN_ORDERS, SLICE, Wanted, Week, in_week, places, works
from orders.selectors.desk.week_chips import SAID_YES, Chip
from orders.states import PositionStatus

# Places of one shift shown in a cell; the rest is a number that leads to the order.
PLACES_SHOWN: Final = 8
WITHOUT_WORK: Final = (PositionStatus.OPEN, *COURTED, PositionStatus.LAPSED)


@dataclass(frozen=True, slots=True)
class Block:
    """A shift with its places; `filled`: places that somebody said yes to; `more` places are not shown."""

    shift: Shift
    span: str
    chips: Sequence[Chip]
    filled: int
    more: int


@dataclass(frozen=True, slots=True)
class DayBlocks:
    """An order's day."""

    day: int
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order's week."""

    order: Order
    cells: Sequence[DayBlocks]

    @property
    def key(self) -> str:
        """What the row is called on the page."""
        return f"o{self.order.pk}"

    @property
    def mark(self) -> str:
        """Differs once the row shows something else."""
        blocks = [block for cell in self.cells for block in cell.blocks]
        shown = [(b.shift.pk, b.filled, b.more, b.shift.headcount, [chip.mark for chip in b.chips]) for b in blocks]
        return week_chips.mark_of(self.order.title, shown)


@dataclass(frozen=True, slots=True)
class OrderSlice:
    """Some rows; `after` is where the next slice begins, None at the end."""

    rows: Sequence[OrderRow]
    after: int | None


def orders(week: Week, wanted: Wanted) -> QuerySet[Order]:
    """Orders with a shift in the week that fit the filter, by client."""
    shifts = Shift.objects.filter(in_week(week), order=OuterRef("pk"))
    found = Order.objects.exclude(status__in=HIDDEN_ORDERS).filter(Exists(shifts))
    if wanted.client:
        found = found.filter(client=wanted.client)
    if wanted.city:
        found = found.filter(city=wanted.city)
    if wanted.skill:
        found = found.filter(skills__skill=wanted.skill)
    if text := wanted.name:
        found = found.filter(Q(title__icontains=text) | Q(client__name__icontains=text) | Q(site__name__icontains=text))
    if wanted.who == "open":
        waiting = Position.objects.filter(in_week(week, "shift__"), shift__order=OuterRef("pk"), status="open")
        found = found.filter(Exists(waiting))
    return found.select_related("client", "site", "city").order_by("client__name", "starts_at", "id")


def rows(week: Week, found: QuerySet[Order], now: datetime, *, begin: int = 0, most: int = SLICE) -> OrderSlice:
    """The rows from `begin`, in a fixed number of queries."""
    listed = list(found[begin : begin + most + 1])
    after = begin + most if len(listed) > most else None
    return OrderSlice(rows_of(week, listed[:most], now), after)


def rows_of(week: Week, listed: Sequence[Order], now: datetime) -> list[OrderRow]:
    """These orders' weeks: two queries."""
    chips, shifts = _chips(week, [order.pk for order in listed], now)
    by_order: dict[int, list[Shift]] = defaultdict(list)
    for shift in sorted(shifts.values(), key=lambda one: (one.start_at, one.pk)):
        by_order[shift.order_id].append(shift)
    return [OrderRow(order, _cells(week, by_order[order.pk], chips)) for order in listed]


def _cells(week: Week, shifts: Sequence[Shift], chips: Mapping[int, Sequence[Chip]]) -> list[DayBlocks]:
    by_day: dict[int, list[Block]] = defaultdict(list)
    for shift in shifts:
        by_day[week.column(shift.start_at)].append(_block(shift, sorted(chips[shift.pk], key=lambda c: c.place_id)))
    return [DayBlocks(day, by_day[day]) for day in DAYS]


def _block(shift: Shift, chips: Sequence[Chip]) -> Block:
    filled = sum(chip.kind in SAID_YES for chip in chips)
    return Block(shift, chips[0].span, chips[:PLACES_SHOWN], filled, max(0, len(chips) - PLACES_SHOWN))


def _chips(week: Week, ids: Sequence[int], now: datetime) -> tuple[Mapping[int, list[Chip]], Mapping[int, Shift]]:
    """By shift: a chip a place. A no-show stands beside whoever was found instead."""
    chips: dict[int, list[Chip]] = defaultdict(list)
    shifts: dict[int, Shift] = {}
    own = Q(shift__order__in=ids)
    for place in places(week).filter(own, status__in=WITHOUT_WORK).select_related("proposed_worker__user"):
        who = place.proposed_worker.user.name if place.proposed_worker else ""
        shifts[place.shift_id] = place.shift
        column = week.column(place.shift.start_at)
        chips[place.shift_id].append(week_chips.of_place(place, column, now, who=who))
    for work in works(week).filter(position__shift__order__in=ids).select_related("worker__user"):
        shift = work.position.shift
        shifts[shift.pk] = shift
        chips[shift.pk].append(week_chips.of_work(work, week.column(shift.start_at), now, who=work.worker.user.name))
    return chips, shifts
