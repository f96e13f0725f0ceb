"""Giving a place of the week board to somebody, or emptying it: by drop, by menu, or as a page of its own."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.forms_week import AssignForm, TakeOffForm
from orders.models import OrderPolicy, Position
from orders.selectors.desk import explaining, proposal, week_fit
from orders.selectors.desk import week as reads
from orders.services import assigning
from orders.services.assigning import MovedOn
from orders.services.bookings import NEVER_OVERRIDDEN, NotFree
from orders.states import OrderStatus, PositionStatus
from orders.views.desk.common import DESK, wants_part
from orders.views.desk.week import asked_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.rendering import add_toast

PART = "orders/_week_assign.html"
PAGE = "orders/desk_week_assign.html"


def place_of(pk: int) -> Position:
    """A place with what its dialogs tell; those of drafts are nobody's business."""
    found = (
        Position.objects.filter(pk=pk)
        .exclude(shift__order__status=OrderStatus.DRAFT)
        .select_related(
            "shift__order__client", "shift__order__site", "shift__order__city", "proposed_worker__user", "backup_worker"
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


@access(*DESK)
def fit(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of the people shown could take the place, and why the others could not: asked once before a drop."""
    place, asked = place_of(pk), asked_of(request)
    most = min(whole_number(request, "until") or reads.SLICE, 1000)
    ids = list(reads.people(asked.week, asked.wanted).values_list("pk", flat=True)[:most])
    answer = week_fit.told(week_fit.fit(place, ids, asked.now))
    return JsonResponse(answer | {"place": place.pk, "holder": place.proposed_worker_id})


@access(*DESK, methods="GET POST")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose somebody for a place; a refusal tells why in words and keeps what was typed."""
    place, now = place_of(pk), clock.now()
    form = AssignForm(request.POST if request.method == "POST" else None, initial=_first(request, place))
    against: list[Any] = []
    try:
        if form.is_valid():
            return _assigned(request, place, form, now)
    except NotFree as refusal:
        against = list(refusal.params["reasons"])
        form.add_error(None, str(refusal))
    except MovedOn as news:
        return moved_on(request, place, news)
    except (Invalid, Conflict) as refusal:
        form.add_error(None, str(refusal))
    return _choose(request, place, form, against, now)


def _first(request: HttpRequest, place: Position) -> dict[str, Any]:
    return {"seen": assigning.seen_of(place.status, place.proposed_worker_id), "worker": request.GET.get("worker")}


def _assigned(request: HttpRequest, place: Position, form: AssignForm, now: datetime) -> HttpResponse:
    values = form.cleaned_data
    worker = values.pop("worker")
    assigning.assign(place.pk, worker.pk, by=acting(request), now=now, **values)
    words = _("%(order)s 已指派给 %(name)s。") % {"order": place.shift.order.number, "name": worker.user.name}
    return done(request, place, words, worker.pk)


def whole_number(request: HttpRequest, name: str) -> int:
    """A number that the address gives; 0 for none, or for nonsense."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def done(request: HttpRequest, place: Position, words: str, *others: int, also: Position | None = None) -> HttpResponse:
    """The board draws the touched rows anew; without scripts it is loaded whole."""
    if wants_part(request):
        answer = _with_news(HttpResponse(status=204), place, *others, also=also, done=True)
        return add_toast(answer, words)
    messages.success(request, words)
    day = timezone.localtime(place.shift.start_at).date().isoformat()
    return redirect(f"{reverse('orders:desk-week')}?day={day}")


def _with_news(
    answer: HttpResponse, place: Position, *others: int | None, also: Position | None = None, done: bool = False
) -> HttpResponse:
    """Which rows the board is to draw anew: those of these places' orders, and of who had them or has them now."""
    places = [place, also] if also else [place]
    people = sorted({pk for pk in (*(one.proposed_worker_id for one in places), *others) if pk})
    news = {"people": people, "orders": sorted({one.shift.order_id for one in places}), "done": done}
    answer.headers["HX-Trigger"] = json.dumps({"week-changed": news})
    return answer


def moved_on(request: HttpRequest, place: Position, news: MovedOn) -> HttpResponse:
    """What is true now; what was asked has not been done."""
    if not wants_part(request):
        messages.warning(request, str(news))
        return redirect("orders:desk-week-assign", place.pk)
    answer = render(
        request, "orders/_week_moved_on.html", {"place": place_of(place.pk), "words": str(news)}, status=409
    )
    return _with_news(answer, place, news.worker_id)


def _choose(request: HttpRequest, place: Position, form: AssignForm, against: list[Any], now: datetime) -> HttpResponse:
    name, picked = request.GET.get("q", "").strip(), _picked(form)
    context = {
        "form": form,
        "place": place,
        "q": name,
        "picked": picked,
        "people": week_fit.choices(place, name, picked, now),
        "held": place.status == PositionStatus.FILLED,
        "assignable": _assignable(place, now),
        "against": explaining.reason_words(against, explaining.names()) if against else [],
        "overridable": bool(against) and not any(row["code"] in NEVER_OVERRIDDEN for row in against),
        "seen": form["seen"].value(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, PART if wants_part(request) else PAGE, context, status=status)


def _picked(form: AssignForm) -> int | None:
    text = str(form["worker"].value() or "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _assignable(place: Position, now: datetime) -> bool:
    fillable = place.status in (*proposal.EXCHANGEABLE, PositionStatus.FILLED)
    return fillable and place.shift.order.status in proposal.LIVE and now < place.shift.end_at


@access(*DESK, methods="GET POST")
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Take whoever is on a place off it, with a reason."""
    place, now = place_of(pk), clock.now()
    form = TakeOffForm(request.POST if request.method == "POST" else None, initial=_first(request, place))
    try:
        if form.is_valid():
            assigning.take_off(place.pk, by=acting(request), now=now, **form.cleaned_data)
            return done(request, place, _("已撤下，名额空出。"))
    except MovedOn as news:
        return moved_on(request, place, news)
    except (Invalid, Conflict) as refusal:
        form.add_error(None, str(refusal))
    minutes = OrderPolicy.current().seek_again_minutes
    context = {"form": form, "place": place, "held": place.status == PositionStatus.FILLED, "minutes": minutes}
    part = "orders/_week_clear.html" if wants_part(request) else "orders/desk_week_clear.html"
    return render(request, part, context, status=422 if form.is_bound and form.errors else 200)
