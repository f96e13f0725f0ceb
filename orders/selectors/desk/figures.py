"""The figures and alarms at the head of the dispatcher's desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    CharField,
    Count,
    DurationField,
    Exists,
    F,
    FloatField,
    OuterRef,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Extract
from django.utils import timezone

from orders.models import Assignment, Offer, OrderPolicy, Position, Replacement
from orders.selectors.desk.queue import WAITING, visible
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus

WEEK = timedelta(days=7)
SHOWN_ALARMS = 3


class Median(Aggregate):
    """The middle of an interval column; rows without a value do not count."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Figures:
    """What the desk shows at its head. Rates are shares of 1; None without any row behind them."""

    waiting: int
    late: int
    target: timedelta
    places: int
    fill_rate: Decimal | None
    responses: int
    response: timedelta | None
    absent: int
    replacing: int


def day_of(now: datetime) -> tuple[datetime, datetime]:
    """The local day of `now` as `[start, end)`."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


def figures(now: datetime, policy: OrderPolicy) -> Figures:
    """All figures, in one query."""
    target = timedelta(minutes=policy.response_target_minutes)
    found = _numbers(now, target)
    places, responses = int(found.get("places", 0)), int(found.get("responses", 0))
    return Figures(
        waiting=int(found.get("waiting", 0)),
        late=int(found.get("late", 0)),
        target=target,
        places=places,
        fill_rate=Decimal(int(found.get("filled", 0))) / places if places else None,
        responses=responses,
        response=timedelta(seconds=found["response"]) if responses else None,
        absent=int(found.get("absent", 0)),
        replacing=int(found.get("replacing", 0)),
    )


def _numbers(now: datetime, target: timedelta) -> dict[str, float]:
    """Every figure by name; what has no row is left out."""
    waiting, served, answered = visible().filter(status__in=WAITING), _served(now), _answered(now)
    parts = [
        _number("late", waiting.filter(proposed_at__isnull=True, submitted_at__lte=now - target)),
        _number("places", served),
        _number("filled", served.filter(status=PositionStatus.FILLED)),
        _number("responses", answered),
        _number("response", answered, Extract(Median(F("proposed_at") - F("submitted_at")), "epoch")),
        _number("absent", absences(now)),
        _number("replacing", running_replacements(now)),
    ]
    return dict(_number("waiting", waiting).union(*parts, all=True))


def _number(name: str, found: QuerySet[Any], value: Any = None) -> QuerySet[Any, Any]:
    """One row (name, number), or none where nothing is counted."""
    named = found.select_related(None).order_by().values_list(Value(name, CharField()))
    return named.annotate(number=Cast(value or Count("pk"), FloatField()))


def _served(now: datetime) -> QuerySet[Position]:
    """Places of the last week's shifts that were wanted to the end."""
    return (
        Position.objects.filter(shift__start_at__gte=now - WEEK, shift__start_at__lt=now)
        .exclude(shift__order__status__in=(OrderStatus.DRAFT, OrderStatus.CANCELLED))
        .exclude(status=PositionStatus.CLOSED)
    )


def _answered(now: datetime) -> "QuerySet[Any]":
    """Orders of the last week that have had their response."""
    return visible().filter(submitted_at__gte=now - WEEK, submitted_at__lte=now, proposed_at__isnull=False)


def absences(now: datetime) -> QuerySet[Assignment]:
    """No-shows of today's shifts."""
    start, end = day_of(now)
    return Assignment.objects.filter(status=AssignmentStatus.NO_SHOW, start_at__gte=start, start_at__lt=end)


def running_replacements(now: datetime) -> QuerySet[Replacement]:
    """Lost places for which somebody is still being sought."""
    return Replacement.objects.filter(
        found__isnull=True, failed_at__isnull=True, position__shift__end_at__gt=now
    ).exclude(position__shift__order__status__in=(OrderStatus.CANCELLED, OrderStatus.COMPLETED))


def alarms(now: datetime) -> list[Replacement]:
    """The oldest running replacements; `asked` says whether an offer is out."""
    pending = Offer.objects.filter(position=OuterRef("position"), status=OfferStatus.PENDING)
    return list(
        running_replacements(now)
        .select_related("lost__worker__user", "position__shift__order__client")
        .annotate(asked=Exists(pending))
        .order_by("started_at", "id")[:SHOWN_ALARMS]
    )
