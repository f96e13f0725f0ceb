"""What a repair changes for good: written back, previewed, taken back, and what it brought."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from feedback.forms_lessons import DecisionForm, ScoreForm, WriteBackForm
from feedback.models import CreditNote, LoopPolicy, ReviewCase, WriteBack
from feedback.presentation import lessons as wording
from feedback.selectors import lessons as selectors
from feedback.services import credits, writebacks
from feedback.services.writebacks import AFTER_CAUSE
from feedback.views.desk import AGENCY
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from workers.models import TrainingTask
from workers.services import trainings

PAGE = 25


@access(*AGENCY)
def of_case(request: HttpRequest, pk: int) -> HttpResponse:
    """A case's write-backs; the list alone for htmx, else with the form of the chosen kind."""
    case, now = _case(pk), clock.now()
    kind, gate = request.GET.get("kind", ""), request.GET.get("gate", "")
    if request.htmx and not kind:  # type: ignore[attr-defined]
        return render(request, "feedback/_writebacks.html", _listed(case, now))
    known = kind in WriteBack.Kind.values
    form = WriteBackForm(kind=kind, people=selectors.people_of(case), gate=gate) if known else None
    return render(request, "feedback/writebacks.html", _listed(case, now) | {"form": form, "kind": kind})


@access(*AGENCY, methods="POST")
def write_back(request: HttpRequest, pk: int) -> HttpResponse:
    """First what it would change; then, confirmed, do it; or the same `again`, to be changed."""
    case, now, kind = _case(pk), clock.now(), request.POST.get("kind", "")
    if kind not in WriteBack.Kind.values:
        return redirect("feedback:case-writebacks", pk=pk)
    form = WriteBackForm(request.POST, kind=kind, people=selectors.people_of(case))
    again = "again" in request.POST
    told = None if again else _try(request, case, form, now)
    if told is None and not form.errors and not again:
        return redirect("feedback:case-writebacks", pk=pk)
    context = _listed(case, now) | {"form": form, "kind": kind, "preview": told}
    return render(request, "feedback/writebacks.html", context, status=422 if form.errors else 200)


def _try(request: HttpRequest, case: ReviewCase, form: WriteBackForm, now: datetime) -> str | None:
    """The preview in words; None if the form is wrong, or once it is done."""
    if not form.is_valid():
        return None
    try:
        if "confirmed" in request.POST:
            key = form.cleaned_data["form_key"]
            writebacks.apply(case.pk, form.plan(), form_key=key, by=acting(request), now=now)
            return None
        return wording.text(form.cleaned_data["kind"], writebacks.preview(case, form.plan(), now))
    except (Invalid, Conflict) as error:
        form.add_error(None, str(error))
        return None


@access(*AGENCY, methods="POST")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """As it was before."""
    row = get_object_or_404(WriteBack, pk=pk)
    writebacks.revert(row.pk, by=acting(request), now=clock.now())
    return redirect("feedback:case-writebacks", pk=row.case_id)


@access(*AGENCY)
def lessons(request: HttpRequest) -> HttpResponse:
    """Every write-back and what it brought, the newest first."""
    now = clock.now()
    page = Paginator(selectors.writebacks(), PAGE).get_page(request.GET.get("page"))
    lines = wording.lines(page, selectors.effects(list(page), now, LoopPolicy.current().effect_days))
    return render(request, "feedback/lessons.html", {"page": page, "lines": lines, "now": now})


@access(*AGENCY, methods="POST")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's word about money."""
    note, form = get_object_or_404(CreditNote, pk=pk), DecisionForm(request.POST)
    if form.is_valid():
        credits.decide(note.pk, approve=form.cleaned_data["approve"] == "yes", by=acting(request), now=clock.now())
    return redirect("feedback:case-writebacks", pk=note.case_id)


@access(*AGENCY, methods="POST")
def passed(request: HttpRequest, pk: int) -> HttpResponse:
    """A worker has passed the course."""
    task, form = get_object_or_404(TrainingTask.objects.select_related("writeback"), pk=pk), ScoreForm(request.POST)
    score = form.cleaned_data["score"] if form.is_valid() else -1
    trainings.passed(task.pk, score=score, by=acting(request), now=clock.now())
    return redirect("feedback:case-writebacks", pk=task.writeback.case_id)


def _case(pk: int) -> ReviewCase:
    return get_object_or_404(ReviewCase.objects.select_related("order", "client", "complaint"), pk=pk)


def _listed(case: ReviewCase, now: datetime) -> dict[str, Any]:
    rows = list(selectors.writebacks().filter(case=case))
    found = selectors.effects(rows, now, LoopPolicy.current().effect_days)
    may = case.status in AFTER_CAUSE
    return {"case": case, "lines": wording.lines(rows, found), "kinds": WriteBack.Kind.choices, "may": may, "now": now}
