"""How long somebody needs to a place of work, and by when they can be there."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from orders import risk
from orders.matching import Candidate, LatLng
from orders.models import Assignment, Order, OrderPolicy, Shift
from orders.pool import weights_in_force
from orders.risk import Scale
from staffing.core import geo
from workers.models import Worker

QUARTER: Final = timedelta(minutes=15)


def scale_of(policy: OrderPolicy) -> Scale:
    """When something counts as a risk: the policy's numbers, and the travel rule of matching."""
    weights = weights_in_force()
    return Scale(
        fixed_minutes=weights.travel_fixed_minutes,
        minutes_per_km=weights.travel_minutes_per_km,
        due_minutes=policy.risk_due_minutes,
        leave_minutes=policy.risk_leave_minutes,
        far_km=policy.risk_far_km,
        often_late=policy.risk_often_late,
        history_days=policy.risk_history_days,
    )


def km_to(order: Order, home: Worker | LatLng | None) -> float | None:
    """From home to the site; None for work at home or where either is not known."""
    at = _point(home)
    if order.remote or order.site is None or at is None:
        return None
    return geo.distance_km(at, geo.Point(order.site.latitude, order.site.longitude))


def _point(home: Worker | LatLng | None) -> geo.Point | None:
    if isinstance(home, Worker):
        known = home.latitude is not None and home.longitude is not None
        return geo.Point(home.latitude, home.longitude) if known else None  # type: ignore[arg-type]
    return geo.Point(home.lat, home.lng) if home else None


def way_of(work: Assignment, policy: OrderPolicy) -> timedelta | None:
    """How long the way from home to the site takes; None for work at home."""
    order = work.position.shift.order
    if order.remote or order.site is None:
        return None
    return timedelta(minutes=risk.way_minutes(km_to(order, work.worker), scale_of(policy)))


def arrival_of(work: Assignment, policy: OrderPolicy) -> datetime:
    """When somebody booked is expected: at the start; who said yes too late for that, once they are ready and there.

    At home it takes the time to get ready alone; a way that nobody knows takes `OrderPolicy.arrival_minutes`.
    """
    needed = _needed(work.position.shift.order, work.worker, policy, scale_of(policy))
    return max(work.start_at, work.booked_at + needed)


def _needed(order: Order, home: Worker | LatLng | None, policy: OrderPolicy, scale: Scale) -> timedelta:
    ready = timedelta(minutes=policy.ready_minutes)
    if order.remote or order.site is None:
        return ready
    if (km := km_to(order, home)) is None:
        return timedelta(minutes=policy.arrival_minutes)
    return ready + timedelta(minutes=risk.way_minutes(km, scale))


def quarters_late(shift: Shift, people: Iterable[Candidate], policy: OrderPolicy, now: datetime) -> dict[int, int]:
    """By id: by how many whole quarters of an hour somebody who says yes now comes after the start, 0 if in time; one
    query for all. Quarters, as a minute more or less is no reason to pass over somebody who suits better."""
    scale = scale_of(policy)
    late = {who.id: now + _needed(shift.order, who.location, policy, scale) - shift.start_at for who in people}
    return {worker: max(0, span // QUARTER) for worker, span in late.items()}
