"""Where somebody stands on the ladder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from workers import career_steps
from workers.career_steps import Facts, Gap, Need, Step
from workers.models import (
    Career,
    CareerRule,
    Level,
    LevelChange,
    StandingPolicy,
    Track,
    Worker,
    WorkerCourse,
)


@dataclass(frozen=True, slots=True)
class Stand:
    """Level, track and wish, with the next step and what it needs (None: there is none, or no direction is chosen)."""

    worker: Worker
    track: Track
    wish: str
    next_track: Track | None
    next_level: Level | None
    gaps: list[Gap]

    @property
    def ready(self) -> bool:
        """Whether the next step could be taken now."""
        return self.next_level is not None and all(gap.met for gap in self.gaps)


def needs() -> Mapping[Step, Need]:
    """What each step needs: the table's rows over what is usual. Two queries."""
    rows = CareerRule.objects.prefetch_related("courses")
    told = {
        (row.track, row.level): Need(
            row.least_services, row.least_stars, row.least_months, {c.code: c.name for c in row.courses.all()}
        )
        for row in rows
    }
    return career_steps.usual() | told


def stands(workers: Iterable[Worker], now: datetime) -> list[Stand]:
    """Of each. Four queries, whatever their number."""
    people, day, table = list(workers), timezone.localdate(now), needs()
    careers = {row.worker_id: row for row in Career.objects.filter(worker__in=people)}
    passed: dict[int, set[str]] = {}
    valid = WorkerCourse.objects.filter(Q(valid_until=None) | Q(valid_until__gte=day), worker__in=people)
    for worker, code in valid.values_list("worker", "course__code"):
        passed.setdefault(worker, set()).add(code)
    return [_stand(one, careers.get(one.pk), frozenset(passed.get(one.pk, ())), table, day) for one in people]


def _stand(
    worker: Worker, career: Career | None, courses: frozenset[str], table: Mapping[Step, Need], day: date
) -> Stand:
    track, wish = (career.track, career.wish) if career else (track_of(worker.level), "")
    step = career_steps.next_step(track, worker.level, wish)
    need = table.get(step) if step else None
    if step is None or need is None:
        return Stand(worker, Track(track), wish, None, None, [])
    months = career_steps.months_between(worker.joined_on, day)
    facts = Facts(worker.services_done, worker.stars, months, courses)
    return Stand(worker, Track(track), wish, Track(step[0]), Level(step[1]), career_steps.gaps(need, facts))


def track_of(level: str) -> str:
    """The track of somebody about whom nothing else is written: who leads is in management."""
    return Track.SERVICE if level in (Level.JUNIOR, Level.SENIOR) else Track.MANAGEMENT


def stand(worker: Worker, now: datetime) -> Stand:
    """Of one."""
    return stands([worker], now)[0]


def level_on(worker: Worker, day: date) -> str:
    """The level by which a shift of that day is paid: the present one, or one decided on that begins by then."""
    coming = LevelChange.objects.filter(worker=worker, applied_at=None, effective_on__lte=day)
    return coming.order_by("-effective_on", "-pk").values_list("level_after", flat=True).first() or worker.level


def level_at(worker: Worker, start: str) -> Case:
    """`level_on` for each row of a query, by the moment in its field `start` (one query for what was decided on)."""
    coming = LevelChange.objects.filter(worker=worker, applied_at=None).order_by("-effective_on", "-pk")
    steps = [
        When(**{f"{start}__gte": timezone.make_aware(datetime.combine(day, time()))}, then=Value(level))
        for day, level in coming.values_list("effective_on", "level_after")
    ]
    return Case(*steps, default=Value(worker.level))


def history(worker: Worker) -> Any:
    """Every step, the newest first."""
    return LevelChange.objects.filter(worker=worker).select_related("decided_by")


def for_full_time(workers: QuerySet[Worker], now: datetime) -> QuerySet[Worker]:
    """Those of them who are to be recommended for full time by the policy's numbers."""
    policy = StandingPolicy.current()
    return workers.filter(
        status=Worker.Status.ACTIVE,
        services_done__gte=policy.full_time_services,
        stars__gte=policy.full_time_stars,
        reliability__gte=policy.full_time_reliability,
        joined_on__lte=_months_ago(timezone.localdate(now), policy.full_time_months),
    )


def full_time_evidence(worker: Worker, now: datetime) -> list[dict[str, str]]:
    """What speaks for it."""
    policy = StandingPolicy.current()
    months = career_steps.months_between(worker.joined_on, timezone.localdate(now))
    told = (
        ("services", worker.services_done, policy.full_time_services),
        ("stars", worker.stars, policy.full_time_stars),
        ("reliability", worker.reliability, policy.full_time_reliability),
        ("months", months, policy.full_time_months),
    )
    return [{"code": code, "have": str(have), "need": str(need)} for code, have, need in told]


def _months_ago(day: date, months: int) -> date:
    """The last day on which one must have begun to have so many whole months."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))
