"""What a client reads: the room's front page, the list of orders, one order with all that happened to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, IntegerField, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders import history
from orders.costing import Estimate, ShiftCost, estimate
from orders.models import Order, OrderPolicy, Position, Shift, Timesheet
from orders.selectors.boards import Board, board, with_people
from orders.services.ordering import ShiftSpec
from orders.states import OrderStatus, PositionStatus, TimesheetStatus
from staffing.core.holidays import is_holiday
from staffing.core.models import AuditEvent, Notification, User
from workers import selectors as pool
from workers.models import PoolPolicy

OVER = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)
AT_REST = (OrderStatus.DRAFT, *OVER)
NOTICES = 5
LISTED = 20
EVENTS = 200


@dataclass(frozen=True)
class Home:
    """The front page: what waits for the client, and what lies ahead."""

    hours: Sequence[Order]
    drafts: Sequence[Order]
    notices: Sequence[Notification]
    ahead: Sequence[Order]
    any_order: bool

    @property
    def waiting(self) -> int:
        """How many things wait for the client."""
        return len(self.hours) + len(self.drafts)


@dataclass(frozen=True)
class OrderPage:
    """One order in full; `order` carries its parts prefetched."""

    order: Order
    boards: Sequence[Board]
    sheets: Sequence[Timesheet]
    waiting: Sequence[Timesheet]
    events: Sequence[dict[str, Any]]
    cost: Estimate
    response_target: timedelta
    started_at: datetime | None
    live: bool

    @property
    def response(self) -> timedelta | None:
        """Submitted → every position proposed; None while that has not happened."""
        order = self.order
        return order.proposed_at - order.submitted_at if order.proposed_at and order.submitted_at else None

    @property
    def spans(self) -> list[ShiftSpec]:
        """The shifts in the order of the cost's lines."""
        return [ShiftSpec(one.shift.start_at, one.shift.end_at, one.shift.headcount) for one in self.boards]


def _one_number(rows: QuerySet[Any], total: Any) -> Coalesce:
    """A figure of an order from another table, without multiplying its rows."""
    figure = rows.order_by().values("shift__order" if rows.model is Position else "order").annotate(total=total)
    return Coalesce(Subquery(figure.values("total"), output_field=IntegerField()), 0)


def listed(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with place, `wanted` and `filled` places; one query."""
    filled = Position.objects.filter(shift__order=OuterRef("pk"), status=PositionStatus.FILLED)
    return orders.select_related("site", "city").annotate(
        wanted=_one_number(Shift.objects.filter(order=OuterRef("pk")), Sum("headcount")),
        filled=_one_number(filled, Count("pk")),
    )


def home(orders: QuerySet[Order], user: User | None, now: datetime) -> Home:
    """The front page of one client; a fixed number of queries."""
    sheets = "shifts__positions__assignments__timesheet"
    hours = orders.filter(**{f"{sheets}__status": TimesheetStatus.SUBMITTED}).annotate(
        waiting=Count(sheets), due=Min(f"{sheets}__auto_approve_at")
    )
    unread = Notification.objects.filter(user=user, read_at__isnull=True, dropped_at__isnull=True)
    ahead = listed(orders).exclude(status__in=AT_REST).filter(ends_at__gt=now)
    return Home(
        hours=list(hours.order_by("due")[:LISTED]),
        drafts=list(orders.filter(status=OrderStatus.DRAFT)[:LISTED]),
        notices=list(unread[:NOTICES]),
        ahead=list(ahead.order_by("starts_at")[:LISTED]),
        any_order=orders.exists(),
    )


def today(orders: QuerySet[Order], now: datetime) -> list[Board]:
    """The shifts that touch today or are under way, with their people."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    shifts = Shift.objects.filter(
        order__in=orders.exclude(status__in=(OrderStatus.DRAFT, OrderStatus.CANCELLED)),
        start_at__lt=midnight + timedelta(days=1),
        end_at__gt=midnight,
    ).select_related("order__site", "order__city")
    return [board(shift, now) for shift in with_people(shifts)]


def boards_of(order: Order, now: datetime) -> list[Board]:
    """All shifts of an order with their people."""
    return [board(shift, now) for shift in with_people(order.shifts.all())]


def sheets_of(boards: Sequence[Board]) -> list[Timesheet]:
    """The hours written so far, with worker and booking behind each."""
    found = []
    for each in (person for one in boards for person in one.people):
        sheet = getattr(each.work, "timesheet", None)
        if sheet is not None:
            sheet.assignment = each.work
            found.append(sheet)
    return found


def cost_of(order: Order, shifts: Sequence[Shift]) -> Estimate:
    """The estimate line by line, at the order's own rate."""
    overrides = pool.holiday_overrides()
    return estimate(
        [ShiftCost(shift.start_at, shift.end_at, shift.headcount) for shift in shifts],
        order.bill_rate,
        pool.uplift_policy(PoolPolicy.current()),
        lambda day: is_holiday(day, overrides),
    )


def order_page(order: Order, now: datetime) -> OrderPage:
    """Everything a client may know about an order; a fixed number of queries."""
    boards = boards_of(order, now)
    sheets = sheets_of(boards)
    return OrderPage(
        order=order,
        boards=boards,
        sheets=sheets,
        waiting=[sheet for sheet in sheets if sheet.status == TimesheetStatus.SUBMITTED],
        events=events_of(order, boards),
        cost=cost_of(order, [each.shift for each in boards]),
        response_target=timedelta(minutes=OrderPolicy.current().response_target_minutes),
        started_at=min(filter(None, (p.work.checked_in_at for one in boards for p in one.people)), default=None),
        live=order.status not in AT_REST,
    )


def events_of(order: Order, boards: Sequence[Board]) -> list[dict[str, Any]]:
    """What happened to the order, newest first, in words for its client."""
    rows = AuditEvent.objects.filter(order_id=order.pk, subject_type__in=history.SUBJECTS).select_related("actor")
    works = [person.work for one in boards for person in one.people]
    names = {("assignment", work.pk): work.worker.user.name for work in works}
    names |= {("timesheet", sheet.pk): sheet.assignment.worker.user.name for sheet in sheets_of(boards)}
    newest = rows.filter(action__in=history.ACTIONS).order_by("-at")[:EVENTS]
    told = (history.told(row, names.get((row.subject_type, row.subject_id), "")) for row in newest)
    return [event for event in told if event]


def parts(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with place and requirements."""
    return orders.select_related("client", "site__city", "city", "special_pool").prefetch_related(
        "skills__skill", "certificates__type", "courses__course", "languages__language"
    )


def taken_starts(order: Order, orders: QuerySet[Order], now: datetime) -> Collection[datetime]:
    """When the same kind of work at the same place has been ordered already."""
    same = orders.filter(service_type=order.service_type, site=order.site_id, city=order.city_id)
    alive = same.exclude(status__in=OVER)
    return set(Shift.objects.filter(order__in=alive, start_at__gt=now).values_list("start_at", flat=True))
