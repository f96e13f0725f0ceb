"""A worker's shifts for the calendar of their phone: the feed itself, its address, and one shift as a file."""

import hashlib
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

from orders import calendar
from orders.models import CalendarFeed, Offer, OrderPolicy
from orders.selectors import calendar as reads
from orders.services import calendar as services
from staffing.core import clock, limits
from staffing.core.access import access, public
from staffing.core.actors import acting
from staffing.core.models import Role
from staffing.core.pwa import in_wechat
from workers.models import Worker

# The address is the key: it must not travel on in a referrer, a shared cache or a search engine.
SECRET: Final = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@public()
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar at a secret address; 304 where the reader has it already, 404 for an address that was revoked."""
    found, now = services.found(token), clock.now()
    if found is None or not found.worker.user.is_active:
        raise Http404
    policy = OrderPolicy.current()
    if not limits.within(f"calendar:{found.digest}", policy.calendar_reads_an_hour, now):
        return HttpResponse(status=429, headers={"Retry-After": str(limits.HOUR)} | SECRET)
    offers = reads.of_worker(found.worker, policy, now)
    body = _written(offers, found.worker, policy, now)
    services.note_content(found, body, now)
    return _answer(request, found, body)


def _written(offers: list[Offer], worker: Worker, policy: OrderPolicy, now: datetime) -> bytes:
    with translation.override(worker.user.language):
        events = reads.events(offers)
        versions = services.versions(offers, events, now)
        rows = [(events[offer.pk], versions[offer.pk]) for offer in offers]
        return calendar.render(_("%(name)s的班次") % {"name": worker.user.name}, rows, reads.alarms(policy))


def _answer(request: HttpRequest, found: CalendarFeed, body: bytes) -> HttpResponseBase:
    etag, changed = f'"{hashlib.sha256(body).hexdigest()}"', int(found.shown_at.timestamp())
    headers = SECRET | {"ETag": etag, "Last-Modified": http_date(changed)}
    response = HttpResponse(body, content_type=calendar.CONTENT_TYPE, headers=headers)
    return get_conditional_response(request, etag, changed, response) or response


def _me(request: HttpRequest) -> Worker:
    return get_object_or_404(Worker.objects.select_related("user"), user=acting(request).user)


@access(Role.WORKER)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One shift as a file for the calendar."""
    worker = _me(request)
    try:
        offer = reads.of_shift(worker, pk)
    except Offer.DoesNotExist:
        raise Http404 from None
    body = _written([offer], worker, OrderPolicy.current(), clock.now())
    name = f'attachment; filename="shift-{pk}.ics"'
    return HttpResponse(body, content_type=calendar.CONTENT_TYPE, headers={"Content-Disposition": name})


@access(Role.WORKER)
def settings_page(request: HttpRequest) -> HttpResponse:
    """The address of one's calendar, and how to get another one."""
    found = CalendarFeed.objects.filter(worker=_me(request)).first()
    context: dict[str, Any] = {"feed": found, "policy": OrderPolicy.current(), "wechat": in_wechat(request)}
    if found is not None:
        address = request.build_absolute_uri(reverse("orders:calendar", args=[services.token_of(found)]))
        context |= {"address": address, "subscribe": f"webcal://{address.split('://', 1)[1]}"}
    return render(request, "orders/my_calendar.html", context)


@access(Role.WORKER, methods="POST")
def renew(request: HttpRequest) -> HttpResponse:
    """Make an address, or another one."""
    services.renew(_me(request), seen=request.POST.get("seen", ""), by=acting(request), now=clock.now())
    messages.success(request, _("日历地址已生成，旧地址不再有效。"))
    return redirect("orders:my-calendar")


@access(Role.WORKER, methods="POST")
def revoke(request: HttpRequest) -> HttpResponse:
    """Stop the calendar; repeating it is harmless."""
    services.revoke(_me(request), by=acting(request), now=clock.now())
    messages.success(request, _("日历订阅已停用，原地址不再有效。"))
    return redirect("orders:my-calendar")
