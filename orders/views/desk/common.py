"""What the desk's views share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import trigger_client_event

from orders import presence
from orders.forms_desk import SeenForm
from orders.models import Order
from orders.selectors.desk import explaining, history, proposal
from orders.services import choosing, waves
from orders.states import OrderStatus
from staffing.core.errors import Conflict, DomainError
from staffing.core.formpages import attempt as attempt
from staffing.core.formpages import form_page as form_page
from staffing.core.models import Role, User
from staffing.core.rendering import add_toast

DESK = (Role.DISPATCHER, Role.MANAGER)
PAGE = 20


def wants_part(request: HttpRequest) -> bool:
    """Whether only the live part is asked for; going back in the browser asks for the whole page."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


def user_of(request: HttpRequest) -> User:
    """The person behind a request that passed `access`."""
    assert isinstance(request.user, User)
    return request.user


def seen_in(request: HttpRequest) -> int | None:
    """Which state of the order the page had shown; None if it does not say."""
    form = SeenForm(request.POST)
    return form.cleaned_data["seen"] if form.is_valid() else None


def refusal_words(refusal: DomainError, now: datetime) -> str:
    """Why not: who was quicker and what they did, or everything that speaks against a person."""
    if isinstance(refusal, choosing.Overtaken):
        found = history.events().filter(pk=refusal.event.pk).first() if refusal.event else None
        return history.sentence(found, now) if found else str(refusal)
    reasons = refusal.params.get("reasons", ())
    against = explaining.reason_words(reasons, explaining.names()) if reasons else []
    return " ".join([str(refusal), _("；").join(against)]).strip()


def search_words(search: waves.Search) -> str:
    """What a search for a replacement has come to."""
    if search.ran:
        return _("正在找替补：第 %(n)s 轮邀请已发出，等待答复。") % {"n": search.wave}
    if not search.invited:
        return _("现在没有合适的人可以邀请，系统会继续寻找。")
    return ngettext(
        "已同时邀请 %(people)s 人（第 %(n)s 轮），先接单者上岗。",
        "已同时邀请 %(people)s 人（第 %(n)s 轮），先接单者上岗。",
        search.invited,
    ) % {"people": search.invited, "n": search.wave}


def panel_of(
    request: HttpRequest, order: Order | None, now: datetime, names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The proposal of the chosen order, and who else has it open."""
    if order is None:
        return {"order": None}
    boards = proposal.boards(order, now, named=names)
    return {
        "order": order,
        "now": now,
        "confirmable": order.status == OrderStatus.PROPOSED,
        "boards": proposal.cut(boards),
        "restorable": any(place.restorable for board in boards for place in board.places),
        "here": presence.others(user_of(request), now).get(order.pk, ()),
    }


def panel(request: HttpRequest, pk: int, now: datetime, *, notice: str = "", status: int = 200) -> HttpResponse:
    """The order's proposal as a part of the desk, with a word about what has just happened."""
    order = proposal.order_rows().get(pk=pk)
    context = {**panel_of(request, order, now), "notice": notice}
    return render(request, "orders/_desk_panel.html", context, status=status)


def done(request: HttpRequest, pk: int, now: datetime, words: str) -> HttpResponse:
    """A deed on an order has succeeded: the fresh panel with a toast, or its page with a message."""
    presence.note(user_of(request), pk, now, acting=True)
    if wants_part(request):
        return add_toast(trigger_client_event(panel(request, pk, now), "desk-changed"), words)
    messages.success(request, words)
    return redirect("orders:desk-order", pk)


def not_done(request: HttpRequest, pk: int, now: datetime, words: str) -> HttpResponse:
    """A deed was refused: 409 with the panel as it is now and one sentence why; on whole pages the middleware tells."""
    if not wants_part(request):
        raise Conflict("refused", words)
    return trigger_client_event(panel(request, pk, now, notice=words, status=409), "desk-changed")
