"""The client's lists as files."""

from django.http import HttpRequest, HttpResponseBase

from orders import exports, permissions
from orders.filters import ClientOrderFilter
from orders.selectors import client as reads
from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role


@access(Role.CLIENT)
def orders(request: HttpRequest) -> HttpResponseBase:
    """The company's orders as filtered on their page."""
    own = permissions.client_orders(acting(request).user)
    return export.answer(
        request, exports.CLIENT_ORDERS, ClientOrderFilter(request.GET, reads.listed(own)).qs, clock.now()
    )


@access(Role.CLIENT)
def hours(request: HttpRequest) -> HttpResponseBase:
    """All hours served for the company, newest first; `of`: those of one order."""
    own = permissions.client_timesheets(acting(request).user)
    if (order := request.GET.get("of", "")).isdecimal():
        own = own.filter(assignment__position__shift__order=int(order[:18]))
    found = own.select_related("assignment__worker__user", "assignment__position__shift__order")
    return export.answer(request, exports.HOURS, found.order_by("-assignment__start_at", "id"), clock.now())
