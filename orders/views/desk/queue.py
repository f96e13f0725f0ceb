"""The desk itself: figures, alarms, the queue, and the chosen order's proposal beside it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django_htmx.http import push_url, trigger_client_event

from orders import presence
from orders.filters_desk import DeskFilter
from orders.models import Order, OrderPolicy
from orders.selectors.desk import bulk, catalogue, figures, proposal, queue
from orders.services import choosing, saved_views
from orders.views.desk import common
from orders.views.desk.common import DESK, user_of, wants_part
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting

VIEWS = "desk"


@access(*DESK)
def desk(request: HttpRequest) -> HttpResponse:
    """The whole desk; for htmx the queue. Without any filter it opens with the person's own default view."""
    whole = not wants_part(request)
    if whole and not request.GET and (query := saved_views.default_query(user_of(request), VIEWS)):
        return redirect(f"{request.path}?{query}")
    now, policy = clock.now(), OrderPolicy.current()
    known = catalogue.read(page=VIEWS, user=user_of(request))
    context, chosen = _queue(request, known, now, policy)
    if not whole:
        context["views_too"] = request.headers.get("HX-Trigger") == "desk-filter"
        return render(request, "orders/_desk_queue.html", context)
    if chosen is not None:
        presence.note(user_of(request), chosen.pk, now, only=True)
    beside = common.panel_of(request, chosen, now, known.names)
    return render(request, "orders/desk.html", {**context, **head(now, policy), **beside})


def _queue(
    request: HttpRequest, known: catalogue.Catalogue, now: datetime, policy: OrderPolicy
) -> tuple[dict[str, Any], Order | None]:
    """What the queue shows, and the order that stands beside it."""
    shown = DeskFilter(request.GET, queryset=queue.rows(), known=known)
    over = shown.group in ("over", *queue.OVER)
    found = queue.newest(shown.qs) if over else queue.by_urgency(shown.qs, now, policy)
    page = queue.Counted(found, queue.PAGE).get_page(request.GET.get("page"))
    chosen = _chosen(request, page.object_list)
    here = presence.others(user_of(request), now)
    context = {
        "filter": shown,
        "known": known,
        "page": page,
        "lines": queue.lines(page.object_list, known.names, here, now, policy),
        "chosen": chosen,
        "now": now,
        "policy": policy,
        "here_url": _without_order(request),
    }
    return context, chosen


def _chosen(request: HttpRequest, rows: Any) -> Order | None:
    """The order that the address names, on the page or not; else the first of the page."""
    wanted = request.GET.get("order", "")
    if wanted.isdecimal():
        on_page = next((row for row in rows if row.pk == int(wanted)), None)
        if on_page is not None or (on_page := proposal.order_rows().filter(pk=int(wanted)).first()):
            return on_page
    return next(iter(rows), None)


def _without_order(request: HttpRequest) -> str:
    """The address of the queue; which order stands beside it is said with each question."""
    query = request.GET.copy()
    query.pop("order", None)
    return f"{request.path}?{query.urlencode()}"


def head(now: datetime, policy: OrderPolicy) -> dict[str, Any]:
    """Figures and alarms."""
    return {"figures": figures.figures(now, policy), "alarms": figures.alarms(now), "now": now}


@access(*DESK)
def live(request: HttpRequest) -> HttpResponse:
    """Figures and alarms, polled."""
    return render(request, "orders/_desk_head.html", head(clock.now(), OrderPolicy.current()))


@access(*DESK)
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The chosen order's proposal, for the place beside the queue; the others learn who looks at it."""
    get_object_or_404(queue.visible().only("pk"), pk=pk)
    now, opened = clock.now(), "open" in request.GET
    presence.note(user_of(request), pk, now, only=opened)
    answer = common.panel(request, pk, now)
    return push_url(answer, _address(request, pk)) if opened else answer


def _address(request: HttpRequest, pk: int) -> str:
    """The desk's address with this order beside the queue."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    query = QueryDict(here.query, mutable=True)
    query["order"] = str(pk)
    return f"{reverse('orders:desk')}?{query.urlencode()}"


@access(*DESK, methods="POST")
def confirm_many(request: HttpRequest) -> HttpResponse:
    """Confirm all orders chosen in the queue, and say of each what became of it."""
    wanted = [int(pk) for pk in request.POST.getlist("order")[: queue.PAGE] if pk.isdecimal()]
    ids, now = queue.visible().filter(pk__in=wanted).values_list("pk", flat=True), clock.now()
    results = choosing.confirm_many(list(ids), by=acting(request), now=now)
    context = {"results": bulk.told(results, now)}
    if wants_part(request):
        return trigger_client_event(render(request, "orders/_desk_bulk.html", context), "desk-changed")
    return render(request, "orders/desk_bulk.html", context)
