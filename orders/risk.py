"""Who may not be there in time, seen before it happens (C4). Pure: named signals, each with a weight; enough weight is
a risk. Nothing is known of where people are on their way, so the signals are what is known: what they said (that they
come, that they have set out), the clock, the way, the day's other work, and how it went before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

Code = Literal["unconfirmed", "due", "leaving", "tight", "double", "missed", "late", "far"]


@dataclass(frozen=True, slots=True)
class Scale:
    """When something counts: minutes, kilometres, numbers; `enough` is the sum of weights from which on it is a risk.

    Who should have left since `leave_minutes` and has not said so is a risk by that alone.
    A way takes `fixed_minutes` and `minutes_per_km`, as in matching.
    """

    fixed_minutes: int = 15
    minutes_per_km: int = 3
    due_minutes: int = 10
    leave_minutes: int = 5
    far_km: float = 15.0
    often_late: int = 3
    history_days: int = 90
    enough: int = 2


@dataclass(frozen=True, slots=True)
class Before:
    """The day's work before this one: when it ends, and how far its site is from this one (None: no way between)."""

    end: datetime
    km: float | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody booked who has not come. `km` from home (None: remote or unknown); `late` and `missed`: how often.

    `confirm_by`: until when they were to say that they come, None once they have; `departed`: they said they set out.
    """

    start: datetime
    remote: bool
    km: float | None = None
    late: int = 0
    missed: int = 0
    before: Before | None = None
    confirm_by: datetime | None = None
    departed: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that speaks for trouble; `have` and `need` in the unit of its code (minutes, km, times).

    What happened before (`missed`, `late`) has in `need` the days that were looked at.
    """

    code: Code
    weight: int
    have: int
    need: int = 0


def signals(watch: Watch, now: datetime, scale: Scale) -> list[Signal]:
    """Everything that speaks for trouble, the heaviest first. Nothing once the shift has begun: that is being late."""
    if now >= watch.start:
        return []
    found = [*_word(watch, now), *_clock(watch, now, scale), *_day(watch, scale), *_history(watch, scale)]
    found += _way(watch, scale)
    return sorted(found, key=lambda signal: -signal.weight)


def weight(found: Sequence[Signal]) -> int:
    """How much speaks for trouble: the order of a list."""
    return sum(signal.weight for signal in found)


def at_risk(found: Sequence[Signal], scale: Scale) -> bool:
    """Whether it is enough to look for somebody else."""
    return weight(found) >= scale.enough


def way_minutes(km: float | None, scale: Scale) -> int:
    """How long a way takes, rounded up to whole minutes."""
    return scale.fixed_minutes + (-int(-scale.minutes_per_km * km // 1) if km else 0)


def _word(watch: Watch, now: datetime) -> list[Signal]:
    if watch.confirm_by is None or now < watch.confirm_by:
        return []
    return [Signal("unconfirmed", 2, _minutes(watch.start - now))]


def _clock(watch: Watch, now: datetime, scale: Scale) -> list[Signal]:
    left = _minutes(watch.start - now)
    if watch.departed:
        return []
    if left <= scale.due_minutes:
        return [Signal("due", 2, left)]
    way = scale.fixed_minutes if watch.remote else way_minutes(watch.km, scale)
    if left > way:
        return []
    return [Signal("leaving", 2 if left <= way - scale.leave_minutes else 1, left, way)]


def _day(watch: Watch, scale: Scale) -> list[Signal]:
    if watch.before is None or watch.before.km is None:
        return []
    gap, way = _minutes(watch.start - watch.before.end), way_minutes(watch.before.km, scale)
    return [Signal("tight", 2, gap, way)] if gap < way else [Signal("double", 1, ceil(watch.before.km))]


def _history(watch: Watch, scale: Scale) -> list[Signal]:
    days = scale.history_days
    found = [Signal("missed", 2, watch.missed, days)] if watch.missed else []
    if watch.late:
        found.append(Signal("late", 2 if watch.late >= scale.often_late else 1, watch.late, days))
    return found


def _way(watch: Watch, scale: Scale) -> list[Signal]:
    if watch.remote or watch.km is None or watch.km < scale.far_km:
        return []
    return [Signal("far", 1, round(watch.km))]


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
