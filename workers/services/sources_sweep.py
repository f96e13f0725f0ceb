"""What is kept about the ways in only for a time."""

from datetime import datetime, timedelta

from django.db.models import Q

from workers.models import HookSecret, PartnerDelivery, PartnerNonce, PartnerReference, SandboxApplication
from workers.models import SourcePolicy as Policy
from workers.services import importing
from workers.signing import WINDOW_SECONDS


def sweep(now: datetime, real_now: datetime) -> int:
    """Delete what is over; how many rows. Signatures are checked by the real clock, so their traces go by it."""
    policy = Policy.current()
    forgotten = Q(application__erased_at__isnull=False)
    old = now - timedelta(days=policy.delivery_days)
    rows = (
        PartnerNonce.objects.filter(at__lt=real_now - timedelta(seconds=2 * WINDOW_SECONDS)),
        SandboxApplication.objects.filter(created_at__lt=now - timedelta(days=policy.sandbox_days)),
        PartnerDelivery.objects.filter(Q(created_at__lt=old) | forgotten, next_at=None),
        PartnerReference.objects.filter(forgotten),
    )
    return sum(each.delete()[0] for each in rows) + _secrets(now) + importing.sweep(now)


def _secrets(now: datetime) -> int:
    """Secrets of addresses that are good no more."""
    ended = list(HookSecret.objects.filter(ends_at__lte=now).select_related("secret"))
    for row in ended:
        row.delete()
        row.secret.delete()
    return len(ended)
