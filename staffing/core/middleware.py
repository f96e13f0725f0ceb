"""What every request may meet: the database is away, a service said no; and pages that travel packed."""

import sys
from collections.abc import Callable

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import defaults

from staffing.core.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]
RETRY_AFTER_SECONDS = "5"
LOST = (OperationalError, InterfaceError)


def database_lost(get_response: GetResponse) -> GetResponse:
    """A database lost in a view is 503 with Retry-After: try again soon, nothing is broken on your side."""
    return _DatabaseLost(get_response)


class _DatabaseLost:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unavailable(request) if isinstance(error, LOST) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`. A database lost in a middleware (the session, the person) comes here: Django has already made an
    error of it, and no outer middleware sees the exception.
    """
    return unavailable(request) if isinstance(sys.exception(), LOST) else defaults.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After, as a page or as a problem for the API."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
        response: HttpResponse = JsonResponse(body, status=503, content_type="application/problem+json")
    else:
        # The page is static: every context processor would ask the database again.
        response = HttpResponse(_page(), status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _page() -> str:
    from django.template.loader import get_template

    return str(get_template("503.html").render({}))


def domain_errors(get_response: GetResponse) -> GetResponse:
    """A service's refusal becomes a message on the page the person came from, never a 500."""
    return _DomainErrors(get_response)


class _DomainErrors:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if getattr(request, "htmx", False):
            return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
        back = request.headers.get("referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(back, {request.get_host()}):
            messages.error(request, str(error))
            return redirect(back)
        title = _("无法完成")
        return render(request, "refused.html", {"title": title, "message": str(error)}, status=error.status)


class Compressed(GZipMiddleware):
    """Packs pages, not files that are packed already. Of random length (Django's own answer to BREACH), and what is
    secret in a page (the form token) is masked anew each time."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Text and JSON that is held whole."""
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith(("text/", "application/json")):
            return response
        return super().process_response(request, response)
