"""What people do in a run: each act calls the service that their page calls."""

from datetime import datetime

from orders.models import Assignment, Offer, Order
from orders.pool import weights_in_force
from orders.services import attendance, offers, ordering
from orders.services.attendance import Fix
from staffing.core import geo
from staffing.core.actors import Actor, actor_of
from staffing.demo.seed import demand
from staffing.demo.simulate.behaviour import dice
from staffing.demo.simulate.plan import Plan
from staffing.demo.simulate.world import World

OF_A_WORK = ("worker__user", "offer", "position__shift__order__site")
OF_AN_OFFER = ("worker__user", "position__shift__order")


def post(ask: demand.Ask, world: World, now: datetime) -> None:
    """A client orders."""
    by = actor_of(ask.member)
    order = ordering.create(demand.spec_of(ask, world.catalogue), ask.company.client, by=by, now=now)
    ordering.submit(order.pk, by=by, now=now)


def confirm_order(order_id: int, plan: Plan, world: World, now: datetime) -> None:
    """A dispatcher sends the offers."""
    order = Order.objects.get(pk=order_id)
    ordering.confirm(order_id, by=dice(plan.seed, "desk", str(order.form_key)).choice(world.desk), now=now)


def accept(offer_id: int, by: Actor, now: datetime) -> None:
    """Somebody says yes."""
    offers.accept(offer_id, by=by, now=now)


def decline(offer_id: int, by: Actor, now: datetime) -> None:
    """Somebody says no."""
    offers.decline(offer_id, by=by, now=now, reason="时间冲突")


def arrive(work: Assignment, now: datetime) -> None:
    """Somebody checks in at the place, or at home."""
    attendance.check_in(work.pk, by=actor_of(work.worker.user), now=now, fix=here(work))


def leave(work: Assignment, now: datetime) -> None:
    """Somebody checks out."""
    attendance.check_out(work.pk, by=actor_of(work.worker.user), now=now, fix=here(work))


def call_off(work: Assignment, now: datetime) -> None:
    """Somebody cannot come and says so."""
    attendance.cancel(work.pk, by=actor_of(work.worker.user), now=now, reason="临时有事")


def here(work: Assignment) -> Fix | None:
    """At the site's door."""
    site = work.position.shift.order.site
    return Fix(site.latitude, site.longitude, 15.0) if site else None


def way_minutes(work: Assignment) -> int:
    """How long the way to the site takes by the product's rule; none where the work is remote."""
    site, home = work.position.shift.order.site, work.worker
    if site is None or home.latitude is None or home.longitude is None:
        return 0
    weights = weights_in_force()
    km = geo.distance_km(geo.Point(home.latitude, home.longitude), geo.Point(site.latitude, site.longitude))
    return weights.travel_fixed_minutes + round(weights.travel_minutes_per_km * km)


def key_of_offer(offer: Offer) -> str:
    """Names a question apart from row numbers, which differ from database to database."""
    place = offer.position
    shift = place.shift
    return (
        f"{shift.order.form_key}:{shift.start_at.timestamp():.0f}:{place.number}:{offer.worker.user.phone}:{offer.wave}"
    )


def key_of_work(work: Assignment) -> str:
    """Names a booking: by its question."""
    work.offer.position, work.offer.worker = work.position, work.worker
    return key_of_offer(work.offer)
