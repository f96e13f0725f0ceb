"""One order of the client: its course live, its hours, its end."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import permissions, states
from orders.forms.reasons import CancelForm, DisputeForm
from orders.models import Order, Timesheet
from orders.presentation import order_facts, progress
from orders.selectors import client as reads
from orders.services import ordering, timesheets
from orders.views.client.posting import UNPROCESSABLE, own_order
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import Actor, acting
from staffing.core.models import Role
from staffing.core.transitions import allowed


@access(Role.CLIENT)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about the order."""
    return show(request, own_order(request, pk))


@access(Role.CLIENT)
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that changes while people work."""
    found = own_order(request, pk)
    return render(request, "orders/_client_live.html", context_of(request, found))


@access(Role.CLIENT, methods="POST")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft over for matching."""
    ordering.submit(own_order(request, pk).pk, by=acting(request), now=clock.now())
    messages.success(request, _("订单已提交，正在匹配。"))
    return redirect("orders:client-order", pk)


@access(Role.CLIENT, methods="POST")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the order off, with a reason."""
    found, form = own_order(request, pk), CancelForm(request.POST)
    if not form.is_valid():
        return show(request, found, cancel_form=form)
    ordering.cancel(pk, by=acting(request), now=clock.now(), reason=form.cleaned_data["reason"])
    messages.success(request, _("订单已取消，相关员工会收到通知。"))
    return redirect("orders:client-order", pk)


@access(Role.CLIENT, methods="POST")
def approve_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept all hours that wait."""
    count = timesheets.approve_all(own_order(request, pk).pk, by=acting(request), now=clock.now())
    done = ngettext("已批准 %(count)s 份工时。", "已批准 %(count)s 份工时。", count) % {"count": count}
    messages.success(request, done if count else _("没有待确认的工时。"))
    return to_hours(pk)


@access(Role.CLIENT, methods="POST")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept one person's hours."""
    sheet = own_sheet(request, pk)
    timesheets.approve(sheet.pk, by=acting(request), now=clock.now())
    messages.success(request, _("工时已批准。"))
    return to_hours(sheet.audit_order_id)


@access(Role.CLIENT, methods="POST")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is wrong with one person's hours."""
    sheet, form = own_sheet(request, pk), DisputeForm(request.POST, prefix=f"sheet{pk}")
    if not form.is_valid():
        return show(request, own_order(request, sheet.audit_order_id), dispute_form=form, disputed=pk)
    timesheets.dispute(pk, by=acting(request), now=clock.now(), reason=form.cleaned_data["reason"])
    messages.success(request, _("异议已提交，调度会尽快答复。"))
    return to_hours(sheet.audit_order_id)


def to_hours(order_id: int) -> HttpResponse:
    """Back to the hours on the order's page."""
    return redirect(f"{reverse('orders:client-order', args=[order_id])}#hours")


def own_sheet(request: HttpRequest, pk: int) -> Timesheet:
    """Hours served for the asker's company, or 404."""
    rows = permissions.client_timesheets(acting(request).user).select_related("assignment__position__shift")
    return get_object_or_404(rows, pk=pk)


def show(request: HttpRequest, found: Order, **refused: Any) -> HttpResponse:
    """The order's page; `refused`: a form that came back, and for a dispute whose hours it is about."""
    by, context = acting(request), context_of(request, found)
    sheets = [sheet_row(sheet, by, refused) for sheet in context["page"].sheets]
    more = {"cancel_form": CancelForm(), "sheets": sheets, "facts": order_facts(found)} | refused
    status = UNPROCESSABLE if refused else 200
    return render(request, "orders/client_order.html", context | more, status=status)


def sheet_row(sheet: Timesheet, by: Actor, refused: Mapping[str, Any]) -> dict[str, Any]:
    """One person's hours with what the client may do about them."""
    mine = refused.get("disputed") == sheet.pk
    return {
        "sheet": sheet,
        "form": refused["dispute_form"] if mine else DisputeForm(prefix=f"sheet{sheet.pk}"),
        "open": mine,
        "may_approve": allowed(states.TIMESHEET, sheet.status, "approve", by),
        "may_dispute": allowed(states.TIMESHEET, sheet.status, "dispute", by),
    }


def context_of(request: HttpRequest, found: Order) -> dict[str, Any]:
    """What page and live part show."""
    by, page = acting(request), reads.order_page(found, clock.now())
    return {
        "order": found,
        "page": page,
        "steps": progress(found, page.started_at),
        "may_submit": allowed(states.ORDER, found.status, "submit", by),
        "may_cancel": allowed(states.ORDER, found.status, "cancel", by),
    }
