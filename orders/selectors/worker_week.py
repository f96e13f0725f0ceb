"""A worker's week: every booking, the hours, and the cap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from orders.models import Assignment, Punch
from orders.pool import weekly_cap
from orders.selectors.worker import MINUTE, ORDER
from orders.states import ACTIVE_ASSIGNMENT, TimesheetStatus
from workers.models import PoolPolicy, Worker

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week with the bookings that begin on it."""

    day: date
    today: bool
    works: Sequence[Assignment]


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
    """The Monday of the ISO date in `text`; of this week where it is none, or too far away to mean anything."""
    today = timezone.localtime(now).date()
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = today
    return monday_of(asked if abs((asked - today).days) <= 3660 else today)


def week(worker: Worker, monday: date, now: datetime) -> Week:
    """The week that begins on `monday`; three queries."""
    rows = _rows(worker, monday)
    today = timezone.localtime(now).date()
    days = [monday + timedelta(days=number) for number in range(7)]
    return Week(
        monday=monday,
        days=[
            Day(day, day == today, [w for w in rows if timezone.localtime(w.start_at).date() == day]) for day in days
        ],
        hours=_hours(worker, monday, rows),
        current=monday == monday_of(today),
    )


def hours(worker: Worker, monday: date) -> Hours:
    """The hours alone."""
    return _hours(worker, monday, _rows(worker, monday))


def bounds(monday: date) -> tuple[datetime, datetime]:
    """`[start, end)` of the week in local time."""
    start = timezone.make_aware(datetime.combine(monday, time.min))
    return start, start + WEEK


def _rows(worker: Worker, monday: date) -> list[Assignment]:
    start, end = bounds(monday)
    rows = worker.assignments.filter(start_at__lt=end, end_at__gt=start)
    return list(rows.select_related(f"{ORDER}__client", f"{ORDER}__site", "timesheet").order_by("start_at", "id"))


def _hours(worker: Worker, monday: date, rows: Sequence[Assignment]) -> Hours:
    start, end = bounds(monday)
    taken = [w for w in rows if w.status in ACTIVE_ASSIGNMENT]
    planned = sum((min(w.end_at, end) - max(w.start_at, start)) // MINUTE for w in taken)
    sheets = [w.timesheet for w in taken if hasattr(w, "timesheet") and w.start_at >= start]
    approved = sum(s.actual_minutes for s in sheets if s.status == TimesheetStatus.APPROVED)
    cap = weekly_cap(worker, PoolPolicy.current())
    return Hours(planned, approved, None if cap is None else cap // MINUTE)


def stored_positions(worker: Worker) -> int:
    """How many of the worker's punches still hold a position."""
    return Punch.objects.filter(assignment__worker=worker, latitude__isnull=False).count()
