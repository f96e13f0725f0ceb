"""The star score of one person, and the level it certifies. Pure: the caller says how old each rating is.

The score is a mean in which a rating of `half_life` days ago counts half of one of today (exponentially falling
weights: S. W. Roberts, "Control Chart Tests Based on Geometric Moving Averages", Technometrics 1(3), 1959), drawn
towards a prior as if that many ratings of `prior` had come today (the Bayesian average; A. Gelman et al., "Bayesian
Data Analysis", 3rd ed., section 2.5):

    score = (weight · prior + Σ wᵢ · starsᵢ) / (weight + Σ wᵢ),   wᵢ = 0.5 ^ (ageᵢ / half_life)

So one rating moves it by no more than 4 / (weight + 1), and who is rated no more drifts back to the prior.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

BEST = 5
HUNDREDTH, TENTH = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Rule:
    """`prior` (1–5) counts as `weight` ratings of today; a rating `half_life` days old counts half."""

    prior: Decimal = Decimal(4)
    weight: int = 3
    half_life: int = 120


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating: 1–5 stars, so many days old."""

    stars: int
    age: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a level needs at least: score, and completed services."""

    level: int
    score: Decimal
    services: int


@dataclass(frozen=True, slots=True)
class Step:
    """What is missing to `level`: services, and ratings of five stars in a row (None: not even these would do)."""

    level: int
    score: Decimal
    services: int
    ratings: int | None


def weight_of(age: int, rule: Rule) -> float:
    """How much a rating counts, 1 for one of today."""
    return math.exp2(-max(age, 0) / rule.half_life)


def score(ratings: Iterable[Rated], rule: Rule) -> Decimal:
    """1–5 in hundredths, rounded half up; the prior without ratings. The order of the ratings does not matter."""
    total, weights = _sums(ratings, rule)
    return Decimal(total / weights).quantize(HUNDREDTH, ROUND_HALF_UP)


def shown(found: Decimal) -> Decimal:
    """The same in tenths, as people and matching read it."""
    return found.quantize(TENTH, ROUND_HALF_UP)


def level(found: Decimal, services: int, held: int, table: Sequence[Threshold], margin: Decimal) -> int:
    """The certified level, 0 for none: the highest whose threshold is reached; the level held is lost only once the
    score is more than `margin` below its threshold, so that a rating's growing old does not give and take a star
    by turns."""
    reached = [t.level for t in table if found >= t.score and services >= t.services]
    kept = [t.level for t in table if t.level <= held and found >= t.score - margin and services >= t.services]
    return max([0, *reached, *kept])


def next_step(
    ratings: Iterable[Rated], services: int, held: int, table: Sequence[Threshold], rule: Rule
) -> Step | None:
    """What would bring the next level; None at the highest."""
    above = sorted((t for t in table if t.level > held), key=lambda t: t.level)
    if not above:
        return None
    target, (total, weights) = above[0], _sums(ratings, rule)
    lacking = float(target.score) * weights - total
    needed = None if target.score >= BEST and lacking > 0 else _ratings(lacking, float(target.score))
    return Step(target.level, target.score, max(0, target.services - services), needed)


def _ratings(lacking: float, target: float) -> int:
    # A hair's breadth is rounding, not another rating.
    return max(0, math.ceil(lacking / (BEST - target) - 1e-9)) if lacking > 0 else 0


def _sums(ratings: Iterable[Rated], rule: Rule) -> tuple[float, float]:
    rows = [(weight_of(one.age, rule), one.stars) for one in ratings]
    total = math.fsum([float(rule.prior) * rule.weight, *(weight * stars for weight, stars in rows)])
    return total, math.fsum([float(rule.weight), *(weight for weight, _stars in rows)])
