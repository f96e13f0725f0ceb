"""The queue of orders, the most urgent first."""

from datetime import datetime, timedelta

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from orders.models import Order, OrderCertificate, OrderCourse, OrderLanguage, OrderPolicy, OrderSkill
from orders.states import OrderStatus, PositionStatus

WAITING = (OrderStatus.SUBMITTED, OrderStatus.PROPOSED)
TO_DO = (*WAITING, OrderStatus.OFFERING)
RUNNING = (OrderStatus.FILLED, OrderStatus.IN_SERVICE)
OVER = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)


def visible() -> QuerySet[Order]:
    """Orders that concern the agency: everything but the clients' drafts."""
    return Order.objects.exclude(status=OrderStatus.DRAFT)


def _places(*statuses: str) -> Count:
    return Count("shifts__positions", filter=Q(shifts__positions__status__in=statuses))


def rows() -> QuerySet[Order]:
    """Orders with the counts of their places (`places`, `filled`, `asked`, `chosen`), in a fixed number of queries."""
    return (
        visible()
        .select_related("client", "site", "city")
        .prefetch_related(
            Prefetch("skills", OrderSkill.objects.select_related("skill")),
            Prefetch("certificates", OrderCertificate.objects.select_related("type")),
            Prefetch("courses", OrderCourse.objects.select_related("course")),
            Prefetch("languages", OrderLanguage.objects.select_related("language")),
        )
        .annotate(
            places=Count("shifts__positions"),
            filled=_places(PositionStatus.FILLED),
            asked=_places(PositionStatus.OFFERED),
            chosen=_places(PositionStatus.PROPOSED),
        )
    )


def by_urgency(orders: QuerySet[Order], now: datetime) -> QuerySet[Order]:
    """Unconfirmed before unfilled before filled; then by day of start, missed response target, value of the client."""
    late = now - timedelta(minutes=OrderPolicy.current().response_target_minutes)
    stage = Case(
        When(status__in=WAITING, then=Value(0)),
        When(status=OrderStatus.OFFERING, then=Value(1)),
        When(status__in=RUNNING, then=Value(2)),
        default=Value(3),
    )
    missed = Case(When(proposed_at__isnull=True, submitted_at__lte=late, then=Value(0)), default=Value(1))
    return orders.annotate(stage=stage, day=TruncDate("starts_at"), missed=missed).order_by(
        "stage", "day", "missed", "-client__value", "starts_at", "submitted_at", "id"
    )


def newest(orders: QuerySet[Order]) -> QuerySet[Order]:
    """For looking back: the latest service first."""
    return orders.order_by("-starts_at", "-id")
