"""The desk's pages about a partner's machines: keys, the address for news, and what became of each piece of news."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from workers.forms_sources import HookForm, KeyForm
from workers.models import Partner, PartnerDelivery, PartnerHook, PartnerKey
from workers.selectors import sources as reads
from workers.services import hooks, partners
from workers.views.people import AGENCY
from workers.views.sources import PAGE, page_of


@never_cache
@access(*AGENCY, methods="POST")
def make_key(request: HttpRequest, pk: int) -> HttpResponse:
    """A new key; its secret is on this answer and nowhere else."""
    partner, form = get_object_or_404(reads.partners(), pk=pk), KeyForm(request.POST)
    if not form.is_valid():
        return page_of(request, partner, status=422, key_form=form)
    given = form.cleaned_data
    sandbox = given.pop("use") == "sandbox"
    made = partners.make_key(partner, sandbox=sandbox, **given, by=acting(request), now=clock.now())
    context = {"partner": partner, "key": made.key, "secret": made.secret}
    return render(request, "workers/source_secret.html", context)


@access(*AGENCY, methods="POST")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is accepted under the key any more."""
    key = partners.revoke_key(get_object_or_404(PartnerKey, pk=pk).pk, by=acting(request), now=clock.now())
    return redirect("workers:source", pk=key.partner_id)


@never_cache
@access(*AGENCY, methods="POST")
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    """Where news goes; the first time with the secret."""
    partner, form = get_object_or_404(reads.partners(), pk=pk), HookForm(request.POST)
    if not form.is_valid():
        return page_of(request, partner, status=422, hook_form=form)
    secret = hooks.save(partner, **form.cleaned_data, by=acting(request), now=clock.now())
    if secret:
        return render(request, "workers/source_secret.html", {"partner": partner, "secret": secret})
    messages.success(request, _("已保存"))
    return redirect("workers:source", pk=pk)


@never_cache
@access(*AGENCY, methods="POST")
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret for signatures; the old one goes on for a while."""
    found = get_object_or_404(PartnerHook.objects.select_related("partner"), partner=pk)
    seen = request.POST.get("seen", "")
    secret = hooks.rotate(found.partner, int(seen) if seen.isdecimal() else 0, by=acting(request), now=clock.now())
    return render(request, "workers/source_secret.html", {"partner": found.partner, "secret": secret})


@access(*AGENCY, methods="POST")
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Something to try the address with."""
    found, now = get_object_or_404(PartnerHook.objects.select_related("partner"), partner=pk), clock.now()
    # One a second is enough for anybody, and a repeated click is one.
    hooks.tell_test(found.partner, key=now.isoformat(timespec="seconds"), now=now)
    return redirect("workers:source-news", pk=pk)


@access(*AGENCY)
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """What the partner was told, and whether it arrived."""
    partner, state = get_object_or_404(Partner, pk=pk), request.GET.get("state", "")
    if state not in reads.STATES:
        raise Http404
    page = Paginator(reads.deliveries(partner, state), PAGE).get_page(request.GET.get("page"))
    context = {"partner": partner, "page": page, "state": state, "counts": reads.counts(partner)}
    return render(request, "workers/source_news.html", context)


@access(*AGENCY, methods="POST")
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one piece of news once more."""
    row = get_object_or_404(PartnerDelivery, pk=pk)
    hooks.replay(PartnerDelivery.objects.filter(pk=pk), by=acting(request), now=clock.now())
    return redirect("workers:source-news", pk=row.partner_id)


@access(*AGENCY, methods="POST")
def replay_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Send everything once more that was given up."""
    partner = get_object_or_404(Partner, pk=pk)
    number = hooks.replay(reads.deliveries(partner, "failed"), by=acting(request), now=clock.now())
    messages.success(request, _("%(n)d 条通知已重新排队") % {"n": number})
    return redirect("workers:source-news", pk=pk)
