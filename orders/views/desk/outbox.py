"""The machinery: messages set aside, what waits, and whether the sweeps are alive."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.selectors.desk import machinery
from orders.views.desk.common import DESK, PAGE, wants_part
from staffing.core import clock
from staffing.core import outbox as box
from staffing.core.access import access
from staffing.core.models import OutboxMessage


@access(*DESK)
def outbox(request: HttpRequest) -> HttpResponse:
    """Rows set aside with their errors, the backlog and the heartbeats; polled."""
    now = clock.now()
    page = Paginator(machinery.set_aside(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "backlog": machinery.backlog(now), "beats": machinery.beats(now), "now": now}
    return render(request, "orders/_desk_outbox.html" if wants_part(request) else "orders/desk_outbox.html", context)


@access(*DESK, methods="POST")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a row that was set aside a fresh start; harmless if it has one already."""
    row = get_object_or_404(OutboxMessage, pk=pk)
    if box.retry(row.pk, clock.now()):
        messages.success(request, _("已重新排队。"))
    else:
        messages.info(request, _("这条消息没有被搁置，无需重试。"))
    return redirect("orders:desk-outbox")
