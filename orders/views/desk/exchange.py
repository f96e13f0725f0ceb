"""Putting another worker on a place."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from orders import presence
from orders.forms_desk import ExchangeForm
from orders.models import Position
from orders.selectors.desk import candidates, explaining, proposal
from orders.services import choosing
from orders.services.bookings import NEVER_OVERRIDDEN, NotFree
from orders.states import OrderStatus
from orders.views.desk.common import DESK, attempt, form_page, refusal_words, user_of, wants_part
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict


@access(*DESK, methods="GET POST")
def exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose from the ranking or by name, with a reason; a refusal shows every reason and keeps what was typed."""
    place, text = _place(pk), request.GET.get("q", "").strip()
    form = ExchangeForm(request.POST or None)
    against: list[Any] = []
    if attempt(form, lambda: _exchange(request, place, form, against)):
        messages.success(request, _("已更换人选。"))
        return redirect(_back(request, place))
    place = _place(pk) if form.is_bound else place
    presence.note(user_of(request), place.shift.order_id, clock.now(), acting=True)
    picked = _picked(form) or _asked(request)
    people = candidates.options(place, text, clock.now(), always=picked)
    context = {"place": place, "people": people, "q": text, "picked": picked, **_refused(against)}
    context |= {"exchangeable": proposal.exchangeable(place), "back": _back(request, place)}
    if wants_part(request):
        return render(request, "orders/_desk_options.html", {"form": form, **context})
    return form_page(request, "orders/desk_exchange.html", form, context)


def _back(request: HttpRequest, place: Position) -> str:
    """To the desk if the way led from there, else to the order's page."""
    if request.GET.get("from") == "desk":
        return f"{reverse('orders:desk')}?order={place.shift.order_id}"
    return reverse("orders:desk-order", args=[place.shift.order_id])


def _place(pk: int) -> Position:
    place = candidates.place(pk)
    if place is None or place.shift.order.status == OrderStatus.DRAFT:
        raise Http404
    return place


def _exchange(request: HttpRequest, place: Position, form: ExchangeForm, against: list[Any]) -> None:
    """Call the service; what speaks against the person is left in `against`."""
    values, by, now = form.cleaned_data, acting(request), clock.now()
    kept = {"reason": values["reason"], "override": values["override"], "seen": values["seen"]}
    try:
        choosing.exchange(place.pk, values["worker"].pk, by=by, now=now, **kept)
    except NotFree as refusal:
        against.extend(refusal.params["reasons"])
        raise
    except choosing.Overtaken as refusal:
        raise Conflict("overtaken", refusal_words(refusal, now)) from refusal


def _picked(form: ExchangeForm) -> int | None:
    worker = getattr(form, "cleaned_data", {}).get("worker")
    return worker.pk if worker else None


def _asked(request: HttpRequest) -> int | None:
    """Somebody whom another page has chosen."""
    pick = request.GET.get("pick", "")
    return int(pick) if pick.isdecimal() and len(pick) < 19 else None


def _refused(against: list[Any]) -> dict[str, Any]:
    """The reasons in words, and whether an override would open the way."""
    return {
        "against": explaining.reason_words(against, explaining.names()) if against else [],
        "overridable": bool(against) and not any(row["code"] in NEVER_OVERRIDDEN for row in against),
    }
