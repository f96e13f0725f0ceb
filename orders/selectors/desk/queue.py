"""The queue of orders, the most urgent first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, JSONObject, TruncDate

from orders.models import (
    Order,
    OrderCertificate,
    OrderCourse,
    OrderLanguage,
    OrderPolicy,
    OrderSkill,
    Position,
)
from orders.presence import Here
from orders.states import OrderStatus, PositionStatus
from staffing.core.models import AuditEvent

WAITING = (OrderStatus.SUBMITTED, OrderStatus.PROPOSED)
TO_DO = (*WAITING, OrderStatus.OFFERING)
RUNNING = (OrderStatus.FILLED, OrderStatus.IN_SERVICE)
OVER = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)
PAGE: Final = 12
# of these the level is asked for: which kind of scale it is of
GRADED: Final = {"needed_skills": "skill", "needed_languages": "language"}
NEEDS: Final = ("needed_skills", "needed_certificates", "needed_courses", "needed_languages")


def visible() -> QuerySet[Order]:
    """Orders that concern the agency: everything but the clients' drafts."""
    return Order.objects.exclude(status=OrderStatus.DRAFT)


def _places(*statuses: str) -> Coalesce:
    places = Position.objects.filter(shift__order=OuterRef("pk"))
    counted = (places.filter(status__in=statuses) if statuses else places).order_by().values("shift__order")
    number = Subquery(counted.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return Coalesce(number, 0)


def _needed(model: type[Any], kind: str, level: Any) -> ArraySubquery:
    rows = model.objects.filter(order=OuterRef("pk")).order_by("id")
    return ArraySubquery(rows.values(row=JSONObject(code=f"{kind}__code", level=level)))


def rows() -> QuerySet[Order]:
    """Orders with the counts of their places (`places`, `filled`, `asked`, `chosen`), what they need as
    `{"code", "level"}` (see `NEEDS`) and their newest audit event (`seen`), in one query.
    """
    seen = AuditEvent.objects.filter(order_id=OuterRef("pk")).order_by("-id").values("pk")[:1]
    return (
        visible()
        .select_related("client", "site", "city")
        .annotate(
            places=_places(),
            filled=_places(PositionStatus.FILLED),
            asked=_places(PositionStatus.OFFERED),
            chosen=_places(PositionStatus.PROPOSED),
            needed_skills=_needed(OrderSkill, "skill", "min_level"),
            needed_certificates=_needed(OrderCertificate, "type", Value(None, IntegerField())),
            needed_courses=_needed(OrderCourse, "course", Value(None, IntegerField())),
            needed_languages=_needed(OrderLanguage, "language", "min_level"),
            seen=Subquery(seen),
        )
    )


def by_urgency(orders: QuerySet[Order], now: datetime, policy: OrderPolicy) -> QuerySet[Order]:
    """Unconfirmed before unfilled before filled; then what starts within the urgent time, what has missed its
    response target, the nearer day, the client of more value, and the earlier start.
    """
    late = now - timedelta(minutes=policy.response_target_minutes)
    soon = now + timedelta(minutes=policy.urgent_within_minutes)
    stage = Case(
        When(status__in=WAITING, then=Value(0)),
        When(status=OrderStatus.OFFERING, then=Value(1)),
        When(status__in=RUNNING, then=Value(2)),
        default=Value(3),
    )
    urgent = Case(When(status__in=TO_DO, starts_at__lte=soon, then=Value(0)), default=Value(1))
    missed = Case(When(proposed_at__isnull=True, submitted_at__lte=late, then=Value(0)), default=Value(1))
    return orders.annotate(stage=stage, day=TruncDate("starts_at"), missed=missed, urgent=urgent).order_by(
        "stage", "urgent", "missed", "day", "-client__value", "starts_at", "submitted_at", "id"
    )


def newest(orders: QuerySet[Order]) -> QuerySet[Order]:
    """For looking back: the latest service first."""
    return orders.order_by("-starts_at", "-id")


class Counted(Paginator):  # type: ignore[type-arg]
    """Pages whose rows bring the number of all rows with them: one query for a page that exists."""

    def get_page(self, number: Any) -> Page[Order]:
        """The page; the last one where the number is too high, the first where it is none."""
        wanted = int(number) if str(number).isdecimal() and int(number) > 0 else 1
        start = (wanted - 1) * self.per_page
        rows: Any = self.object_list
        found = list(rows.annotate(total=Window(Count("*")))[start : start + self.per_page])
        if not found and wanted > 1:
            return super().get_page(number)
        self.__dict__["count"] = found[0].total if found else 0
        return Page(found, wanted, self)


@dataclass(frozen=True, slots=True)
class Clock:
    """The response clock of an order: it runs until every place has had somebody.

    `until`: when the target is missed; `took`: what the response took, None while the clock runs.
    """

    until: datetime
    took: timedelta | None
    missed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the queue: the order, its response clock, names of what it needs, and who else has it open."""

    order: Order
    clock: Clock | None
    needs: Sequence[str]
    here: Sequence[Here]


def lines(
    orders: Iterable[Order],
    names: Mapping[str, str],
    here: Mapping[int, Sequence[Here]],
    now: datetime,
    policy: OrderPolicy,
) -> list[Line]:
    """The rows of `rows` as the queue shows them; no query."""
    return [
        Line(order, response_clock(order, now, policy), needs_of(order, names), here.get(order.pk, ()))
        for order in orders
    ]


def response_clock(order: Order, now: datetime, policy: OrderPolicy) -> Clock | None:
    """None for an order that is over, or that has not been submitted."""
    if order.submitted_at is None or order.status not in (*TO_DO, *RUNNING):
        return None
    until = order.submitted_at + timedelta(minutes=policy.response_target_minutes)
    took = order.proposed_at - order.submitted_at if order.proposed_at else None
    return Clock(until, took, (order.proposed_at or now) > until)


def needs_of(order: Order, names: Mapping[str, str]) -> list[str]:
    """Names of all that the order asks for, from the rows of `rows`."""
    return [names.get(need["code"], need["code"]) for kind in NEEDS for need in getattr(order, kind)]
