"""When somebody is put on watch in a kind of service, and when it is over. Pure: figures in, reasons out.

A rate is judged from so many services and so many incidents on, as one bad day makes no habit; a mean from so many
ratings on. Who is on watch is off it again once every figure is better than its limit by the slack (a share of the
limit; of a rating, of the way from the limit to 5), so that one service does not put somebody on and off by turns; or
once there is too little left to judge by.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

BEST = Decimal(5)


@dataclass(frozen=True, slots=True)
class Limits:
    """Percentages, stars and least numbers of the policy."""

    services: int = 5
    events: int = 2
    no_show: int = 15
    late: int = 30
    cancel: int = 25
    ratings: int = 3
    rating: Decimal = Decimal("3.5")
    slack: int = 20


@dataclass(frozen=True, slots=True)
class Count:
    """What somebody did in a kind of service: of `services` so many no-shows, late arrivals and late cancels; `stars`
    is the sum of `ratings` ratings."""

    services: int = 0
    no_show: int = 0
    late: int = 0
    cancel: int = 0
    ratings: int = 0
    stars: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """A figure that is past its limit: percent, or stars for `rating`; from `n` services or ratings."""

    figure: str
    have: str
    need: str
    n: int


RATES = ("no_show", "late", "cancel")


def reasons(count: Count, limits: Limits) -> list[Reason]:
    """What puts somebody on watch; nothing if all is well, or there is too little to judge by."""
    return [*_rates(count, limits), *_rating(count, limits)]


def mended(count: Count, limits: Limits) -> bool:
    """Whether nothing keeps somebody on watch any more."""
    kept = Decimal(100 - limits.slack) / 100
    if count.services >= limits.services:
        for figure in RATES:
            limit = getattr(limits, figure) * kept
            if getattr(count, figure) >= limits.events and _percent(getattr(count, figure), count.services) >= limit:
                return False
    wanted = limits.rating + (BEST - limits.rating) * limits.slack / 100
    return count.ratings < limits.ratings or _mean(count) >= wanted


def _rates(count: Count, limits: Limits) -> Iterator[Reason]:
    if count.services < limits.services:
        return
    for figure in RATES:
        have, limit = _percent(getattr(count, figure), count.services), getattr(limits, figure)
        if getattr(count, figure) >= limits.events and have >= limit:
            yield Reason(figure, f"{have.quantize(Decimal(1), ROUND_HALF_UP)}", str(limit), count.services)


def _rating(count: Count, limits: Limits) -> Iterator[Reason]:
    if count.ratings >= limits.ratings and _mean(count) < limits.rating:
        have = _mean(count).quantize(Decimal("0.01"), ROUND_HALF_UP)
        yield Reason("rating", str(have), str(limits.rating), count.ratings)


def _percent(part: int, whole: int) -> Decimal:
    return Decimal(100 * part) / whole


def _mean(count: Count) -> Decimal:
    return Decimal(count.stars) / count.ratings
