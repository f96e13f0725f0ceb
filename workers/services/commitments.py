"""The writers of what workers have promised elsewhere. Every time of a commitment takes availability away."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Invalid
from workers.models import AvailabilityException, Commitment, Worker
from workers.services.availability import DAY_MINUTES, LONGEST_EXCEPTION, own

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted: see `Commitment`."""

    name: str
    weekdays: tuple[int, ...]
    start_minute: int
    end_minute: int
    first_day: date
    last_day: date

    def days(self) -> list[date]:
        """The days on which it begins."""
        if not self.weekdays:
            return [self.first_day]
        count = (self.last_day - self.first_day).days + 1
        every = (self.first_day + DAY * number for number in range(count))
        return [day for day in every if day.weekday() in self.weekdays]

    def spans(self) -> list[tuple[datetime, datetime]]:
        """Each time of it as `[start, end)`, soonest first."""
        return [(_at(day, self.start_minute), _at(day, self.end_minute)) for day in self.days()]


def _at(day: date, minute: int) -> datetime:
    moment = time(minute % DAY_MINUTES // 60, minute % 60)
    return timezone.make_aware(datetime.combine(day + DAY * (minute // DAY_MINUTES), moment))


def plan_of(row: Commitment) -> Plan:
    """What was wanted."""
    span = row.start_minute, row.end_minute
    return Plan(row.name, tuple(row.weekdays), *span, row.first_day, row.last_day)


@transaction.atomic
def add(worker_id: int, plan: Plan, *, by: Actor, now: datetime) -> Commitment:
    """Busy at every time of the plan that is not over. The same again changes nothing.

    Raises `Invalid` for a plan that is no plan, is longer than a year, or has no time to come.
    """
    worker = own(worker_id, by)
    _check(plan)
    coming = [span for span in plan.spans() if span[1] > now]
    if not coming:
        raise Invalid("past", _("这段日期里没有这样的时间，或已经过去。"))
    found, created = Commitment.objects.get_or_create(worker=worker, **_stored(plan))
    if created:
        _busy(found, coming)
        audit.record(worker, "add_commitment", by=by, now=now, data=_told(plan))
    return found


def _check(plan: Plan) -> None:
    if not plan.name.strip():
        raise Invalid("no_name", _("请写明是什么安排。"))
    if not 0 <= plan.start_minute < DAY_MINUTES or not plan.start_minute < plan.end_minute <= 2 * DAY_MINUTES:
        raise Invalid("bad_span", _("结束须晚于开始，最长一年。"))
    if not plan.first_day <= plan.last_day < plan.first_day + LONGEST_EXCEPTION:
        raise Invalid("bad_span", _("结束须晚于开始，最长一年。"))


def _stored(plan: Plan) -> dict[str, Any]:
    return asdict(plan) | {"name": plan.name.strip()[:60], "weekdays": sorted(set(plan.weekdays))}


def _told(plan: Plan) -> dict[str, Any]:
    """For the audit: when, not what for."""
    days = {"first_day": plan.first_day.isoformat(), "last_day": plan.last_day.isoformat()}
    return days | {"weekdays": list(plan.weekdays), "minutes": [plan.start_minute, plan.end_minute]}


def _busy(row: Commitment, spans: Sequence[tuple[datetime, datetime]]) -> None:
    off = AvailabilityException.Kind.OFF
    AvailabilityException.objects.bulk_create(
        AvailabilityException(worker=row.worker, commitment=row, kind=off, start_at=start, end_at=end)
        for start, end in spans
    )


@transaction.atomic
def remove(worker_id: int, commitment_id: int, *, by: Actor, now: datetime) -> None:
    """Not busy with it any more. Removing what is gone changes nothing."""
    worker = own(worker_id, by)
    row = worker.commitments.filter(pk=commitment_id).first()
    if row is not None:
        audit.record(worker, "remove_commitment", by=by, now=now, data=_told(plan_of(row)))
        row.delete()


@transaction.atomic
def skip(worker_id: int, commitment_id: int, start: datetime, *, by: Actor, now: datetime) -> None:
    """Free at one time of it after all, the one that begins at `start`. Repeating it changes nothing."""
    worker = own(worker_id, by)
    gone, _rows = AvailabilityException.objects.filter(worker=worker, commitment=commitment_id, start_at=start).delete()
    if gone:
        audit.record(worker, "skip_commitment", by=by, now=now, data={"start": start.isoformat()})


def coming(worker: Worker, now: datetime) -> list[Commitment]:
    """Commitments that are not over, each with its times to come as `ahead`, soonest first; one query."""
    rows: dict[int, Any] = {}
    times = worker.exceptions.filter(commitment__isnull=False, end_at__gt=now).select_related("commitment")
    for each in times.order_by("start_at", "pk"):
        row: Any = rows.setdefault(each.commitment_id or 0, each.commitment)
        row.ahead = [*getattr(row, "ahead", ()), each]
    return list(rows.values())
