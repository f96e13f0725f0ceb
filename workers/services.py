"""The writers of what workers say about themselves: when they are free, how far they go."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import AGENCY_ROLES, Actor
from staffing.core.errors import Forbidden, Invalid
from workers.models import AvailabilityException, AvailabilityWindow, Worker

DAY_MINUTES = 24 * 60
LONGEST_EXCEPTION = timedelta(days=366)
MOST_KM = 200
MOST_REST_MINUTES = DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Preferences:
    """How far a worker goes (km), whether they work remotely, and the rest they want between shifts (minutes)."""

    max_km: int
    remote_ok: bool
    min_rest_minutes: int


@transaction.atomic
def add_windows(
    worker_id: int, weekdays: Iterable[int], start_minute: int, end_minute: int, *, by: Actor, now: datetime
) -> None:
    """Free every week from `start_minute` to `end_minute` (local; past 1440 is the next day) on each of `weekdays`.

    What touches or overlaps on the same weekday becomes one window, so a repetition changes nothing.
    Raises `Invalid` for an impossible span.
    """
    worker = _own(worker_id, by)
    if not 0 <= start_minute < DAY_MINUTES or not start_minute < end_minute <= start_minute + DAY_MINUTES:
        raise Invalid("bad_window", _("可用时间须在一天之内，结束晚于开始。"))
    before = _windows(worker)
    for weekday in sorted(set(weekdays)):
        _merge(worker, weekday, start_minute, end_minute)
    _note(worker, "set_windows", before, _windows(worker), by, now)


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
    worker = _own(worker_id, by)
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
    worker = _own(worker_id, by)
    if not start_at < end_at <= start_at + LONGEST_EXCEPTION:
        raise Invalid("bad_span", _("结束须晚于开始，最长一年。"))
    if end_at <= now:
        raise Invalid("past", _("这段时间已经过去。"))
    before = _exceptions(worker)
    found, _created = AvailabilityException.objects.get_or_create(
        worker=worker, kind=kind, start_at=start_at, end_at=end_at, defaults={"note": note[:100]}
    )
    _note(worker, "set_exceptions", before, _exceptions(worker), by, now)
    return found


@transaction.atomic
def remove_exception(worker_id: int, exception_id: int, *, by: Actor, now: datetime) -> None:
    """The weekly pattern counts again. Removing what is gone changes nothing."""
    worker = _own(worker_id, by)
    before = _exceptions(worker)
    worker.exceptions.filter(pk=exception_id).delete()
    _note(worker, "set_exceptions", before, _exceptions(worker), by, now)


@transaction.atomic
def set_preferences(worker_id: int, wanted: Preferences, *, by: Actor, now: datetime) -> Worker:
    """Change distance, remote work and rest. Raises `Invalid` outside 1–200 km and 0–24 hours of rest."""
    worker = _own(worker_id, by)
    if not 1 <= wanted.max_km <= MOST_KM:
        raise Invalid("bad_km", _("距离须在 1 到 %(most)s 公里之间。"), most=MOST_KM)
    if not 0 <= wanted.min_rest_minutes <= MOST_REST_MINUTES:
        raise Invalid("bad_rest", _("班次间隔须在 0 到 24 小时之间。"))
    before = asdict(preferences_of(worker))
    for name, value in asdict(wanted).items():
        setattr(worker, name, value)
    worker.save(update_fields=list(before))
    _note(worker, "set_preferences", before, asdict(wanted), by, now)
    return worker


def preferences_of(worker: Worker) -> Preferences:
    """What the worker wants at present."""
    return Preferences(worker.max_km, worker.remote_ok, worker.min_rest_minutes)


def _own(worker_id: int, by: Actor) -> Worker:
    """The locked worker, for themselves or the agency."""
    worker = Worker.objects.select_for_update(of=("self",), no_key=True).get(pk=worker_id)
    if by.role not in AGENCY_ROLES and (by.user is None or worker.user_id != by.user.pk):
        raise Forbidden("not_yours", _("您没有执行此操作的权限。"))
    return worker


def _windows(worker: Worker) -> list[list[int]]:
    rows = worker.windows.order_by("weekday", "start_minute")
    return [list(row) for row in rows.values_list("weekday", "start_minute", "end_minute")]


def _exceptions(worker: Worker) -> list[list[str]]:
    rows = worker.exceptions.order_by("start_at", "pk").values_list("kind", "start_at", "end_at")
    return [[kind, start.isoformat(), end.isoformat()] for kind, start, end in rows]


def _note(worker: Worker, action: str, before: Any, after: Any, by: Actor, now: datetime) -> None:
    if before != after:
        audit.record(worker, action, by=by, now=now, data={"before": before, "after": after})
