"""What was said about an order."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.models import Order, OrderMessage
from staffing.core.actors import Actor
from staffing.core.models import Role

MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One message as one side sees it."""

    message: OrderMessage
    mine: bool

    @property
    def unread(self) -> bool:
        """Whether this side has not seen it yet."""
        return not self.mine and self.message.read_at is None


def thread(order: Order, by: Actor) -> Sequence[Said]:
    """The newest `MOST` messages of the order, oldest first; one query."""
    newest = OrderMessage.objects.filter(order=order).select_related("author").order_by("-created_at", "-id")[:MOST]
    from_client = by.role == Role.CLIENT
    return [Said(row, row.from_client == from_client) for row in reversed(newest)]
