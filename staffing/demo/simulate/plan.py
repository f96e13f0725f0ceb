"""What is simulated: how long, how many people, and how they behave. Every figure of behaviour is an assumption."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from workers.pay.minutes import SHANGHAI

# What `--without` may switch off, each by rows of the policy.
FEATURES: Final = ("radar", "bench", "waves")
# A Monday: the first day of November 2026's first whole week.
FIRST_DAY: Final = date(2026, 11, 2)
# Orders are posted some days ahead, so posting begins before the first day that is counted.
AHEAD: Final = timedelta(days=5)
# Forgotten check-outs and approvals by time come after the last shift.
AFTER: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of what people do, 0 to 1, and minutes.

    `no_shows`: of all bookings, also of those who said yes minutes before. `silent`: of no-shows, who also stay silent
    when asked beforehand (the others confirm and do not come). `forgets`: of those who will come, who forget to
    confirm when first asked; half of them do when reminded. `says_so`: of no-shows who are called, who pick up and say
    that they are not coming; `unreachable`: of all who are called, who do not pick up. `free_at_once`: of those asked
    about work that begins within two hours, who could go at all; whoever stands by can.
    """

    no_shows: float = 0.10
    declines: float = 0.15
    lapses: float = 0.08
    free_at_once: float = 0.35
    late_cancels: float = 0.03
    late: float = 0.12
    silent: float = 0.5
    forgets: float = 0.10
    says_so: float = 0.5
    unreachable: float = 0.15
    forgets_to_leave: float = 0.02


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. The same plan gives the same report."""

    days: int = 30
    workers: int = 400
    seed: int = 1
    habits: Habits = field(default_factory=Habits)
    without: frozenset[str] = frozenset()
    first_day: date = FIRST_DAY

    @property
    def begin(self) -> datetime:
        """From when shifts are counted: midnight in the house's zone."""
        return datetime.combine(self.first_day, time(0), SHANGHAI)

    @property
    def end(self) -> datetime:
        """Until when: shifts begin before it."""
        return self.begin + timedelta(days=self.days)

    @property
    def orders_a_day(self) -> float:
        """One for twenty people, as in the demo agency."""
        return self.workers / 20
