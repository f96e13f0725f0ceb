"""The one door to the present. Only boundaries (views, tasks, commands) come through it; the rest is handed `now`."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from staffing.core.models import DemoClock


def now() -> datetime:
    """The present, aware. In a demo or test it runs ahead by the stored offset (one query); never in production."""
    present = timezone.now()
    return present + offset() if settings.CLOCK_OFFSET_ALLOWED else present


def offset() -> timedelta:
    """How far ahead the demo is."""
    seconds = DemoClock.objects.filter(pk=1).values_list("offset_seconds", flat=True).first()
    return timedelta(seconds=seconds or 0)


def set_offset(value: timedelta) -> None:
    """Move the demo's clock forward.

    Raises `PermissionError` where the setting forbids it, `ValueError` for a move backwards.
    """
    if not settings.CLOCK_OFFSET_ALLOWED:
        raise PermissionError("The clock can be moved in a demo or test only.")
    if value < offset():
        raise ValueError("The clock moves forward only.")
    DemoClock.objects.update_or_create(pk=1, defaults={"offset_seconds": int(value.total_seconds())})
