"""One week of the pool: people × days with their shifts, hours and free days, and the places nobody has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from orders.models import Assignment, Position
from orders.pool import weekly_cap
from orders.selectors.desk import week_chips
from orders.selectors.desk.week_chips import Chip
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, OrderStatus, PositionStatus
from workers.models import AvailabilityException, AvailabilityWindow, PoolPolicy, Worker
from workers.selectors.people import by_name_or_phone
from workers.states import MATCHED

# Rows of one slice: a few screens, and well within the size of a part.
SLICE: Final = 40
# Shifts shown in a cell of the open row; the rest is a number that leads to the other view.
OPEN_SHOWN: Final = 3
DAYS: Final = range(7)
COURTED: Final = (PositionStatus.PROPOSED, PositionStatus.OFFERED)
SHOWN_WORK: Final = (*ACTIVE_ASSIGNMENT, AssignmentStatus.NO_SHOW)
HIDDEN_ORDERS: Final = (OrderStatus.DRAFT, OrderStatus.CANCELLED)
FIRST_YEAR, LAST_YEAR = 2000, 2100
DAY_MINUTES: Final = 1440


@dataclass(frozen=True, slots=True)
class Week:
    """Seven local days from a Monday."""

    monday: date

    @property
    def days(self) -> list[date]:
        """Monday to Sunday."""
        return [self.monday + timedelta(days=n) for n in DAYS]

    @property
    def start(self) -> datetime:
        """The first moment."""
        return timezone.make_aware(datetime.combine(self.monday, time()))

    @property
    def end(self) -> datetime:
        """The first moment of the next week."""
        return timezone.make_aware(datetime.combine(self.monday + timedelta(days=7), time()))

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    def other(self, weeks: int) -> "Week":
        """So many weeks later."""
        return Week(self.monday + timedelta(days=7 * weeks))

    def column(self, start: datetime) -> int:
        """The day of a shift that touches the week; one that began before it stands on Monday."""
        return max(0, (timezone.localtime(start).date() - self.monday).days)


def week_of(text: str, now: datetime) -> Week:
    """The week that an ISO date lies in; the present one for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = timezone.localtime(now).date()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        day = timezone.localtime(now).date()
    return Week(day - timedelta(days=day.weekday()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to show; `who`: "work" (has a shift), "free" (has given hours), "" everybody."""

    name: str = ""
    city: int | None = None
    skill: int | None = None
    client: int | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A person's day. `off`: leave is noted on it; `free`: hours were given for it."""

    day: int
    chips: Sequence[Chip]
    off: bool = False
    free: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A person's week; `minutes` booked, offered or proposed, of at most `cap` (None: no limit)."""

    worker: Worker
    minutes: int
    cap: int | None
    cells: Sequence[Cell]

    @property
    def key(self) -> str:
        """What the row is called on the page."""
        return f"w{self.worker.pk}"

    @property
    def mark(self) -> str:
        """Differs once the row shows something else."""
        cells = [(cell.off, cell.free, [chip.mark for chip in cell.chips]) for cell in self.cells]
        return week_chips.mark_of(self.minutes, self.cap, cells)

    @property
    def hours(self) -> str:
        """Hours with at most one decimal."""
        return f"{round(self.minutes / 60, 1):g}"

    @property
    def cap_hours(self) -> str:
        """The most there may be, as `hours`; nothing without a limit."""
        return "" if self.cap is None else f"{round(self.cap / 60, 1):g}"

    @property
    def over(self) -> bool:
        """Whether there is more than the cap allows."""
        return self.cap is not None and self.minutes > self.cap


@dataclass(frozen=True, slots=True)
class OpenCell:
    """The unfilled places of a day: the first shifts, and how many places there are beside them."""

    day: int
    chips: Sequence[Chip]
    places: int
    more: int


def open_mark(cells: Sequence[OpenCell]) -> str:
    """Differs once the row of open places shows something else."""
    return week_chips.mark_of([(cell.places, cell.more, [chip.mark for chip in cell.chips]) for cell in cells])


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows; `after` is where the next slice begins, None at the end."""

    rows: Sequence[Row]
    after: int | None


def in_week(week: Week, prefix: str = "") -> Q:
    """Rows with `start_at` and `end_at` that touch the week."""
    return Q(**{f"{prefix}start_at__lt": week.end, f"{prefix}end_at__gt": week.start})


def people(week: Week, wanted: Wanted) -> QuerySet[Worker]:
    """Everybody who fits the filter, by name; people who have left only where they have a shift."""
    found = Worker.objects.select_related("user", "city").order_by("user__name", "id")
    if wanted.name:
        found = by_name_or_phone(found, wanted.name)
    if wanted.city:
        found = found.filter(city=wanted.city)
    if wanted.skill:
        found = found.filter(skills__skill=wanted.skill)
    busy = _busy(week, wanted.client)
    if wanted.client or wanted.who == "work":
        return found.filter(busy)
    found = found.filter(Q(status__in=MATCHED) | busy)
    return found.filter(_free(week)) if wanted.who == "free" else found


def _busy(week: Week, client: int | None) -> Q:
    me = {"worker": OuterRef("pk")}
    works = Assignment.objects.filter(in_week(week), **me, status__in=SHOWN_WORK)
    places = Position.objects.filter(
        in_week(week, "shift__"), proposed_worker=OuterRef("pk"), status__in=COURTED
    ).exclude(shift__order__status__in=HIDDEN_ORDERS)
    if client:
        works = works.filter(position__shift__order__client=client)
        places = places.filter(shift__order__client=client)
    return Q(Exists(works)) | Q(Exists(places))


def _free(week: Week) -> Q:
    """Hours were given for the week, and it is not all leave."""
    mine = {"worker": OuterRef("pk")}
    extra = AvailabilityException.objects.filter(in_week(week), **mine, kind=AvailabilityException.Kind.EXTRA)
    away = AvailabilityException.objects.filter(
        **mine, kind=AvailabilityException.Kind.OFF, start_at__lte=week.start, end_at__gte=week.end
    )
    return (Q(Exists(AvailabilityWindow.objects.filter(**mine))) | Q(Exists(extra))) & ~Q(Exists(away))


def rows(week: Week, found: QuerySet[Worker], now: datetime, *, begin: int = 0, most: int = SLICE) -> Slice:
    """The rows from `begin`, in a fixed number of queries."""
    listed = list(found[begin : begin + most + 1])
    after = begin + most if len(listed) > most else None
    return Slice(rows_of(week, listed[:most], now), after)


def rows_of(week: Week, workers: Sequence[Worker], now: datetime) -> list[Row]:
    """These people's weeks: five queries."""
    ids = [who.pk for who in workers]
    chips, minutes = _chips(week, ids, now)
    given, away = _availability(week, ids)
    policy = PoolPolicy.current()
    return [_row(who, chips.get(who.pk, ()), minutes[who.pk], given[who.pk], away[who.pk], policy) for who in workers]


def _row(who: Worker, chips: Sequence[Chip], minutes: int, given: set[int], away: set[int], policy: PoolPolicy) -> Row:
    cap = weekly_cap(who, policy)
    by_day: dict[int, list[Chip]] = defaultdict(list)
    for chip in sorted(chips, key=lambda one: (one.start, one.place_id)):
        by_day[chip.day].append(chip)
    cells = [Cell(day, by_day[day], off=day in away, free=day in given) for day in DAYS]
    return Row(who, minutes, int(cap.total_seconds() // 60) if cap is not None else None, cells)


def _chips(week: Week, ids: Sequence[int], now: datetime) -> tuple[Mapping[int, list[Chip]], Mapping[int, int]]:
    """By person: what they have in the week, and the minutes of it that lie in the week."""
    chips: dict[int, list[Chip]] = defaultdict(list)
    minutes: dict[int, int] = defaultdict(int)
    for work in works(week).filter(worker__in=ids):
        chips[work.worker_id].append(week_chips.of_work(work, week.column(work.position.shift.start_at), now))
        if work.status in ACTIVE_ASSIGNMENT:
            minutes[work.worker_id] += _within(week, work.start_at, work.end_at)
    for place in places(week).filter(status__in=COURTED, proposed_worker__in=ids):
        assert place.proposed_worker_id is not None
        chips[place.proposed_worker_id].append(week_chips.of_place(place, week.column(place.shift.start_at), now))
        minutes[place.proposed_worker_id] += _within(week, place.shift.start_at, place.shift.end_at)
    return chips, minutes


def _within(week: Week, start: datetime, end: datetime) -> int:
    return int((min(end, week.end) - max(start, week.start)).total_seconds() // 60)


def works(week: Week) -> QuerySet[Assignment]:
    """What people are or were booked for in the week."""
    return (
        Assignment.objects.filter(in_week(week, "position__shift__"), status__in=SHOWN_WORK)
        .exclude(position__shift__order__status__in=HIDDEN_ORDERS)
        .select_related("position__shift__order__client")
        .order_by("start_at", "id")
    )


def places(week: Week) -> QuerySet[Position]:
    """Places of the week's shifts, with their orders."""
    return (
        Position.objects.filter(in_week(week, "shift__"))
        .exclude(shift__order__status__in=HIDDEN_ORDERS)
        .select_related("shift__order__client")
        .order_by("shift__start_at", "shift_id", "number")
    )


def _availability(week: Week, ids: Sequence[int]) -> tuple[Mapping[int, set[int]], Mapping[int, set[int]]]:
    """By person: days with any hours given, and days with leave (two queries)."""
    given: dict[int, set[int]] = defaultdict(set)
    away: dict[int, set[int]] = defaultdict(set)
    windows = AvailabilityWindow.objects.filter(worker__in=ids).order_by()
    for worker, weekday, last in windows.values_list("worker_id", "weekday", "end_minute"):
        given[worker] |= {weekday, (weekday + 1) % 7} if last > DAY_MINUTES else {weekday}
    exceptions = AvailabilityException.objects.filter(in_week(week), worker__in=ids).order_by()
    for worker, kind, start, end in exceptions.values_list("worker_id", "kind", "start_at", "end_at"):
        found = away if kind == AvailabilityException.Kind.OFF else given
        found[worker] |= set(_touched(week, start, end))
    return given, away


def _touched(week: Week, start: datetime, end: datetime) -> Iterable[int]:
    last = week.column(end - timedelta(microseconds=1))
    return range(week.column(start), min(last, 6) + 1)


def open_places(week: Week, wanted: Wanted, now: datetime) -> list[OpenCell]:
    """The unfilled places by day, a chip a shift (one query)."""
    found = places(week).filter(status=PositionStatus.OPEN, shift__end_at__gt=now)
    if wanted.client:
        found = found.filter(shift__order__client=wanted.client)
    if wanted.city:
        found = found.filter(shift__order__city=wanted.city)
    by_shift: dict[int, list[Position]] = defaultdict(list)
    for place in found:
        by_shift[place.shift_id].append(place)
    by_day: dict[int, list[Chip]] = defaultdict(list)
    for of in by_shift.values():
        chip = week_chips.of_place(of[0], week.column(of[0].shift.start_at), now, count=len(of))
        by_day[chip.day].append(chip)
    return [_open_cell(day, by_day[day]) for day in DAYS]


def _open_cell(day: int, chips: Sequence[Chip]) -> OpenCell:
    shown = chips[:OPEN_SHOWN]
    total = sum(chip.count for chip in chips)
    return OpenCell(day, shown, total, total - sum(chip.count for chip in shown))
