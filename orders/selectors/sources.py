"""What each source of applicants brings: applied → active → first shift → still there, and what that cost.

Rows are applications by the day they came; one that was merged into another is the other. "Still there": began a shift
within the last days (policy) before so many days (policy) since becoming active were over; who is not so far yet is
not asked. Cost: what an active worker costs by agreement, and what was paid besides in the same days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.utils import timezone

from orders.models import Assignment
from staffing.core import money
from workers.models import Application, Partner, PartnerFee, Worker
from workers.models import SourcePolicy as Policy
from workers.states import ApplicationStatus

DAY: Final = timedelta(days=1)
IS_ACTIVE: Final = Q(status=ApplicationStatus.ACTIVE)
# What a figure counts, by its name.
STEPS: Final[Mapping[str, Q]] = {
    "applied": Q(),
    "active": IS_ACTIVE,
    "first": IS_ACTIVE & Q(served=True),
    "due": IS_ACTIVE & Q(due=True),
    "stayed": IS_ACTIVE & Q(due=True, stayed=True),
}


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included."""

    first: date
    last: date

    @property
    def span(self) -> tuple[datetime, datetime]:
        """As instants, `[start, end)`."""
        return _midnight(self.first), _midnight(self.last + DAY)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def last_days(number: int, now: datetime) -> Days:
    """The last so many days, today included."""
    today = timezone.localdate(now)
    return Days(today - (number - 1) * DAY, today)


@dataclass(frozen=True, slots=True)
class Line:
    """One source: how many came to each step, and the cost in CNY."""

    source: str
    partner: Partner | None
    applied: int
    active: int
    first: int
    due: int
    stayed: int
    cost: Decimal

    @property
    def name(self) -> str:
        """The partner, or the kind of source."""
        return self.partner.name if self.partner else str(Worker.Source(self.source).label)

    @property
    def partner_id(self) -> int | None:
        """Of the partner, if it is one."""
        return self.partner.pk if self.partner else None

    @property
    def active_rate(self) -> float | None:
        """Of those who applied."""
        return self.active / self.applied if self.applied else None

    @property
    def first_rate(self) -> float | None:
        """Of those who became active."""
        return self.first / self.active if self.active else None

    @property
    def stay_rate(self) -> float | None:
        """Of those whose days are over."""
        return self.stayed / self.due if self.due else None

    @property
    def each(self) -> Decimal | None:
        """CNY for each worker who became active; None for nobody."""
        return money.cny(self.cost / self.active) if self.active else None


def cohort(days: Days, now: datetime) -> QuerySet[Application]:
    """The applications of these days, each with what became of it."""
    policy = Policy.current()
    ends = ExpressionWrapper(F("closed_at") + timedelta(days=policy.stay_days), DateTimeField())
    window = timedelta(days=policy.stay_window_days)
    rows = Application.objects.filter(created_at__gte=days.span[0], created_at__lt=days.span[1])
    shifts = Assignment.objects.filter(worker=OuterRef("worker"), checked_in_at__isnull=False)
    late = shifts.filter(start_at__lt=OuterRef("ends"), start_at__gte=OuterRef("begins"))
    return rows.exclude(status=ApplicationStatus.MERGED).annotate(
        ends=ends,
        begins=ExpressionWrapper(F("closed_at") + timedelta(days=policy.stay_days) - window, DateTimeField()),
        served=Exists(shifts.filter(start_at__gte=OuterRef("closed_at"))),
        due=Case(When(ends__lte=now, then=Value(True)), default=Value(False)),
        stayed=Exists(late),
    )


def of_step(rows: QuerySet[Application], step: str) -> QuerySet[Application]:
    """Those that a figure counts. Raises `KeyError` for no step."""
    return rows.filter(STEPS[step])


def report(days: Days, now: datetime) -> list[Line]:
    """A line for each source with applicants or fees in these days, those with the most active first. Three queries."""
    counts: dict[str, Any] = {f"n_{step}": Count("pk", filter=wanted) for step, wanted in STEPS.items()}
    grouped = cohort(days, now).order_by().values("source", "partner").annotate(**counts)
    found: dict[tuple[str, Any], Mapping[str, Any]] = {(row["source"], row["partner"]): row for row in grouped}
    paid = _paid(days)
    partners = Partner.objects.in_bulk([*paid, *(pk for _source, pk in found if pk)])
    for pk in paid.keys() - {pk for _source, pk in found}:
        found[partners[pk].kind, pk] = dict.fromkeys(counts, 0)
    lines = [_line(source, partners.get(pk), row, paid.get(pk, Decimal(0))) for (source, pk), row in found.items()]
    return sorted(lines, key=lambda line: (-line.active, -line.applied, line.name))


def _paid(days: Days) -> dict[Any, Decimal]:
    fees = PartnerFee.objects.filter(paid_on__gte=days.first, paid_on__lte=days.last).order_by()
    return dict(fees.values_list("partner").annotate(total=Sum("amount")))


def _line(source: str, partner: Partner | None, row: Mapping[str, Any], paid: Decimal) -> Line:
    agreed = partner.cost_per_active * row["n_active"] if partner else Decimal(0)
    counted: dict[str, Any] = {step: row[f"n_{step}"] for step in STEPS}
    return Line(source=source, partner=partner, cost=money.cny(agreed + paid), **counted)
