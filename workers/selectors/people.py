"""Reads of people for the agency's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from workers.models import (
    AvailabilityException,
    AvailabilityWindow,
    Worker,
    WorkerCertificate,
    WorkerCourse,
    WorkerLanguage,
    WorkerSkill,
)

DAY_MINUTES = 1440
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class FreeDay:
    """One weekday (0 = Monday) and its free hours as text, "09:00–18:00"."""

    weekday: int
    spans: Sequence[str]


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate and whether it has run out or soon will."""

    certificate: WorkerCertificate
    expired: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A course that was passed and whether that has run out or soon will."""

    course: WorkerCourse
    expired: bool
    soon: bool


def people() -> QuerySet[Worker]:
    """The pool with what the list shows, in a fixed number of queries."""
    return (
        Worker.objects.select_related("user", "city")
        .prefetch_related(Prefetch("skills", WorkerSkill.objects.select_related("skill").order_by("-level", "id")))
        .order_by("user__name", "id")
    )


def by_name_or_phone(workers: QuerySet[Worker], text: str) -> QuerySet[Worker]:
    """Those whose name contains the text, or whose phone contains its digits (three at least)."""
    words = Q(user__name__icontains=text.strip())
    digits = "".join(char for char in text if char.isdigit())
    if len(digits) >= 3:
        words |= Q(user__phone__contains=digits)
    return workers.filter(words)


def person() -> QuerySet[Worker]:
    """One person with everything the page shows."""
    return Worker.objects.select_related("user", "city", "partner").prefetch_related(
        Prefetch("skills", WorkerSkill.objects.select_related("skill").order_by("-level", "id")),
        Prefetch("certificates", WorkerCertificate.objects.select_related("type").order_by("id")),
        Prefetch("courses", WorkerCourse.objects.select_related("course").order_by("id")),
        Prefetch("languages", WorkerLanguage.objects.select_related("language").order_by("-level", "id")),
        "windows",
    )


def week_of(windows: Sequence[AvailabilityWindow]) -> list[FreeDay]:
    """The seven days from Monday with their free hours."""
    return [FreeDay(day, [_span(w) for w in windows if w.weekday == day]) for day in range(7)]


def _span(window: AvailabilityWindow) -> str:
    return f"{_clock(window.start_minute)}–{_clock(window.end_minute)}"


def _clock(minute: int) -> str:
    """24:00 ends a day; later ends wrap with a mark for the next day."""
    wrapped, mark = (minute - DAY_MINUTES, " (+1)") if minute > DAY_MINUTES else (minute, "")
    return f"{wrapped // 60:02d}:{wrapped % 60:02d}{mark}"


def papers_of(worker: Worker, today: date) -> list[Paper]:
    """The certificates; one counts through the whole of its last day."""
    return [_paper(row, today) for row in worker.certificates.all()]


def _paper(row: WorkerCertificate, today: date) -> Paper:
    return Paper(row, *_running_out(row.expires_on, today))


def courses_of(worker: Worker, today: date) -> list[Passed]:
    """The courses passed; one counts through the whole of its last day."""
    return [Passed(row, *_running_out(row.valid_until, today)) for row in worker.courses.all()]


def _running_out(last: date | None, today: date) -> tuple[bool, bool]:
    """Whether the last day is over, and whether it is near."""
    left = None if last is None else (last - today).days
    return left is not None and left < 0, left is not None and 0 <= left <= SOON_DAYS


def exceptions_of(worker: Worker, now: datetime) -> QuerySet[AvailabilityException]:
    """Exceptions from the weekly hours that are not over, but the times of commitments."""
    return worker.exceptions.filter(end_at__gt=now, commitment=None)


def today_of(now: datetime) -> date:
    """The local day."""
    return timezone.localtime(now).date()
