"""What the desk's views share."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

DESK = (Role.DISPATCHER, Role.MANAGER)
PAGE = 20


def wants_part(request: HttpRequest) -> bool:
    """Whether only the live part is asked for; going back in the browser asks for the whole page."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


def attempt(form: Form, deed: Callable[[], Any]) -> bool:
    """Call a service for a valid form; a refusal becomes an error of the form, so that nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        deed()
    except (Invalid, Conflict) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def form_page(request: HttpRequest, template: str, form: Form, context: dict[str, Any]) -> HttpResponse:
    """The page with its form: 422 if what was sent was refused."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)
