"""A shift as people watch it: promised, confirmed, arrived, late, replaced, and who is who."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from orders.models import Assignment, Position, Shift
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, PositionStatus

# A punch in the minute of the start is on time: people and clocks are no more exact than that.
GRACE = timedelta(minutes=1)
EMPTY = (PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED, PositionStatus.LAPSED)


@dataclass(frozen=True, slots=True)
class Tally:
    """People of one shift: wanted, booked now, on site (or been there), late or overdue, replaced.

    `sure`: have said before the shift that they come, or have come; `on_the_way`: have set out and not arrived.
    """

    promised: int
    confirmed: int
    arrived: int
    late: int
    replaced: int
    sure: int = 0
    on_the_way: int = 0


@dataclass(frozen=True)
class Attendance:
    """One booking with what the moment makes of it."""

    work: Assignment
    late: bool
    stands_in_for: str


@dataclass(frozen=True)
class Board:
    """One shift, its figures, its people (those who come first), its empty places by state."""

    shift: Shift
    tally: Tally
    people: Sequence[Attendance]
    empty: Sequence[tuple[str, int]]

    @cached_property
    def complete(self) -> bool:
        """Whether everybody promised is there."""
        return self.tally.arrived >= self.tally.promised


def with_people(shifts: QuerySet[Shift], *, record: bool = False) -> QuerySet[Shift]:
    """The shifts with all that a board shows, in two queries more.

    `record`: each booking says how often its worker has served this client (`with_us`) and this site (`here`) before.
    """
    works = Assignment.objects.select_related("worker__user", "replaces__worker__user", "timesheet")
    works = with_record(works) if record else works
    replaced = Count("replacements", filter=Q(replacements__found__isnull=False))
    places = Position.objects.annotate(replaced=replaced).order_by("number")
    shown = places.prefetch_related(Prefetch("assignments", works.order_by("worker__user__name", "id")))
    return shifts.prefetch_related(Prefetch("positions", shown))


def with_record(works: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Each booking with services of its worker for the client (`with_us`) and at the site (`here`)."""
    order = "position__shift__order__"
    done = Assignment.objects.filter(status=AssignmentStatus.COMPLETED, worker=OuterRef("worker"))
    return works.annotate(
        with_us=_count(done.filter(**{f"{order}client": OuterRef(f"{order}client")})),
        here=_count(done.filter(**{f"{order}site": OuterRef(f"{order}site")})),
    )


def _count(rows: QuerySet[Assignment]) -> Coalesce:
    counted = rows.order_by().values(one=F("worker")).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def board(shift: Shift, now: datetime) -> Board:
    """The board of a shift that was loaded by `with_people`."""
    places = list(shift.positions.all())
    people = sorted(
        (_attendance(work, now) for place in places for work in place.assignments.all()),
        key=lambda each: each.work.status not in ACTIVE_ASSIGNMENT,
    )
    empty = Counter(place.status for place in places if place.status in EMPTY)
    return Board(
        shift, _tally(shift, places, people), people, [(state, empty[state]) for state in EMPTY if empty[state]]
    )


def is_late(work: Assignment, now: datetime) -> bool:
    """Came after the start, or is overdue. Who stands in for somebody cannot be late: they were called late."""
    if work.replaces_id is not None or work.status not in ACTIVE_ASSIGNMENT:
        return False
    return (work.checked_in_at or now) - work.start_at >= GRACE


def _attendance(work: Assignment, now: datetime) -> Attendance:
    return Attendance(work, is_late(work, now), work.replaces.worker.user.name if work.replaces else "")


def _tally(shift: Shift, places: Sequence[Position], people: Sequence[Attendance]) -> Tally:
    coming = [each for each in people if each.work.status in ACTIVE_ASSIGNMENT]
    return Tally(
        promised=shift.headcount,
        confirmed=len(coming),
        arrived=sum(each.work.status != AssignmentStatus.BOOKED for each in coming),
        late=sum(each.late for each in coming),
        replaced=sum(place.replaced for place in places),  # type: ignore[attr-defined]  # annotated
        sure=sum(_sure(each.work) for each in coming),
        on_the_way=sum(_on_the_way(each.work) for each in coming),
    )


def _sure(work: Assignment) -> bool:
    return work.status != AssignmentStatus.BOOKED or work.confirmed_at is not None


def _on_the_way(work: Assignment) -> bool:
    return work.status == AssignmentStatus.BOOKED and work.departed_at is not None
