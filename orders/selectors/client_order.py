"""One order of a client with all that happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, JSONField, QuerySet, Value, prefetch_related_objects
from django.utils.translation import get_language

from orders import history
from orders.costing import Estimate, ShiftCost, estimate
from orders.models import Assignment, DoNotSend, Order, OrderPolicy, Shift, TeamMember, Timesheet
from orders.presentation import Asked
from orders.selectors.boards import Board, board, with_people
from orders.selectors.client import AT_REST
from orders.services.ordering import ShiftSpec
from orders.states import TimesheetStatus
from staffing.core.bulk import together
from staffing.core.holidays import is_holiday
from staffing.core.models import AuditEvent
from staffing.core.money import ZERO, for_minutes
from workers.models import PoolPolicy
from workers.models.catalogue import grade_name
from workers.selectors import pool

EVENTS = 200


@dataclass(frozen=True)
class OrderPage:
    """One order as it runs; `circle`: ids of its client's team, and of those not to be sent."""

    order: Order
    boards: Sequence[Board]
    policy: OrderPolicy
    circle: tuple[frozenset[int], frozenset[int]]

    @property
    def live(self) -> bool:
        """Whether anything may still change by itself."""
        return self.order.status not in AT_REST

    @cached_property
    def sheets(self) -> list[Timesheet]:
        """The hours written so far, with worker and booking behind each."""
        found = sheets_of(self.boards)
        prefetch_related_objects(found, "corrections")
        return found

    @cached_property
    def waiting(self) -> list[Timesheet]:
        """Hours that wait for the client's word."""
        return [sheet for sheet in self.sheets if sheet.status == TimesheetStatus.SUBMITTED]

    @property
    def started_at(self) -> datetime | None:
        """When the first person came."""
        return min(filter(None, (p.work.checked_in_at for one in self.boards for p in one.people)), default=None)

    @property
    def response_target(self) -> timedelta:
        """What was promised."""
        return timedelta(minutes=self.policy.response_target_minutes)

    @property
    def promised_by(self) -> datetime | None:
        """Until when every place is to have somebody; None before submitting."""
        return self.order.submitted_at + self.response_target if self.order.submitted_at else None

    @property
    def response(self) -> timedelta | None:
        """Submitted → every position proposed; None while that has not happened."""
        order = self.order
        return order.proposed_at - order.submitted_at if order.proposed_at and order.submitted_at else None


def order_page(order: Order, now: datetime) -> OrderPage:
    """The order as it runs; a fixed number of queries."""
    boards = [board(shift, now) for shift in with_people(order.shifts.all(), record=True)]
    return OrderPage(order, boards, OrderPolicy.current(), circle_of(order.client_id))


def circle_of(client_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """Workers of the client's fixed team, and those it does not want again; one query."""
    team = TeamMember.objects.filter(client=client_id).order_by().values_list("worker_id", "client_id")
    wished = DoNotSend.objects.filter(client=client_id, kind=DoNotSend.Kind.WISH)
    shunned = wished.order_by().values_list("worker_id", -F("client_id"))
    rows = list(team.union(shunned, all=True))
    return frozenset(worker for worker, mark in rows if mark > 0), frozenset(w for w, mark in rows if mark < 0)


def sheets_of(boards: Sequence[Board]) -> list[Timesheet]:
    """The hours written so far, with worker and booking behind each."""
    found = []
    for each in (person for one in boards for person in one.people):
        sheet = getattr(each.work, "timesheet", None)
        if sheet is not None:
            sheet.assignment = each.work
            found.append(sheet)
    return found


def spans_of(shifts: Sequence[Shift]) -> list[ShiftSpec]:
    """The shifts in the order of the cost's lines."""
    return [ShiftSpec(shift.start_at, shift.end_at, shift.headcount) for shift in shifts]


def asked_of(order: Order) -> Asked:
    """What the order asks of people, by name in the active language; one query."""
    name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
    kinds = ("skill", "language", "type", "course")
    rows = (order.skills.all(), order.languages.all(), order.certificates.all(), order.courses.all())
    scales = [("min_level", f"{kind}__grades") for kind in ("skill", "language")]
    nothing = [(Value(0), Value([], JSONField()))] * 2
    columns = [(f"{kind}_id", f"{kind}__{name}", *more) for kind, more in zip(kinds, [*scales, *nothing], strict=True)]
    skills, languages, certificates, courses = map(sorted, together(*zip(rows, columns, strict=True)))
    return Asked(
        [(words, grade_name(grades, level)) for _pk, words, level, grades in skills],
        [(words, grade_name(grades, level)) for _pk, words, level, grades in languages],
        [words for _pk, words, *_none in certificates],
        [words for _pk, words, *_none in courses],
    )


def cost_of(order: Order, shifts: Sequence[Shift]) -> Estimate:
    """The estimate line by line, at the order's own rate."""
    overrides = pool.holiday_overrides()
    return estimate(
        [ShiftCost(shift.start_at, shift.end_at, shift.headcount) for shift in shifts],
        order.bill_rate,
        pool.uplift_policy(PoolPolicy.current()),
        lambda day: is_holiday(day, overrides),
    )


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """Hours of one person: what they cost plain, and what night and holiday add (CNY)."""

    sheet: Timesheet
    plain: Decimal

    @property
    def uplift(self) -> Decimal:
        """What is added to the plain hours."""
        return self.sheet.amount - self.plain


@dataclass(frozen=True, slots=True)
class Invoice:
    """Approved hours line by line, the fee for giving places up, and what waits for the client's word (CNY)."""

    lines: Sequence[InvoiceLine]
    fee: Decimal
    pending: Decimal

    @property
    def total(self) -> Decimal:
        """What has to be paid as things stand."""
        return sum((line.sheet.amount for line in self.lines), self.fee)


def invoice_of(order: Order) -> Invoice:
    """What the order costs by now; one query."""
    related = ("assignment__worker__user", "assignment__position__shift")
    sheets = Timesheet.objects.filter(assignment__position__shift__order=order).select_related(*related)
    rows = list(sheets.order_by("assignment__start_at", "assignment__worker__user__name", "pk"))
    approved = [row for row in rows if row.status == TimesheetStatus.APPROVED]
    lines = [InvoiceLine(row, for_minutes(row.assignment.bill_rate, row.actual_minutes)) for row in approved]
    pending = sum((row.amount for row in rows if row.status != TimesheetStatus.APPROVED), ZERO)
    return Invoice(lines, order.cancel_fee or ZERO, pending)


def events_of(order: Order) -> list[dict[str, Any]]:
    """What happened to the order, newest first, in words for its client; three queries."""
    rows = AuditEvent.objects.filter(order_id=order.pk, subject_type__in=history.SUBJECTS).select_related("actor")
    names = _names(Assignment.objects.filter(position__shift__order=order))
    newest = rows.filter(action__in=history.ACTIONS).order_by("-at", "-id")[:EVENTS]
    told = (history.told(row, names.get((row.subject_type, row.subject_id), "")) for row in newest)
    return [event for event in told if event]


def _names(works: QuerySet[Assignment]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for pk, sheet, name in works.values_list("pk", "timesheet__pk", "worker__user__name"):
        found |= {("assignment", pk): name, ("timesheet", sheet): name}
    return found
