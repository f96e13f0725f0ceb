"""How a quiz is drawn from its bank, scored, and when somebody may try again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

One = TypeVar("One")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tries:
    """So many tries in so many days, and so many minutes between the end of one and the next."""

    most: int
    days: int
    wait_minutes: int


def draw(bank: Sequence[One], count: int, seed: int) -> list[One]:
    """`count` of the bank (all, if it has fewer) in an order of their own; the same seed gives the same."""
    return Random(seed).sample(list(bank), min(count, len(bank)))  # noqa: S311  # kept and repeatable, no secret


def shuffled(options: Sequence[One], seed: int, number: int) -> list[One]:
    """The options of the question with this number, in an order of their own."""
    return draw(options, len(options), seed * 1009 + number)


def is_right(chosen: Collection[str], right: Collection[str]) -> bool:
    """All that is right and nothing else."""
    return bool(right) and set(chosen) == set(right)


def percent(right: int, total: int) -> int:
    """Whole percent, rounded down; nothing asked is 0."""
    return 100 * right // total if total else 0


def has_passed(right: int, total: int, mark: int) -> bool:
    """Whether the share reaches the mark (percent), without rounding."""
    return total > 0 and 100 * right >= mark * total


def may_try_at(ends: Sequence[datetime], rule: Tries, now: datetime) -> datetime:
    """From when on somebody may try again whose tries ended at these times; not later than `now` is at once."""
    counted = sorted(end for end in ends if end > now - rule.days * DAY)
    free = counted[-rule.most] + rule.days * DAY if len(counted) >= rule.most else now
    rested = max(ends) + rule.wait_minutes * MINUTE if ends else now
    return max(free, rested, now)


def tries_left(ends: Sequence[datetime], rule: Tries, now: datetime) -> int:
    """How many tries the days still hold."""
    return max(0, rule.most - sum(end > now - rule.days * DAY for end in ends))
