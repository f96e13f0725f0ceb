"""A worker's week: every booking, the hours, and the cap."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Assignment, BenchPlace, Offer, Punch
from orders.pool import weekly_cap
from orders.selectors.worker import MINUTE, ORDER, paid_span
from orders.states import ACTIVE_ASSIGNMENT, BenchStatus, OfferStatus, TimesheetStatus
from workers.models import AvailabilityException, PoolPolicy, Worker

WEEK = timedelta(days=7)
FARTHEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Away:
    """Hours of one day in which somebody cannot work, and why."""

    hours: str
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day with what begins on it: bookings, offers that wait for an answer, hours of standing by; `away`: what
    takes time of it away from work, commitments and time off."""

    day: date
    today: bool
    works: Sequence[Assignment]
    offers: Sequence[Offer] = ()
    bench: Sequence[BenchPlace] = ()
    away: Sequence[Away] = ()

    @property
    def empty(self) -> bool:
        """Whether no work begins on it."""
        return not (self.works or self.offers or self.bench)

    @property
    def booked(self) -> int:
        """How many bookings are to come, run or are served."""
        return sum(work.status in ACTIVE_ASSIGNMENT for work in self.works)


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of one week: `planned` is booked or served, `approved` is what clients accepted, `cap` may be None."""

    planned: int
    approved: int
    cap: int | None

    @property
    def left(self) -> int | None:
        """Minutes until the cap; None without one."""
        return None if self.cap is None else max(0, self.cap - self.planned)

    @property
    def width(self) -> int:
        """Per cent of the cap that is taken, at most 100."""
        return 0 if not self.cap else min(100, round(100 * self.planned / self.cap))


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday."""

    monday: date
    days: Sequence[Day]
    hours: Hours
    current: bool

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def previous(self) -> date:
        """Monday before."""
        return self.monday - WEEK

    @property
    def following(self) -> date:
        """Monday after."""
        return self.monday + WEEK


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def asked_week(text: str, now: datetime) -> date:
    """The Monday of the day in `text`, see `asked_day`."""
    return monday_of(asked_day(text, now))


def asked_day(text: str, now: datetime) -> date:
    """The ISO date in `text`; today where it is none, or too far away to mean anything."""
    today = timezone.localtime(now).date()
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = today
    return asked if abs((asked - today).days) <= FARTHEST_DAYS else today


def week(worker: Worker, monday: date, now: datetime) -> Week:
    """The week that begins on `monday`; six queries."""
    rows = _rows(worker, monday)
    return Week(
        monday=monday,
        days=_days(worker, monday, 7, rows, now),
        hours=_hours(worker, monday, rows),
        current=monday == monday_of(timezone.localtime(now).date()),
    )


def _days(worker: Worker, first: date, count: int, works: Sequence[Assignment], now: datetime) -> list[Day]:
    """So many days from `first`, with what begins on each (three queries)."""
    start, end = bounds(first, count)
    offers = worker.offers.filter(status=OfferStatus.PENDING, expires_at__gt=now)
    asked = offers.filter(position__shift__start_at__gte=start, position__shift__start_at__lt=end)
    asked = asked.select_related(f"{ORDER}__client").order_by("position__shift__start_at", "id")
    standing = worker.bench_places.filter(status=BenchStatus.STANDING_BY, start_at__gte=start, start_at__lt=end)
    today = timezone.localtime(now).date()
    by_day = (
        _by_day((work.start_at, work) for work in works),
        _by_day((offer.position.shift.start_at, offer) for offer in asked),
        _by_day((place.start_at, place) for place in standing.select_related("shift__city").order_by("start_at", "id")),
        _away(worker, start, end),
    )
    days = [first + timedelta(days=number) for number in range(count)]
    return [Day(day, day == today, *(found.get(day, []) for found in by_day)) for day in days]


def _by_day(rows: Iterable[tuple[datetime, Any]]) -> Mapping[date, list[Any]]:
    found: dict[date, list[Any]] = defaultdict(list)
    for moment, row in rows:
        found[timezone.localtime(moment).date()].append(row)
    return found


def _away(worker: Worker, start: datetime, end: datetime) -> Mapping[date, list[Any]]:
    """Time off and commitments, on every day that they touch."""
    off = worker.exceptions.filter(kind=AvailabilityException.Kind.OFF, start_at__lt=end, end_at__gt=start)
    found: dict[date, list[Any]] = defaultdict(list)
    for row in off.select_related("commitment").order_by("start_at", "id"):
        name = row.commitment.name if row.commitment else row.note or row.get_kind_display()
        at, last = timezone.localtime(max(row.start_at, start)), timezone.localtime(min(row.end_at, end))
        while at < last:
            midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            found[at.date()].append(Away(_hours_of(at, min(last, midnight), midnight), name))
            at = midnight
    return found


def _hours_of(start: datetime, end: datetime, midnight: datetime) -> str:
    """14:00–16:00 of one day, or all of it."""
    whole = end - start == timedelta(days=1)
    return _("全天") if whole else f"{start:%H:%M}–{'24:00' if end == midnight else format(end, '%H:%M')}"


@dataclass(frozen=True, slots=True)
class Month:
    """Whole weeks around a calendar month."""

    first: date
    weeks: Sequence[Sequence[Day]]

    @property
    def previous(self) -> date:
        """The first of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> date:
        """The first of the month after."""
        return next_month(self.first)

    @property
    def empty(self) -> bool:
        """Whether nothing begins in the month."""
        return all(day.empty for week in self.weeks for day in week if day.day.month == self.first.month)


def next_month(first: date) -> date:
    """The first of the month after the one that begins on `first`."""
    return (first + timedelta(days=31)).replace(day=1)


def month(worker: Worker, first: date, now: datetime) -> Month:
    """The month that begins on `first`; four queries."""
    monday = monday_of(first)
    count = (monday_of(next_month(first) - timedelta(days=1)) - monday).days + 7
    days = _days(worker, monday, count, _rows(worker, monday, count), now)
    return Month(first, [days[at : at + 7] for at in range(0, count, 7)])


def hours(worker: Worker, monday: date) -> Hours:
    """The hours alone."""
    return _hours(worker, monday, _rows(worker, monday))


def bounds(first: date, count: int = 7) -> tuple[datetime, datetime]:
    """`[start, end)` of so many days in local time."""
    last = first + timedelta(days=count)
    return timezone.make_aware(datetime.combine(first, time.min)), timezone.make_aware(datetime.combine(last, time.min))


def _rows(worker: Worker, first: date, count: int = 7) -> list[Assignment]:
    start, end = bounds(first, count)
    rows = worker.assignments.filter(start_at__lt=end, end_at__gt=start)
    return list(rows.select_related(f"{ORDER}__client", f"{ORDER}__site", "timesheet").order_by("start_at", "id"))


def _hours(worker: Worker, monday: date, rows: Sequence[Assignment]) -> Hours:
    start, end = bounds(monday)
    taken = [w for w in rows if w.status in ACTIVE_ASSIGNMENT]
    accepted = [w for w in taken if hasattr(w, "timesheet") and w.timesheet.status == TimesheetStatus.APPROVED]
    planned = sum(_within((w.start_at, w.end_at), start, end) for w in taken)
    approved = sum(_within(paid_span(w), start, end) for w in accepted)
    cap = weekly_cap(worker, PoolPolicy.current())
    return Hours(planned, approved, None if cap is None else cap // MINUTE)


def _within(span: tuple[datetime, datetime], start: datetime, end: datetime) -> int:
    """The minutes of a span that lie in the week: a night from Sunday to Monday belongs to both."""
    return max(0, (min(span[1], end) - max(span[0], start)) // MINUTE)


def stored_positions(worker: Worker) -> int:
    """How many of the worker's punches still hold a position."""
    return Punch.objects.filter(assignment__worker=worker, latitude__isnull=False).count()
