"""Which cause the evidence points to: pure. Every check names one cause; those that are true speak for it by weight.

The owner of a case ticks what really was so; the checks only prefill. More of a fact never takes a signal away.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

MATCHING, COMMUNICATION, EMERGENCY, OTHER = "matching", "communication", "emergency", "other"
# On a tie the one that can be put right by rules comes first.
CAUSES = (MATCHING, EMERGENCY, COMMUNICATION, OTHER)


@dataclass(frozen=True, slots=True)
class Limits:
    """From when a figure speaks: stars (1–5) at most, score (0–100) below, so many refusals, more minutes than."""

    low_stars: int = 2
    low_score: int = 60
    many_refusals: int = 3
    slow_minutes: int = 60
    slow_reply_minutes: int = 120


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a case. Stars and score are None where nobody gave any; `slowest`: minutes to the latest
    replacement, `reply`: to the latest answer to a message of the client (both 0 without one).
    """

    skill_match: int | None = None
    attitude: int | None = None
    attendance: int | None = None
    category: str = ""
    score: int | None = None
    shortage: int = 0
    refusals: int = 0
    no_shows: int = 0
    empty: int = 0
    slowest: int = 0
    late: int = 0
    reply: int = 0
    worker_cases: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: what it speaks for, how strongly, and the figure it found (0: nothing)."""

    code: str
    cause: str
    weight: int
    found: Callable[[Facts, Limits], int]


@dataclass(frozen=True, slots=True)
class Signal:
    """A check that is true; `n` is the figure behind it."""

    code: str
    cause: str
    weight: int
    n: int


def _low(stars: int | None, limits: Limits) -> int:
    return stars if stars is not None and stars <= limits.low_stars else 0


def _above(figure: int, limit: int) -> int:
    return figure if figure > limit else 0


def _is(category: str) -> Callable[[Facts, Limits], int]:
    return lambda facts, _limits: int(facts.category == category)


CHECKS: tuple[Check, ...] = (
    Check("skill_low", MATCHING, 3, lambda f, x: _low(f.skill_match, x)),
    Check("said_skill", MATCHING, 3, _is("skill")),
    Check("score_low", MATCHING, 2, lambda f, x: f.score or 1 if f.score is not None and f.score < x.low_score else 0),
    Check("shortage", MATCHING, 2, lambda f, x: f.shortage),
    Check("refusals", MATCHING, 1, lambda f, x: f.refusals if f.refusals >= x.many_refusals else 0),
    Check("worker_before", MATCHING, 2, lambda f, x: f.worker_cases),
    Check("attitude_low", COMMUNICATION, 3, lambda f, x: _low(f.attitude, x)),
    Check("said_attitude", COMMUNICATION, 3, _is("attitude")),
    Check("said_communication", COMMUNICATION, 3, _is("communication")),
    Check("slow_reply", COMMUNICATION, 2, lambda f, x: _above(f.reply, x.slow_reply_minutes)),
    Check("late", COMMUNICATION, 1, lambda f, x: f.late),
    Check("attendance_low", EMERGENCY, 3, lambda f, x: _low(f.attendance, x)),
    Check("said_attendance", EMERGENCY, 3, _is("attendance")),
    Check("no_show", EMERGENCY, 2, lambda f, x: f.no_shows),
    Check("empty", EMERGENCY, 3, lambda f, x: f.empty),
    Check("slow", EMERGENCY, 2, lambda f, x: _above(f.slowest, x.slow_minutes)),
    Check("said_cost", OTHER, 3, _is("cost")),
    Check("said_other", OTHER, 1, _is("other")),
)
CODES = {check.code: check for check in CHECKS}


def signals(facts: Facts, limits: Limits) -> list[Signal]:
    """Every check that is true, in the checklist's order."""
    found = ((check, check.found(facts, limits)) for check in CHECKS)
    return [Signal(check.code, check.cause, check.weight, n) for check, n in found if n > 0]


def weights(codes: Iterable[str]) -> dict[str, int]:
    """How much speaks for each cause, the strongest first; unknown codes are passed over, repeats count once."""
    sums: dict[str, int] = {}
    for code in set(codes) & CODES.keys():
        check = CODES[code]
        sums[check.cause] = sums.get(check.cause, 0) + check.weight
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], CAUSES.index(pair[0]))))


def suggested(codes: Iterable[str]) -> str:
    """The cause for which most speaks; "" if nothing does."""
    return next(iter(weights(codes)), "")
