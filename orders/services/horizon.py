"""What a batch may decide: the open and unconfirmed places of the coming days, and what they ask for.

Everything is read in a fixed number of queries, however many orders, places and people there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, Q

from orders.matching import Booking, Held, LatLng, Need, Weights
from orders.matching.value import held_for_novices
from orders.models import (
    DoNotSend,
    Order,
    OrderCertificate,
    OrderCourse,
    OrderLanguage,
    OrderSkill,
    Position,
    Shift,
    TeamMember,
)
from orders.pool import booking, ceil_minute, floor_minute, gone_from
from orders.services.proposing import CONFIRMED
from orders.states import OrderStatus, PositionStatus

WAITING = Q(status=PositionStatus.OPEN) & Q(
    shift__order__status__in=(OrderStatus.SUBMITTED, OrderStatus.PROPOSED, *CONFIRMED)
)
# A proposal that nobody has confirmed, unless a person chose it.
UNCONFIRMED = Q(status=PositionStatus.PROPOSED, chosen_by_hand=False, shift__order__status=OrderStatus.PROPOSED)
TAKEN = Q(status__in=(PositionStatus.PROPOSED, PositionStatus.OFFERED, PositionStatus.FILLED))
Sets = Mapping[int, frozenset[Any]]


@dataclass(frozen=True, slots=True)
class Horizon:
    """Places by shift, in id order: `movable` ones may be given to anybody, `fixed` ones stay as they are.

    `needs` (by shift) count the movable places alone; `gone` are workers who are not asked again, by shift.
    """

    orders: Mapping[int, Order]
    movable: Mapping[int, Sequence[Position]]
    fixed: Mapping[int, Sequence[Position]]
    needs: Mapping[int, Need]
    gone: Sets

    def present(self) -> list[Held]:
        """The unconfirmed choices."""
        return [Held(shift, worker) for shift, worker in self._chosen()]

    def given_up(self, shifts: Iterable[int] | None = None) -> Mapping[int, list[Booking]]:
        """By worker: the time that unconfirmed choices (of these shifts) take."""
        wanted = None if shifts is None else set(shifts)
        found: dict[int, list[Booking]] = defaultdict(list)
        for shift, worker in self._chosen():
            if wanted is None or shift in wanted:
                found[worker].append(time_of(self.needs[shift]))
        return found

    def _chosen(self) -> Iterable[tuple[int, int]]:
        for shift, places in self.movable.items():
            for place in places:
                if place.proposed_worker_id is not None:
                    yield shift, place.proposed_worker_id


def time_of(need: Need) -> Booking:
    """The time that one place of the need takes."""
    return booking(need.start, need.end, need.order_id, None if need.remote else need.site)


def places(now: datetime, days: int) -> Any:
    """The places that a batch may decide, by shift and id."""
    coming = Q(shift__start_at__gt=now, shift__start_at__lt=now + timedelta(days=days))
    return Position.objects.filter(WAITING | UNCONFIRMED, coming).order_by("shift__start_at", "shift_id", "id")


def digest(now: datetime, days: int, weights: Weights) -> str:
    """Changes when a place may be decided that could not before, or otherwise; three small queries."""
    facts: list[Any] = [weights.version]
    for model in (DoNotSend, TeamMember):
        facts.append(sorted(model.objects.aggregate(n=Count("pk"), last=Max("pk")).items()))
    columns = ("pk", "status", "proposed_worker", "shift__order__status", "shift__order__client__value")
    facts += places(now, days).values_list(*columns)
    return sha256(repr(facts).encode()).hexdigest()


def read(now: datetime, days: int, weights: Weights) -> Horizon:
    """The places of the coming days as they are now.

    An order that waits for its first matching is left to that, unless all of it lies within the horizon.
    """
    movable: dict[int, list[Position]] = defaultdict(list)
    for place in places(now, days).select_related("shift"):
        movable[place.shift_id].append(place)
    orders = _orders({of[0].shift.order_id for of in movable.values()}, now + timedelta(days=days))
    movable = {shift: of for shift, of in movable.items() if of[0].shift.order_id in orders}
    fixed: dict[int, list[Position]] = defaultdict(list)
    decided = {place.pk for of in movable.values() for place in of}
    for place in Position.objects.filter(TAKEN, shift__in=movable).order_by("id"):
        if place.pk not in decided:
            fixed[place.shift_id].append(place)
    needs = _needs([of[0].shift for of in movable.values()], orders, weights)
    sized = {s: _sized(need, movable[s], fixed.get(s, ())) for s, need in needs.items()}
    return Horizon(orders, movable, fixed, sized, gone_from(movable))


def blocked(clients: Iterable[int]) -> Sets:
    """By client: workers never to be sent to them."""
    return _sets(DoNotSend.objects.filter(client__in=set(clients)).values_list("client_id", "worker_id"))


def _orders(ids: Iterable[int], until: datetime) -> Mapping[int, Order]:
    rows = Order.objects.filter(pk__in=ids).select_related("client", "site", "city")
    found = rows.annotate(last=Max("shifts__start_at"))
    return {order.pk: order for order in found if order.status != OrderStatus.SUBMITTED or order.last < until}


def _sized(need: Need, movable: Sequence[Position], fixed: Sequence[Position]) -> Need:
    """Only the places that can be decided; a novice who has a place for novices already counts as one."""
    novices = need.novice_places - sum(place.novice for place in fixed)
    return replace(need, headcount=len(movable), novice_places=max(0, novices))


def _needs(shifts: Sequence[Shift], orders: Mapping[int, Order], weights: Weights) -> Mapping[int, Need]:
    """The same as `orders.pool.needs_of`, for many orders at once."""
    clients = {order.client_id for order in orders.values()}
    barred = blocked(clients)
    team = _sets(TeamMember.objects.filter(client__in=clients).values_list("client_id", "worker_id"))
    asked = _Asked(orders)
    found = {shift.pk: _need(shift, orders[shift.order_id], asked, barred, team) for shift in shifts}
    share = weights.novice_percent
    return {shift: replace(need, novice_places=held_for_novices(need, share)) for shift, need in found.items()}


class _Asked:
    """What orders require, by order; a query a table."""

    def __init__(self, orders: Iterable[int]) -> None:
        rows = {"order__in": list(orders)}
        self.skills = _levels(OrderSkill.objects.filter(**rows).values_list("order_id", "skill__code", "min_level"))
        languages = OrderLanguage.objects.filter(**rows)
        self.languages = _levels(languages.values_list("order_id", "language__code", "min_level"))
        self.certificates = _sets(OrderCertificate.objects.filter(**rows).values_list("order_id", "type__code"))
        self.courses = _sets(OrderCourse.objects.filter(**rows).values_list("order_id", "course__code"))


def _need(shift: Shift, order: Order, asked: _Asked, barred: Sets, team: Sets) -> Need:
    site = order.site
    return Need(
        shift_id=shift.pk,
        order_id=order.pk,
        client_id=order.client_id,
        start=floor_minute(shift.start_at),
        end=ceil_minute(shift.end_at),
        headcount=shift.headcount,
        city=order.city.code,
        remote=order.remote,
        site=LatLng(site.latitude, site.longitude) if site and not order.remote else None,
        skills=asked.skills.get(order.pk, {}),
        certificates=asked.certificates.get(order.pk, frozenset()),
        courses=asked.courses.get(order.pk, frozenset()),
        languages=asked.languages.get(order.pk, {}),
        min_stars=order.min_stars,
        clearance=order.clearance,
        priority=order.client.value,
        blocked=barred.get(order.client_id, frozenset()),
        team=team.get(order.client_id, frozenset()),
    )


def _levels(rows: Iterable[tuple[int, str, int]]) -> Mapping[int, Mapping[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for order, code, level in rows:
        found[order][code] = level
    return found


def _sets(rows: Iterable[tuple[int, Any]]) -> Sets:
    found: dict[int, set[Any]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}
