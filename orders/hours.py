"""From punches to hours: what of the time between coming and leaving counts, by which rule. Pure.

Rules, in this order: both ends are cut to whole minutes (`workers.pay.minutes`); coming early and staying on do not
count, the planned shift is the frame (longer hours are agreed by changing the shift); the minutes are rounded by the
named rule; who worked longer than `break_after` has had the unpaid break, and is never left with less than
`break_after` by it; nobody is paid more than was planned.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from workers.pay.minutes import MINUTE, Span

# By name, as it is stored with the hours: minutes worked → minutes counted.
ROUNDINGS: Mapping[str, Callable[[int], int]] = {
    "minute": lambda minutes: minutes,
    "nearest_5": lambda minutes: (minutes + 2) // 5 * 5,
    "nearest_15": lambda minutes: (minutes + 7) // 15 * 15,
    "down_15": lambda minutes: minutes // 15 * 15,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """By which the hours of a shift are counted: a name of `ROUNDINGS`, and minutes."""

    rounding: str = "minute"
    break_after: int = 0
    break_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes planned, counted (`span.minutes`) and late, the unpaid break in the counted ones, and what is priced."""

    planned: int
    late: int
    unpaid: int
    span: Span

    @property
    def minutes(self) -> int:
        """Minutes that are paid."""
        return self.span.minutes


def count(plan: Span, came: datetime, left: datetime, rules: Rules) -> Hours:
    """The hours of somebody who came and left at these aware times. Leaving before coming counts nothing.

    What is priced begins with the work and ends earlier by what rounding and break took away; where rounding adds, it
    begins earlier if the shift's end would be passed. KeyError for a rounding without a name.
    """
    worked = framed(plan, came, left)
    planned = plan.minutes - _unpaid(plan.minutes, rules)
    rounded = min(ROUNDINGS[rules.rounding](worked.minutes), plan.minutes)
    unpaid = _unpaid(rounded, rules)
    paid = min(rounded - unpaid, planned)
    start = min(worked.start, plan.end - paid * MINUTE)
    late = max(0, (worked.start - plan.start) // MINUTE)
    return Hours(planned, late, unpaid, Span(start, start + paid * MINUTE))


def framed(plan: Span, came: datetime, left: datetime) -> Span:
    """The part of the presence that lies in the plan, in whole minutes."""
    here = Span(came, max(came, left))
    start = min(max(here.start, plan.start), plan.end)
    return Span(start, max(start, min(here.end, plan.end)))


def _unpaid(minutes: int, rules: Rules) -> int:
    return max(0, min(rules.break_minutes, minutes - rules.break_after))
