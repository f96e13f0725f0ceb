"""The worker's page about themselves: profile, availability, wishes."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from staffing.core.models import Role
from staffing.core.templatetags import formats
from workers import services
from workers.forms import WEEKDAYS, ExceptionForm, PreferencesForm, WindowForm
from workers.models import AvailabilityException, AvailabilityWindow, Worker

UNPROCESSABLE = 422


def _me(request: HttpRequest) -> Worker:
    return get_object_or_404(Worker.objects.select_related("user", "city"), user=acting(request).user)


@access(Role.WORKER)
def me(request: HttpRequest) -> HttpResponse:
    """Stars, skills, certificates, availability, wishes."""
    worker, now = _me(request), clock.now()
    context = {
        "worker": worker,
        "skills": worker.skills.select_related("skill").order_by("-level", "skill_id"),
        "languages": worker.languages.select_related("language").order_by("-level", "language_id"),
        "certificates": certificates(worker, now),
        "courses": courses(worker, now),
        "week": week_of(worker),
        "exceptions": coming_exceptions(worker, now),
    }
    return render(request, "workers/me.html", context)


def certificates(worker: Worker, now: datetime) -> list[dict[str, Any]]:
    """Each certificate with the days that are left; negative when it has expired, None when it never does."""
    today = timezone.localtime(now).date()
    rows = worker.certificates.select_related("type").order_by("expires_on", "pk")
    return [{"row": row, "left": (row.expires_on - today).days if row.expires_on else None} for row in rows]


def courses(worker: Worker, now: datetime) -> list[dict[str, Any]]:
    """Each course passed with the days for which that still counts; as in `certificates`."""
    today = timezone.localtime(now).date()
    rows = worker.courses.select_related("course").order_by("valid_until", "pk")
    return [{"row": row, "left": (row.valid_until - today).days if row.valid_until else None} for row in rows]


def week_of(worker: Worker) -> list[dict[str, Any]]:
    """Monday to Sunday with the windows of each day; one query."""
    rows = list(worker.windows.all())
    return [{"label": label, "windows": [_shown(w) for w in rows if w.weekday == day]} for day, label in WEEKDAYS]


def _shown(window: AvailabilityWindow) -> dict[str, Any]:
    start, end = _clock(window.start_minute), _clock(window.end_minute)
    return {"pk": window.pk, "text": f"{start}–{end}"}


def _clock(minute: int) -> str:
    if minute <= services.DAY_MINUTES:
        return f"{minute // 60:02d}:{minute % 60:02d}"
    later = minute - services.DAY_MINUTES
    return _("次日 %(clock)s") % {"clock": f"{later // 60:02d}:{later % 60:02d}"}


def coming_exceptions(worker: Worker, now: datetime) -> list[dict[str, Any]]:
    """Exceptions that are not over, soonest first."""
    rows = worker.exceptions.filter(end_at__gt=now).order_by("start_at", "pk")
    return [{"row": row, "text": formats.span_text(row.start_at, row.end_at)} for row in rows]


@access(Role.WORKER, methods="GET POST")
def windows(request: HttpRequest) -> HttpResponse:
    """The weekly pattern: see, add."""
    worker = _me(request)
    form = WindowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        days, (start, end) = form.cleaned_data["weekdays"], form.minutes()
        services.add_windows(worker.pk, days, start, end, by=acting(request), now=clock.now())
        messages.success(request, _("可用时间已更新。"))
        return redirect("workers:me-windows")
    return _availability(request, worker, form, "windows")


@access(Role.WORKER, methods="GET POST")
def exceptions(request: HttpRequest) -> HttpResponse:
    """Exceptions to the pattern: see, add."""
    worker, form = _me(request), ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add_exception(request, worker, form):
        messages.success(request, _("可用时间已更新。"))
        return redirect("workers:me-exceptions")
    return _availability(request, worker, form, "exceptions")


def _add_exception(request: HttpRequest, worker: Worker, form: ExceptionForm) -> bool:
    data, (start, end) = form.cleaned_data, form.span()
    try:
        services.add_exception(
            worker.pk, data["kind"], start, end, by=acting(request), now=clock.now(), note=data["note"]
        )
    except Invalid as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _availability(request: HttpRequest, worker: Worker, form: Form, part: str) -> HttpResponse:
    context = {
        "form": form,
        "part": part,
        "week": week_of(worker),
        "exceptions": coming_exceptions(worker, clock.now()),
    }
    return render(request, "workers/me_availability.html", context, status=_status(form))


def _status(form: Form) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200


def _not_anothers(model: type[Model], worker: Worker, pk: int) -> None:
    if model._default_manager.filter(pk=pk).exclude(worker=worker).exists():
        raise Http404


@access(Role.WORKER, methods="POST")
def remove_window(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a window out of the pattern; repeating it is harmless."""
    worker = _me(request)
    _not_anothers(AvailabilityWindow, worker, pk)
    services.remove_window(worker.pk, pk, by=acting(request), now=clock.now())
    messages.success(request, _("可用时间已更新。"))
    return redirect("workers:me-windows")


@access(Role.WORKER, methods="POST")
def remove_exception(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an exception back; repeating it is harmless."""
    worker = _me(request)
    _not_anothers(AvailabilityException, worker, pk)
    services.remove_exception(worker.pk, pk, by=acting(request), now=clock.now())
    messages.success(request, _("可用时间已更新。"))
    return redirect("workers:me-exceptions")


@access(Role.WORKER, methods="GET POST")
def preferences(request: HttpRequest) -> HttpResponse:
    """Distance, remote work, rest."""
    worker = _me(request)
    form = PreferencesForm(request.POST or None, initial=PreferencesForm.values_of(services.preferences_of(worker)))
    if request.method == "POST" and form.is_valid():
        services.set_preferences(worker.pk, form.preferences(), by=acting(request), now=clock.now())
        messages.success(request, _("已保存。"))
        return redirect("workers:me")
    return render(request, "workers/me_preferences.html", {"form": form}, status=_status(form))
