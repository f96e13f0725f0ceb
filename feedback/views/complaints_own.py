"""Complaints of clients and workers: say what is wrong, and see what became of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from feedback import permissions
from feedback.forms_complaints import ClientComplaintForm, WorkerComplaintForm
from feedback.presentation import complaints as wording
from feedback.selectors import complaints as reads
from feedback.services import complaints
from orders.permissions import assignments_of, companies_of
from orders.views.desk.common import attempt, form_page
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role

PAGE = 20
# A worker complains about one of their latest shifts.
LATEST = 40


@access(Role.CLIENT)
def of_client(request: HttpRequest) -> HttpResponse:
    """The client's own complaints, newest first."""
    found = reads.listed(permissions.complaints_of_client(acting(request).user))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "feedback/client_complaints.html", {"page": page, "now": clock.now()})


@access(Role.CLIENT)
def client_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them."""
    rows = reads.detailed(permissions.complaints_of_client(acting(request).user))
    found = get_object_or_404(rows, pk=pk)
    context = {"complaint": found, "fees": wording.fees(found), "now": clock.now()}
    return render(request, "feedback/client_complaint.html", context)


@access(Role.CLIENT, methods="GET POST")
def client_new(request: HttpRequest) -> HttpResponse:
    """Complain about an order, or in general."""
    client = get_object_or_404(companies_of(acting(request).user))
    initial = {"form_key": uuid.uuid4(), "order": request.GET.get("order")}
    form = ClientComplaintForm(request.POST or None, client=client, initial=initial)
    if _filed(request, form):
        return redirect("feedback:client-complaints")
    return form_page(request, "feedback/client_complaint_new.html", form, {})


@access(Role.WORKER)
def of_worker(request: HttpRequest) -> HttpResponse:
    """The worker's own complaints, and what became of each."""
    found = reads.detailed(permissions.complaints_of_worker(acting(request).user))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page": page, "told": [(one, wording.outcome(one)) for one in page]}
    return render(request, "feedback/my_complaints.html", context)


@access(Role.WORKER, methods="GET POST")
def worker_new(request: HttpRequest) -> HttpResponse:
    """Complain about the client or the place of a shift."""
    own = assignments_of(acting(request).user).select_related("position__shift__order__client")
    works = own.filter(start_at__lte=clock.now()).order_by("-start_at", "-pk")
    shown = works.filter(pk__in=list(works.values_list("pk", flat=True)[:LATEST]))
    initial = {"form_key": uuid.uuid4(), "assignment": request.GET.get("shift")}
    form = WorkerComplaintForm(request.POST or None, works=shown, initial=initial)
    if _filed(request, form):
        return redirect("feedback:my-complaints")
    return form_page(request, "feedback/my_complaint_new.html", form, {"any": shown.exists()})


def _filed(request: HttpRequest, form: Any) -> bool:
    """Whether the complaint was kept; what is wrong stays in the form."""

    def keep() -> None:
        more = {"key": form.cleaned_data["form_key"], "may_name": form.cleaned_data.get("may_name", False)}
        complaints.file(form.about(), form.words(), by=acting(request), now=clock.now(), **more)

    kept = attempt(form, keep)
    if kept:
        messages.success(request, _("已收到，我们会在 48 小时内处理。"))
    return kept
