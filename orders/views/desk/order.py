"""One order: its proposal, its course, and what can be done with the order as a whole."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django_htmx.http import trigger_client_event

from orders import presence
from orders.forms_desk import ReasonForm
from orders.models import Order, Position, Shift
from orders.selectors.desk import candidates, explaining, history, loosening, progress, proposal, queue, runs
from orders.services import choosing, ordering, waves
from orders.states import OrderStatus
from orders.views.desk.common import (
    DESK,
    attempt,
    done,
    form_page,
    not_done,
    refusal_words,
    search_words,
    seen_in,
    user_of,
    wants_part,
)
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role
from staffing.core.rendering import add_toast


@access(*DESK)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one order."""
    found, now, names = get_object_or_404(proposal.order_rows(), pk=pk), clock.now(), explaining.names()
    boards = proposal.boards(found, now, named=names)
    presence.note(user_of(request), pk, now)
    context = {
        **_head(request, found, now),
        "boards": [_paged(request, board) for board in boards],
        "restorable": any(place.restorable for board in boards for place in board.places),
        "requirements": proposal.requirements(found, names),
        "circle": proposal.circle(found),
        "run": runs.facts_of(found),
        "weights_link": acting(request).role == Role.MANAGER,
        "events": history.events_of(found, names),
    }
    return render(request, "orders/desk_order.html", context)


def _paged(request: HttpRequest, board: proposal.Board) -> proposal.Paged:
    """The page of a shift's places that the address asks for: of the shift, or with one place on it."""
    number = request.GET.get("page") if request.GET.get("shift") == str(board.shift.pk) else None
    place = request.GET.get("place", "")
    return proposal.paged(board, number, place=int(place) if place.isdecimal() and len(place) < 19 else None)


def _head(request: HttpRequest, found: Order, now: datetime) -> dict[str, Any]:
    return {
        "order": found,
        "now": now,
        "steps": progress.steps_of(found),
        "confirmable": found.status == OrderStatus.PROPOSED,
        "cancellable": found.status in proposal.CANCELLABLE,
        "here": presence.others(user_of(request), now).get(found.pk, ()),
    }


@access(*DESK)
def order_live(request: HttpRequest, pk: int) -> HttpResponse:
    """State, progress and the order's actions, polled."""
    found, now = get_object_or_404(proposal.order_rows(), pk=pk), clock.now()
    presence.note(user_of(request), pk, now)
    hand = choosing.by_hand(found).exists()
    return render(request, "orders/_desk_order_head.html", {**_head(request, found, now), "restorable": hand})


# Rows repeat themselves; nothing secret is in them that a length could give away.
@access(*DESK)
@gzip_page
def shift_live(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of the places of a shift, polled."""
    return _places(request, _shift(pk), request.GET.get("page"))


def _places(request: HttpRequest, shift: Shift, number: str | None, place: int | None = None) -> HttpResponse:
    now = clock.now()
    boards = proposal.boards(shift.order, now, shift_id=shift.pk)
    shown = proposal.paged(boards[0], number, place=place) if boards else None
    return render(request, "orders/_desk_places.html", {"shown": shown, "order": shift.order, "now": now})


@access(*DESK, methods="POST")
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the best for a place of the order, several at once; a second click says that it runs already."""
    place = get_object_or_404(Position.objects.filter(shift__order__in=queue.visible()), pk=pk)
    work, now = request.GET.get("work", ""), clock.now()
    seen = int(work) if work.isdecimal() and len(work) < 19 else None
    words = search_words(waves.replace(place.pk, seen, by=acting(request), now=now))
    shift = _shift(place.shift_id)
    presence.note(user_of(request), shift.order_id, now, acting=True)
    if wants_part(request):
        return add_toast(trigger_client_event(_places(request, shift, None, place.pk), "desk-changed"), words)
    messages.success(request, words)
    return redirect(f"{reverse('orders:desk-order', args=[shift.order_id])}?place={place.pk}#place-{place.pk}")


def _shift(pk: int) -> Shift:
    shown = Shift.objects.filter(order__in=queue.visible()).select_related(
        "order__client", "order__site", "order__city"
    )
    return get_object_or_404(shown, pk=pk)


@access(*DESK)
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody for one shift: the ranking, the gates, and all rejected people with all reasons."""
    found, text = _shift(pk), request.GET.get("q", "").strip()
    pages = (request.GET.get("ranked"), request.GET.get("page"))
    told = candidates.explanation(found, text, pages, clock.now())
    context = {"shift": found, "told": told, "q": text}
    return render(request, "orders/_desk_reasons.html" if wants_part(request) else "orders/desk_shift.html", context)


@access(*DESK)
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom each gate keeps away from a shift now, and what each change of it would bring."""
    found = _shift(pk)
    context = {"shift": found, "told": loosening.told(found, clock.now())}
    part = "orders/_desk_what_if.html"
    return render(request, part if wants_part(request) else "orders/desk_what_if.html", context)


@access(*DESK, methods="POST")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an offer to everybody proposed. One's own repeat changes nothing; who comes second is told so."""
    found, now = get_object_or_404(queue.visible(), pk=pk), clock.now()
    try:
        choosing.confirm(found.pk, by=acting(request), now=now, seen=seen_in(request))
    except (Conflict, Invalid) as refusal:
        return not_done(request, pk, now, refusal_words(refusal, now))
    return done(request, pk, now, _("已派单，正在等待员工答复。"))


@access(*DESK, methods="POST")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one place back to the engine's own choice."""
    place, now = get_object_or_404(Position.objects.filter(shift__order__in=queue.visible()), pk=pk), clock.now()
    order_id = Shift.objects.values_list("order_id", flat=True).get(pk=place.shift_id)
    try:
        choosing.restore(pk, by=acting(request), now=now, seen=seen_in(request))
    except (Conflict, Invalid) as refusal:
        return not_done(request, order_id, now, refusal_words(refusal, now))
    return done(request, order_id, now, _("已恢复系统推荐的人选。"))


@access(*DESK, methods="POST")
def restore_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Give every place of the order that was changed by hand back to the engine's own choice."""
    found, now = get_object_or_404(queue.visible(), pk=pk), clock.now()
    try:
        back, kept = choosing.restore_order(found.pk, by=acting(request), now=now, seen=seen_in(request))
    except (Conflict, Invalid) as refusal:
        return not_done(request, pk, now, refusal_words(refusal, now))
    if kept:
        return not_done(request, pk, now, " ".join(refusal_words(row.why, now) for row in kept))
    words = ngettext("已恢复 %(n)s 个名额的系统推荐。", "已恢复 %(n)s 个名额的系统推荐。", len(back))
    return done(request, pk, now, words % {"n": len(back)})


@access(*DESK, methods="POST")
def rematch(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the unconfirmed proposal away and match afresh."""
    found = get_object_or_404(queue.visible(), pk=pk)
    if found.status != OrderStatus.SUBMITTED:
        ordering.rematch(found.pk, by=acting(request), now=clock.now())
    messages.success(request, _("正在重新匹配，稍后自动更新。"))
    return redirect("orders:desk-order", pk)


@access(*DESK, methods="GET POST")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the order off, with a reason."""
    found = get_object_or_404(queue.visible().select_related("client"), pk=pk)
    form, by, now = ReasonForm(request.POST or None), acting(request), clock.now()
    if attempt(form, lambda: ordering.cancel(found.pk, by=by, now=now, reason=form.cleaned_data["reason"])):
        messages.success(request, _("订单已取消，相关员工已收到通知。"))
        return redirect("orders:desk-order", pk)
    return form_page(request, "orders/desk_cancel.html", form, {"order": found})
