"""Strikes against which workers appeal: a person decides each, with a reason."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.forms.exchange import DecisionForm
from orders.models import Appeal
from orders.selectors import figures as reads
from orders.services import appeals
from orders.views.desk.common import DESK, PAGE
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import DomainError
from staffing.core.models import Role


@access(*DESK)
def listed(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, with the shift's facts and what was decided before."""
    return _page(request)


def _page(request: HttpRequest, pk: int | None = None, form: DecisionForm | None = None) -> HttpResponse:
    page = Paginator(reads.waiting(), PAGE).get_page(request.GET.get("page"))
    rows = [(row, form if row.pk == pk else _form(row)) for row in page.object_list]
    context = {"page": page, "rows": rows, "is_manager": acting(request).role == Role.MANAGER}
    return render(request, "orders/desk_appeals.html", context, status=422 if form else 200)


def _form(row: Appeal, data: object = None) -> DecisionForm:
    words = {"yes": _("撤销记录"), "no": _("维持记录")}
    return DecisionForm(data, prefix=f"appeal{row.pk}", always=True, **words)


@access(*DESK, methods="POST")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the strike back or let it stand."""
    row = get_object_or_404(Appeal, pk=pk)
    form = _form(row, request.POST)
    if not form.is_valid() or not _decided(request, row, form):
        return _page(request, pk, form)
    messages.success(request, _("申诉已处理，员工已收到通知。"))
    return redirect("orders:desk-appeals")


def _decided(request: HttpRequest, row: Appeal, form: DecisionForm) -> bool:
    try:
        reason = form.cleaned_data["reason"]
        appeals.decide(row.pk, accept=form.agreed, by=acting(request), now=clock.now(), reason=reason)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
