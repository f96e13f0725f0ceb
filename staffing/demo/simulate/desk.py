"""A dispatcher looks at the strip of today and calls those whom it names.

What the strip shows is the product's own list (`orders.selectors.desk.trouble`); with the radar switched off it names
nobody before the start. Everybody is called once before the start and once after it.
"""

from datetime import datetime, timedelta

from orders.models import Assignment, CallNote, OrderPolicy
from orders.selectors.desk import trouble
from orders.services import calls
from orders.states import AssignmentStatus
from staffing.core.errors import DomainError
from staffing.demo.simulate.behaviour import Course
from staffing.demo.simulate.world import World

# How far ahead somebody who is at risk is worth a call.
AHEAD = timedelta(hours=4)


class Desk:
    """The dispatchers of a run; `called` are assignments and whether it was after their start."""

    def __init__(self, world: World) -> None:
        self.by = world.desk[0]
        self.called: set[tuple[int, bool]] = set()

    def look(self, now: datetime, courses: dict[int, Course]) -> None:
        """Call whoever is at risk or late and was not called yet."""
        awaited = Assignment.objects.filter(status=AssignmentStatus.BOOKED, start_at__lte=now + AHEAD)
        if not awaited.exists():
            return
        for row in trouble.rows(now, OrderPolicy.current()):
            work = row.work
            if work is None or work.start_at > now + AHEAD or not row.kinds & {"at_risk", "late"}:
                continue
            late = work.start_at <= now
            if (work.pk, late) not in self.called and work.pk in courses:
                self.called.add((work.pk, late))
                self._call(work, courses[work.pk], now)

    def _call(self, work: Assignment, course: Course, now: datetime) -> None:
        try:
            calls.note(work.pk, outcome=_said(course), by=self.by, now=now)
        except DomainError:
            # Somebody acted since the list was made.
            return


def _said(course: Course) -> CallNote.Outcome:
    if not course.picks_up:
        return CallNote.Outcome.NO_ANSWER
    if course.fate == "absent":
        return CallNote.Outcome.NOT_COMING if course.admits else CallNote.Outcome.COMING
    return CallNote.Outcome.COMING
