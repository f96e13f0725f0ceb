"""Which package a client of high value should be offered: a pure rule on what they did, with its reason as data."""

from dataclasses import dataclass
from enum import StrEnum


class Advice(StrEnum):
    """What to do next with a client."""

    REPAIR = "repair"
    SPECIAL = "special"
    TEAM = "team"
    KEEP = "keep"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Habits:
    """What a client did in so many weeks: orders (of these with rare requirements, and by a fixed team), weeks with
    an order, mean satisfaction of so many reviews (None without any), and how many would order again of those asked.
    """

    weeks: int
    orders: int
    active_weeks: int
    special: int = 0
    team: int = 0
    stars: float | None = None
    reviews: int = 0
    again: int = 0
    asked: int = 0

    @property
    def stability(self) -> float:
        """The share of weeks with an order."""
        return self.active_weeks / self.weeks if self.weeks else 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of the rule: percents of 100, stars of five, reviews from which a mean says something."""

    team_orders: int
    team_weeks_percent: int
    special_orders_percent: int
    repair_stars: float
    few: int


def advice(habits: Habits, limits: Limits) -> Advice:
    """The first of these that holds.

    Unhappy clients are won back before anything is sold to them; rare requirements need a pool of their own; who
    orders often and steadily is served best by the same people, with emergency backups (A8). Who has the team keeps it.
    """
    if habits.stars is not None and habits.reviews >= limits.few and habits.stars < limits.repair_stars:
        return Advice.REPAIR
    if not habits.orders:
        return Advice.WATCH
    if habits.special * 100 >= habits.orders * limits.special_orders_percent and habits.special:
        return Advice.SPECIAL
    if habits.team * 2 > habits.orders:
        return Advice.KEEP
    steady = habits.active_weeks * 100 >= habits.weeks * limits.team_weeks_percent
    return Advice.TEAM if steady and habits.orders >= limits.team_orders else Advice.WATCH
