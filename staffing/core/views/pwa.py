"""What makes an app of the worker's pages: manifest, service worker, the page without a connection, a fresh token."""

import json
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from staffing.core import pwa
from staffing.core.access import access, public
from staffing.core.actors import acting
from staffing.core.models import Role

TEAL: Final = "#0f766e"
PAPER: Final = "#f6f8fb"
ICONS: Final = (("img/app-192.png", "192x192", "any"), ("img/app-512.png", "512x512", "any"))
MASKABLE: Final = ("img/app-maskable-512.png", "512x512", "maskable")


@public()
def manifest(request: HttpRequest) -> JsonResponse:
    """Name and look of the app on the phone's home screen, in the reader's language."""
    icons = [
        {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
        for name, sizes, purpose in (*ICONS, MASKABLE)
    ]
    told = {
        "id": "/my/",
        "name": _("灵客调度"),
        "short_name": _("灵客"),
        "description": _("兼职客服的班次、派单和打卡"),
        "lang": get_language() or "zh-hans",
        "start_url": reverse("orders:my-today"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": TEAL,
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@public()
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script with the files of this build before it; asked for anew each time, so that a new build is seen."""
    script = f"const SHELL = {json.dumps(pwa.shell())};\n{pwa.source(pwa.WORKER)}"
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@public()
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows for a page that it has no copy of."""
    return render(request, "core/offline.html")


@access(Role.WORKER)
def ticket(request: HttpRequest) -> JsonResponse:
    """A fresh token for what waits on the phone, and whose session this is."""
    user = acting(request).user
    assert user is not None
    told = {"token": get_token(request), "owner": pwa.owner_of(user)}
    return JsonResponse(told, headers={"Cache-Control": "no-store"})
