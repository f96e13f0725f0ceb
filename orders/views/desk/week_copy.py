"""Copying a client's week: what would differ is told before it is done."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from orders import matching_text
from orders.forms_week import CopyForm
from orders.models import Client
from orders.selectors.desk import explaining
from orders.selectors.desk.week import HIDDEN_ORDERS, Week, week_of
from orders.services import copying
from orders.services.copying import OrderCopy
from orders.states import OrderStatus
from orders.views.desk.common import attempt
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role


@access(Role.DISPATCHER, methods="GET POST")
def copy(request: HttpRequest) -> HttpResponse:
    """Choose a client, see each order a week later, and submit the chosen ones on the client's behalf."""
    now, by = clock.now(), acting(request)
    week = week_of(request.GET.get("day", ""), now)
    asked = request.GET.get("client", "")
    if not asked:
        return render(request, "orders/desk_week_copy.html", {"week": week, "next": week.other(1), **_clients(week)})
    plans = copying.plan(_number(asked), week.start, now)
    client = plans[0].order.client if plans else _client(_number(asked))
    form = _form(request, plans)
    if attempt(form, lambda: copying.copy_week(client, week.start, _ids(form), by=by, now=now)):
        count = len(_ids(form))
        words = ngettext(
            "已为客户提交 %(n)d 张订单，正在匹配其余名额。", "已为客户提交 %(n)d 张订单，正在匹配其余名额。", count
        )
        messages.success(request, words % {"n": count})
        return redirect(f"{reverse('orders:desk-week')}?day={week.other(1).monday.isoformat()}&view=places")
    status = 422 if form.is_bound and form.errors else 200
    context = {"week": week, "next": week.other(1), "client": client, "form": form, **_told(plans, form)}
    return render(request, "orders/desk_week_copy.html", context, status=status)


def _number(text: str) -> int:
    """The client's id; nonsense is nobody's."""
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _client(pk: int) -> Client:
    """A client whose week has nothing in it."""
    return get_object_or_404(Client, pk=pk)


def _clients(week: Week) -> dict[str, Any]:
    """Clients with shifts that begin in the week, and how many orders these belong to."""
    shown = [status for status in OrderStatus if status not in HIDDEN_ORDERS]
    listed = Client.objects.filter(
        orders__status__in=shown, orders__shifts__start_at__gte=week.start, orders__shifts__start_at__lt=week.end
    )
    return {"clients": listed.annotate(number=Count("orders", distinct=True)).order_by("name")}


def _form(request: HttpRequest, plans: list[OrderCopy]) -> CopyForm:
    choices = [(str(one.order.pk), one.order.number) for one in plans if one.possible]
    return CopyForm(request.POST if request.method == "POST" else None, orders=choices)


def _ids(form: CopyForm) -> list[int]:
    return [int(pk) for pk in form.cleaned_data["orders"]]


def _told(plans: list[OrderCopy], form: CopyForm) -> dict[str, Any]:
    """Each order with its people in words; all that can be copied are ticked at first."""
    named = explaining.names() if any(one.out for one in plans) else {}
    ticked = set(form["orders"].value() or []) if form.is_bound else {str(one.order.pk) for one in plans}
    return {
        "plans": [{"copy": one, "ticked": str(one.order.pk) in ticked, "out": _out(one, named)} for one in plans],
        "total": sum(one.cost or 0 for one in plans if one.possible),
        "before": sum(one.before or 0 for one in plans if one.possible),
        "possible": any(one.possible for one in plans),
    }


def _out(one: OrderCopy, named: Any) -> list[dict[str, Any]]:
    """Who may not come again, by shift, with all reasons."""
    return [
        {
            "shift": shift,
            "name": again.worker.user.name,
            "reasons": [
                matching_text.reason_text(explaining.with_cities(reason, named), named) for reason in again.reasons
            ],
        }
        for shift in one.shifts
        for again in shift.out
    ]
