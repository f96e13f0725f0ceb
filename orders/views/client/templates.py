"""Templates of orders: listed, used, renamed, deleted, and made from an order."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from orders import kept
from orders.forms.templates import NameForm
from orders.models import OrderTemplate
from orders.selectors import planning as kept_things
from orders.services import planning
from orders.views.client.common import UNPROCESSABLE, own_order
from orders.views.client.posting import shelf_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from staffing.core.models import Role


@access(Role.CLIENT)
def listed(request: HttpRequest) -> HttpResponse:
    """All templates of the company."""
    return show(request)


@access(Role.CLIENT, methods="POST")
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an order from a template."""
    template = own_template(request, pk)
    planning.used(template.pk, clock.now())
    return redirect(f"{reverse('orders:client-new')}?template={template.pk}")


@access(Role.CLIENT, methods="POST")
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a template another name."""
    template, form = own_template(request, pk), NameForm(request.POST, prefix=f"t{pk}")
    try:
        planning.rename_template(template.pk, form.given(), by=acting(request), now=clock.now())
    except Invalid as refusal:
        return show(request, refused=(pk, form.with_error(str(refusal))))
    messages.success(request, _("模板已改名。"))
    return redirect("orders:client-templates")


@access(Role.CLIENT, methods="POST")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a template away."""
    planning.delete_template(own_template(request, pk).pk, by=acting(request), now=clock.now())
    messages.success(request, _("模板已删除。"))
    return redirect("orders:client-templates")


@access(Role.CLIENT, methods="GET POST")
def from_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a template of an order."""
    order, client = own_order(request, pk), shelf_of(request).client
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": order.title[:60]})
    if request.method == "POST":
        try:
            spec = kept.spec_of_order(order)
            planning.save_template(client, form.given(), spec, by=acting(request), now=clock.now())
        except Invalid as refusal:
            form.with_error(str(refusal))
        else:
            messages.success(request, _("已存为模板。"))
            return redirect("orders:client-templates")
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "orders/client_templates_save.html", {"form": form, "order": order}, status=status)


def own_template(request: HttpRequest, pk: int) -> OrderTemplate:
    """A template of the asker's company, or 404."""
    return get_object_or_404(OrderTemplate, pk=pk, client=shelf_of(request).client)


def show(request: HttpRequest, *, refused: tuple[int, NameForm] | None = None) -> HttpResponse:
    """The list; `refused`: the template whose new name was no good, and its form."""
    rows = []
    for template in kept_things.templates_of(shelf_of(request).client):
        plain = NameForm(prefix=f"t{template.pk}", initial={"name": template.name})
        mine = refused is not None and refused[0] == template.pk
        rows.append((template, refused[1] if refused and mine else plain))
    return render(request, "orders/client_templates.html", {"rows": rows}, status=UNPROCESSABLE if refused else 200)
