"""Changing and calling off a submitted order: its cost is said before, and never more is charged."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from orders import permissions, states
from orders.forms.amend import AgreeForm, Amend, CancelOrderForm
from orders.models import Order, OrderPolicy
from orders.services import amending, fees, ordering
from orders.services.amend_plan import plan_of
from orders.states import OrderStatus
from orders.views.client.common import CONFLICT, UNPROCESSABLE, must, own_order
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role
from staffing.core.transitions import find

RISEN = ("fee_risen", "price_risen", "changed_meanwhile")


@access(Role.CLIENT, methods="GET POST")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """What calling the order off costs now, and doing it."""
    found, now = own_order(request, pk), clock.now()
    must(request, permissions.may_order)
    if found.status == OrderStatus.CANCELLED:
        return redirect("orders:client-order", pk)
    find(states.ORDER, found.status, "cancel", acting(request))
    form = CancelOrderForm(request.POST or None)
    if not form.is_valid():
        return show_cancel(request, found, form, now, status=UNPROCESSABLE if form.is_bound else 200)
    try:
        ordering.cancel(pk, by=acting(request), now=now, **form.cleaned_data)
    except Conflict as refusal:
        if refusal.code not in RISEN:
            raise
        return show_cancel(request, found, form, now, problem=str(refusal), status=CONFLICT)
    messages.success(request, _("订单已取消，相关员工会收到通知。"))
    return redirect("orders:client-order", pk)


def show_cancel(request: HttpRequest, found: Order, form: CancelOrderForm, now: datetime, **more: Any) -> HttpResponse:
    """The page with the cost as it is now."""
    status, policy = more.pop("status"), OrderPolicy.current()
    told = fees.of_cancelling(found, now, policy) if found.submitted_at else []
    context = {"order": found, "form": form, "fees": told, "total": fees.total(told), "policy": policy}
    return render(request, "orders/client_cancel.html", context | more, status=status)


@access(Role.CLIENT, methods="GET POST")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. POST `action`: add (a shift more), edit (as it was typed), preview, apply."""
    found, now = own_order(request, pk), clock.now()
    must(request, permissions.may_order)
    if found.status == OrderStatus.DRAFT:
        return redirect("orders:client-order-edit", pk)
    find(states.ORDER, found.status, "amend", acting(request))
    if request.method != "POST":
        return show(request, Amend.shown(found, now))
    action = request.POST.get("action", "preview")
    if action in ("add", "edit"):
        make = Amend.with_another if action == "add" else Amend.posted
        return show(request, make(found, request.POST, now))
    entry = Amend.posted(found, request.POST, now)
    if not entry.is_valid():
        return show(request, entry, status=UNPROCESSABLE)
    return apply(request, entry, now) if action == "apply" else preview(request, entry, now)


def preview(request: HttpRequest, entry: Amend, now: datetime, *, problem: str = "", status: int = 200) -> HttpResponse:
    """What would change: shifts, people by name, money."""
    try:
        plan = plan_of(entry.order, entry.wish(), by=acting(request), now=now)
    except (Invalid, Conflict) as refusal:
        return refused(request, entry, refusal, now)
    context = {"entry": entry, "order": entry.order, "plan": plan, "agree": AgreeForm.to(plan), "problem": problem}
    return render(request, "orders/client_amend_confirm.html", context, status=status)


def apply(request: HttpRequest, entry: Amend, now: datetime) -> HttpResponse:
    """Do it, if it is still what the preview said; else show what it would be now."""
    agree = AgreeForm(request.POST)
    if not agree.is_valid():
        return preview(request, entry, now)
    try:
        amending.amend(entry.order.pk, entry.wish(), agreed=agree.agreed(), by=acting(request), now=now)
    except (Invalid, Conflict) as refusal:
        if refusal.code in RISEN:
            return preview(request, entry, now, problem=str(refusal), status=CONFLICT)
        return refused(request, entry, refusal, now)
    messages.success(request, _("订单已修改。"))
    return redirect("orders:client-order", entry.order.pk)


def refused(request: HttpRequest, entry: Amend, refusal: Invalid | Conflict, now: datetime) -> HttpResponse:
    """Back to the form: with what was typed, or, if the order is another one by now, as it is."""
    if refusal.code in ("amended_meanwhile", "shift_gone"):
        entry = Amend.shown(own_order(request, entry.order.pk), now)
    return show(
        request, entry, problem=str(refusal), status=refusal.status if refusal.status == CONFLICT else UNPROCESSABLE
    )


def show(request: HttpRequest, entry: Amend, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The form as a page."""
    context = {"entry": entry, "order": entry.order, "problem": problem, "policy": OrderPolicy.current()}
    return render(request, "orders/client_amend.html", context, status=status)
