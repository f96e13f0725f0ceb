"""The agency's side of the loop: the board by time left, and the case from taking it to the report."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from feedback import presentation
from feedback.filters import CaseFilter
from feedback.forms import CauseForm, ReportForm, cause_initial
from feedback.models import LoopPolicy, ReviewCase, WriteBack
from feedback.presentation import lessons
from feedback.selectors import cases as selectors
from feedback.services import cases as service
from feedback.states import CaseStatus
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

PAGE = 25
AGENCY = (Role.DISPATCHER, Role.MANAGER)


@access(*AGENCY)
def board(request: HttpRequest) -> HttpResponse:
    """Cases by time left; the fragment alone for htmx."""
    now = clock.now()
    found = CaseFilter(request.GET, queryset=selectors.board(now), request=request)
    page = Paginator(selectors.in_group(found.qs, found.state_name), PAGE).get_page(request.GET.get("page"))
    tabs = presentation.tabs(selectors.group_counts(found.qs), found.state_name, request.GET)
    context = {"page": page, "filter": found, "tabs": tabs, "state": found.state_name, "now": now}
    return render(request, "feedback/_board.html" if request.htmx else "feedback/board.html", context)  # type: ignore[attr-defined]


@access(*AGENCY)
def due(request: HttpRequest) -> HttpResponse:
    """How many cases must be answered today, as a part of the desk's strip."""
    return render(request, "feedback/_due.html", {"count": selectors.due_today(clock.now())})


@access(*AGENCY)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with evidence, signals and the step that is due."""
    return _page(request, _found(pk))


@access(*AGENCY, methods="POST")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the case one's own."""
    service.take(_found(pk).pk, by=acting(request), now=clock.now())
    return redirect("feedback:case", pk=pk)


@access(*AGENCY, methods="POST")
def find_cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Name cause and fix."""
    found, form = _found(pk), CauseForm(request.POST)
    if form.is_valid():
        try:
            service.find_cause(found.pk, by=acting(request), now=clock.now(), **form.cleaned_data)
            return redirect("feedback:case", pk=pk)
        except (Invalid, Conflict) as error:
            form.add_error(None, str(error))
    return _page(request, found, status=422, cause_form=form)


@access(*AGENCY, methods="POST")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the client; the clock stops."""
    found, form = _found(pk), ReportForm(request.POST)
    if form.is_valid():
        try:
            service.report(found.pk, text=form.cleaned_data["text"], by=acting(request), now=clock.now())
            return redirect("feedback:case", pk=pk)
        except (Invalid, Conflict) as error:
            form.add_error(None, str(error))
    return _page(request, found, status=422, report_form=form)


@access(*AGENCY, methods="POST")
def report_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the client would read, before it is sent."""
    found, form = _found(pk), ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, report_form=form)
    return render(request, "feedback/report_preview.html", {"case": found, "form": form})


def _found(pk: int) -> ReviewCase:
    return get_object_or_404(selectors.detailed(ReviewCase.objects.all()), pk=pk)


def _ticked(request: HttpRequest, found: ReviewCase, typed: Mapping[str, forms.Form]) -> Sequence[str] | None:
    """The ticks as just typed, else as kept; None before anybody looked."""
    return request.POST.getlist("checklist") if "cause_form" in typed else presentation.current(found).checklist


def _done(found: ReviewCase) -> list[WriteBack]:
    """What the first draft of a report tells of; read only while one is to be written."""
    return list(found.writebacks.select_related("credit")) if found.status == CaseStatus.FIXING else []


def _page(request: HttpRequest, found: ReviewCase, status: int = 200, **typed: forms.Form) -> HttpResponse:
    events, policy = selectors.history(found), LoopPolicy.current()
    limits = selectors.limits(policy)
    context: dict[str, Any] = {
        "case": found,
        "rounds": selectors.rounds_of(found),
        "actions": presentation.actions(found, acting(request)),
        "steps": presentation.desk_steps(found, events),
        "signals": presentation.signals(found, limits),
        "checklist": presentation.checklist(found, limits, _ticked(request, found, typed)),
        "evidence": presentation.evidence(found),
        "escalations": presentation.escalations(found),
        "events": presentation.timeline(events),
        "answer_until": selectors.answer_until(found, policy),
        "cause_form": CauseForm(initial=cause_initial(found)),
        "report_form": ReportForm(
            initial={"text": presentation.suggested_report(found, lessons.for_client(_done(found)))}
        ),
        "now": clock.now(),
    }
    return render(request, "feedback/case.html", context | typed, status=status)
