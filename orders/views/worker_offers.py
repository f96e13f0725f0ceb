"""The worker's offers: the list, one of them, yes and no."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders import permissions
from orders.forms.worker import DECLINE_REASONS, ReasonForm
from orders.selectors import figures
from orders.selectors import worker as reads
from orders.services import offers
from orders.states import OfferStatus
from orders.views.worker_common import me, page, refused, status_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from staffing.core.models import Role
from workers.services.standing import REMOVED


@access(Role.WORKER)
def offer_list(request: HttpRequest) -> HttpResponse:
    """Every offer that waits for an answer."""
    worker = me(request)
    context = {"offers": reads.offer_cards(worker, clock.now()), "removed": worker.status in REMOVED}
    return page(request, "offers", context)


@access(Role.WORKER)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """One offer with all there is to know, also after it has passed."""
    return render(request, "orders/my_offer.html", _offer_context(request, pk))


def _offer_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = reads.with_order(permissions.offers_to(acting(request).user))
    found, now = get_object_or_404(rows, pk=pk), clock.now()
    worker = me(request)
    card = reads.offer_card(found, worker, reads.Wages.current(), now)
    waits = found.status == OfferStatus.PENDING and now < found.expires_at
    served = figures.record_of(card.order.client_id, worker, now)
    return {"card": card, "open": waits, "taken": found.reason == offers.TAKEN, "served": served}


@access(Role.WORKER, methods="POST")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes; too late or not free any more is told with the reason."""
    found = get_object_or_404(permissions.offers_to(acting(request).user), pk=pk)
    try:
        work = offers.accept(found.pk, by=acting(request), now=clock.now())
    except Conflict as refusal:
        return _gone(request, refusal)
    messages.success(request, _("接单成功，已排入您的班表。"))
    return redirect("orders:my-shift", work.pk)


def _gone(request: HttpRequest, refusal: Conflict) -> HttpResponse:
    """Say what is true now, on the list as it is now."""
    refused(request, refusal)
    return redirect("orders:my-offers")


@access(Role.WORKER, methods="GET POST")
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with a reason."""
    context = _offer_context(request, pk)
    form = ReasonForm(request.POST or None, choices=DECLINE_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            offers.decline(pk, by=acting(request), now=clock.now(), reason=form.reason())
        except Conflict as refusal:
            return _gone(request, refusal)
        messages.success(request, _("已婉拒，我们会转给其他人。"))
        return redirect("orders:my-offers")
    return render(request, "orders/my_decline.html", context | {"form": form}, status=status_of(form))
