"""Posting an order: the form, its live cost, the look before the leap, the draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders import permissions
from orders.forms import prefill
from orders.forms.entry import OrderEntry
from orders.forms.order import blank_initial
from orders.forms.shifts import first_row
from orders.models import Client, Order
from orders.selectors import client as reads
from orders.services import posting
from orders.services.ordering import ShiftSpec
from orders.states import OrderStatus
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

UNPROCESSABLE = 422


@access(Role.CLIENT, methods="GET POST")
def new(request: HttpRequest) -> HttpResponse:
    """The form. POST `action`: preview, submit, draft; or edit, add, remove-2, which only show it again."""
    client = company(request)
    if request.method == "POST":
        return answer(request, client, request.POST.get("action", "preview"))
    return show(request, OrderEntry.shown(client, blank_initial(client), [first_row(clock.now())]))


@access(Role.CLIENT, methods="POST")
def cost(request: HttpRequest) -> HttpResponse:
    """What the order costs as filled in so far."""
    entry = OrderEntry.posted(company(request), request.POST)
    return render(request, "orders/_client_cost.html", priced(entry))


@access(Role.CLIENT)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The form filled from an old order, on the next free same weekdays."""
    order, now = own_order(request, pk), clock.now()
    taken = reads.taken_starts(order, permissions.client_orders(acting(request).user), now)
    rows = prefill.later_rows(spans(order), taken, now)
    return show(request, OrderEntry.shown(order.client, prefill.initial_of(order), rows))


@access(Role.CLIENT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form filled from a draft; what is sent takes the draft's place."""
    order = own_order(request, pk)
    if order.status != OrderStatus.DRAFT:
        return redirect("orders:client-order", pk)
    initial = prefill.initial_of(order) | {"draft": order.pk}
    return show(request, OrderEntry.shown(order.client, initial, prefill.same_rows(spans(order))))


def answer(request: HttpRequest, client: Client, action: str) -> HttpResponse:
    """What one press of a button in the form leads to."""
    if action not in ("preview", "submit", "draft"):
        return show(request, OrderEntry.rearranged(client, request.POST, action))
    entry = OrderEntry.posted(client, request.POST)
    if not entry.is_valid(clock.now()):
        return show(request, entry, status=UNPROCESSABLE)
    if action == "preview":
        context = {"entry": entry, "spec": entry.spec(), "facts": entry.facts(), **priced(entry)}
        return render(request, "orders/client_confirm.html", context)
    return write(request, entry, submit=action == "submit")


def write(request: HttpRequest, entry: OrderEntry, *, submit: bool) -> HttpResponse:
    """Write the order and go to its page; a refusal comes back into the form."""
    try:
        posted = posting.post(
            entry.spec(),
            entry.client,
            new_site=entry.form.new_site(),
            instead_of=entry.form.cleaned_data["draft"],
            submit=submit,
            by=acting(request),
            now=clock.now(),
        )
    except (Invalid, Conflict) as refusal:
        entry.refuse(refusal)
        return show(request, entry, status=UNPROCESSABLE)
    messages.info(request, outcome(posted, submit))
    return redirect("orders:client-order", posted.order.pk)


def outcome(posted: posting.Posted, submit: bool) -> str:
    """One sentence about what happened."""
    if not posted.fresh:
        return _("这张表单已经提交过，这是它产生的订单；如需另下一单，请用“再来一单”。")
    return _("订单已提交，正在匹配。") if submit else _("草稿已保存，提交前不会安排员工。")


def show(request: HttpRequest, entry: OrderEntry, *, status: int = 200) -> HttpResponse:
    """The form as a page."""
    return render(request, "orders/client_new.html", {"entry": entry}, status=status)


def priced(entry: OrderEntry) -> dict[str, Any]:
    """Context of the cost part: the estimate and the shifts its lines refer to, or why there is none."""
    try:
        return {"cost": entry.cost(), "shifts": entry.timed()}
    except Invalid as refusal:
        return {"cost": None, "problem": str(refusal)}


def company(request: HttpRequest) -> Client:
    """The asker's company, or 404."""
    return get_object_or_404(permissions.companies_of(acting(request).user))


def own_order(request: HttpRequest, pk: int) -> Order:
    """An order of the asker's company with its parts, or 404."""
    return get_object_or_404(reads.parts(permissions.client_orders(acting(request).user)), pk=pk)


def spans(order: Order) -> list[ShiftSpec]:
    """The shifts of an order as the form takes them."""
    return [ShiftSpec(shift.start_at, shift.end_at, shift.headcount) for shift in order.shifts.all()]
