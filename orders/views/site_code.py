"""The changing code of a place, for its client and the agency, and for a screen at the reception without a login."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from orders import codes, permissions
from orders.forms.proofs import SiteProofForm
from orders.models import Site
from orders.services import site_codes
from staffing.core import clock, qr
from staffing.core.access import access, public
from staffing.core.actors import acting
from staffing.core.models import Role

ROLES = (Role.CLIENT, Role.DISPATCHER, Role.MANAGER)


def _site(request: HttpRequest, pk: int, *, change: bool = False) -> Site:
    """A place the person may see the code of; to change anything, a client's login needs the right to manage."""
    user = acting(request).user
    site = get_object_or_404(permissions.sites_for(user), pk=pk)
    if change:
        permissions.require(acting(request).role != Role.CLIENT or permissions.may_manage(user))
    return site


def _screen(site: Site, address: str) -> dict[str, Any]:
    now = clock.now()
    code = site_codes.shown(site, now)
    scan = settings.PUBLIC_URL + reverse("orders:my-code", args=[site.pk, code])
    return {"site": site, "code": code, "qr": qr.svg(scan), "left": codes.seconds_left(now), "address": address}


@never_cache
@access(*ROLES)
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code as it is now; polled. Beside it what the place asks for, and the link for a screen."""
    site = _site(request, pk)
    context = _screen(site, reverse("orders:site-code", args=[pk]))
    if getattr(request, "htmx", False):
        return render(request, "orders/_site_code.html", context)
    token = site_codes.token_of(site_codes.of_site(site, clock.now()))
    context["kiosk"] = settings.PUBLIC_URL + reverse("orders:kiosk", args=[token]) if token else ""
    user = acting(request).user
    context["may_change"] = acting(request).role != Role.CLIENT or permissions.may_manage(user)
    context |= {"form": SiteProofForm(initial={"proof": site.proof}), "shell": "base_desktop.html"}
    return render(request, "orders/site_code.html", context)


@access(*ROLES, methods="POST")
def screen_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new link for a screen, or end the one there is."""
    site, by, now = _site(request, pk, change=True), acting(request), clock.now()
    if request.POST.get("close"):
        site_codes.close_kiosk(site, by=by, now=now)
        messages.success(request, _("屏幕链接已停用。"))
    else:
        site_codes.open_kiosk(site, by=by, now=now)
        messages.success(request, _("新的屏幕链接已生成，之前的链接已失效。"))
    return redirect("orders:site-code", pk)


@access(*ROLES, methods="POST")
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what an arrival at the place has to be proved by."""
    site = _site(request, pk, change=True)
    form = SiteProofForm(request.POST)
    if form.is_valid():
        site_codes.ask_for(site, form.cleaned_data["proof"], by=acting(request), now=clock.now())
        messages.success(request, _("签到方式已保存。"))
    else:
        messages.error(request, _("请选择一种签到方式。"))
    return redirect("orders:site-code", pk)


@never_cache
@public()
def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    """The code for a screen at the reception, by a link that can be revoked."""
    context = _screen(site_codes.site_behind(token), reverse("orders:kiosk", args=[token]))
    part = "_site_code" if getattr(request, "htmx", False) else "kiosk"
    answer = render(request, f"orders/{part}.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
