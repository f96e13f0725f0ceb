"""Two kinds of trouble every request may meet: the database is away, or a service said no."""

from collections.abc import Callable

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from staffing.core.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]
RETRY_AFTER_SECONDS = "5"


def database_lost(get_response: GetResponse) -> GetResponse:
    """A lost database is 503 with Retry-After: try again soon, nothing is broken on your side."""
    return _DatabaseLost(get_response)


class _DatabaseLost:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return self._answer(request) if isinstance(error, (OperationalError, InterfaceError)) else None

    def _answer(self, request: HttpRequest) -> HttpResponse:
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
