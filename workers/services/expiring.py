"""What of a worker ends soon: noticed 30 and 7 days before (the policy's numbers), told once each, dropped if renewed.

Every notice is a row, unique by what ends, its day and the step, so that neither an outage nor a repeat tells twice:
a sweep that was away for a week finds the same rows to write. The worker is told at once, the desk in one digest a day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from staffing.core import outbox
from workers.models import (
    Clearance,
    ExpiryWarning,
    PapersPolicy,
    Worker,
    WorkerCertificate,
    WorkerCourse,
    WorkerLanguage,
    WorkerSkill,
)

Status = ExpiryWarning.Status


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing of one worker and its last day; `name` in the active language."""

    kind: str
    ref: int
    worker: Worker
    until: date
    name: str

    @property
    def key(self) -> tuple[str, int, date]:
        """What a notice is about."""
        return self.kind, self.ref, self.until


@dataclass(frozen=True, slots=True)
class Source:
    """A table of things that end: rows that count, the column of the last day, and how to name a row."""

    rows: Any
    until: str
    name: Any
    worker: str = "worker"


def _cleared(row: Worker) -> str:
    return str(Clearance(row.clearance).label)


SOURCES: Final[Mapping[str, Source]] = {
    "certificate": Source(
        lambda: WorkerCertificate.objects.filter(verified_on__isnull=False).select_related("type"),
        "expires_on",
        lambda row: row.type.name,
    ),
    "course": Source(lambda: WorkerCourse.objects.select_related("course"), "valid_until", lambda row: row.course.name),
    "skill": Source(lambda: WorkerSkill.objects.select_related("skill"), "valid_until", str),
    "language": Source(lambda: WorkerLanguage.objects.select_related("language"), "valid_until", str),
    "clearance": Source(
        lambda: Worker.objects.filter(clearance__gt=Clearance.NONE), "clearance_until", _cleared, worker=""
    ),
}


def endings(first: date, last: date, *, worker: Worker | None = None) -> list[Ending]:
    """What ends on a day from `first` through `last`, soonest first: five queries. Nobody who has left."""
    found = [each for kind in SOURCES for each in _of(kind, first, last, worker)]
    return sorted(found, key=lambda each: (each.until, each.worker.pk, each.kind))


def _of(kind: str, first: date, last: date, worker: Worker | None) -> Iterable[Ending]:
    source = SOURCES[kind]
    rows = _alive(source).filter(**{f"{source.until}__range": (first, last)})
    if worker is not None:
        rows = rows.filter(**{source.worker or "pk": worker.pk})
    for row in rows:
        yield Ending(kind, row.pk, row.worker if source.worker else row, getattr(row, source.until), source.name(row))


def _alive(source: Source) -> QuerySet[Any]:
    path = f"{source.worker}__" if source.worker else ""
    rows: QuerySet[Any] = source.rows().select_related(f"{path}user")
    return rows.filter(**{f"{path}user__is_active": True}).exclude(**{f"{path}status": Worker.Status.LEFT})


def step_of(left: int, policy: PapersPolicy) -> int | None:
    """Which notice is due with so many days left: the last, the first, or none yet."""
    steps = sorted({policy.warn_last_days, policy.warn_first_days})
    return next((step for step in steps if left <= step), None)


def sweep(now: datetime) -> int:
    """Write the notices that are due and not written yet; returns how many. Each tells its worker by the outbox."""
    policy, today = PapersPolicy.current(), timezone.localdate(now)
    farthest = max(policy.warn_first_days, policy.warn_last_days)
    due = endings(today, today + timedelta(days=farthest))
    _drop_stale({each.key for each in due}, today)
    steps = {each.key: step_of((each.until - today).days, policy) for each in due}
    known = set(ExpiryWarning.objects.filter(until__gte=today).values_list("kind", "ref", "until", "step"))
    fresh = [each for each in due if (*each.key, steps[each.key]) not in known]
    rows = [_notice(each, steps[each.key] or farthest, now) for each in fresh]
    with transaction.atomic():
        ExpiryWarning.objects.bulk_create(rows, ignore_conflicts=True)
        written = _written(rows)
        outbox.publish_many("expiry.notice", [({"id": pk}, str(pk)) for pk in written], now=now)
        plan_digest(now)
    return len(written)


def _notice(each: Ending, step: int, now: datetime) -> ExpiryWarning:
    return ExpiryWarning(kind=each.kind, ref=each.ref, worker=each.worker, until=each.until, step=step, noticed_at=now)


def _written(rows: Sequence[ExpiryWarning]) -> list[int]:
    """The ids of these notices, whoever wrote them: telling twice is kept off by the outbox's key."""
    wanted = {(row.kind, row.ref, row.until, row.step) for row in rows}
    refs = ExpiryWarning.objects.filter(ref__in={row.ref for row in rows}, until__in={row.until for row in rows})
    return [
        pk for pk, *key in refs.order_by("pk").values_list("pk", "kind", "ref", "until", "step") if tuple(key) in wanted
    ]


def _drop_stale(standing: set[tuple[str, int, date]], today: date) -> None:
    """Notices of things that have another last day by now, or none, or are gone; whoever changed them."""
    rows = ExpiryWarning.objects.filter(status=Status.OPEN, until__gte=today)
    stale = [pk for pk, *key in rows.values_list("pk", "kind", "ref", "until") if tuple(key) not in standing]
    ExpiryWarning.objects.filter(pk__in=stale).update(status=Status.DROPPED)


def renewed(kind: str, ref: int, until: date | None) -> None:
    """The thing lasts until another day now: what was noticed of the old one is not told any more."""
    rows = ExpiryWarning.objects.filter(kind=kind, ref=ref, status=Status.OPEN)
    rows.exclude(until=until or date.min).update(status=Status.DROPPED)


def ending_of(notice: ExpiryWarning) -> Ending | None:
    """What a notice is about, if it still ends on that day."""
    found = _of(notice.kind, notice.until, notice.until, notice.worker)
    return next((each for each in found if each.ref == notice.ref), None)


def plan_digest(now: datetime) -> None:
    """A row for the day's digest, at the policy's hour; one a day."""
    today = timezone.localdate(now)
    at = timezone.make_aware(datetime.combine(today, PapersPolicy.current().digest_at))
    outbox.publish("expiry.digest", {"day": today.isoformat()}, key=today.isoformat(), now=now, due_at=at)


def take_digest(day: date) -> list[ExpiryWarning]:
    """What no digest has told yet and still holds, marked as told in the digest of this day. In a transaction."""
    rows = ExpiryWarning.objects.select_for_update().filter(told_on__isnull=True, status=Status.OPEN)
    notices = list(rows.order_by("until", "pk"))
    ExpiryWarning.objects.filter(pk__in=[row.pk for row in notices]).update(told_on=day)
    standing = {each.key for each in endings(notices[0].until, notices[-1].until)} if notices else set()
    return [row for row in notices if (row.kind, row.ref, row.until) in standing]
