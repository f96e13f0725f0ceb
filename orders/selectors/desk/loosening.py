"""What changing a shift would bring, in words, for the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orders import change_text, whatif
from orders import matching_text as text
from orders.models import Shift
from orders.selectors.desk import explaining
from orders.selectors.reach import Bar, Step, bar
from workers.models import Course, Worker

if TYPE_CHECKING:
    from orders.matching.after_course import Ids

# who has a place is said in words; no change of the shift would matter to them
ON_SHIFT = "on_shift"
# so many of those whom a course would bring are named
NAMED = 5


@dataclass(frozen=True, slots=True)
class Loosening:
    """A shift's reach now and all changes: those that bring somebody first; `nothing` are the others, in words;
    `lessons` are the courses that would bring somebody."""

    eligible: int
    placed: int
    pool_size: int
    bars: Sequence[Bar]
    steps: Sequence[Step]
    nothing: Sequence[str]
    lessons: Sequence["Lesson"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A course that so many people lack and nothing else; `first` are some of them."""

    course: Course
    people: int
    first: Sequence[Worker]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.people - len(self.first)


@dataclass(frozen=True, slots=True)
class Silence:
    """Why nothing can be told: the shift is over, or the pool cannot be had now (`refusal` in words)."""

    refusal: str = ""


def told(shift: Shift, now: datetime) -> Loosening | Silence:
    """What changing the shift would bring."""
    try:
        found = whatif.of_shift(shift, now)
    except whatif.Unavailable as refusal:
        return Silence(str(refusal))
    return _worded(found) if found else Silence()


def lessons(opened: "Mapping[str, Ids]") -> list[Lesson]:
    """Courses with the people whom each would bring, those that bring most first; two queries if there are any."""
    by_course = {course: ids.tolist() for course, ids in opened.items() if len(ids)}
    people = explaining.people(pk for ids in by_course.values() for pk in ids[:NAMED]) if by_course else {}
    rows = Course.objects.filter(code__in=by_course, is_active=True) if by_course else ()
    found = [Lesson(row, len(by_course[row.code]), [people[pk] for pk in by_course[row.code][:NAMED]]) for row in rows]
    return sorted(found, key=lambda lesson: (-lesson.people, lesson.course.pk))


def _worded(told: whatif.Told) -> Loosening:
    named, found = explaining.names(), told.found
    steps = [
        Step(change_text.change_text(gain.change.code, gain.change.params, named), gain.more, gain.fewer)
        for gain in found.gains
    ]
    everybody = found.reach.eligible + found.reach.rejected
    bars = [
        bar(text.gate_text(gate.gate), gate.removed, gate.only, everybody)
        for gate in sorted(found.reach.gates, key=lambda gate: -gate.removed)
        if gate.gate != ON_SHIFT
    ]
    return Loosening(
        eligible=found.reach.eligible,
        placed=told.placed,
        pool_size=told.pool_size,
        bars=bars,
        steps=[step for step in steps if step.more],
        nothing=[step.words for step in steps if not step.more],
        lessons=lessons(told.opened),
    )
