"""The desk itself: figures, alarms, the queue, and the chosen order's proposal beside it."""

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from orders.filters_desk import DeskFilter
from orders.models import Order, OrderPolicy
from orders.selectors.desk import figures, proposal, queue
from orders.states import OrderStatus
from orders.views.desk.common import DESK, PAGE, wants_part
from staffing.core import clock
from staffing.core.access import access


@access(*DESK)
def desk(request: HttpRequest) -> HttpResponse:
    """The whole desk; for htmx the queue and the proposal beside it, or, when the queue renews itself, the queue."""
    now = clock.now()
    shown = DeskFilter(request.GET, queryset=queue.rows())
    page = _page(request, shown, now)
    chosen = _chosen(request, page)
    context = {"filter": shown, "page": page, "chosen": chosen, "now": now, "urgent": _urgent()}
    if wants_part(request) and request.headers.get("HX-Target") == "queue":
        return render(request, "orders/_desk_queue.html", context)
    template = "orders/_desk_body.html" if wants_part(request) else "orders/desk.html"
    return render(request, template, {**context, **head(now), **panel_of(chosen, now)})


def _page(request: HttpRequest, shown: DeskFilter, now: datetime) -> Page[Order]:
    over = shown.group in ("over", *queue.OVER)
    found = queue.newest(shown.qs) if over else queue.by_urgency(shown.qs, now)
    return Paginator(found, PAGE).get_page(request.GET.get("page"))


def _chosen(request: HttpRequest, page: Page[Order]) -> Order | None:
    wanted = request.GET.get("order", "")
    if wanted.isdecimal() and (found := proposal.order_rows().filter(pk=int(wanted)).first()):
        return found
    return next(iter(page.object_list), None)


def _urgent() -> int:
    """Minutes before the start from which an order is urgent."""
    return OrderPolicy.current().urgent_within_minutes


def head(now: datetime) -> dict[str, Any]:
    """Figures and alarms."""
    alarms = list(figures.running_replacements(now)[: figures.SHOWN_ALARMS])
    return {"figures": figures.figures(now), "alarms": alarms, "now": now}


def panel_of(order: Order | None, now: datetime) -> dict[str, Any]:
    """The proposal of the chosen order."""
    confirmable = order is not None and order.status == OrderStatus.PROPOSED
    return {"order": order, "confirmable": confirmable, "boards": proposal.boards(order, now) if order else []}


@access(*DESK)
def live(request: HttpRequest) -> HttpResponse:
    """Figures and alarms, polled."""
    return render(request, "orders/_desk_head.html", head(clock.now()))


@access(*DESK)
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The chosen order's proposal, for the place beside the queue."""
    order = get_object_or_404(proposal.order_rows(), pk=pk)
    return render(request, "orders/_desk_panel.html", panel_of(order, clock.now()))
