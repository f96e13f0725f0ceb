"""One order: its proposal, its course, and what can be done with the order as a whole."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from orders.forms_desk import ReasonForm
from orders.models import Order, Shift
from orders.selectors.desk import candidates, history, loosening, progress, proposal, queue, runs
from orders.services import ordering
from orders.states import OrderStatus
from orders.views.desk.common import DESK, attempt, form_page, wants_part
from orders.views.desk.queue import panel_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from staffing.core.rendering import add_toast


@access(*DESK)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one order."""
    found, now = get_object_or_404(proposal.order_rows(), pk=pk), clock.now()
    context = {
        **_head(found, now),
        "boards": proposal.boards(found, now),
        "circle": proposal.circle(found),
        "run": runs.facts_of(found),
        "weights_link": acting(request).role == Role.MANAGER,
        "events": history.events_of(found),
    }
    return render(request, "orders/desk_order.html", context)


def _head(found: Order, now: datetime) -> dict[str, Any]:
    return {
        "order": found,
        "now": now,
        "steps": progress.steps_of(found),
        "confirmable": found.status == OrderStatus.PROPOSED,
        "cancellable": found.status in proposal.CANCELLABLE,
    }


@access(*DESK)
def order_live(request: HttpRequest, pk: int) -> HttpResponse:
    """State, progress and the order's actions, polled."""
    found = get_object_or_404(proposal.order_rows(), pk=pk)
    return render(request, "orders/_desk_order_head.html", _head(found, clock.now()))


@access(*DESK)
def shift_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The places of one shift, polled."""
    shift, now = _shift(pk), clock.now()
    boards = proposal.boards(shift.order, now, shift_id=shift.pk)
    return render(request, "orders/_desk_places.html", {"board": boards[0] if boards else None, "now": now})


def _shift(pk: int) -> Shift:
    shown = Shift.objects.filter(order__in=queue.visible()).select_related(
        "order__client", "order__site", "order__city"
    )
    return get_object_or_404(shown, pk=pk)


@access(*DESK)
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody for one shift: the ranking, the gates, and all rejected people with all reasons."""
    found, text = _shift(pk), request.GET.get("q", "").strip()
    pages = (request.GET.get("ranked"), request.GET.get("page"))
    told = candidates.explanation(found, text, pages, clock.now())
    context = {"shift": found, "told": told, "q": text}
    return render(request, "orders/_desk_reasons.html" if wants_part(request) else "orders/desk_shift.html", context)


@access(*DESK)
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom each gate keeps away from a shift now, and what each change of it would bring."""
    found = _shift(pk)
    context = {"shift": found, "told": loosening.told(found, clock.now())}
    part = "orders/_desk_what_if.html"
    return render(request, part if wants_part(request) else "orders/desk_what_if.html", context)


@access(*DESK, methods="POST")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an offer to everybody proposed. Repeating it changes nothing."""
    found, now = get_object_or_404(queue.visible(), pk=pk), clock.now()
    ordering.confirm(found.pk, by=acting(request), now=now)
    if wants_part(request):
        fresh = panel_of(proposal.order_rows().get(pk=pk), now)
        answer = trigger_client_event(render(request, "orders/_desk_panel.html", fresh), "desk-changed")
        return add_toast(answer, _("已派单，正在等待员工答复。"))
    messages.success(request, _("已派单，正在等待员工答复。"))
    return redirect("orders:desk-order", pk)


@access(*DESK, methods="POST")
def rematch(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the unconfirmed proposal away and match afresh."""
    found = get_object_or_404(queue.visible(), pk=pk)
    if found.status != OrderStatus.SUBMITTED:
        ordering.rematch(found.pk, by=acting(request), now=clock.now())
    messages.success(request, _("正在重新匹配，稍后自动更新。"))
    return redirect("orders:desk-order", pk)


@access(*DESK, methods="GET POST")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the order off, with a reason."""
    found = get_object_or_404(queue.visible().select_related("client"), pk=pk)
    form, by, now = ReasonForm(request.POST or None), acting(request), clock.now()
    if attempt(form, lambda: ordering.cancel(found.pk, by=by, now=now, reason=form.cleaned_data["reason"])):
        messages.success(request, _("订单已取消，相关员工已收到通知。"))
        return redirect("orders:desk-order", pk)
    return form_page(request, "orders/desk_cancel.html", form, {"order": found})
