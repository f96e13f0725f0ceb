"""The agency's pages about people's standing: who is on watch, what is proposed, who appeals."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.formpages import attempt
from staffing.core.models import Role
from workers.forms_standing import OutcomeForm, ProposalForm, ReasonForm, VerdictForm
from workers.models import Proposal, StandingAppeal, WatchEntry, Worker
from workers.selectors import career
from workers.selectors import standing as reads
from workers.services import proposals, standing, standing_appeals, watch
from workers.services.proposals import Verdict
from workers.views.people import AGENCY, PAGE


@access(*AGENCY)
def watched(request: HttpRequest) -> HttpResponse:
    """Who is on watch, since when and why."""
    return _watched(request)


def _watched(request: HttpRequest, pk: int | None = None, form: ReasonForm | None = None) -> HttpResponse:
    page = Paginator(reads.watched(), PAGE).get_page(request.GET.get("page"))
    rows = [
        (one, form if one.row.pk == pk else ReasonForm(prefix=f"watch{one.row.pk}"))
        for one in reads.lines(list(page.object_list), clock.now())
    ]
    context = {"page": page, "rows": rows, "open_pk": pk}
    return render(request, "workers/watch.html", context, status=422 if form else 200)


@access(*AGENCY, methods="POST")
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """End a watch, with a reason."""
    row, now = get_object_or_404(WatchEntry, pk=pk), clock.now()
    form = ReasonForm(request.POST, prefix=f"watch{pk}")
    if not attempt(form, lambda: watch.lift(row.pk, by=acting(request), now=now, reason=form.cleaned_data["reason"])):
        return _watched(request, pk, form)
    messages.success(request, _("考察已解除，员工已收到通知。"))
    return redirect("workers:watch")


@access(*AGENCY)
def proposed(request: HttpRequest) -> HttpResponse:
    """What a manager has to decide, and what came of recommendations."""
    return _proposed(request)


def _proposed(request: HttpRequest, pk: int | None = None, form: ProposalForm | None = None) -> HttpResponse:
    now = clock.now()
    page = Paginator(reads.open_proposals(), PAGE).get_page(request.GET.get("page"))
    rows = [(one, form if one.row.pk == pk else _decision(one.row)) for one in reads.lines(list(page.object_list), now)]
    waiting = [(one, OutcomeForm(prefix=f"out{one.row.pk}")) for one in reads.lines(list(reads.recommended()), now)]
    is_manager = acting(request).role == Role.MANAGER
    context = {"page": page, "rows": rows, "recommended": waiting, "now": now, "is_manager": is_manager}
    return render(request, "workers/proposals.html", context, status=422 if form else 200)


def _decision(row: Any, data: Any = None) -> ProposalForm:
    return ProposalForm(data, proposal=row, today=timezone.localdate(clock.now()), prefix=f"proposal{row.pk}")


@access(Role.MANAGER, methods="POST")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A manager's word."""
    row, now = get_object_or_404(Proposal, pk=pk), clock.now()
    form = _decision(row, request.POST)
    if not attempt(form, lambda: proposals.decide(row.pk, _verdict(form), by=acting(request), now=now)):
        return _proposed(request, pk, form)
    messages.success(request, _("已决定，员工会收到通知。") if form.agreed else _("已记录：未同意。"))
    return redirect("workers:proposals")


def _verdict(form: ProposalForm) -> Verdict:
    return Verdict(form.agreed, form.cleaned_data["reason"], form.cleaned_data.get("effective_on"))


@access(*AGENCY, methods="POST")
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a recommendation for full time."""
    row, form = get_object_or_404(Proposal, pk=pk), OutcomeForm(request.POST, prefix=f"out{pk}")
    if form.is_valid():
        proposals.conclude(row.pk, form.cleaned_data["outcome"], by=acting(request), now=clock.now())
        messages.success(request, _("结果已记录。"))
    return redirect("workers:proposals")


@access(*AGENCY)
def appeals(request: HttpRequest) -> HttpResponse:
    """Appeals against a watch or a removal."""
    return _appeals(request)


def _appeals(request: HttpRequest, pk: int | None = None, form: VerdictForm | None = None) -> HttpResponse:
    page = Paginator(reads.open_appeals(), PAGE).get_page(request.GET.get("page"))
    found = reads.asked(list(page.object_list), acting(request).user)
    rows = [(one, form if one.row.pk == pk else _word(one.row)) for one in found]
    context = {"page": page, "rows": rows, "now": clock.now()}
    return render(request, "workers/standing_appeals.html", context, status=422 if form else 200)


def _word(row: StandingAppeal, data: Any = None) -> VerdictForm:
    return VerdictForm(data, yes=_("申诉成立，撤销"), no=_("维持原决定"), prefix=f"appeal{row.pk}")


@access(*AGENCY, methods="POST")
def decide_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """End what is appealed against, or let it stand."""
    row, now = get_object_or_404(StandingAppeal, pk=pk), clock.now()
    form = _word(row, request.POST)
    if not attempt(form, lambda: _decided(request, row, form, now)):
        return _appeals(request, pk, form)
    messages.success(request, _("申诉已处理，员工已收到通知。"))
    return redirect("workers:standing-appeals")


def _decided(request: HttpRequest, row: StandingAppeal, form: VerdictForm, now: Any) -> None:
    reason = form.cleaned_data["reason"]
    standing_appeals.decide(row.pk, accept=form.agreed, by=acting(request), now=now, reason=reason)


@access(*AGENCY)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's standing: watch, proposals, appeals, level."""
    return _person(request, get_object_or_404(Worker.objects.select_related("user", "city"), pk=pk), ReasonForm())


def _person(request: HttpRequest, worker: Worker, form: ReasonForm) -> HttpResponse:
    now = clock.now()
    context = {
        "worker": worker,
        "lines": reads.of_worker(worker, now, own=False),
        "stand": career.stand(worker, now),
        "history": career.history(worker),
        "form": form,
        "removed": worker.status in standing.REMOVED and worker.user.is_active,
        "is_manager": acting(request).role == Role.MANAGER,
    }
    part = "workers/_person_standing.html" if request.htmx else "workers/person_standing.html"  # type: ignore[attr-defined]
    return render(request, part, context, status=422 if form.errors else 200)


@access(Role.MANAGER, methods="POST")
def reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    """Send somebody again."""
    worker, form = get_object_or_404(Worker.objects.select_related("user", "city"), pk=pk), ReasonForm(request.POST)
    now = clock.now()
    if not attempt(
        form, lambda: standing.reinstate(pk, by=acting(request), now=now, reason=form.cleaned_data["reason"])
    ):
        return _person(request, worker, form)
    messages.success(request, _("已恢复派单，员工已收到通知。"))
    return redirect("workers:person", pk)
