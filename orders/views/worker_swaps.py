"""Handing a shift to a colleague, and taking one over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from orders import openings, permissions
from orders.forms.exchange import SwapForm
from orders.models import Assignment, OrderPolicy, SwapRequest, SwapRule
from orders.selectors import swaps as reads
from orders.selectors import worker as cards
from orders.services import swaps
from orders.states import LIVE_SWAP, SwapStatus
from orders.views.worker_common import me, refused, status_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from staffing.core.models import Role
from workers.models import Worker


@access(Role.WORKER, methods="GET POST")
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own shift: offer it, see who wants it, take it back."""
    work = _own(request, pk)
    now, last = clock.now(), reads.last_of(work)
    live = last is not None and last.status in LIVE_SWAP
    free = not live and swaps.may_ask(work, now)
    form = SwapForm(request.POST or None, colleagues=reads.colleagues(work, now) if free else ())
    if request.method == "POST" and form.is_valid() and _ask(request, work, form):
        return redirect("orders:my-swap", pk)
    context = {"work": work, "last": last, "live": live, "free": free, "form": form, **_rule()}
    return render(request, "orders/my_swap.html", context, status=status_of(form))


def _own(request: HttpRequest, pk: int) -> Any:
    rows = permissions.assignments_of(acting(request).user)
    related = ("position__shift__order__client", "position__shift__order__site__city", "position__shift__order__city")
    return get_object_or_404(rows.select_related(*related, "worker__user"), pk=pk)


def _ask(request: HttpRequest, work: Assignment, form: SwapForm) -> bool:
    try:
        data, now = form.cleaned_data, clock.now()
        swaps.ask(work.pk, by=acting(request), now=now, only=form.asked(), note=data["note"])
    except Conflict as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("已发出换班请求。有人接手之前，班次仍由您负责。"))
    return True


def _rule() -> dict[str, Any]:
    policy = OrderPolicy.current()
    return {"hours": policy.swap_until_hours, "approved": policy.swap_rule == SwapRule.DISPATCHER}


def _seen(request: HttpRequest, worker: Worker, pk: int) -> Any:
    rows = reads.seen_by(worker.user, shown=_shown(request, worker, pk))
    order = "assignment__position__shift__order"
    related = ("assignment__worker__user", "taker", f"{order}__client", f"{order}__site__city", f"{order}__city")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _shown(request: HttpRequest, worker: Worker, pk: int) -> bool:
    """Whether the list has shown it to this worker."""
    seal = (request.POST or request.GET).get("seal", "")
    return constant_time_compare(seal, openings.swap_seal(worker.pk, pk))


@access(Role.WORKER)
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague's request: the shift, and yes; one's own leads to the shift."""
    worker = me(request)
    found = _seen(request, worker, pk)
    if found.assignment.worker_id == worker.pk:
        return redirect("orders:my-swap", found.assignment_id)
    card, giver = reads.card_of(found, worker, cards.Wages.current()), found.assignment.worker.user.name
    context = {"swap": found, "card": card, "mine": found.taker_id == worker.pk, "giver": reads.given_name(giver)}
    seal = openings.swap_seal(worker.pk, pk)
    return render(request, "orders/my_swap_request.html", context | {"seal": seal} | _rule())


@access(Role.WORKER, methods="POST")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes; too late or not allowed is told with the reason."""
    _seen(request, me(request), pk)
    try:
        found = swaps.take(pk, by=acting(request), now=clock.now())
    except Conflict as refusal:
        refused(request, refusal)
        return redirect(f"{reverse('orders:my-open')}?kind=swaps")
    if found.status == SwapStatus.DONE:
        messages.success(request, _("换班成功，班次已排入您的班表。"))
        return redirect("orders:my-shift", found.found_id)
    messages.success(request, _("已告诉同事您愿意接手，等调度批准。"))
    return redirect("orders:my-swap-request", pk)


@access(Role.WORKER, methods="POST")
def back_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Who said yes takes it back; repeating it is harmless."""
    worker = me(request)
    if _seen(request, worker, pk).taker_id == worker.pk:
        swaps.back_out(pk, by=acting(request), now=clock.now())
        messages.success(request, _("已撤回，班次仍由同事负责。"))
    return redirect("orders:my-open")


@access(Role.WORKER, methods="POST")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The asker keeps the shift; repeating it is harmless."""
    row = get_object_or_404(SwapRequest, pk=pk, assignment__worker__user=acting(request).user)
    swaps.withdraw(row.pk, by=acting(request), now=clock.now())
    messages.success(request, _("已撤回，班次仍由您负责。"))
    return redirect("orders:my-swap", row.assignment_id)
