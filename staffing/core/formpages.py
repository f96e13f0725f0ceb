"""A page with a form that calls a service: what is refused stands in the form, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staffing.core.errors import Conflict, Invalid


def attempt(form: BaseForm, deed: Callable[[], Any]) -> bool:
    """Call a service for a valid form; a refusal becomes an error of the form, so that nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        deed()
    except (Invalid, Conflict) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def form_page(request: HttpRequest, template: str, form: BaseForm, context: dict[str, Any]) -> HttpResponse:
    """The page with its form: 422 if what was sent was refused."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)
