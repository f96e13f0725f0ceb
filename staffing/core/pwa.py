"""The worker's pages as an app: what the service worker keeps, whose a page is, and who may be asked about it."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac

from staffing.core.models import User

View = Callable[..., HttpResponse]
OWNER: Final = "X-Page-Owner"
WORKER: Final = "js/sw.js"
QUEUE: Final = "js/punch_queue.js"
# Everything that the two kept pages and the page for "no connection" name.
FILES: Final = (
    "vendor/tabler.min.css",
    "vendor/htmx.min.js",
    "vendor/idiomorph-ext.min.js",
    "vendor/icons.svg",
    *(f"css/{name}.css" for name in ("base", "components", "shells", "pwa")),
    *(
        f"js/{name}.js"
        for name in ("theme", "swaps", "feedback", "dialogs", "live", "punch", "punch_queue", "offline", "zone")
    ),
    "img/favicon.svg",
)
KEPT_PAGES: Final = ("orders:my-today", "orders:my-schedule")


def owner_of(user: User) -> str:
    """A mark of the person that tells a kept page's owner from another, and nothing else."""
    return salted_hmac("staffing.core.pwa", str(user.pk), algorithm="sha256").hexdigest()[:24]


def kept_offline(view: View) -> View:
    """A whole page of this view may be kept on its owner's phone; parts of it never are."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(request.user, User) and not getattr(request, "htmx", False) and response.status_code == 200:
            response[OWNER] = owner_of(request.user)
        return response

    return marked


@cache
def _version() -> str:
    """The digest of everything the shell is made of: another build, another shell."""
    digest = hashlib.sha256()
    for name in (WORKER, *FILES):
        digest.update(source(name).encode())
    return digest.hexdigest()[:16]


def source(name: str) -> str:
    """The text of a static file, from the collected ones or from the project."""
    found = finders.find(name) or Path(settings.STATIC_ROOT) / name
    return Path(str(found)).read_text(encoding="utf-8")


def shell() -> dict[str, Any]:
    """What the service worker is told: the files with their addresses in this build, the pages, where one leaves."""
    return {
        "version": _version(),
        "files": [static(name) for name in FILES],
        "pages": [reverse(name) for name in KEPT_PAGES],
        "offline": reverse("offline"),
        "leave": [reverse("login"), reverse("logout")],
        "queue": static(QUEUE),
        "ticket": reverse("ticket"),
    }


def in_wechat(request: HttpRequest) -> bool:
    """Whether this is WeChat's own browser: it opens no calendar, saves no file, and installs no app."""
    return "MicroMessenger/" in request.headers.get("User-Agent", "")
