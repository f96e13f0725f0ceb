"""Run as a process on a house of its own: `post N` submits N orders, `look` tells what has become of them (JSON)."""

import json
import os
import sys

import django
from django.db.models import Count

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staffing.settings")


def post(count: int) -> None:
    """A small agency with enough people, and `count` submitted orders at different hours."""
    from datetime import timedelta

    from staffing.core import clock
    from tests.fixtures.agency import Agency

    agency, now = Agency(), clock.now()
    agency.dispatcher()
    for _ in range(3):
        agency.worker()
    company = agency.client()
    for number in range(count):
        agency.submitted(company, now=now, start=now + timedelta(days=1 + number))


def look() -> dict[str, object]:
    """What a person would find: states, and how often each effect happened."""
    from orders.models import MatchRun, Order
    from staffing.core.models import AuditEvent, Notification, OutboxMessage

    runs = MatchRun.objects.values("order").annotate(n=Count("pk")).values_list("n", flat=True)
    proposals = AuditEvent.objects.filter(action="propose", subject_type="order")
    return {
        "states": sorted(Order.objects.values_list("status", flat=True)),
        "runs": sorted(runs),
        "audits": proposals.count(),
        "notices": Notification.objects.filter(kind="order.proposed").count(),
        "waiting": OutboxMessage.objects.filter(done_at__isnull=True, topic="order.submit").count(),
        "aside": OutboxMessage.objects.filter(set_aside_at__isnull=False).count(),
    }


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "post":
        post(int(sys.argv[2]))
    sys.stdout.write(json.dumps(look()) + "\n")
