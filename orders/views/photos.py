"""Photos of the service, for those whom they concern: their worker, the order's client, the agency."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from orders import permissions
from orders.selectors import proofs as reads
from staffing.core import clock, private_files
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role


@access(Role.CLIENT, Role.DISPATCHER, Role.MANAGER, Role.WORKER)
def photo(request: HttpRequest, pk: int, small: bool) -> HttpResponse:
    """One photo. The browser may keep it, nobody between may."""
    found = get_object_or_404(permissions.photos_for(acting(request).user), pk=pk)
    return private_files.answer(found.small if small else found.file)


@access(Role.CLIENT, Role.DISPATCHER, Role.MANAGER)
def of_order(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo record of an order, and for the agency how those at home answered; a part of its page, or a page."""
    order = get_object_or_404(permissions.orders_for(acting(request).user), pk=pk)
    agency = acting(request).role != Role.CLIENT
    context = {"order": order, "photos": reads.photos_of(order), "agency": agency}
    context["silences"] = reads.silences(order, clock.now()) if agency else []
    if getattr(request, "htmx", False):
        return render(request, "orders/_order_photos.html", context)
    return render(request, "orders/order_photos.html", context | {"shell": "base_desktop.html"})
