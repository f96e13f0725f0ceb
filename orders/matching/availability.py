"""Whether one person has the time, compiled and exact to the minute."""

from __future__ import annotations

from typing import Any, Final

from .geo import farthest, travel_minutes
from .jit import compiled
from .minutes import WEEK
from .tables import EXTRA, OFF

# what `clash` finds, one bit each
OVERLAP: Final = 1
REST_BEFORE: Final = 2
REST_AFTER: Final = 4
TRAVEL_BEFORE: Final = 8
TRAVEL_AFTER: Final = 16


@compiled
def open_for(row: int, minute: int, at: Any, windows: Any) -> int:
    """Minutes for which one weekly window stays open from a minute of the week on; 0 if none is open then."""
    far = 0
    for i in range(at[row], at[row + 1]):
        opens, closes = windows[i, 0], windows[i, 1]
        # an end past Sunday night opens the week's beginning too
        far = max(far, (closes - minute) * (opens <= minute), closes - minute - WEEK)
    return far


@compiled
def open_throughout(row: int, start: int, end: int, at: Any, windows: Any, dated: Any, exceptions: Any) -> bool:
    """Whether the weekly windows and extra times together cover [start, end).

    Walks from the start to the end of whatever is open at that point, as far as it gets.
    """
    reached = start
    while reached < end:
        far = reached + open_for(row, reached % WEEK, at, windows)
        for i in range(dated[row], dated[row + 1]):
            if exceptions[i, 2] == EXTRA and exceptions[i, 0] <= reached < exceptions[i, 1]:
                far = max(far, exceptions[i, 1])
        if far == reached:
            return False
        reached = far
    return True


@compiled
def takes_off(row: int, start: int, end: int, dated: Any, exceptions: Any) -> bool:
    """Whether time off touches [start, end)."""
    for i in range(dated[row], dated[row + 1]):
        if exceptions[i, 2] == OFF and exceptions[i, 0] < end and start < exceptions[i, 1]:
            return True
    return False


@compiled
def clash(
    i: int, start: int, end: int, rest: int, times: Any, place: Any, lat: float, lng: float, fixed: int, per_km: int
) -> int:
    """Bits of everything in which booking ``i`` stands against [start, end) at a site (NaN: none)."""
    begins, ends = times[i, 0], times[i, 1]
    if begins < end and start < ends:
        return OVERLAP
    before = ends <= start
    gap = start - ends if before else begins - end
    found = 0
    if gap < rest:
        found |= REST_BEFORE if before else REST_AFTER
    # the first comparison spares the exact distance of whatever is long enough ago
    near = gap < fixed + per_km * farthest(place, i, lat, lng) + 1
    if near and gap < travel_minutes(place, i, lat, lng, fixed, per_km):
        found |= TRAVEL_BEFORE if before else TRAVEL_AFTER
    return found


@compiled
def clashes(
    row: int, start: int, end: int, rest: int, at: Any, times: Any, place: Any,
    lat: float, lng: float, fixed: int, per_km: int,
) -> int:  # fmt: skip
    """The same of all bookings of a person."""
    found = 0
    for i in range(at[row], at[row + 1]):
        found |= clash(i, start, end, rest, times, place, lat, lng, fixed, per_km)
    return found


@compiled
def share(start: int, end: int, first: int, last: int) -> int:
    """Minutes of [start, end) that lie in [first, last)."""
    return max(0, min(end, last) - max(start, first))


@compiled
def most_in_a_week(start: int, end: int, edges: Any) -> int:
    """The most minutes of [start, end) that fall into one week."""
    most = 0
    for k in range(len(edges) - 1):
        most = max(most, share(start, end, edges[k], edges[k + 1]))
    return most


@compiled
def over_cap(row: int, start: int, end: int, cap: int, at: Any, times: Any, edges: Any) -> bool:
    """Whether bookings and [start, end) together pass the cap in a week that the shift touches."""
    for k in range(len(edges) - 1):
        minutes = share(start, end, edges[k], edges[k + 1])
        if minutes == 0:
            continue
        for i in range(at[row], at[row + 1]):
            minutes += share(times[i, 0], times[i, 1], edges[k], edges[k + 1])
        if minutes > cap:
            return True
    return False


@compiled
def level_until(row: int, at: Any, levels: Any, until: Any, code: int) -> int:
    """The last valid day of a skill or language that the person has."""
    for i in range(at[row], at[row + 1]):
        if levels[i, 0] == code:
            return until[i, 0]
    return 0


@compiled
def valid_until(row: int, at: Any, held: Any, code: int) -> int:
    """The last valid day of a certificate or course that the person has."""
    for i in range(at[row], at[row + 1]):
        if held[i, 0] == code:
            return held[i, 1]
    return 0
