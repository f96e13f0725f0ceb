"""The writers of what workers say about themselves: when they are free, how far they go."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import AGENCY_ROLES, Actor
from staffing.core.errors import Forbidden, Invalid
from workers import week_grid
from workers.models import AvailabilityException, AvailabilityWindow, PoolPolicy, Worker

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
LONGEST_EXCEPTION = timedelta(days=366)
MOST_KM = 200
MOST_REST_MINUTES = DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Preferences:
    """How far a worker goes (km), whether they work remotely, the rest they want between shifts, and the most they
    work in a week (minutes; None: what the contract allows)."""

    max_km: int
    remote_ok: bool
    min_rest_minutes: int
    weekly_cap_minutes: int | None = None


@transaction.atomic
def add_windows(
    worker_id: int, weekdays: Iterable[int], start_minute: int, end_minute: int, *, by: Actor, now: datetime
) -> None:
    """Free every week from `start_minute` to `end_minute` (local; past 1440 is the next day) on each of `weekdays`.

    What touches or overlaps on the same weekday becomes one window, so a repetition changes nothing.
    Raises `Invalid` for an impossible span.
    """
    worker = own(worker_id, by)
    if not 0 <= start_minute < DAY_MINUTES or not start_minute < end_minute <= start_minute + DAY_MINUTES:
        raise Invalid("bad_window", _("可用时间须在一天之内，结束晚于开始。"))
    before = _windows(worker)
    for weekday in sorted(set(weekdays)):
        _merge(worker, weekday, start_minute, end_minute)
    _note(worker, "set_windows", before, _windows(worker), by, now)


@transaction.atomic
def paint(worker_id: int, seen: str, wanted: str, *, by: Actor, now: datetime) -> bool:
    """Make the hours that differ between the grid that was `seen` and the one `wanted` free or busy; the rest stays to
    the minute. Repeating it changes nothing. True if anything changed. Raises `Invalid` for what is no grid.
    """
    worker = own(worker_id, by)
    rows = {(row.weekday, row.start_minute, row.end_minute): row for row in worker.windows.all()}
    try:
        after = week_grid.painted(rows, seen, wanted)
    except ValueError as error:
        raise Invalid("bad_grid", _("没有收到完整的时间表，请再试一次。")) from error
    if week_grid.cells_of(rows) == week_grid.cells_of(after):
        return False
    before = _windows(worker)
    worker.windows.filter(pk__in=[row.pk for window, row in rows.items() if window not in after]).delete()
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(worker=worker, weekday=day, start_minute=start, end_minute=end)
        for day, start, end in after
        if (day, start, end) not in rows
    )
    _note(worker, "set_windows", before, _windows(worker), by, now)
    return True


def _merge(worker: Worker, weekday: int, start: int, end: int) -> None:
    touching = worker.windows.filter(weekday=weekday, start_minute__lte=end, end_minute__gte=start)
    spans = [(start, end), *touching.values_list("start_minute", "end_minute")]
    touching.delete()
    AvailabilityWindow.objects.create(
        worker=worker, weekday=weekday, start_minute=min(s for s, _e in spans), end_minute=max(e for _s, e in spans)
    )


@transaction.atomic
def remove_window(worker_id: int, window_id: int, *, by: Actor, now: datetime) -> None:
    """Not free then any more. Removing what is gone changes nothing."""
    worker = own(worker_id, by)
    before = _windows(worker)
    worker.windows.filter(pk=window_id).delete()
    _note(worker, "set_windows", before, _windows(worker), by, now)


@transaction.atomic
def add_exception(
    worker_id: int, kind: str, start_at: datetime, end_at: datetime, *, by: Actor, now: datetime, note: str = ""
) -> AvailabilityException:
    """Off, or free in addition, during `[start_at, end_at)`. The same again changes nothing.

    Raises `Invalid` for a span that ends before it starts, is over, or is longer than a year.
    """
    worker = own(worker_id, by)
    if not start_at < end_at <= start_at + LONGEST_EXCEPTION:
        raise Invalid("bad_span", _("结束须晚于开始，最长一年。"))
    if end_at <= now:
        raise Invalid("past", _("这段时间已经过去。"))
    before = _exceptions(worker)
    found, _created = AvailabilityException.objects.get_or_create(
        worker=worker, kind=kind, start_at=start_at, end_at=end_at, commitment=None, defaults={"note": note[:100]}
    )
    _note(worker, "set_exceptions", before, _exceptions(worker), by, now)
    return found


@transaction.atomic
def remove_exception(worker_id: int, exception_id: int, *, by: Actor, now: datetime) -> None:
    """The weekly pattern counts again. Removing what is gone changes nothing."""
    worker = own(worker_id, by)
    before = _exceptions(worker)
    worker.exceptions.filter(pk=exception_id, commitment=None).delete()
    _note(worker, "set_exceptions", before, _exceptions(worker), by, now)


@transaction.atomic
def answer_day(worker_id: int, day: date, answer: str, *, by: Actor, now: datetime) -> None:
    """Free all of a day ("extra"), not at all ("off"), or as usual (""), in place of what was said of that whole day.

    Repeating it changes nothing. Raises `Invalid` for another answer, or a day that is over.
    """
    worker = own(worker_id, by)
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = start + timedelta(days=1)
    if answer not in ("", *AvailabilityException.Kind.values):
        raise Invalid("bad_answer", _("请选择一个回答。"))
    if end <= now:
        raise Invalid("past", _("这段时间已经过去。"))
    before = _exceptions(worker)
    said: dict[str, Any] = {"start_at": start, "end_at": end, "commitment": None}
    worker.exceptions.filter(**said).exclude(kind=answer).delete()
    if answer:
        AvailabilityException.objects.get_or_create(worker=worker, kind=answer, **said)
    _note(worker, "set_exceptions", before, _exceptions(worker), by, now)


@transaction.atomic
def set_preferences(worker_id: int, wanted: Preferences, *, by: Actor, now: datetime) -> Worker:
    """Change distance, remote work, rest and the week's cap. Raises `Invalid` outside 1–200 km, 0–24 hours of rest, or
    for a cap above what the contract allows."""
    worker = own(worker_id, by)
    if not 1 <= wanted.max_km <= MOST_KM:
        raise Invalid("bad_km", _("距离须在 1 到 %(most)s 公里之间。"), most=MOST_KM)
    if not 0 <= wanted.min_rest_minutes <= MOST_REST_MINUTES:
        raise Invalid("bad_rest", _("班次间隔须在 0 到 24 小时之间。"))
    if wanted.weekly_cap_minutes is not None and not 0 < wanted.weekly_cap_minutes <= most_of_week(worker):
        raise Invalid("bad_cap", _("每周上限须大于 0，不超过 %(hours)s 小时。"), hours=most_of_week(worker) // 60)
    before = asdict(preferences_of(worker))
    for name, value in asdict(wanted).items():
        setattr(worker, name, value)
    worker.save(update_fields=list(before))
    _note(worker, "set_preferences", before, asdict(wanted), by, now)
    return worker


def preferences_of(worker: Worker) -> Preferences:
    """What the worker wants at present."""
    return Preferences(worker.max_km, worker.remote_ok, worker.min_rest_minutes, worker.weekly_cap_minutes)


def most_of_week(worker: Worker) -> int:
    """The highest cap of a week in minutes that the worker may set: the contract's, or what was agreed to."""
    if worker.contract != Worker.Contract.PART_TIME:
        return WEEK_MINUTES
    return max(PoolPolicy.current().part_time_week_minutes, worker.weekly_cap_minutes or 0)


def own(worker_id: int, by: Actor) -> Worker:
    """The locked worker, for themselves or the agency."""
    worker = Worker.objects.select_for_update(of=("self",), no_key=True).get(pk=worker_id)
    if by.role not in AGENCY_ROLES and (by.user is None or worker.user_id != by.user.pk):
        raise Forbidden("not_yours", _("您没有执行此操作的权限。"))
    return worker


def _windows(worker: Worker) -> list[list[int]]:
    rows = worker.windows.order_by("weekday", "start_minute")
    return [list(row) for row in rows.values_list("weekday", "start_minute", "end_minute")]


def _exceptions(worker: Worker) -> list[list[str]]:
    said = worker.exceptions.filter(commitment=None).order_by("start_at", "pk")
    rows = said.values_list("kind", "start_at", "end_at")
    return [[kind, start.isoformat(), end.isoformat()] for kind, start, end in rows]


def _note(worker: Worker, action: str, before: Any, after: Any, by: Actor, now: datetime) -> None:
    if before != after:
        audit.record(worker, action, by=by, now=now, data={"before": before, "after": after})
