"""Which places workers may take by themselves, and which swaps they may answer.

A place is published when its order is confirmed, nobody has accepted it, and either nobody is asked or several are at
once; a place about which one person is asked is theirs to answer first. An order for a fixed team is published to the
team alone, until a replacement is wanted quickly.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q, QuerySet

from orders.models import Order, OrderPolicy, Package, Position, SwapRequest
from orders.states import OrderStatus, PositionStatus, SwapStatus
from workers.models import Worker

CONFIRMED = (OrderStatus.OFFERING, OrderStatus.FILLED, OrderStatus.IN_SERVICE)


def published(worker: Worker, now: datetime, policy: OrderPolicy) -> QuerySet[Position]:
    """Places that this worker may see and take, as far as rules about people do not say otherwise."""
    free = Q(status=PositionStatus.OPEN) | Q(status=PositionStatus.OFFERED, wave__gt=0)
    found = Position.objects.filter(free, shift__order__status__in=CONFIRMED, shift__start_at__gt=now)
    if policy.open_shift_hours:
        found = found.filter(shift__start_at__lte=now + timedelta(hours=policy.open_shift_hours))
    return found.exclude(_for_the_team_alone(worker))


def _for_the_team_alone(worker: Worker) -> Q:
    strangers = Order.objects.filter(package=Package.FIXED_TEAM).exclude(client__team__worker=worker)
    return Q(urgent=False, shift__order__in=strangers)


def answerable(worker: Worker, now: datetime) -> QuerySet[SwapRequest]:
    """Swaps of others that this worker may say yes to, as far as rules about people do not say otherwise."""
    asked = Q(only__isnull=True) | Q(only=worker)
    waiting = SwapRequest.objects.filter(asked, status=SwapStatus.OPEN, expires_at__gt=now)
    return waiting.exclude(assignment__worker=worker)


def seal(worker_id: int, shift_id: int) -> str:
    """What a page that showed this shift to this worker hands back: who never saw it cannot ask for it."""
    return signing.Signer(salt="open-shift").signature(f"{worker_id}:{shift_id}")


def swap_seal(worker_id: int, swap_id: int) -> str:
    """The same for a colleague's shift."""
    return signing.Signer(salt="open-swap").signature(f"{worker_id}:{swap_id}")
