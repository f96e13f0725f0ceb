"""Which training the coming shifts ask for, by course and city: places, who holds it, who lacks nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from orders import after_course, needs
from orders.matching import Need
from orders.models import Order, OrderCourse, OrderPolicy, Shift
from orders.needs import Terms, Times
from orders.states import OrderStatus
from orders.whatif import Unavailable
from staffing.core.bulk import together
from staffing.core.models import City
from workers.models import Course, TrainingTask, Worker, WorkerCourse
from workers.states import MATCHED

ASKING = (
    OrderStatus.SUBMITTED,
    OrderStatus.PROPOSED,
    OrderStatus.OFFERING,
    OrderStatus.FILLED,
    OrderStatus.IN_SERVICE,
)


@dataclass(slots=True)
class Row:
    """One course in one city. `only`: ids of the people for whom it is the only thing missing somewhere there."""

    course: Course
    city: City
    places: int = 0
    holders: int = 0
    learning: int = 0
    only: set[int] = field(default_factory=set)

    @property
    def short(self) -> bool:
        """Whether fewer people hold it than there are places."""
        return self.holders < self.places


@dataclass(frozen=True, slots=True)
class Report:
    """Every course that is asked for, the scarcest first; `refusal`: why nobody can be named now."""

    rows: Sequence[Row]
    days: int
    refusal: str = ""


def report(now: datetime, *, course: int | None = None, city: str = "") -> Report:
    """Of the coming days that the policy says; of one course and city alone if asked. A fixed number of queries."""
    days = OrderPolicy.current().training_demand_days
    shifts = list(_shifts(now, now + timedelta(days=days), course, city))
    wanted = _needs(shifts)
    rows = _rows(shifts, wanted, course)
    _add_people(rows, timezone.localdate(now))
    refusal = ""
    try:
        _add_only(rows, shifts, wanted, now)
    except Unavailable as silence:
        refusal = str(silence)
    order = sorted(rows.values(), key=lambda row: (row.holders - row.places, row.course.pk, row.city.pk))
    return Report(order, days, refusal)


def people(course: Course, ids: Iterable[int]) -> QuerySet[Any]:
    """These people, the best first; `asked`: the course is their task already."""
    tasks = TrainingTask.objects.filter(worker=OuterRef("pk"), course=course, status=TrainingTask.Status.OPEN)
    found = Worker.objects.filter(pk__in=list(ids)).select_related("user").annotate(asked=Exists(tasks))
    return found.order_by("asked", "-reliability", "pk")


def _shifts(since: datetime, until: datetime, course: int | None, city: str) -> QuerySet[Shift]:
    asked = OrderCourse.objects.filter(order=OuterRef("order"), **({"course": course} if course else {}))
    found = Shift.objects.filter(
        Exists(asked), start_at__gt=since, start_at__lt=until, order__status__in=ASKING
    ).select_related("order__client", "order__site", "order__city")
    return found.filter(order__city__code=city) if city else found


def _needs(shifts: Iterable[Shift]) -> Mapping[int, Need]:
    listed = list(shifts)
    orders: dict[int, Order] = {shift.order_id: shift.order for shift in listed}
    times = [Times(row.pk, row.order_id, row.start_at, row.end_at, row.headcount) for row in listed]
    return needs.read({pk: Terms.of(order) for pk, order in orders.items()}, times)


def _rows(shifts: Iterable[Shift], wanted: Mapping[int, Need], course: int | None) -> dict[tuple[str, str], Row]:
    """By code of course and city, with the places."""
    courses = {row.code: row for row in Course.objects.filter(**({"pk": course} if course else {}))}
    found: dict[tuple[str, str], Row] = {}
    for shift in shifts:
        for code in wanted[shift.pk].courses & courses.keys():
            row = found.setdefault((code, shift.order.city.code), Row(courses[code], shift.order.city))
            row.places += shift.headcount
    return found


def _add_people(rows: Mapping[tuple[str, str], Row], today: date) -> None:
    """Who holds the course, and who is asked to learn it; one query."""
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    held = WorkerCourse.objects.filter(valid, worker__status__in=MATCHED)
    learning = TrainingTask.objects.filter(status=TrainingTask.Status.OPEN)
    grouped = [found.values("course__code", "worker__city__code") for found in (held, learning)]
    columns = ("course__code", "worker__city__code", Count("pk"))
    for name, counted in zip(("holders", "learning"), together(*((part, columns) for part in grouped)), strict=True):
        for course, city, number in counted:
            if row := rows.get((course, city)):
                setattr(row, name, number)


def _add_only(
    rows: Mapping[tuple[str, str], Row], shifts: Iterable[Shift], wanted: Mapping[int, Need], now: datetime
) -> None:
    cities = {shift.pk: shift.order.city.code for shift in shifts}
    opened = after_course.opened(list(wanted.values()), now)
    for (shift, course), ids in opened.items():
        if row := rows.get((course, cities[shift])):
            row.only.update(ids.tolist())
