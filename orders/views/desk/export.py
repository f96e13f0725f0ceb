"""The desk's lists as files."""

from django.http import HttpRequest, HttpResponseBase

from orders import exports
from orders.filters_desk import DeskFilter
from orders.models import OrderPolicy
from orders.selectors.desk import catalogue, machinery, queue
from orders.selectors.desk import today as day
from orders.views.desk.common import DESK, user_of
from staffing.core import clock, export
from staffing.core.access import access


@access(*DESK)
def orders(request: HttpRequest) -> HttpResponseBase:
    """The queue as filtered on the desk, in its order."""
    now, known = clock.now(), catalogue.read(page="desk", user=user_of(request))
    shown = DeskFilter(request.GET, queryset=queue.rows(), known=known)
    found = queue.by_urgency(shown.qs, now, OrderPolicy.current())
    return export.answer(request, exports.QUEUE, found, now)


@access(*DESK)
def today(request: HttpRequest) -> HttpResponseBase:
    """Today's shifts with one kind of trouble, or all."""
    now = clock.now()
    return export.answer(request, exports.TODAY, day.of_kind(day.shifts(now), request.GET.get("kind", ""), now), now)


@access(*DESK)
def outbox(request: HttpRequest) -> HttpResponseBase:
    """The messages set aside, with their errors."""
    return export.answer(request, exports.OUTBOX, machinery.set_aside(), clock.now())
