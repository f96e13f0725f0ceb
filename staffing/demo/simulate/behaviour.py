"""What people decide. Pure: the same key always falls the same way, whatever else happens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from staffing.demo.simulate.plan import Habits
from workers.pay.minutes import SHANGHAI

Answer = Literal["accept", "decline", "lapse"]
Fate = Literal["comes", "absent", "cancels"]
MINUTE = timedelta(minutes=1)
# Local hours at which most people sleep and do not hear a question.
ASLEEP = range(0, 7)
HEARS_ASLEEP = 0.2
# Work that begins so soon, or has begun, has to fit into what somebody is doing.
AT_ONCE = timedelta(hours=2)
# Who says yes to work that begins at once needs some minutes before they can leave.
READY_MINUTES = (5, 15)


def dice(seed: int, name: str, key: str) -> Random:
    """Random figures that belong to one thing of one run."""
    return Random(f"{seed}:{name}:{key}")


@dataclass(frozen=True, slots=True)
class Question:
    """An offer as it reaches somebody: sent, open until, for work from `start`; whether they stand by for it."""

    sent: datetime
    until: datetime
    start: datetime
    standing_by: bool = False


def answer(random: Random, habits: Habits, asked: Question) -> tuple[Answer, datetime]:
    """What somebody answers and when. Asleep hardly anybody hears it, and few are free to go at once, unless they
    stand by."""
    minutes = max(1.0, (asked.until - asked.sent) / MINUTE)
    hears, free, roll, share = (random.random() for _ in range(4))
    # Most answer in the first third of the time they have.
    at = asked.sent + (0.5 + (min(40.0, minutes) - 1) * 0.9 * share**2) * MINUTE
    if asked.standing_by:
        return ("accept" if roll >= habits.lapses / 2 else "lapse"), at
    asleep = asked.sent.astimezone(SHANGHAI).hour in ASLEEP and hears >= HEARS_ASLEEP
    if asleep or roll < habits.lapses:
        return "lapse", asked.until
    busy = asked.start - asked.sent < AT_ONCE and free >= habits.free_at_once
    return ("decline" if busy or roll < habits.lapses + habits.declines else "accept"), at


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of one booking. `arrive`: check-in; `leave`: check-out, None if forgotten; `cancel`: calling off.

    `first`, `second`: whether they answer the first and the second question to confirm. `picks_up`: whether they
    answer a call; `admits`: whether a no-show says so then.
    """

    fate: Fate
    arrive: datetime
    leave: datetime | None
    cancel: datetime | None
    first: bool
    second: bool
    picks_up: bool
    admits: bool


def course(
    random: Random, habits: Habits, *, booked: datetime, start: datetime, end: datetime, way_minutes: int
) -> Course:
    """What somebody does who said yes at `booked` to work from `start`; a way to it takes `way_minutes`."""
    roll = random.random()
    ahead = start - booked
    late, cancel_share = _late(random, habits), random.random()
    ready = random.uniform(*READY_MINUTES)
    earliest = booked + (way_minutes + ready) * MINUTE
    cancels = habits.no_shows <= roll < habits.no_shows + habits.late_cancels and ahead > timedelta(hours=1)
    fate: Fate = "absent" if roll < habits.no_shows else "cancels" if cancels else "comes"
    silent, forgets, remembers = (random.random() for _ in range(3))
    called, admits = random.random(), random.random()
    leaves, after = random.random(), random.uniform(0, 8)
    confirms = silent >= habits.silent if fate == "absent" else forgets >= habits.forgets
    return Course(
        fate,
        max(start + late * MINUTE, earliest),
        None if leaves < habits.forgets_to_leave else end + after * MINUTE,
        start - min(ahead * 0.8, timedelta(hours=8)) * (0.06 + 0.94 * cancel_share) if cancels else None,
        first=confirms,
        second=confirms or (fate != "absent" and remembers < 0.5),
        picks_up=called >= habits.unreachable,
        admits=admits < habits.says_so,
    )


def _late(random: Random, habits: Habits) -> float:
    """Minutes after the start at which somebody comes: mostly some before it; late ones mostly less than a quarter."""
    roll, early, late = random.random(), random.uniform(-18, -2), random.expovariate(1 / 7)
    return 1 + min(45.0, late) if roll < habits.late else early
