"""When what is due before a shift: the questions to confirm, the release of who stays silent, the reminders. Pure.

A question that would come at night is put before the night; what follows from silence keeps its hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

HOUSE: Final = ZoneInfo("Asia/Shanghai")
Step = Literal["ask", "ask_again", "doubt", "release", "remind", "leave"]
# In the order in which they follow each other where their moments are the same.
STEPS: Final[tuple[Step, ...]] = ("ask", "ask_again", "doubt", "remind", "release", "leave")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The numbers of the policy. `quiet` are hours of the house's day, `[from, until)`, over midnight or not."""

    opens: timedelta = timedelta(hours=24)
    closes: timedelta = timedelta(hours=4)
    again: timedelta = timedelta(hours=6)
    answer: timedelta = timedelta(hours=1)
    release: timedelta = timedelta(hours=2)
    remind: timedelta = timedelta(hours=2)
    set_out: timedelta = timedelta(hours=3)
    quiet: tuple[int, int] = (22, 8)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The moments of one booking. `leave`: when the way must begin at the latest; None where there is none."""

    ask: datetime
    ask_again: datetime
    doubt: datetime
    release: datetime
    remind: datetime
    set_out: datetime
    leave: datetime | None

    def at(self, step: Step) -> datetime | None:
        """When the step is due."""
        found: datetime | None = getattr(self, step)
        return found


def timetable(start: datetime, rhythm: Rhythm, way: timedelta | None) -> Timetable:
    """The moments for a shift that begins at `start`; `way` is None for work at home."""
    opens = start - rhythm.opens
    return Timetable(
        ask=awake(opens, rhythm.quiet),
        ask_again=max(opens, awake(start - max(rhythm.again, rhythm.closes), rhythm.quiet)),
        doubt=start - rhythm.closes,
        release=start - min(rhythm.release, rhythm.closes),
        remind=start - rhythm.remind,
        set_out=start - rhythm.set_out,
        leave=None if way is None else start - way,
    )


def awake(moment: datetime, quiet: tuple[int, int]) -> datetime:
    """The moment itself, or, if it lies in the quiet hours, when these began."""
    begins, ends = quiet
    local = moment.astimezone(HOUSE)
    late = local.hour >= begins if begins > ends else begins <= local.hour < ends
    early = begins > ends and local.hour < ends
    if not (late or early):
        return moment
    evening = local.replace(hour=begins, minute=0, second=0, microsecond=0) - timedelta(days=early)
    return evening.astimezone(moment.tzinfo)


def said_by_the_yes(booked: datetime, table: Timetable) -> bool:
    """Whether the yes came so late that nothing is left to ask: it is the confirmation."""
    return booked >= min(table.ask_again, table.doubt)


def released_from(table: Timetable, warned: datetime | None, rhythm: Rhythm) -> datetime | None:
    """From when silence costs the place: never before the warning has had its time. None: not warned yet."""
    return None if warned is None else max(table.release, warned + rhythm.answer)
