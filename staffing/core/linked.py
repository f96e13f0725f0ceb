"""Pages behind a link that is itself the secret: kept by no cache, told to no other site, in either language."""

from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from staffing.core.access import View


def private(view: View) -> View:
    """Keep the link out of caches, and out of what other sites are told."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        return response

    return wrapped


def wants_language(request: HttpRequest) -> bool:
    """Whether the page was asked for in a language."""
    return request.GET.get("lang") in dict(settings.LANGUAGES)


def in_language(request: HttpRequest) -> HttpResponse:
    """The same page again, in the language asked for."""
    query = request.GET.copy()
    language = query.pop("lang")[0]
    response = redirect(f"{request.path}?{query.urlencode()}" if query else request.path)
    secure = settings.LANGUAGE_COOKIE_SECURE
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, str(language), secure=secure, samesite="Lax")
    return response
