"""Photos of the service, for those whom they concern: their worker, the order's client, the agency."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from orders import permissions
from orders.selectors import proofs as reads
from orders.services import photos
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from staffing.core.photos import MIME


@access(Role.CLIENT, Role.DISPATCHER, Role.MANAGER, Role.WORKER)
def photo(request: HttpRequest, pk: int, small: bool) -> HttpResponse:
    """One photo. The browser may keep it, nobody between may."""
    found = get_object_or_404(permissions.photos_for(acting(request).user), pk=pk)
    try:
        content = photos.content(found, small=small)
    except FileNotFoundError as gone:
        raise Http404 from gone
    answer = HttpResponse(content, content_type=MIME)
    answer["Content-Disposition"] = f'inline; filename="{found.pk}.webp"'
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


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
