"""The manager's figures, what they are split by, their pictures, and exactly the rows behind each."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from feedback import exports
from feedback.choices import Choice, chosen
from feedback.presentation import charts
from feedback.presentation import clients as wording_of_clients
from feedback.presentation import dashboard as parts
from feedback.presentation import lines as wording
from feedback.presentation.kpis import KPIS, Kpi
from feedback.selectors import clients, patterns, rows
from feedback.selectors.figures import Figures, figures
from feedback.selectors.people import people
from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.models import Role

PAGE = 50


@access(Role.MANAGER)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Every figure with its target, sample, change, trend and rows."""
    choice = chosen(request.GET, clock.now())
    found = _figures(choice, members=False)
    context = {
        "cards": parts.cards(found, choice),
        "trend": charts.trend(found),
        "dimensions": charts.dimensions(found, choice),
        "novices": charts.novices(found, choice),
    }
    return page_of(request, "dashboard", choice, context)


@access(Role.MANAGER)
def splits(request: HttpRequest) -> HttpResponse:
    """The figures by city, service type, industry and client."""
    choice, sort = chosen(request.GET, clock.now()), request.GET.get("sort", "")
    context = {"splits": parts.splits(_figures(choice), choice, sort)}
    return page_of(request, "dashboard-splits", choice, context)


@access(Role.MANAGER)
def of_people(request: HttpRequest) -> HttpResponse:
    """The figures about single people, by star level and source."""
    choice, sort = chosen(request.GET, clock.now()), request.GET.get("sort", "")
    context = {"splits": parts.of_people(_people(choice), choice, sort)}
    return page_of(request, "dashboard-people", choice, context, "feedback/dashboard_splits.html")


@access(Role.MANAGER)
def pictures(request: HttpRequest) -> HttpResponse:
    """Causes, hours until the repair, demand, cohorts and the clients of high value."""
    choice = chosen(request.GET, clock.now())
    causes, hours = patterns.repairs(choice.days)
    context = {
        "pareto": charts.pareto(causes, choice),
        "clock": charts.clock(hours, choice),
        "heats": parts.heats(patterns.demand(choice.days), choice),
        "weekdays": parts.weekdays(),
        "cohorts": wording_of_clients.cohorts(clients.cohorts(choice.now, choice.cut), choice),
        "valued": _valued(choice),
    }
    return page_of(request, "dashboard-pictures", choice, context)


def _valued(choice: Choice) -> list[dict[str, Any]]:
    return wording_of_clients.valued(clients.valued(choice.now, choice.loop.value_days, choice.cut), choice)


@access(Role.MANAGER)
def rounds(request: HttpRequest) -> HttpResponseBase:
    """The rounds behind a cause (`cause`) or a bar of the clock (`bar`); `format` gives them as a file."""
    choice, query = chosen(request.GET, clock.now()), request.GET
    found = patterns.detailed(choice.days)
    if "cause" in query:
        found = found.filter(cause=query["cause"])
    elif "bar" in query:
        found = patterns.in_clock(choice.days, query["bar"])
    if "format" in query:
        return export.answer(request, exports.ROUNDS, found, choice.now)
    page = Paginator(found, PAGE).get_page(query.get("page"))
    return page_of(request, "dashboard-rounds", choice, {"page": page})


@access(Role.MANAGER)
def export_part(request: HttpRequest) -> HttpResponseBase:
    """All figures (`part` empty), one split, or the clients of high value, as a file."""
    choice, part = chosen(request.GET, clock.now()), request.GET.get("part", "")
    if part == "clients":
        return export.answer(request, exports.VALUED, _valued(choice), choice.now)
    if part == "":
        return export.answer(request, exports.FIGURES, parts.cards(_figures(choice), choice, every=True), choice.now)
    found = _people(choice) if part in parts.PEOPLE else _figures(choice)
    lines = parts.table_of(found, choice, part)
    if lines is None:
        raise Http404
    return export.answer(request, exports.split(part), lines, choice.now)


@access(Role.MANAGER)
def rows_list(request: HttpRequest) -> HttpResponseBase:
    """The list behind one figure; `format` (csv, xlsx) gives all of it as a file."""
    kpi, choice = _kpi(request), chosen(request.GET, clock.now())
    found = rows.rows(kpi.key, choice.window)
    if "format" in request.GET:
        lines = rows.lines(kpi.key, found[: settings.EXPORT_ROWS + 1].iterator(chunk_size=export.CHUNK))
        return export.answer(request, exports.figure(kpi), lines, choice.now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    only = kpi.miss_label if choice.cut.miss and choice.cut.miss == kpi.miss else ""
    context = {"kpi": kpi, "page": page, "lines": wording.table(kpi, rows.lines(kpi.key, page)), "only": only}
    return page_of(request, "dashboard-rows", choice, context)


def _figures(choice: Choice, *, members: bool = True) -> Figures:
    return figures(choice.period, choice.now, choice.policy, cut=choice.cut, loop=choice.loop, members=members)


def _people(choice: Choice) -> Figures:
    return Figures(choice.period, people(choice.window), choice.cut)


def page_of(
    request: HttpRequest, name: str, choice: Choice, context: dict[str, Any], template: str = ""
) -> HttpResponse:
    """A page of the dashboard, with the way to the others."""
    whole = context | {
        "choice": choice,
        "form": choice.form,
        "period": choice.period,
        "back": parts.pages(choice, name),
    }
    return render(request, template or f"feedback/{name.replace('-', '_')}.html", whole)


def _kpi(request: HttpRequest) -> Kpi:
    try:
        return KPIS[request.GET.get("kpi", "")]
    except KeyError as error:
        raise Http404 from error
