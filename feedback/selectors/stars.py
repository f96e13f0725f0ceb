"""What counts for somebody's stars, how much, and what would bring the next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from feedback import star_score
from feedback.models import LoopPolicy, StarChange, StarLevel, StarStanding, WorkerRating
from feedback.star_score import Rated, Rule, Step, Threshold
from workers.models import Worker

# Least score and completed services of a level that nobody has entered otherwise.
USUAL: Final[Mapping[int, tuple[str, int]]] = {
    1: ("1.00", 3),
    2: ("3.00", 3),
    3: ("3.60", 5),
    4: ("4.20", 10),
    5: ("4.60", 20),
}
# So many of the weightiest ratings are kept with a change.
KEPT: Final = 12


@dataclass(frozen=True, slots=True)
class Given:
    """One rating as it counts on a day; `weight` is 1 for one of that day."""

    assignment: int
    stars: int
    day: date
    served_at: datetime
    title: str
    age: int
    weight: float

    @property
    def percent(self) -> int:
        """The weight in percent of one of today."""
        return round(100 * self.weight)

    def kept(self) -> dict[str, Any]:
        """As a change remembers it."""
        day = self.day.isoformat()
        return {"assignment": self.assignment, "stars": self.stars, "weight": round(self.weight, 4), "day": day}


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything the administrator decides about stars."""

    rule: Rule
    table: Sequence[Threshold]
    margin: Decimal
    least_services: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands; `score` is None before certification."""

    score: Decimal | None
    level: int

    @property
    def shown(self) -> Decimal | None:
        """The score in tenths: `Worker.stars`."""
        return None if self.score is None else star_score.shown(self.score)


@dataclass(frozen=True, slots=True)
class Behind:
    """A service behind a change: what it was given, and how much that counted then (100: as one of that day)."""

    served_at: datetime
    title: str
    stars: int
    percent: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change and the services behind it, the one that counted most, the newest, first."""

    row: StarChange
    services: Sequence[Behind]

    @property
    def new(self) -> Behind | None:
        """The service whose rating brought it; None if it was not a new rating."""
        return self.services[0] if self.row.cause == StarChange.Cause.RATING and self.services else None


@dataclass(frozen=True, slots=True)
class Explained:
    """The whole explanation for a page. `prior_percent`: what the prior counts, of everything."""

    standing: Standing
    ratings: Sequence[Given]
    rules: Rules
    step: Step | None
    prior_percent: int
    changes: Sequence[Change]


def rules() -> Rules:
    """The numbers in force. Two queries."""
    policy = LoopPolicy.current()
    rows = {row.level: (row.least_score, row.least_services) for row in StarLevel.objects.all()}
    usual = {level: (Decimal(score), services) for level, (score, services) in USUAL.items()}
    table = [Threshold(level, *need) for level, need in sorted((usual | rows).items())]
    rule = Rule(policy.star_prior, policy.star_prior_weight, policy.star_half_life_days)
    return Rules(rule, table, policy.star_margin, policy.star_least_services)


def ratings_of(workers: Iterable[int], day: date, found: Rules) -> Mapping[int, list[Given]]:
    """By worker, what was given up to the day, the weightiest (newest) first. One query."""
    order = "assignment__position__shift__order__title"
    columns = ("assignment__worker", "assignment", "stars", "review__created_at", "assignment__start_at", order)
    rows = WorkerRating.objects.filter(assignment__worker__in=list(workers)).order_by("-review__created_at", "-pk")
    told: dict[int, list[Given]] = defaultdict(list)
    for worker, work, stars, at, served_at, title in rows.values_list(*columns):
        given = timezone.localdate(at)
        if given <= day:
            age = (day - given).days
            weight = star_score.weight_of(age, found.rule)
            told[worker].append(Given(work, stars, given, served_at, title, age, weight))
    return told


def standing(given: Sequence[Given], services: int, held: int, found: Rules) -> Standing:
    """Score and level from the ratings; nothing before the first rating and the least number of services."""
    if not given or services < found.least_services:
        return Standing(None, 0)
    score = star_score.score(_rated(given), found.rule)
    return Standing(score, star_score.level(score, services, held, found.table, found.margin))


def _rated(given: Iterable[Given]) -> list[Rated]:
    return [Rated(one.stars, one.age) for one in given]


def explained(worker: Worker, now: datetime) -> Explained:
    """What a page shows. Five queries."""
    found, row = rules(), StarStanding.objects.filter(worker=worker).first()
    given = ratings_of([worker.pk], row.counted_on if row else timezone.localdate(now), found).get(worker.pk, [])
    held = Standing(row.score, row.level) if row else Standing(None, 0)
    step = star_score.next_step(_rated(given), worker.services_done, held.level, found.table, found.rule)
    whole = found.rule.weight + sum(one.weight for one in given)
    services = {one.assignment: one for one in given}
    changes = [Change(row, _behind(row, services)) for row in StarChange.objects.filter(worker=worker)[:KEPT]]
    return Explained(held, given, found, step, round(100 * found.rule.weight / whole), changes)


def _behind(row: StarChange, services: Mapping[int, Given]) -> list[Behind]:
    """What a change kept, with the services' names; a rating that has gone since is left out."""
    known = ((services.get(one["assignment"]), one) for one in row.ratings)
    return [
        Behind(service.served_at, service.title, one["stars"], round(100 * one["weight"]))
        for service, one in known
        if service is not None
    ]
