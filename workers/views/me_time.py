"""When the worker is free: the painted week, exceptions, public holidays."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from staffing.core.holidays import public_holidays
from staffing.core.models import Role
from workers import week_grid
from workers.forms import WEEKDAYS, ExceptionForm, HolidayForm, WindowForm
from workers.models import AvailabilityException, AvailabilityWindow, Worker
from workers.selectors import pool
from workers.services import availability
from workers.views.me import UNPROCESSABLE, coming_exceptions, my_worker, week_of

# Public holidays so far ahead are asked about.
HOLIDAYS_AHEAD: Final = timedelta(days=150)


@access(Role.WORKER, methods="GET POST")
def windows(request: HttpRequest) -> HttpResponse:
    """The weekly pattern: paint, see, add."""
    worker = my_worker(request)
    form = WindowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        days, (start, end) = form.cleaned_data["weekdays"], form.minutes()
        availability.add_windows(worker.pk, days, start, end, by=acting(request), now=clock.now())
        return _updated(request, "workers:me-windows")
    return _windows(request, worker, form)


def _windows(request: HttpRequest, worker: Worker, form: Form, trouble: Invalid | None = None) -> HttpResponse:
    rows = list(worker.windows.all())
    grid = week_grid.cells_of((row.weekday, row.start_minute, row.end_minute) for row in rows)
    context = {"form": form, "week": week_of(rows), "grid": grid, "trouble": trouble, "days": _day_names()}
    return render(request, "workers/me_windows.html", context, status=_status(form, trouble))


def _day_names() -> str:
    return ",".join(str(label) for _day, label in WEEKDAYS)


@access(Role.WORKER, methods="POST")
def paint(request: HttpRequest) -> HttpResponse:
    """Take over the painted week; repeating it is harmless."""
    worker = my_worker(request)
    seen, wanted = request.POST.get("seen", ""), request.POST.get("wanted", "")
    try:
        availability.paint(worker.pk, seen, wanted, by=acting(request), now=clock.now())
    except Invalid as refusal:
        return _windows(request, worker, WindowForm(), refusal)
    return _updated(request, "workers:me-windows")


@access(Role.WORKER, methods="GET POST")
def exceptions(request: HttpRequest) -> HttpResponse:
    """Exceptions to the pattern, and public holidays: see, add."""
    worker, form = my_worker(request), ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add_exception(request, worker, form):
        return _updated(request, "workers:me-exceptions")
    now = clock.now()
    rows = coming_exceptions(worker, now)
    context = {"form": form, "exceptions": rows, "holidays": holidays(rows, now)}
    return render(request, "workers/me_exceptions.html", context, status=_status(form))


def holidays(exceptions: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The public holidays that come up, each with what was said of the whole day ("" nothing); one query."""
    today = timezone.localtime(now).date()
    said = {item["row"].start_at: item["row"] for item in exceptions}
    return [{"day": day, "answer": _answer(said, day)} for day in coming_holidays(today)]


def _answer(said: dict[datetime, AvailabilityException], day: date) -> str:
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    row = said.get(start)
    return str(row.kind) if row and row.end_at == start + timedelta(days=1) else ""


def coming_holidays(today: date) -> list[date]:
    """Public holidays from today, in order."""
    last, overrides = today + HOLIDAYS_AHEAD, pool.holiday_overrides()
    days = {day for year in {today.year, last.year} for day in public_holidays(year, overrides)}
    return sorted(day for day in days if today <= day <= last)


@access(Role.WORKER, methods="POST")
def holiday(request: HttpRequest) -> HttpResponse:
    """Whether one works on a holiday; repeating it is harmless."""
    form = HolidayForm(request.POST)
    if not form.is_valid():
        raise Invalid("bad_answer", _("请选择一个回答。"))
    day, answer = form.cleaned_data["day"], form.cleaned_data["answer"]
    availability.answer_day(my_worker(request).pk, day, answer, by=acting(request), now=clock.now())
    return _updated(request, "workers:me-exceptions")


def _add_exception(request: HttpRequest, worker: Worker, form: ExceptionForm) -> bool:
    data, (start, end) = form.cleaned_data, form.span()
    try:
        availability.add_exception(
            worker.pk, data["kind"], start, end, by=acting(request), now=clock.now(), note=data["note"]
        )
    except Invalid as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _updated(request: HttpRequest, page: str) -> HttpResponse:
    messages.success(request, _("可用时间已更新。"))
    return redirect(page)


def _status(form: Form, trouble: Invalid | None = None) -> int:
    return UNPROCESSABLE if trouble or (form.is_bound and form.errors) else 200


def _not_anothers(model: type[Model], worker: Worker, pk: int) -> None:
    if model._default_manager.filter(pk=pk).exclude(worker=worker).exists():
        raise Http404


@access(Role.WORKER, methods="POST")
def remove_window(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a window out of the pattern; repeating it is harmless."""
    worker = my_worker(request)
    _not_anothers(AvailabilityWindow, worker, pk)
    availability.remove_window(worker.pk, pk, by=acting(request), now=clock.now())
    return _updated(request, "workers:me-windows")


@access(Role.WORKER, methods="POST")
def remove_exception(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an exception back; repeating it is harmless."""
    worker = my_worker(request)
    _not_anothers(AvailabilityException, worker, pk)
    availability.remove_exception(worker.pk, pk, by=acting(request), now=clock.now())
    return _updated(request, "workers:me-exceptions")
