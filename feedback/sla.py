"""The 48-hour clock of a bad review: pure arithmetic on aware instants.

Time is elapsed time: instants are compared in UTC, so neither a zone nor a daylight-saving change moves a deadline.
A clock runs over `[opened_at, stopped_at)`. Two rules follow, and every caller relies on them:

* A repair at or before `due_at` is in time; the clock is breached from the first instant after it.
* An escalation is due as soon as its hour is reached (`elapsed >= hours`); a clock stopped at that very instant did
  not reach it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

ZERO = timedelta(0)
Level = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """Hours allowed and who is called at which hour. The defaults are the promise to clients; the row of the
    policy table overrides them. ValueError for hours that are not positive and increasing.
    """

    due_hours: int = 48
    levels: tuple[Level, ...] = ((24, "owner"), (40, "substitute"), (48, "manager"))

    def __post_init__(self) -> None:
        hours = [level for level, _role in self.levels]
        if self.due_hours <= 0 or any(level <= 0 for level in hours):
            raise ValueError("hours must be positive")
        if any(later <= earlier for earlier, later in pairwise(hours)):
            raise ValueError("escalation hours must increase")


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who (`role`) is called how many hours after opening, and when that is (UTC)."""

    level_hours: int
    role: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock at one moment. `remaining` is negative after `due_at`; `level` is the highest escalation hour
    reached, 0 before the first.
    """

    elapsed: timedelta
    remaining: timedelta
    breached: bool
    level: int


class Verdict(StrEnum):
    """What can be said of one round of a case."""

    IN_TIME = "in_time"
    BREACHED = "breached"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Round:
    """One run of the clock with the deadline it was opened with; a reopened case has several."""

    opened_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """Counts of rounds by verdict. Running rounds are no part of the rate: nothing can be said of them yet."""

    in_time: int
    breached: int
    running: int

    @property
    def sample(self) -> int:
        return self.in_time + self.breached

    @property
    def rate(self) -> Decimal | None:
        """Share in time, 0–1; None without a decided round."""
        return Decimal(self.in_time) / self.sample if self.sample else None


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("times must be aware")
    return moment.astimezone(UTC)


def due_at(opened_at: datetime, policy: ClockPolicy) -> datetime:
    """The last instant (UTC) at which a repair is in time."""
    return _utc(opened_at) + timedelta(hours=policy.due_hours)


def escalations(opened_at: datetime, policy: ClockPolicy) -> tuple[Escalation, ...]:
    """Every escalation of a clock opened at `opened_at`, earliest first."""
    start = _utc(opened_at)
    return tuple(Escalation(hours, role, start + timedelta(hours=hours)) for hours, role in policy.levels)


def reached(
    opened_at: datetime, stopped_at: datetime | None, now: datetime, policy: ClockPolicy
) -> tuple[Escalation, ...]:
    """The escalations that fell due while the clock ran, whether or not they were sent: a scheduler that was down
    sends the difference to what it has recorded.
    """
    present = _utc(now)
    stop = None if stopped_at is None else _utc(stopped_at)
    return tuple(
        one for one in escalations(opened_at, policy) if one.due_at <= present and (stop is None or one.due_at < stop)
    )


def state(opened_at: datetime, stopped_at: datetime | None, now: datetime, policy: ClockPolicy) -> ClockState:
    """The clock as seen at `now`; a clock stopped by then stands still. A clock not yet opened has elapsed 0."""
    start, present = _utc(opened_at), _utc(now)
    end = present if stopped_at is None else min(present, _utc(stopped_at))
    elapsed = max(end - start, ZERO)
    allowed = timedelta(hours=policy.due_hours)
    levels = reached(opened_at, stopped_at, now, policy)
    return ClockState(
        elapsed=elapsed,
        remaining=allowed - elapsed,
        breached=elapsed > allowed,
        level=levels[-1].level_hours if levels else 0,
    )


def answer_deadline(reported_at: datetime, days: int) -> datetime:
    """When a case closes for want of the client's answer: `days` × 24 h after the report (UTC).

    ValueError for days that are not positive.
    """
    if days <= 0:
        raise ValueError("days must be positive")
    return _utc(reported_at) + timedelta(days=days)


def reminders(reported_at: datetime, deadline: datetime, hours_before: Sequence[int]) -> tuple[datetime, ...]:
    """When (UTC, earliest first) to remind the client: so many hours before `deadline`, only after the report."""
    start, end = _utc(reported_at), _utc(deadline)
    moments = {end - timedelta(hours=hours) for hours in hours_before if hours > 0}
    return tuple(sorted(moment for moment in moments if moment > start))


def verdict(one: Round, now: datetime) -> Verdict:
    """In time, breached, or still running at `now`. A running round past its deadline is breached already."""
    due, present = _utc(one.due_at), _utc(now)
    stop = None if one.stopped_at is None else _utc(one.stopped_at)
    if stop is not None and stop <= present:
        return Verdict.IN_TIME if stop <= due else Verdict.BREACHED
    return Verdict.RUNNING if present <= due else Verdict.BREACHED


def in_time(rounds: Iterable[Round], now: datetime) -> Compliance:
    """48-hour compliance of any number of rounds. A round that was breached stays so, however it ended."""
    verdicts = [verdict(one, now) for one in rounds]
    return Compliance(
        in_time=verdicts.count(Verdict.IN_TIME),
        breached=verdicts.count(Verdict.BREACHED),
        running=verdicts.count(Verdict.RUNNING),
    )
