"""What the worker's pages share: who asks, and page or part."""

from typing import Any

from django.contrib import messages
from django.db.models.expressions import Combinable
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from orders.matching.explain import reason_from_dict
from orders.matching_text import reason_text
from orders.selectors.desk import catalogue
from orders.services.bookings import NotFree
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from workers.models import Worker

UNPROCESSABLE = 422


def me(request: HttpRequest, **figures: Combinable) -> Any:
    """The worker, with these figures."""
    rows = Worker.objects.select_related("user", "city").annotate(**figures)
    return get_object_or_404(rows, user=acting(request).user)


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page, or for htmx its part of the same name."""
    part = "_" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"orders/{part}my_{name}.html", context, status=status)


def status_of(form: Form) -> int:
    """The status of a page with a form: 422 if what was sent is wrong."""
    return UNPROCESSABLE if form.is_bound and form.errors else 200


def refused(request: HttpRequest, refusal: Conflict) -> None:
    """Say on the next page what is true now, with every reason."""
    reasons = refusal.params.get("reasons", ()) if isinstance(refusal, NotFree) else ()
    named = catalogue.read().names if reasons else {}
    why = _("；").join(reason_text(reason_from_dict(data), named) for data in reasons)
    messages.error(request, f"{refusal} {why}".strip())
