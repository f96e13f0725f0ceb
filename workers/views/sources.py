"""The desk's pages about partners."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from workers.forms_sources import FeeForm, HookForm, KeyForm, PartnerForm
from workers.models import Partner
from workers.selectors import sources as reads
from workers.services import partners
from workers.views.people import AGENCY

PAGE = 25
FEES = 10


@access(*AGENCY)
def listing(request: HttpRequest) -> HttpResponse:
    """All partners with what they have brought."""
    page = Paginator(reads.partners(), PAGE).get_page(request.GET.get("page"))
    return render(request, "workers/sources.html", {"page": page})


@access(*AGENCY, methods="GET POST")
def new(request: HttpRequest) -> HttpResponse:
    """A partner that we have not had."""
    return _edited(request, PartnerForm(request.POST or None), None)


@access(*AGENCY, methods="GET POST")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of a partner."""
    partner = get_object_or_404(Partner, pk=pk)
    return _edited(request, PartnerForm(request.POST or None, instance=partner), partner)


def _edited(request: HttpRequest, form: PartnerForm, partner: Partner | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        kept = partners.save(form.save(commit=False), by=acting(request), now=clock.now())
        return redirect("workers:source", pk=kept.pk)
    status = 422 if form.errors else 200
    name = Partner.objects.values_list("name", flat=True).get(pk=partner.pk) if partner else ""
    context = {"form": form, "partner": partner, "partner_name": name}
    return render(request, "workers/source_edit.html", context, status=status)


@access(*AGENCY)
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One partner: what it brought, its keys, its address, what it was paid."""
    return page_of(request, get_object_or_404(reads.partners(), pk=pk))


def page_of(request: HttpRequest, partner: Partner, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page, with a form that could not be taken as it was typed."""
    hook = getattr(partner, "hook", None)
    context = {
        "partner": partner,
        "keys": partner.keys.all(),
        "hook": hook,
        "secret": hook.secrets.filter(ends_at=None).first() if hook else None,
        "fees": partner.fees.all()[:FEES],
        "key_form": KeyForm(),
        "hook_form": HookForm(initial={"url": hook.url, "is_active": hook.is_active} if hook else None),
        "fee_form": FeeForm(initial={"paid_on": clock.now().date()}),
    }
    return render(request, "workers/source.html", context | forms, status=status)


@access(*AGENCY, methods="POST")
def fee(request: HttpRequest, pk: int) -> HttpResponse:
    """Note money that was paid."""
    partner, form = get_object_or_404(reads.partners(), pk=pk), FeeForm(request.POST)
    if not form.is_valid():
        return page_of(request, partner, status=422, fee_form=form)
    partners.pay(partner, form.save(commit=False), by=acting(request), now=clock.now())
    return redirect("workers:source", pk=pk)
