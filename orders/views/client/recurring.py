"""Orders that repeat by themselves: listed, begun, stopped."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.forms.templates import WEEKDAYS, RecurringForm, blank
from orders.models import Client, OrderTemplate, RecurringOrder
from orders.selectors import planning as kept_things
from orders.services import planning
from orders.views.client.posting import UNPROCESSABLE, shelf_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from staffing.core.models import Role


@access(Role.CLIENT, methods="GET POST")
def listed(request: HttpRequest) -> HttpResponse:
    """All recurring orders of the company, and the form that begins one."""
    client, now = shelf_of(request).client, clock.now()
    templates = list(OrderTemplate.objects.filter(client=client))
    initial = blank(now) | {"template": request.GET.get("template")}
    data = request.POST if request.method == "POST" else None
    form = RecurringForm(data, initial=initial, templates=templates)
    if request.method == "POST" and begun(request, form, templates, now):
        messages.success(request, _("周期订单已设置，会按时自动下单。"))
        return redirect("orders:client-recurring")
    return show(request, client, form, now)


@access(Role.CLIENT, methods="POST")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Write no more orders of this kind."""
    row = get_object_or_404(RecurringOrder, pk=pk, template__client=shelf_of(request).client)
    planning.stop(row.pk, by=acting(request), now=clock.now())
    messages.success(request, _("周期订单已停止；已下的订单不受影响。"))
    return redirect("orders:client-recurring")


def begun(request: HttpRequest, form: RecurringForm, templates: list[OrderTemplate], now: datetime) -> bool:
    """Let the chosen template repeat itself; False with the reason at its field."""
    if not form.is_valid():
        return False
    chosen = next(row for row in templates if row.pk == form.cleaned_data["template"])
    try:
        planning.repeat(chosen, form.rhythm(), by=acting(request), now=now)
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    return True


def show(request: HttpRequest, client: Client, form: RecurringForm, now: datetime) -> HttpResponse:
    """The page."""
    names = dict(WEEKDAYS)
    rows = [(one, [names[day] for day in one.days]) for one in kept_things.repeats_of(client, now)]
    context = {"rows": rows, "form": form, "any_template": len(form.fields["template"].choices) > 1}  # type: ignore[attr-defined]
    return render(request, "orders/client_recurring.html", context, status=UNPROCESSABLE if form.errors else 200)
