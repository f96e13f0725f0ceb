"""Which figures changed most from one period to the next: pure arithmetic on samples.

The change is measured in standard errors of the difference of two means, `(m₁ − m₀) / √(s₁²/n₁ + s₀²/n₀)` (Welch 1947,
doi:10.1093/biomet/34.1-2.28), so that minutes, shares and stars can be compared and a large step of a noisy figure
does not beat a smaller one of a steady figure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, isfinite, sqrt


@dataclass(frozen=True, slots=True)
class Sample:
    """`n` rows with their mean and the standard deviation of the sample; `spread` None for fewer than two rows."""

    n: int
    mean: float
    spread: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One figure's step. `size` in standard errors, with its sign; infinite where neither period had any spread."""

    key: str
    size: float


def standardised(now: Sample, before: Sample) -> float:
    """The step in standard errors; 0 without a step. ValueError for a sample without rows or a number that is none."""
    if now.n < 1 or before.n < 1 or not (isfinite(now.mean) and isfinite(before.mean)):
        raise ValueError("a sample has rows and a mean")
    step = now.mean - before.mean
    error = sqrt(sum((one.spread or 0.0) ** 2 / one.n for one in (now, before)))
    if step == 0:
        return 0.0
    return step / error if error else inf if step > 0 else -inf


def largest(pairs: Mapping[str, tuple[Sample | None, Sample | None]], *, count: int, sample: int) -> list[Change]:
    """The `count` figures that changed most, the largest step first, equal ones in the order of their keys.

    `pairs` holds the present and the earlier sample of each figure. A figure with fewer than `sample` rows in either
    period says nothing and is left out, as is one that did not change.
    """
    changes = (_change(key, *pair, sample) for key, pair in pairs.items())
    found: Iterable[Change] = [one for one in changes if one is not None]
    return sorted(found, key=lambda one: (-abs(one.size), one.key))[:count]


def _change(key: str, now: Sample | None, before: Sample | None, sample: int) -> Change | None:
    if now is None or before is None or min(now.n, before.n) < sample:
        return None
    size = standardised(now, before)
    return Change(key, size) if size else None
