"""Short ways along the order line, by the services alone."""

from datetime import datetime, timedelta
from typing import Any

from orders.models import Appeal, Assignment, Offer, Order, Position, PunchRequest, SwapRequest
from orders.services import attendance, offers, ordering, proposing
from orders.services.attendance import Fix
from orders.services.ordering import ShiftSpec
from orders.states import OfferStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.models import Role, User
from tests.fixtures.agency import HERE, NOW, Agency

AT_SITE = Fix(*HERE, accuracy_m=20)
TOMORROW = NOW + timedelta(days=1)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def days(*lengths: float, start: datetime = TOMORROW, headcount: int = 1) -> list[ShiftSpec]:
    """One shift a day of so many hours each, from `start`."""
    begins = [start + timedelta(days=n) for n in range(len(lengths))]
    return [ShiftSpec(at, at + hours(length), headcount) for at, length in zip(begins, lengths, strict=True)]


def desk(agency: Agency) -> Actor:
    """The agency's one dispatcher."""
    return actor_of(User.objects.filter(role=Role.DISPATCHER).first() or agency.dispatcher())


def person(row: Offer | Assignment) -> Actor:
    """The worker behind an offer or an assignment."""
    return actor_of(row.worker.user)


def proposed(agency: Agency, **fields: Any) -> Order:
    """An order that has been matched."""
    order = agency.submitted(**fields)
    proposing.propose_order(order.pk, NOW)
    order.refresh_from_db()
    return order


def offering(agency: Agency, **fields: Any) -> Order:
    """An order whose proposed workers have been asked."""
    return ordering.confirm(proposed(agency, **fields).pk, by=desk(agency), now=NOW)


def booked(agency: Agency, *, now: datetime = NOW, **fields: Any) -> list[Assignment]:
    """An order to which everybody asked has said yes at `now`."""
    order = offering(agency, **fields)
    waiting = Offer.objects.filter(position__shift__order=order, status=OfferStatus.PENDING).order_by("id")
    return [offers.accept(offer.pk, by=person(offer), now=now) for offer in waiting]


def arrive(work: Assignment, now: datetime | None = None) -> Assignment:
    return attendance.check_in(work.pk, by=person(work), now=now or work.start_at, fix=AT_SITE)


def leave(work: Assignment, now: datetime | None = None) -> Assignment:
    return attendance.check_out(work.pk, by=person(work), now=now or work.end_at, fix=AT_SITE)


def status_of(row: Order | Position | Offer | Assignment | SwapRequest | Appeal | PunchRequest) -> str:
    """The status in the database."""
    row.refresh_from_db()
    return str(row.status)
