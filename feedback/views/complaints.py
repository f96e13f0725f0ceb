"""The desk's complaints: all of them, one, a call written down, put under another heading, put away."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from feedback import exports_survey
from feedback.filters_complaints import ComplaintFilter
from feedback.forms_complaints import KindForm, PhoneForm
from feedback.models import Complaint
from feedback.presentation import complaints as wording
from feedback.selectors import complaints as reads
from feedback.services import complaints
from feedback.views.desk import AGENCY
from orders.views.desk.common import attempt, form_page
from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.actors import acting

PAGE = 20


def _filtered(request: HttpRequest) -> ComplaintFilter:
    return ComplaintFilter(request.GET, queryset=reads.listed(), request=request)


@access(*AGENCY)
def listed(request: HttpRequest) -> HttpResponse:
    """All that was not put away, as filtered."""
    found = _filtered(request)
    page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
    return render(request, "feedback/complaints.html", {"filter": found, "page": page, "now": clock.now()})


@access(*AGENCY)
def exported(request: HttpRequest) -> HttpResponseBase:
    """The list as filtered, as a file."""
    return export.answer(request, exports_survey.COMPLAINTS, _filtered(request).qs, clock.now())


@access(*AGENCY, methods="GET POST")
def entry(request: HttpRequest) -> HttpResponse:
    """Write down what somebody says on the phone."""
    form = PhoneForm(request.POST or None, initial={"form_key": uuid.uuid4(), "client": request.GET.get("client")})
    kept: list[Complaint] = []

    def keep() -> None:
        given = {"key": form.cleaned_data["form_key"], "caller": form.cleaned_data["caller"]}
        kept.append(complaints.file(form.about(), form.words(), by=acting(request), now=clock.now(), **given))

    if attempt(form, keep):
        messages.success(request, _("投诉已登记，并已立案。"))
        return redirect("feedback:complaint", kept[0].pk)
    return form_page(request, "feedback/complaint_entry.html", form, {})


@access(*AGENCY)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint with what belongs to it and what became of it."""
    found = _found(pk)
    form = KindForm(initial={"category": found.category, "severity": found.severity})
    return _page(request, found, form)


@access(*AGENCY, methods="POST")
def classify(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it under what it really is about."""
    found, form = _found(pk), KindForm(request.POST)
    by, now = acting(request), clock.now()
    if attempt(form, lambda: complaints.classify(pk, by=by, now=now, **form.cleaned_data)):
        messages.success(request, _("分类已更新。"))
        return redirect("feedback:complaint", pk)
    return _page(request, found, form)


@access(*AGENCY, methods="POST")
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it away."""
    complaints.archive(_found(pk).pk, by=acting(request), now=clock.now())
    messages.success(request, _("投诉已归档。"))
    return redirect("feedback:complaints")


def _found(pk: int) -> Complaint:
    return get_object_or_404(reads.detailed(), pk=pk)


def _page(request: HttpRequest, found: Complaint, form: KindForm) -> HttpResponse:
    context: dict[str, Any] = {
        "complaint": found,
        "sender": wording.sender(found),
        "fees": wording.fees(found),
        "events": wording.timeline(reads.history(found)),
        "may_archive": wording.may_archive(found),
        "now": clock.now(),
    }
    return form_page(request, "feedback/complaint.html", form, context)
