"""The client's front page: what waits for them, what runs today, what is ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders.models import FormDraft, Order, OrderMessage, Shift, Timesheet
from orders.selectors.boards import Board, board, with_people
from orders.selectors.client import AT_REST, listed
from orders.states import OrderStatus, TimesheetStatus
from staffing.core.models import Notification, User

NOTICES = 3
LISTED = 20


@dataclass(frozen=True)
class Home:
    """The front page. `waiting` are orders with hours, drafts or messages that want the client.

    `hours`, `due` (when the first of them approves itself) and `unread` are annotated on them.
    """

    waiting: Sequence[Order]
    half_filled: Sequence[FormDraft]
    notices: Sequence[Notification]
    ahead: Sequence[Order]

    @property
    def any_order(self) -> bool:
        """Whether there is anything to show at all."""
        return bool(self.waiting or self.ahead or self.notices)


def home(orders: QuerySet[Order], user: User | None, now: datetime) -> Home:
    """The front page of one client; a fixed number of queries."""
    unread = Notification.objects.filter(user=user, read_at__isnull=True, dropped_at__isnull=True)
    ahead = listed(orders).exclude(status__in=AT_REST).filter(ends_at__gt=now)
    return Home(
        waiting=list(waiting(orders)[:LISTED]),
        half_filled=list(FormDraft.objects.filter(user=user)[:LISTED]),
        notices=list(unread[:NOTICES]),
        ahead=list(ahead.order_by("starts_at")[:LISTED]),
    )


def waiting(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders that want something of the client: hours first, by the day they approve themselves."""
    sheets = Timesheet.objects.filter(
        assignment__position__shift__order=OuterRef("pk"), status=TimesheetStatus.SUBMITTED
    )
    of_order = sheets.order_by().values("assignment__position__shift__order")
    messages = OrderMessage.objects.filter(order=OuterRef("pk"), from_client=False, read_at__isnull=True)
    counted = orders.annotate(
        hours=_number(of_order.annotate(n=Count("pk"))),
        due=Subquery(of_order.annotate(due=Min("auto_approve_at")).values("due")),
        unread=_number(messages.order_by().values("order").annotate(n=Count("pk"))),
    )
    wanted = Q(status=OrderStatus.DRAFT) | Q(hours__gt=0) | Q(unread__gt=0)
    return counted.filter(wanted).order_by("due", "starts_at", "pk")


def _number(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)


def ever_ordered(orders: QuerySet[Order], room: Home) -> bool:
    """Whether the company has ordered before; asked of the database only when the page would be empty."""
    return room.any_order or orders.exists()


def today(orders: QuerySet[Order], now: datetime) -> list[Board]:
    """The shifts that touch today or are under way, with their people."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    shifts = Shift.objects.filter(
        order__in=orders.exclude(status__in=(OrderStatus.DRAFT, OrderStatus.CANCELLED)),
        start_at__lt=midnight + timedelta(days=1),
        end_at__gt=midnight,
    ).select_related("order__site", "order__city")
    return [board(shift, now) for shift in with_people(shifts)]
