"""The client's side of the loop: what happened, what is done about it, and the last word."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from feedback import permissions, presentation
from feedback.forms import NotSolvedForm, RoundForm
from feedback.models import CreditNote, ReviewCase
from feedback.selectors import cases as selectors
from feedback.services import cases as service
from feedback.states import CaseStatus
from orders.permissions import client_orders
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

PAGE = 20


def _own(request: HttpRequest, pk: int) -> ReviewCase:
    return get_object_or_404(selectors.for_client(permissions.cases_of_client(acting(request).user)), pk=pk)


@access(Role.CLIENT)
def cases(request: HttpRequest) -> HttpResponse:
    """The client's cases, newest first."""
    found = (
        permissions.cases_of_client(acting(request).user)
        .select_related("order", "client", "complaint")
        .order_by("-opened_at")
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "feedback/client_cases.html", {"page": page, "now": clock.now()})


@access(Role.CLIENT)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case in plain words."""
    return _page(request, _own(request, pk))


@access(Role.CLIENT)
def of_order(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of an order's page that tells of its cases; nothing if it has none."""
    order = get_object_or_404(client_orders(acting(request).user), pk=pk)
    context = {"cases": order.cases.select_related("order").order_by("-opened_at"), "now": clock.now()}
    return render(request, "feedback/_client_order_cases.html", context)


@access(Role.CLIENT)
def waiting(request: HttpRequest) -> HttpResponse:
    """The part of the front page that tells of answers which wait for the client's word; nothing if none do."""
    own = permissions.cases_of_client(acting(request).user).filter(status=CaseStatus.REPORTED)
    context = {"cases": own.select_related("order", "complaint").order_by("due_at", "pk")[:PAGE]}
    return render(request, "feedback/_client_cases_waiting.html", context)


@access(Role.CLIENT, methods="POST")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """已解决."""
    found, form = _own(request, pk), RoundForm(request.POST)
    if not form.is_valid():
        raise Invalid("no_round", _("请刷新页面后再试。"))
    seen = form.cleaned_data["seen_round"]
    service.confirm(found.pk, by=acting(request), now=clock.now(), seen_round=seen)
    return redirect("feedback:client-case", pk=pk)


@access(Role.CLIENT, methods="POST")
def not_solved(request: HttpRequest, pk: int) -> HttpResponse:
    """未解决, with the reason; what was typed is kept if it cannot be taken."""
    found, form = _own(request, pk), NotSolvedForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            service.not_solved(found.pk, by=acting(request), now=clock.now(), **given)
            return redirect("feedback:client-case", pk=pk)
        except (Invalid, Conflict) as error:
            form.add_error(None, str(error))
    return _page(request, found, form, status=422)


@access(Role.WORKER, methods="POST")
def answer_of_worker(request: HttpRequest, pk: int) -> HttpResponse:
    """The last word on what a worker complained about: solved, or what is still wrong."""
    found = get_object_or_404(permissions.cases_of_worker(acting(request).user), pk=pk)
    form = RoundForm(request.POST)
    if not form.is_valid():
        raise Invalid("no_round", _("请刷新页面后再试。"))
    given = {"by": acting(request), "now": clock.now(), "seen_round": form.cleaned_data["seen_round"]}
    if "solved" in request.POST:
        service.confirm(found.pk, **given)
    else:
        service.not_solved(found.pk, note=request.POST.get("note", ""), **given)
    return redirect("feedback:my-complaints")


def _page(
    request: HttpRequest, found: ReviewCase, form: NotSolvedForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "case": found,
        "rounds": selectors.rounds_of(found),
        "answer_until": selectors.answer_until(found),
        "steps": presentation.client_steps(found),
        "form": form or NotSolvedForm(initial={"seen_round": found.round}),
        "actions": presentation.actions(found, acting(request)),
        "credits": found.credits.filter(status=CreditNote.Status.APPROVED),
        "now": clock.now(),
    }
    return render(request, "feedback/client_case.html", context, status=status)
