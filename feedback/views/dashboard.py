"""The manager's figures, and exactly the rows behind each."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render

from feedback import exports
from feedback.forms import PeriodForm
from feedback.presentation import charts
from feedback.presentation import dashboard as parts
from feedback.presentation import lines as wording
from feedback.presentation.kpis import KPIS, Kpi
from feedback.selectors import figures as numbers
from feedback.selectors import patterns, rows
from feedback.selectors.names import names_of
from feedback.selectors.period import Period, last_days
from feedback.selectors.sources import Window
from orders.models import OrderPolicy
from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.models import Role

PAGE = 50
PRESETS = (7, 30, 60, 90)
USUAL = 30


@access(Role.MANAGER)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Every figure with its sample, its change, its trend and its rows."""
    now = clock.now()
    form, period = _period(request.GET, now)
    policy = OrderPolicy.current()
    found = numbers.figures(period, now, policy)
    context = {
        "cards": parts.cards(found, policy),
        "splits": _splits(found),
        "heads": parts.table_labels(),
        "trend": charts.trend(found),
        "dimensions": charts.dimensions(found),
        "pareto": parts.pareto(patterns.causes(period)),
        "heat": parts.heat(patterns.demand(period)),
        "weekdays": parts.weekdays(),
    }
    return render(request, "feedback/dashboard.html", context | _choice(form, period, now))


@access(Role.MANAGER)
def rows_list(request: HttpRequest) -> HttpResponseBase:
    """The list behind one figure; `format` (csv, xlsx) gives all of it as a file."""
    now = clock.now()
    form, period = _period(request.GET, now)
    kpi = _kpi(request)
    window = Window(period.start, period.end, now, OrderPolicy.current())
    cut = _cut(request.GET)
    found = rows.rows(kpi.key, window, cut)
    if "format" in request.GET:
        lines = rows.lines(kpi.key, found[: settings.EXPORT_ROWS + 1].iterator(chunk_size=export.CHUNK))
        return export.answer(request, exports.figure(kpi), lines, now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"kpi": kpi, "page": page, "lines": wording.table(kpi, rows.lines(kpi.key, page)), "period": period}
    only = kpi.miss_label if cut.miss and cut.miss == kpi.miss else ""
    return render(request, "feedback/dashboard_rows.html", context | {"form": form, "only": only})


def _kpi(request: HttpRequest) -> Kpi:
    try:
        return KPIS[request.GET.get("kpi", "")]
    except KeyError as error:
        raise Http404 from error


def _period(query: QueryDict, now: datetime) -> tuple[PeriodForm, Period]:
    """The period asked for; the usual one if none was, or if it makes no sense (the form says so)."""
    if "from" in query or "to" in query:
        form = PeriodForm(query)
        if form.is_valid():
            return form, Period(form.cleaned_data["from"], form.cleaned_data["to"])
        return form, last_days(USUAL, now)
    days = query.get("days", "")
    chosen = last_days(int(days) if days in map(str, PRESETS) else USUAL, now)
    return PeriodForm(initial={"from": chosen.first, "to": chosen.last}), chosen


def _choice(form: PeriodForm, period: Period, now: datetime) -> dict[str, Any]:
    presets = [{"days": days, "active": period == last_days(days, now)} for days in PRESETS]
    return {"form": form, "period": period, "presets": presets}


def _splits(found: numbers.Figures) -> list[dict[str, Any]]:
    names = names_of(found)
    return [{"title": title, "lines": parts.split(found, by, known)} for by, title, known in names]


def _cut(query: QueryDict) -> rows.Cut:
    miss = query.get("miss", "")
    return rows.Cut(
        city=_number(query.get("city")),
        service=query.get("service", ""),
        client=_number(query.get("client")),
        miss=miss if miss in ("0", "1") else "",
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
