"""Who may open a view. A view of this project without a declared rule stops the start (see `checks`)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django_htmx.http import HttpResponseClientRedirect

from staffing.core.models import Role, User

View = Callable[..., HttpResponseBase]
EVERYONE = frozenset(role.value for role in Role)
PUBLIC: frozenset[str] = frozenset({"public"})


def access(*roles: str, methods: str = "GET") -> Callable[[View], View]:
    """Let only people of these roles in (none named: everybody who is logged in), with these methods.

    Not logged in → to the login page; other role → 403; other method → 405.
    """
    return _guard(frozenset(str(role) for role in roles) or EVERYONE, methods)


def public(*, methods: str = "GET") -> Callable[[View], View]:
    """Let anybody in, said aloud."""
    return _guard(PUBLIC, methods)


def _guard(roles: frozenset[str], methods: str) -> Callable[[View], View]:
    verbs = methods.split()

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in (*verbs, *(["HEAD"] if "GET" in verbs else [])):
                return HttpResponseNotAllowed(verbs)
            if roles is not PUBLIC and (refusal := _refusal(request, roles)):
                return refusal
            return view(request, *args, **kwargs)

        guarded.access_roles = roles  # type: ignore[attr-defined]
        guarded.access_methods = tuple(verbs)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _refusal(request: HttpRequest, roles: frozenset[str]) -> HttpResponseBase | None:
    user = request.user
    if not isinstance(user, User):
        back = redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        return HttpResponseClientRedirect(back.url) if getattr(request, "htmx", False) else back
    if user.role not in roles:
        raise PermissionDenied
    return None
