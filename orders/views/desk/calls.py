"""A call to somebody who is late or may not come, and what came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.forms.calls import CallForm
from orders.models import Assignment
from orders.selectors.desk import proposal, trouble
from orders.services import calls
from orders.views.desk.common import DESK, attempt, form_page
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting


@access(*DESK, methods="GET POST")
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to call, what was said before, and the answer now; somebody who will not come is replaced at once."""
    work, kind = get_object_or_404(proposal.works(), pk=pk), request.GET.get("kind", "")
    kind = kind if kind in trouble.KINDS else "late"
    form, by, now = CallForm(request.POST if request.method == "POST" else None), acting(request), clock.now()
    if attempt(form, lambda: calls.note(work.pk, by=by, now=now, **form.cleaned_data)):
        messages.success(request, _("已记录致电结果。"))
        return redirect(f"{reverse('orders:desk-today')}?kind={kind}")
    return form_page(request, "orders/desk_call.html", form, _context(work, kind))


def _context(work: Assignment, kind: str) -> dict[str, Any]:
    return {"work": work, "kind": kind, "calls": work.calls.select_related("by")}
