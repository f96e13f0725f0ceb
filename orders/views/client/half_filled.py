"""Forms that are not sent yet: kept while somebody types, taken up again, thrown away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from orders.forms import kinds, prefill
from orders.services import drafts
from orders.services.drafts import Typed
from orders.views.client.posting import UNPROCESSABLE, shelf_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from staffing.core.models import Role

# not what was typed
PASSING = ("csrfmiddlewaretoken", "action", "shown")


@access(Role.CLIENT, methods="POST")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the form as it is now; one line says when. 409 once it has become an order."""
    client, typed, by = shelf_of(request).client, typed_in(request.POST), acting(request)
    if typed is None or by.user is None:
        return told(request, UNPROCESSABLE, problem=_("未能自动保存。"))
    try:
        row = drafts.keep(by.user, client, typed, clock.now())
    except Conflict as refusal:
        return told(request, refusal.status, problem=str(refusal))
    return told(request, 200, at=row.updated_at)


@access(Role.CLIENT, methods="POST")
def discard(request: HttpRequest) -> HttpResponse:
    """Throw a half-filled form away."""
    shelf_of(request)
    key, user = prefill.key_of(request.POST.get("form_key")), acting(request).user
    if key is not None and user is not None and drafts.discard(user, key):
        messages.success(request, _("未完成的表单已丢弃。"))
    return redirect("orders:client-new")


def typed_in(data: QueryDict) -> Typed | None:
    """What is kept of a form; None without its key."""
    key = prefill.key_of(data.get("form_key"))
    if key is None:
        return None
    rest = data.copy()
    for name in PASSING:
        rest.pop(name, None)
    title = rest.get("title") or kinds.proposed_title(rest.get("service_type") or "")
    return Typed(key, str(title), rest.urlencode())


def told(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """The line that says whether it is kept."""
    return render(request, "orders/_client_kept.html", context, status=status)
