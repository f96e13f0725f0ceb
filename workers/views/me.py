"""The worker's page about themselves: profile, availability, wishes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from staffing.core.models import Role
from staffing.core.templatetags import formats
from workers.forms import WEEKDAYS, PreferencesForm
from workers.models import AvailabilityWindow, Worker
from workers.services import availability, commitments

UNPROCESSABLE = 422


def my_worker(request: HttpRequest) -> Worker:
    """The worker who asks."""
    return get_object_or_404(Worker.objects.select_related("user", "city"), user=acting(request).user)


@access(Role.WORKER)
def me(request: HttpRequest) -> HttpResponse:
    """Stars, the ways to all that is theirs, availability, wishes."""
    worker, now = my_worker(request), clock.now()
    context = {
        "worker": worker,
        "week": week_of(list(worker.windows.all())),
        "exceptions": coming_exceptions(worker, now),
        "commitments": commitments.coming(worker, now),
    }
    return render(request, "workers/me.html", context)


def week_of(rows: Sequence[AvailabilityWindow]) -> list[dict[str, Any]]:
    """Monday to Sunday with the windows of each day."""
    return [{"label": label, "windows": [_shown(w) for w in rows if w.weekday == day]} for day, label in WEEKDAYS]


def _shown(window: AvailabilityWindow) -> dict[str, Any]:
    start, end = clock_text(window.start_minute), clock_text(window.end_minute)
    return {"pk": window.pk, "text": f"{start}–{end}"}


def clock_text(minute: int) -> str:
    """A minute of a day, or of the day after."""
    if minute <= availability.DAY_MINUTES:
        return f"{minute // 60:02d}:{minute % 60:02d}"
    later = minute - availability.DAY_MINUTES
    return _("次日 %(clock)s") % {"clock": f"{later // 60:02d}:{later % 60:02d}"}


def coming_exceptions(worker: Worker, now: datetime) -> list[dict[str, Any]]:
    """Exceptions that are not over, soonest first; the times of commitments are none."""
    rows = worker.exceptions.filter(end_at__gt=now, commitment=None).order_by("start_at", "pk")
    return [{"row": row, "text": formats.span_text(row.start_at, row.end_at)} for row in rows]


def _status(form: Form) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200


@access(Role.WORKER, methods="GET POST")
def preferences(request: HttpRequest) -> HttpResponse:
    """Distance, remote work, rest, the week's cap."""
    worker = my_worker(request)
    form = PreferencesForm(request.POST or None, initial=PreferencesForm.values_of(availability.preferences_of(worker)))
    if request.method == "POST" and form.is_valid() and _saved(request, worker, form):
        return redirect("workers:me")
    return render(request, "workers/me_preferences.html", {"form": form}, status=_status(form))


def _saved(request: HttpRequest, worker: Worker, form: PreferencesForm) -> bool:
    try:
        availability.set_preferences(worker.pk, form.preferences(), by=acting(request), now=clock.now())
    except Invalid as refusal:
        form.add_error("cap_hours" if refusal.code == "bad_cap" else None, str(refusal))
        return False
    messages.success(request, _("已保存。"))
    return True
