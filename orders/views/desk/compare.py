"""Two people side by side for one place."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from orders.models import Position
from orders.selectors.desk import candidates, compare, proposal
from orders.states import OrderStatus
from orders.views.desk.common import DESK
from staffing.core import clock
from staffing.core.access import access


@access(*DESK)
def two(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare `a` with `b`; without them, whoever has the place with the best of the others."""
    place = candidates.place(pk)
    if place is None or place.shift.order.status == OrderStatus.DRAFT:
        raise Http404
    people = compare.choices(place)
    pair = _pair(request, [person.pk for person in people])
    context = {
        "place": place,
        "people": people,
        "pair": pair,
        "told": compare.of(place, pair, clock.now()) if len(set(pair)) == 2 else None,
        "exchangeable": _exchangeable(place),
    }
    return render(request, "orders/desk_compare.html", context)


def _exchangeable(place: Position) -> bool:
    return proposal.exchangeable(place)


def _pair(request: HttpRequest, known: list[int]) -> list[int]:
    """The two that were asked for; who was not said is the first of the known that is left."""
    asked = [request.GET.get(name, "") for name in ("a", "b")]
    pair = [int(pk) if pk.isdecimal() and len(pk) < 19 else None for pk in asked]
    left = [pk for pk in known if pk not in pair]
    return [pk if pk is not None else left.pop(0) for pk in pair if pk is not None or left]
