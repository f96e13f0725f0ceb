"""Who could take over a booked shift, and what is being swapped. A fixed number of queries each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from orders import openings
from orders.models import Assignment, Order, OrderPolicy, SwapRequest
from orders.pool import gone_from, needs_of, on_shift, weights_in_force
from orders.selectors.worker import Pay, Place, Wages, pay_of, place_of
from orders.services import matching
from orders.services.matching import Seat
from orders.states import LIVE_SWAP
from staffing.core.models import Notification, User
from workers.models import Worker
from workers.selectors import career, pool

BOOKING = "assignment__position__shift__order"
# Ideographs: a name of these has the family name first.
HAN = range(0x4E00, 0xA000)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could take the shift: the given name alone, and their stars."""

    worker: Worker
    name: str


def given_name(name: str) -> str:
    """What colleagues call somebody: 思远 for 王思远, 阿卜杜热西提 for 阿卜杜热西提·麦麦提, Ann for Ann Lee."""
    first = name.replace("·", " ").split()[0] if name.strip() else ""
    if " " in name or "·" in name or not (first and ord(first[0]) in HAN):
        return first
    return first[-2:] if len(first) > 2 else first[-1:]


def best_ids(work: Assignment, now: datetime) -> list[int]:
    """Ids of those who may take the shift by every rule, the best first."""
    place, weights = work.position, weights_in_force()
    (need,) = needs_of(place.shift.order, [place.shift], not_before=now, weights=weights)
    gone = gone_from([place.shift_id]).get(place.shift_id, frozenset())
    seat = Seat(need, gone, on_shift(place.shift_id, but=place.pk) | {work.worker_id}, None)
    verdict, _people = matching.next_for(seat, now, weights)
    return [entry.worker_id for entry in verdict.ranked if entry.taken_by is None]


def best_colleagues(swap: SwapRequest, now: datetime) -> list[Worker]:
    """Whom to tell of a swap that is open to everybody: as many of the best as the policy says."""
    ids = best_ids(swap.assignment, now)[: OrderPolicy.current().swap_asked]
    known = Worker.objects.select_related("user").in_bulk(ids)
    return [known[pk] for pk in ids]


def colleagues(work: Assignment, now: datetime, most: int = 20) -> list[Colleague]:
    """Who could be asked by name, the best first."""
    ids = best_ids(work, now)[:most]
    known = Worker.objects.select_related("user").in_bulk(ids)
    return [Colleague(known[pk], given_name(known[pk].user.name)) for pk in ids]


def seen_by(user: User | None, *, shown: bool = False) -> QuerySet[SwapRequest]:
    """The swaps that concern a worker: their own, those they said yes to, and those they were asked. One for everybody
    concerns those who were told of it, and those to whom the list has `shown` it, as both know who may take it; they
    also hear that it is over."""
    own = Q(assignment__worker__user=user) | Q(taker__user=user) | Q(only__user=user)
    told = Notification.objects.filter(user=user, subject_type=SwapRequest._meta.label_lower, subject_id=OuterRef("pk"))
    everybody = Q(only__isnull=True) & (Q(Exists(told)) | Q(Value(shown)))
    return SwapRequest.objects.filter(own | everybody)


def last_of(work: Assignment) -> SwapRequest | None:
    """The newest request about a booking, whatever became of it."""
    return SwapRequest.objects.filter(assignment=work).select_related("taker__user", "only__user").last()


def waiting() -> QuerySet[SwapRequest]:
    """What dispatchers see: what waits for their word first, then what still looks for somebody; the soonest first."""
    people = ("assignment__worker__user", "taker__user", "only__user")
    rows = SwapRequest.objects.filter(status__in=LIVE_SWAP).select_related(*people, f"{BOOKING}__client")
    return rows.order_by("-status", "assignment__start_at", "id")


def answerable(worker: Worker, now: datetime) -> QuerySet[SwapRequest]:
    """Swaps that a worker may be able to take, with all that a card reads."""
    related = (f"{BOOKING}__client", f"{BOOKING}__site__city", f"{BOOKING}__city", "assignment__worker__user")
    return openings.answerable(worker, now).select_related(*related)


@dataclass(frozen=True, slots=True)
class SwapCard:
    """A colleague's shift as it would be for the reader; reads like an offer's card."""

    order: Order
    start: datetime
    end: datetime
    place: Place
    pay: Pay

    @property
    def length(self) -> timedelta:
        """Planned time."""
        return self.end - self.start


def card_of(swap: SwapRequest, worker: Worker, wages: Wages) -> SwapCard:
    """The shift of a request, priced for this worker. Raises `Invalid` if the rate card has a hole there."""
    work = swap.assignment
    order = work.position.shift.order
    level = career.level_on(worker, timezone.localdate(work.start_at))
    rate = pool.rate_card(order.city, level, order.service_type).pay_rate
    pay = pay_of(wages, work.start_at, work.end_at, rate)
    return SwapCard(order, work.start_at, work.end_at, place_of(order, worker), pay)
