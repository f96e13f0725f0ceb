"""The only writer of stars: counted anew from the ratings, so that a repeat changes nothing.

`Worker.stars`, which matching reads, is the score in tenths. A change of the number or of the level is a row with what
was counted. The number is of a day (`counted_on`): the nightly pass counts each worker once for every day.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from feedback.models import StarChange, StarStanding
from feedback.selectors import stars as reads
from feedback.selectors.stars import KEPT, Given, Rules, Standing
from staffing.core import outbox
from workers.models import Worker

Cause = StarChange.Cause
RATED = (Cause.RATING, Cause.EDIT)


@transaction.atomic
def recount(worker_id: int, cause: str, now: datetime, found: Rules | None = None) -> StarChange | None:
    """Count one worker as of today; the change, if there was one. Who was never rated stays as they are."""
    found, day = found or reads.rules(), timezone.localdate(now)
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    row = StarStanding.objects.filter(worker=worker).first()
    given = reads.ratings_of([worker_id], day, found).get(worker_id, [])
    if row is None and not given:
        return None
    before = Standing(row.score, row.level) if row else Standing(None, 0)
    after = reads.standing(given, worker.services_done, before.level, found)
    values = {"score": after.score, "level": after.level, "counted_on": day}
    StarStanding.objects.update_or_create(worker=worker, defaults=values)
    Worker.objects.filter(pk=worker_id).exclude(stars=after.shown).update(stars=after.shown)
    return _changed(worker, before, after, given, cause, now)


def _changed(
    worker: Worker, before: Standing, after: Standing, given: Sequence[Given], cause: str, now: datetime
) -> StarChange | None:
    """Keep what people can see of it; a hundredth lost by ageing is none."""
    same = before == after if cause in RATED else (before.shown, before.level) == (after.shown, after.level)
    if same:
        return None
    change = StarChange.objects.create(
        worker=worker,
        at=now,
        cause=cause,
        score_before=before.score,
        score_after=after.score,
        level_before=before.level,
        level_after=after.level,
        ratings=[one.kept() for one in given[:KEPT]],
    )
    outbox.publish("starchange", {"id": change.pk}, key=str(change.pk), now=now)
    return change


@transaction.atomic
def age(first: int, last: int, now: datetime) -> int:
    """Count those with ids from `first` to `last` who have not been counted today; how many changed.

    Whose number or level people see change are counted one by one under their locks; of all others only the hundredths
    and the day are written. A row that somebody else is counting at the moment is left to them.
    """
    found, day = reads.rules(), timezone.localdate(now)
    due = StarStanding.objects.filter(worker__in=range(first, last + 1), counted_on__lt=day).order_by("worker")
    moved = [row.worker_id for row, after in _anew(due, found, now) if not _same(row, after)]
    changed = sum(recount(worker, Cause.AGEING, now, found) is not None for worker in moved)
    still = []
    for row, after in _anew(due.select_for_update(of=("self",), skip_locked=True), found, now):
        if _same(row, after):
            row.score, row.counted_on = after.score, day
            still.append(row)
    StarStanding.objects.bulk_update(still, ["score", "counted_on"])
    return changed


def _anew(due: QuerySet[StarStanding], found: Rules, now: datetime) -> list[tuple[StarStanding, Standing]]:
    """Each as it would be counted today. Two queries."""
    rows = list(due.select_related("worker"))
    given = reads.ratings_of([row.worker_id for row in rows], timezone.localdate(now), found)
    return [
        (row, reads.standing(given.get(row.worker_id, []), row.worker.services_done, row.level, found)) for row in rows
    ]


def _same(row: StarStanding, after: Standing) -> bool:
    """Whether people would see no difference."""
    return (Standing(row.score, row.level).shown, row.level) == (after.shown, after.level)


def recount_all(now: datetime) -> int:
    """Count everybody with a rating, as after a change of the rules; how many changed."""
    found = reads.rules()
    everybody = Worker.objects.filter(assignments__rating__isnull=False).order_by("pk").distinct()
    return sum(recount(pk, Cause.RECOUNT, now, found) is not None for pk in everybody.values_list("pk", flat=True))


def differences() -> Iterator[tuple[int, Standing, Standing]]:
    """(Worker, stored, recount) wherever what is stored is not what its ratings give as of the day it was counted."""
    found = reads.rules()
    for row in StarStanding.objects.select_related("worker").order_by("worker").iterator(500):
        given = reads.ratings_of([row.worker_id], row.counted_on, found).get(row.worker_id, [])
        stored, again = (
            Standing(row.score, row.level),
            reads.standing(given, row.worker.services_done, row.level, found),
        )
        if stored != again or row.worker.stars != again.shown:
            yield row.worker_id, stored, again
