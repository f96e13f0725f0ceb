"""The report of sources: who brings people who stay, and what that costs."""

from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from orders.exports_sources import SOURCES
from orders.forms_sources import DaysForm
from orders.selectors import sources as reads
from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.models import Role
from workers.models import SourcePolicy, Worker

AGENCY = (Role.DISPATCHER, Role.MANAGER)
USUAL_DAYS: Final = 180
PAGE = 25


def _days(request: HttpRequest, now: datetime) -> tuple[reads.Days, DaysForm]:
    """The days asked for, or the usual ones."""
    usual = reads.last_days(USUAL_DAYS, now)
    asked = "first" in request.GET or "last" in request.GET
    form = DaysForm(request.GET if asked else None, initial={"first": usual.first, "last": usual.last})
    if asked and form.is_valid():
        return reads.Days(form.cleaned_data["first"], form.cleaned_data["last"]), form
    return usual, form


@access(*AGENCY)
def report(request: HttpRequest) -> HttpResponse:
    """Every source with its steps and its cost."""
    now = clock.now()
    days, form = _days(request, now)
    context: dict[str, Any] = {"days": days, "form": form, "lines": reads.report(days, now)}
    return render(request, "orders/desk_sources.html", context | {"policy": SourcePolicy.current()})


@access(*AGENCY)
def rows(request: HttpRequest) -> HttpResponse:
    """The applications behind one number."""
    now, step, source = clock.now(), request.GET.get("step", ""), request.GET.get("source", "")
    partner = request.GET.get("partner", "")
    if step not in reads.STEPS or source not in Worker.Source.values or not (partner == "" or partner.isdecimal()):
        raise Http404
    days, _form = _days(request, now)
    found = reads.of_step(reads.cohort(days, now), step)
    found = found.filter(source=source, partner=int(partner[:18]) if partner else None)
    page = Paginator(found.select_related("partner", "worker"), PAGE).get_page(request.GET.get("page"))
    return render(request, "orders/desk_source_rows.html", {"page": page, "step": step, "days": days})


@access(*AGENCY)
def download(request: HttpRequest) -> HttpResponseBase:
    """The report as a file."""
    now = clock.now()
    return export.answer(request, SOURCES, reads.report(_days(request, now)[0], now), now)
