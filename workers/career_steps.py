"""The ladder of a career and what is missing to its next step. Pure.

Everybody begins in service; a senior chooses a direction, whose levels follow. What a step needs is the table's
(`CareerRule`); a step that nobody has entered needs what is usual here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Need:
    """What a step needs at least; `courses` by code with their names."""

    services: int
    stars: Decimal
    months: int
    courses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Where somebody stands; `courses`: codes of those that are valid."""

    services: int
    stars: Decimal | None
    months: int
    courses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is needed, and whether it is there."""

    kind: str
    have: str
    need: str
    met: bool


_LADDERS: Final[Mapping[str, Sequence[str]]] = {
    "service": ("junior", "senior"),
    "management": ("supervisor", "manager", "director"),
    "trainer": ("supervisor", "manager"),
    "qa": ("supervisor", "manager"),
    "cx": ("supervisor", "manager"),
}
DIRECTIONS: Final = tuple(track for track in _LADDERS if track != "service")
_SPECIALIST: Final = {"supervisor": (50, "4.5", 6), "manager": (120, "4.6", 18)}
_USUAL: Final[Mapping[str, Mapping[str, tuple[int, str, int]]]] = {
    "service": {"senior": (20, "4.2", 3)},
    "management": {"supervisor": (60, "4.5", 9), "manager": (150, "4.6", 18), "director": (300, "4.7", 36)},
    "trainer": _SPECIALIST,
    "qa": _SPECIALIST,
    "cx": _SPECIALIST,
}


def usual() -> dict[Step, Need]:
    """What each step needs where the table says nothing."""
    return {
        (track, level): Need(services, Decimal(stars), months, {})
        for track, steps in _USUAL.items()
        for level, (services, stars, months) in steps.items()
    }


def next_step(track: str, level: str, wish: str) -> Step | None:
    """What comes after; None at the top, and for a senior who has not chosen a direction."""
    ladder = _LADDERS.get(track, ())
    if level in ladder and ladder.index(level) + 1 < len(ladder):
        return track, ladder[ladder.index(level) + 1]
    if track == "service" and wish in DIRECTIONS:
        rest = [step for step in _LADDERS[wish] if _order(step) > _order(level)]
        return (wish, rest[0]) if rest else None
    return None


def _order(level: str) -> int:
    return ("junior", "senior", "supervisor", "manager", "director").index(level)


def gaps(need: Need, facts: Facts) -> list[Gap]:
    """Everything that is needed, met or not."""
    stars = facts.stars or Decimal(0)
    found = [
        Gap("services", str(facts.services), str(need.services), facts.services >= need.services),
        Gap("stars", str(facts.stars or "—"), str(need.stars), stars >= need.stars),
        Gap("months", str(facts.months), str(need.months), facts.months >= need.months),
    ]
    return found + [Gap("course", "", name, code in facts.courses) for code, name in sorted(need.courses.items())]


def ready(need: Need, facts: Facts) -> bool:
    """Whether nothing is missing."""
    return all(gap.met for gap in gaps(need, facts))


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another, as birthdays are counted."""
    return max(0, (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day))
