"""What is said about an order: the same part on the client's page and on the dispatcher's."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from orders import permissions
from orders.forms.members import MessageForm
from orders.models import Order
from orders.selectors import messages as reads
from orders.services import messages
from orders.views.desk.common import DESK
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

UNPROCESSABLE = 422


@access(Role.CLIENT, methods="GET POST")
def client(request: HttpRequest, pk: int) -> HttpResponse:
    """The client's side. GET shows (and marks as read), POST says something."""
    order = get_object_or_404(permissions.client_orders(acting(request).user), pk=pk)
    return answer(request, order, "orders:client-order")


@access(*DESK, methods="GET POST")
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency's side."""
    order = get_object_or_404(Order.objects.filter(submitted_at__isnull=False), pk=pk)
    return answer(request, order, "orders:desk-order")


def answer(request: HttpRequest, order: Order, page: str) -> HttpResponse:
    """The part, or, without scripts, the page it is on."""
    now, form = clock.now(), MessageForm(request.POST or None)
    if not form.is_bound:
        return show(request, order, page, blank(), now)
    if not (form.is_valid() and said(request, order, form, now)):
        return show(request, order, page, form, now, status=UNPROCESSABLE)
    if not getattr(request, "htmx", False):
        return redirect(f"{reverse(page, args=[order.pk])}#messages")
    return show(request, order, page, blank(), now)


def said(request: HttpRequest, order: Order, form: MessageForm, now: datetime) -> bool:
    """Say it; a refusal becomes an error of the form, so that nothing typed is lost."""
    try:
        messages.post(order, by=acting(request), now=now, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def blank() -> MessageForm:
    """An empty form with a key of its own."""
    return MessageForm(initial={"form_key": uuid.uuid4()})


def show(request: HttpRequest, order: Order, page: str, form: MessageForm, now: datetime, **more: Any) -> HttpResponse:
    """What was said, with what is new marked once; the list alone for who polls it."""
    by = acting(request)
    thread = reads.thread(order, by)
    if any(one.unread for one in thread):
        messages.mark_read(order, by=by, now=now)
    context = {
        "order": order,
        "thread": thread,
        "form": form,
        "messages_url": reverse(f"{page}-messages", args=[order.pk]),
        "from_desk": by.role != Role.CLIENT,
    }
    template = "orders/_messages_list.html" if request.GET.get("list") else "orders/_messages.html"
    if not getattr(request, "htmx", False):
        context, template = context | {"part": template}, "orders/client_order_part.html"
    return render(request, template, context, **more)
