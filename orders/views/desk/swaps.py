"""Swaps that wait for a dispatcher's word, and those that still look for somebody."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.forms.exchange import DecisionForm
from orders.models import SwapRequest
from orders.selectors import swaps as reads
from orders.services import swaps
from orders.views.desk.common import DESK, PAGE, refusal_words
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid


@access(*DESK)
def listed(request: HttpRequest) -> HttpResponse:
    """What waits for a decision first, each with yes and no."""
    return _page(request)


def _page(request: HttpRequest, pk: int | None = None, form: DecisionForm | None = None) -> HttpResponse:
    page = Paginator(reads.waiting(), PAGE).get_page(request.GET.get("page"))
    rows = [(row, form if row.pk == pk else _form(row)) for row in page.object_list]
    context = {"page": page, "rows": rows, "now": clock.now()}
    return render(request, "orders/desk_swaps.html", context, status=422 if form else 200)


def _form(row: SwapRequest, data: object = None) -> DecisionForm:
    return DecisionForm(data, prefix=f"swap{row.pk}", yes=_("批准"), no=_("不批准"), initial={"verdict": "yes"})


@access(*DESK, methods="POST")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no with a reason; a rule that speaks against the yes is told in words."""
    row = get_object_or_404(SwapRequest, pk=pk)
    form = _form(row, request.POST)
    if not form.is_valid() or not _decided(request, row, form):
        return _page(request, pk, form)
    messages.success(request, _("换班已处理，双方都已收到通知。"))
    return redirect("orders:desk-swaps")


def _decided(request: HttpRequest, row: SwapRequest, form: DecisionForm) -> bool:
    by, now = acting(request), clock.now()
    try:
        if form.agreed:
            swaps.approve(row.pk, by=by, now=now)
        else:
            swaps.refuse(row.pk, by=by, now=now, reason=form.cleaned_data["reason"])
    except (Invalid, Conflict) as refusal:
        form.add_error(None, refusal_words(refusal, now))
        return False
    return True
