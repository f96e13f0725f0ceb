"""The writers of levels and tracks. A level counts for the pay of shifts from a day on."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Invalid
from workers.career_steps import DIRECTIONS
from workers.models import Career, LevelChange, Worker
from workers.selectors.career import track_of
from workers.services import standing

DUE = "levelchange.due"


@dataclass(frozen=True, slots=True)
class Target:
    """Level and track from a day on."""

    level: str
    track: str
    effective_on: date


@transaction.atomic
def set_level(worker_id: int, target: Target, *, by: Actor, now: datetime, reason: str) -> LevelChange:
    """Decide on a level; it is the worker's own from its day on. Raises `Invalid` for a day that is over."""
    worker, today = standing.lock(worker_id), timezone.localdate(now)
    if target.effective_on < today:
        raise Invalid("past_day", _("生效日期不能早于今天。"))
    assert by.user is not None
    row = LevelChange.objects.create(
        worker=worker,
        level_before=worker.level,
        level_after=target.level,
        track_before=_career(worker).track,
        track_after=target.track,
        effective_on=target.effective_on,
        reason=reason.strip()[:300],
        decided_by=by.user,
        decided_at=now,
    )
    audit.record(row, "decide", by=by, now=now, reason=row.reason)
    at = datetime.combine(target.effective_on, datetime.min.time(), timezone.get_current_timezone())
    if at <= now:
        _apply(worker, row, now)
    else:
        outbox.publish("levelchange.decide", {"id": row.pk}, key=str(row.pk), now=now)
        outbox.publish(DUE, {"id": row.pk}, key=str(row.pk), now=now, due_at=at)
    return row


@transaction.atomic
def begin(change_id: int, now: datetime) -> bool:
    """The day of a level has come. False if it was begun before, or is not there any more."""
    worker_id = LevelChange.objects.filter(pk=change_id, applied_at=None).values_list("worker", flat=True).first()
    if worker_id is None:
        return False
    worker = standing.lock(worker_id)
    row = LevelChange.objects.get(pk=change_id)
    if row.applied_at is None:
        _apply(worker, row, now)
    return True


def _apply(worker: Worker, row: LevelChange, now: datetime) -> None:
    worker.level, row.applied_at = row.level_after, now
    worker.save(update_fields=["level"])
    row.save(update_fields=["applied_at"])
    Career.objects.update_or_create(worker=worker, defaults={"track": row.track_after})
    audit.record(row, "begin", by=SYSTEM, now=now)
    outbox.publish("levelchange.begin", {"id": row.pk}, key=str(row.pk), now=now)


@transaction.atomic
def wish(worker_id: int, track: str, *, by: Actor, now: datetime) -> Career:
    """Say which direction one would like. Repeating it changes nothing; `Invalid` for none that there is."""
    if track not in DIRECTIONS:
        raise Invalid("no_direction", _("请选择一个方向。"))
    career = _career(standing.lock(worker_id))
    if career.wish != track:
        career.wish = track
        career.save(update_fields=["wish"])
        audit.record(career, "wish", by=by, now=now, data={"track": track})
    return career


def _career(worker: Worker) -> Career:
    return Career.objects.get_or_create(worker=worker, defaults={"track": track_of(worker.level)})[0]
