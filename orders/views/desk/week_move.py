"""People on the board of places: who is at hand, which places one person could take, and moving them to another one."""

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.forms_week import MoveForm
from orders.models import Position
from orders.selectors.desk import explaining, week_places, week_reach
from orders.selectors.desk import week as reads
from orders.selectors.desk.week import Wanted, Week
from orders.services import assigning
from orders.services.assigning import MovedOn
from orders.services.bookings import NEVER_OVERRIDDEN, NotFree
from orders.states import PositionStatus
from orders.views.desk.common import DESK, wants_part
from orders.views.desk.week import asked_of
from orders.views.desk.week_assign import done, moved_on, place_of, whole_number
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from workers.models import Worker

# People at hand beside the board: few enough to be looked over; a name finds the others.
AT_HAND: Final = 18
# Orders asked about at once, as a board may show them.
MOST_ORDERS: Final = 400


@access(*DESK)
def people(request: HttpRequest) -> HttpResponse:
    """Whom to drag onto a place: found by name or phone, else who has given hours in the week."""
    asked, name = asked_of(request), request.GET.get("q", "").strip()[:40]
    if not wants_part(request):
        return redirect(f"{reverse('orders:desk-week')}?{asked.query}")
    wanted = Wanted(name=name, city=asked.wanted.city, skill=asked.wanted.skill, who="" if name else "free")
    found = reads.rows(asked.week, reads.people(asked.week, wanted), asked.now, most=AT_HAND)
    return render(request, "orders/_week_people.html", {"people": found, "q": name, "asked": asked})


@access(*DESK)
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of the places shown the person could take, and why not the others: asked once before a drop."""
    worker, asked = get_object_or_404(Worker, pk=pk), asked_of(request)
    most = min(whole_number(request, "until") or reads.SLICE, MOST_ORDERS)
    orders = list(week_places.orders(asked.week, asked.wanted)[:most])
    shifts = week_reach.shifts_of(orders, asked.week, asked.now)
    leaving = Position.objects.filter(pk=whole_number(request, "leaving"), proposed_worker=worker)
    left = leaving.select_related("shift").first()
    found = week_reach.reach(worker.pk, shifts, asked.now, leaving=left.shift if left else None)
    return JsonResponse(week_reach.told(found) | {"worker": worker.pk})


@access(*DESK, methods="GET POST")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move whoever is on a place to another one; a refusal tells why in words and keeps what was typed."""
    place, now = place_of(pk), clock.now()
    form = MoveForm(request.POST if request.method == "POST" else None, initial=_first(request, place))
    against: list[Any] = []
    try:
        if form.is_valid():
            return _moved(request, place, form, now)
    except NotFree as refusal:
        against = list(refusal.params["reasons"])
        form.add_error(None, str(refusal))
    except MovedOn as news:
        return moved_on(request, place, news)
    except (Invalid, Conflict) as refusal:
        form.add_error(None, str(refusal))
    return _choose(request, place, form, against, now)


def _first(request: HttpRequest, place: Position) -> dict[str, Any]:
    seen = assigning.seen_of(place.status, place.proposed_worker_id)
    picked = Position.objects.filter(pk=whole_number(request, "to")).first()
    return {"seen": seen, "worker": place.proposed_worker_id, "to": week_reach.value_of(picked) if picked else ""}


def _moved(request: HttpRequest, place: Position, form: MoveForm, now: datetime) -> HttpResponse:
    values = form.cleaned_data
    to_id, seen_to = values.pop("to")
    worker, target = values.pop("worker"), place_of(to_id)
    kept = {**values, "seen_to": seen_to, "by": acting(request), "now": now}
    assigning.move(place.pk, to_id, worker.pk, **kept)
    words = _("%(name)s 已调到 %(order)s。") % {"name": worker.user.name, "order": target.shift.order.number}
    return done(request, target, words, worker.pk, also=place)


def _choose(request: HttpRequest, place: Position, form: MoveForm, against: list[Any], now: datetime) -> HttpResponse:
    text = str(form["to"].value() or "")
    picked = int(text.split(".")[0]) if text.split(".")[0].isdecimal() else None
    week = Week(reads.week_of(timezone.localtime(place.shift.start_at).date().isoformat(), now).monday)
    movable = place.proposed_worker_id is not None and now < place.shift.end_at
    listed = week_reach.targets(place, week, now, picked) if movable else []
    taken = Position.objects.filter(pk=picked or 0, status=PositionStatus.FILLED)
    context = {
        "form": form,
        "place": place,
        "targets": listed,
        "chosen": next((one.value for one in listed if one.place.pk == picked), ""),
        "held": place.status == PositionStatus.FILLED,
        "taken": taken.select_related("proposed_worker__user").first() if picked else None,
        "against": explaining.reason_words(against, explaining.names()) if against else [],
        "overridable": bool(against) and not any(row["code"] in NEVER_OVERRIDDEN for row in against),
        "worker": form["worker"].value(),
        "seen": form["seen"].value(),
    }
    status = 422 if form.is_bound and form.errors else 200
    part = "orders/_week_move.html" if wants_part(request) else "orders/desk_week_move.html"
    return render(request, part, context, status=status)
