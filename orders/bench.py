"""How many people a city wants to stand by, and at which hours. Pure.

People are lost around the start of a shift: they do not come, or call off shortly before. So the places whose shifts
begin within some hours are counted, and so many stand by that they suffice with the wanted certainty if each place is
lost by itself with the same share: the quantile of a binomial distribution, as in the newsvendor's problem (K. Arrow,
T. Harris, J. Marschak, "Optimal Inventory Policy", Econometrica 19(3), 1951). Standing by for the mean alone would be
too few nearly every other time. The share is what was measured, pulled towards what is assumed as long as little was
measured (the mean of a Beta posterior; B. Efron, C. Morris, "Stein's Paradox in Statistics", Scientific American
236(5), 1977, on why shrinking errs less).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import exp, lgamma, log, log1p
from typing import Final

from orders.timetable import HOUSE

# So close to the wanted certainty is certain enough: a sum of floats is no more exact.
EPSILON: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)`."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


def spans_of(day: date, hours: int) -> Iterator[Span]:
    """The house's day in pieces of so many hours from midnight; the last may be shorter. ValueError below 1."""
    if hours < 1:
        raise ValueError("a piece of a day has at least an hour")
    midnight = datetime.combine(day, time(), HOUSE)
    for hour in range(0, 24, hours):
        yield Span(midnight + timedelta(hours=hour), midnight + timedelta(hours=min(24, hour + hours)))


def loss(lost: int, promised: int, *, assumed_percent: int, weight: int) -> float:
    """The share of promised places that is lost, 0..1; `assumed_percent` counts as `weight` promised places."""
    return (lost + weight * assumed_percent / 100) / (promised + weight)


def wanted(places: int, share: float, cover: float) -> int:
    """How many are to stand by for so many places: the fewest that suffice with a probability of `cover` (0..1) if each
    place is lost with a probability of `share`; never more than there are places.
    """
    if share <= 0 or share >= 1:
        return places if share >= 1 else 0
    so_far = 0.0
    for number in range(places):
        so_far += _chance(number, places, share)
        if so_far >= cover - EPSILON:
            return number
    return places


def _chance(number: int, places: int, share: float) -> float:
    """That exactly so many of the places are lost. By logarithms: the powers alone may be too small for a float."""
    ways = lgamma(places + 1) - lgamma(number + 1) - lgamma(places - number + 1)
    return exp(ways + number * log(share) + (places - number) * log1p(-share))


# Of each job, whether somebody suits it.
Suits = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A shift of the hours: its places, how many who stand by already suit it, and the points of those who would."""

    places: int
    served: int
    scores: Mapping[int, int]


def chosen(jobs: Sequence[Job], free: Collection[int], most: int) -> list[int]:
    """Which of the free are asked to stand by, at most so many, one after the other.

    Each adds what they suit, where the second for the same places counts half, the third a third, and so on: so a
    place that few suit gets its own before a place that all suit gets its third. That is the sequential rule of
    T. N. Thiele ("Om Flerfoldsvalg", 1895; proportional approval voting). Of equals, the best by points, then by id.
    """
    served, found = [job.served for job in jobs], list[int]()
    alike = _alike(jobs, free)
    while alike and len(found) < most:
        suits = max(alike, key=lambda each: (_adds(jobs, served, each), _worth(jobs, alike[each][-1])))
        found.append(alike[suits].pop())
        if not alike[suits]:
            del alike[suits]
        served = [number + one for number, one in zip(served, suits, strict=True)]
    return found


def _alike(jobs: Sequence[Job], free: Collection[int]) -> dict[Suits, list[int]]:
    """Workers by which of the jobs they suit, the best last; without who suits none."""
    found: dict[Suits, list[int]] = {}
    for worker in sorted(free, key=lambda each: _worth(jobs, each)):
        suits = tuple(worker in job.scores for job in jobs)
        if any(suits):
            found.setdefault(suits, []).append(worker)
    return found


def _adds(jobs: Sequence[Job], served: Sequence[int], suits: Suits) -> float:
    """What one more who suits these adds: places by how well they are served already."""
    return sum(job.places / (1 + number) for job, number, one in zip(jobs, served, suits, strict=True) if one)


def _worth(jobs: Sequence[Job], worker: int) -> tuple[int, int]:
    """Points, then the lower id."""
    return sum(job.scores.get(worker, 0) for job in jobs), -worker


def next_count(now: datetime, minutes: int) -> datetime:
    """The next of the moments that are so many minutes apart: changes before it are counted together."""
    seconds = minutes * 60
    return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, now.tzinfo)


def stood(span: Span, until: datetime) -> timedelta:
    """For how long somebody stood by who was called, or went home, at `until`."""
    return max(timedelta(), min(until, span.end) - span.start)
