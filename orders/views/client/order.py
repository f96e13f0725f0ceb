"""One order of the client: its course live, its hours, its money, its end."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import permissions, states
from orders.forms.reasons import DisputeForm
from orders.models import Order, Timesheet
from orders.presentation import order_facts, progress
from orders.selectors import client_order as reads
from orders.services import ordering, timesheets
from orders.views.client.common import UNPROCESSABLE, must, own_order, rights
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
    return render(request, "orders/_client_live.html", context_of(request, own_order(request, pk)))


@access(Role.CLIENT)
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked for, what it was to cost, and the invoice as it stands."""
    found = own_order(request, pk)
    shifts = list(found.shifts.all())
    context = {
        "order": found,
        "facts": order_facts(found, reads.asked_of(found)),
        "cost": reads.cost_of(found, shifts),
        "shifts": reads.spans_of(shifts),
        "invoice": reads.invoice_of(found),
    }
    return part(request, "orders/_client_details.html", context)


@access(Role.CLIENT)
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened to the order."""
    found = own_order(request, pk)
    return part(request, "orders/_client_history.html", {"order": found, "events": reads.events_of(found)})


def part(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A part of the order's page; without scripts a page of its own."""
    if getattr(request, "htmx", False):
        return render(request, template, context)
    return render(request, "orders/client_order_part.html", context | {"part": template})


@access(Role.CLIENT, methods="POST")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft over for matching."""
    found = own_order(request, pk)
    must(request, permissions.may_order)
    ordering.submit(found.pk, by=acting(request), now=clock.now())
    messages.success(request, _("订单已提交，正在匹配。"))
    return redirect("orders:client-order", pk)


@access(Role.CLIENT, methods="POST")
def approve_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept all waiting hours that are as planned."""
    found = own_order(request, pk)
    must(request, permissions.may_approve)
    count = timesheets.approve_planned(found.pk, by=acting(request), now=clock.now())
    done = ngettext("已批准 %(count)s 份工时。", "已批准 %(count)s 份工时。", count) % {"count": count}
    messages.success(request, done if count else _("没有与计划一致的待确认工时。"))
    return to_hours(pk)


@access(Role.CLIENT, methods="POST")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept one person's hours."""
    sheet = own_sheet(request, pk)
    must(request, permissions.may_approve)
    timesheets.approve(sheet.pk, by=acting(request), now=clock.now())
    messages.success(request, _("工时已批准。"))
    return to_hours(sheet.audit_order_id)


@access(Role.CLIENT, methods="POST")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is wrong with one person's hours."""
    sheet, form = own_sheet(request, pk), DisputeForm(request.POST, prefix=f"sheet{pk}")
    must(request, permissions.may_approve)
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
    """The order's page; `refused`: a dispute that came back, and whose hours it is about."""
    by, context = acting(request), context_of(request, found)
    rows = [sheet_row(sheet, by, context, refused) for sheet in context["page"].sheets]
    hours = {"matching": [row for row in rows if row["quick"]], "others": [row for row in rows if not row["quick"]]}
    status = UNPROCESSABLE if refused else 200
    return render(request, "orders/client_order.html", context | {"hours": hours, "sheets": rows}, status=status)


def sheet_row(sheet: Timesheet, by: Actor, may: Mapping[str, Any], refused: Mapping[str, Any]) -> dict[str, Any]:
    """One person's hours with what the client may do about them; `quick`: they wait and are as planned."""
    mine = refused.get("disputed") == sheet.pk
    approvable = may["may_approve"] and allowed(states.TIMESHEET, sheet.status, "approve", by)
    return {
        "sheet": sheet,
        "form": refused["dispute_form"] if mine else DisputeForm(prefix=f"sheet{sheet.pk}"),
        "open": mine,
        "may_approve": approvable,
        "may_dispute": may["may_approve"] and allowed(states.TIMESHEET, sheet.status, "dispute", by),
        "quick": approvable and sheet.status == states.TimesheetStatus.SUBMITTED and timesheets.as_planned(sheet),
    }


def context_of(request: HttpRequest, found: Order) -> dict[str, Any]:
    """What page and live part show."""
    by, page, may = acting(request), reads.order_page(found, clock.now()), rights(request)
    deeds = {f"may_{deed}": may["may_order"] and allowed(states.ORDER, found.status, deed, by) for deed in DEEDS}
    return {"order": found, "page": page, "steps": progress(found, page.started_at)} | may | deeds


DEEDS = ("submit", "amend", "cancel")
