"""Where somebody stands on the ladder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from workers import career_steps
from workers.career_steps import Facts, Gap, Need, Step
from workers.models import Career, CareerRule, Level, LevelChange, Track, Worker, WorkerCourse


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


def history(worker: Worker) -> Any:
    """Every step, the newest first."""
    return LevelChange.objects.filter(worker=worker).select_related("decided_by")
