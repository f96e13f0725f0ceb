"""What changing a shift would bring, in words, for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orders import change_text, whatif
from orders import matching_text as text
from orders.models import Shift
from orders.selectors.desk import explaining
from orders.selectors.reach import Bar, Step, bar

# who has a place is said in words; no change of the shift would matter to them
ON_SHIFT = "on_shift"


@dataclass(frozen=True, slots=True)
class Loosening:
    """A shift's reach now and all changes: those that bring somebody first; `nothing` are the others, in words."""

    eligible: int
    placed: int
    pool_size: int
    bars: Sequence[Bar]
    steps: Sequence[Step]
    nothing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Silence:
    """Why nothing can be told: the shift is over, or the pool cannot be had now (`refusal` in words)."""

    refusal: str = ""


def told(shift: Shift, now: datetime) -> Loosening | Silence:
    """What changing the shift would bring."""
    try:
        found = whatif.of_shift(shift, now)
    except whatif.Unavailable as refusal:
        return Silence(str(refusal))
    return _worded(found) if found else Silence()


def _worded(told: whatif.Told) -> Loosening:
    named, found = explaining.names(), told.found
    steps = [
        Step(change_text.change_text(gain.change.code, gain.change.params, named), gain.more, gain.fewer)
        for gain in found.gains
    ]
    everybody = found.reach.eligible + found.reach.rejected
    bars = [
        bar(text.gate_text(gate.gate), gate.removed, gate.only, everybody)
        for gate in sorted(found.reach.gates, key=lambda gate: -gate.removed)
        if gate.gate != ON_SHIFT
    ]
    return Loosening(
        eligible=found.reach.eligible,
        placed=told.placed,
        pool_size=told.pool_size,
        bars=bars,
        steps=[step for step in steps if step.more],
        nothing=[step.words for step in steps if not step.more],
    )
