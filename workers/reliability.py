"""How likely somebody turns up, from how it went before: the more recent, the more it counts. Pure.

A weighted mean with exponentially falling weights (S. W. Roberts, "Control Chart Tests Based on Geometric Moving
Averages", Technometrics 1(3), 1959), by days instead of by number, with a starting value that stands for some services
so that one bad day does not make a name.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Memory:
    """`start` (0–100) counts as `weight` services of today; what is `half_life` days old counts half."""

    start: int = 80
    weight: int = 5
    half_life: int = 60


def reliability(outcomes: Iterable[tuple[float, int]], memory: Memory) -> int:
    """0–100 from (age in days, worth 0–100) of each past shift, rounded half up."""
    total, weights = float(memory.start * memory.weight), float(memory.weight)
    for age, worth in outcomes:
        weight = 0.5 ** (max(age, 0.0) / memory.half_life)
        total += weight * worth
        weights += weight
    return int(total / weights + 0.5)
