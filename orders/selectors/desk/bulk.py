"""What became of each of many orders, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orders.models import Order
from orders.selectors.desk import history
from orders.services.choosing import Overtaken
from staffing.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Outcome:
    """An order, and why the deed was not done; "" if it was."""

    order: Order
    why: str


def told(results: Sequence[tuple[int, DomainError | None]], now: datetime) -> list[Outcome]:
    """In the order of the results: at most two queries."""
    orders = Order.objects.select_related("client").in_bulk([pk for pk, _why in results])
    late = [why.event.pk for _pk, why in results if isinstance(why, Overtaken) and why.event]
    events = {event.pk: event for event in history.events().filter(pk__in=late)} if late else {}
    found = []
    for pk, why in results:
        event = events.get(why.event.pk) if isinstance(why, Overtaken) and why.event else None
        words = history.sentence(event, now) if event else str(why) if why else ""
        found.append(Outcome(orders[pk], words))
    return found
