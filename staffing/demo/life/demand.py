"""Clients go on ordering at about the rate they did."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from orders.models import Order
from orders.services import ordering
from staffing.core.actors import actor_of
from staffing.demo.seed import catalogue, clients, demand
from workers.pay.minutes import SHANGHAI

SLOT = timedelta(minutes=10)
SLOTS_AN_HOUR = 6
LOOK_BACK = timedelta(days=14)
MOST_A_DAY = 100.0
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def daily_rate(now: datetime) -> float:
    """Orders a day over the last two weeks."""
    return min(MOST_A_DAY, Order.objects.filter(submitted_at__gte=now - LOOK_BACK, submitted_at__lt=now).count() / 14)


def due(frm: datetime, to: datetime, rate: float) -> Iterator[tuple[datetime, int]]:
    """Moments and slot numbers of the orders in `(frm, to]`: a slot always gives the same."""
    for slot in range(_slot(frm) + 1, _slot(to) + 1):
        at = EPOCH + slot * SLOT
        share = demand.HOURS.get(at.astimezone(SHANGHAI).hour, 0) / sum(demand.HOURS.values())
        count = int(rate * share / SLOTS_AN_HOUR + Random(f"slot:{slot}").random())
        yield from ((at, slot * 100 + number) for number in range(count))


def _slot(at: datetime) -> int:
    return (at - EPOCH) // SLOT


def post(number: int, at: datetime) -> Order | None:
    """Post the order of a slot; posting it again changes nothing. None without clients."""
    companies = [c for c in clients.load() if c.client.industry in demand.KINDS]
    if not companies:
        return None
    ask = demand.draw(companies, at, Random(f"order:{number}"))
    by = actor_of(ask.member)
    order = ordering.create(demand.spec_of(ask, catalogue.load()), ask.company.client, by=by, now=at)
    return ordering.submit(order.pk, by=by, now=at)
