"""The figures and alarms at the head of the dispatcher's desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Aggregate, Count, DurationField, Exists, F, OuterRef, Q, QuerySet
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


def figures(now: datetime) -> Figures:
    """All figures in a fixed number of queries."""
    target = timedelta(minutes=OrderPolicy.current().response_target_minutes)
    waiting = Q(status__in=WAITING)
    orders = visible().aggregate(
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(proposed_at__isnull=True, submitted_at__lte=now - target)),
    )
    places, filled = _filled(now)
    responses, response = _response(now)
    return Figures(
        waiting=orders["waiting"],
        late=orders["late"],
        target=target,
        places=places,
        fill_rate=Decimal(filled) / places if places else None,
        responses=responses,
        response=response,
        absent=absences(now).count(),
        replacing=running_replacements(now).count(),
    )


def _filled(now: datetime) -> tuple[int, int]:
    counts = (
        Position.objects.filter(shift__start_at__gte=now - WEEK, shift__start_at__lt=now)
        .exclude(shift__order__status__in=(OrderStatus.DRAFT, OrderStatus.CANCELLED))
        .exclude(status=PositionStatus.CLOSED)
        .aggregate(places=Count("pk"), filled=Count("pk", filter=Q(status=PositionStatus.FILLED)))
    )
    return counts["places"], counts["filled"]


def _response(now: datetime) -> tuple[int, timedelta | None]:
    found = (
        visible()
        .filter(submitted_at__gte=now - WEEK, submitted_at__lte=now, proposed_at__isnull=False)
        .aggregate(number=Count("pk"), middle=Median(F("proposed_at") - F("submitted_at")))
    )
    return found["number"], found["middle"]


def absences(now: datetime) -> QuerySet[Assignment]:
    """No-shows of today's shifts."""
    start, end = day_of(now)
    return Assignment.objects.filter(status=AssignmentStatus.NO_SHOW, start_at__gte=start, start_at__lt=end)


def running_replacements(now: datetime) -> QuerySet[Replacement]:
    """Lost places for which somebody is still being sought, oldest first; `asked` says whether an offer is out."""
    pending = Offer.objects.filter(position=OuterRef("position"), status=OfferStatus.PENDING)
    return (
        Replacement.objects.filter(found__isnull=True, failed_at__isnull=True, position__shift__end_at__gt=now)
        .exclude(position__shift__order__status__in=(OrderStatus.CANCELLED, OrderStatus.COMPLETED))
        .select_related("lost__worker__user", "position__shift__order__client")
        .annotate(asked=Exists(pending))
        .order_by("started_at", "id")
    )
