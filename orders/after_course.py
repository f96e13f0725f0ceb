"""For whom a course is the only thing missing: people for shifts from the pool as columns, shifts for one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from orders import snapshot
from orders.matching import Need, Reason
from orders.pool import weights_in_force
from orders.whatif import Unavailable

if TYPE_CHECKING:
    from orders.matching.after_course import Ids

CODES: Final = frozenset({"course_missing", "course_expired"})


def opened(needs: Sequence[Need], now: datetime) -> Mapping[tuple[int, str], Ids]:
    """By shift and code of the course: people who lack that course alone, whatever they said to the shift itself.

    Raises `Unavailable`.
    """
    known = snapshot.available(now)
    if known is None:
        raise Unavailable
    asking = [need for need in needs if need.courses]
    # Compiled code is loaded when it is first asked, not when Django starts.
    from orders.matching.after_course import opened_by

    return opened_by(known.pool, asking, weights_in_force(), excluded={}, placed={})


def only_course(reasons: Iterable[Reason]) -> str | None:
    """The course that alone stands between a person and a shift; None if nothing does, or more."""
    found = list(reasons)
    if len(found) == 1 and found[0].code in CODES:
        return str(found[0].params["course"])
    return None
