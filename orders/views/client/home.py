"""The client's front page and list of orders."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orders import permissions
from orders.filters import ClientOrderFilter, typed
from orders.selectors import client as reads
from orders.selectors import client_home as room
from orders.views.client.common import rights
from staffing.core import clock, notices
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role

PAGE = 20


@access(Role.CLIENT)
def home(request: HttpRequest) -> HttpResponse:
    """What needs the client, what runs today, what is ahead."""
    now, by = clock.now(), acting(request)
    orders = permissions.client_orders(by.user)
    found = room.home(orders, by.user, now)
    told = [(row, notices.words(row.kind, row.data)) for row in found.notices]
    known = room.ever_ordered(orders, found)
    context = {"room": found, "known": known, "boards": room.today(orders, now), "notices": told, "now": now}
    return render(request, "orders/client_home.html", context | rights(request))


@access(Role.CLIENT)
def today(request: HttpRequest) -> HttpResponse:
    """The live part of the front page."""
    boards = room.today(permissions.client_orders(acting(request).user), clock.now())
    return render(request, "orders/_client_today.html", {"boards": boards})


@access(Role.CLIENT)
def orders(request: HttpRequest) -> HttpResponse:
    """All orders, newest first, by state, day and text."""
    own = permissions.client_orders(acting(request).user)
    found = ClientOrderFilter(request.GET, reads.listed(own))
    page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": found.form, "filtered": typed(found.form)} | rights(request)
    return render(request, "orders/client_orders.html", context)
