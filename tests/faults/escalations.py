"""Run as a process on a house of its own: `post DUE EARLY` opens cases, `look` tells what came of them (JSON)."""

import json
import os
import sys
from collections import Counter
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staffing.settings")
# Past 48 h, and well before 24 h.
LATE, FRESH = timedelta(hours=49), timedelta(hours=1)


def post(due: int, early: int) -> None:
    """Cases whose calls at 24 and 40 h were made before the outage and whose 48 h passed during it; and fresh ones."""
    from feedback.models import Escalation
    from staffing.core import clock
    from staffing.core.models import OutboxMessage
    from tests.fixtures.agency import Agency

    agency, now = Agency(), clock.now()
    agency.dispatcher()
    agency.dispatcher()
    agency.manager()
    company = agency.client()
    for number in range(due + early):
        open_case(company, now - (LATE if number < due else FRESH))
    before = now - timedelta(hours=2)
    made = Escalation.objects.filter(due_at__lt=before)
    assert len(made) == 2 * due
    for row in made:
        row.sent_at = row.due_at
    Escalation.objects.bulk_update(made, ["sent_at"])
    OutboxMessage.objects.filter(due_at__lt=before).update(done_at=before)


def open_case(company: object, at: datetime) -> None:
    """By the service, from a complaint."""
    from django.db import transaction

    from feedback.models import Complaint
    from feedback.services import cases
    from orders.models import Client

    assert isinstance(company, Client)

    with transaction.atomic():
        said = Complaint.objects.create(client=company, raised_by_role="phone", category="attendance", text="x", at=at)
        cases.open_for(complaint=said, now=at)


def look() -> dict[str, object]:
    """What a person would find of the calls for help."""
    from django.db.models import F

    from feedback.models import CaseRound, Escalation
    from staffing.core.models import AuditEvent, Notification, OutboxMessage

    calls = AuditEvent.objects.filter(subject_type="reviewcase", action="escalate")
    told = Notification.objects.filter(kind="case.escalated")
    return {
        "escalations": Escalation.objects.filter(level_hours=48, sent_at__isnull=False).count(),
        "early": Escalation.objects.filter(sent_at__lt=F("due_at")).count(),
        "audited": sorted(Counter(Counter(calls.values_list("subject_id", flat=True)).values()).items()),
        "told": sorted(Counter(Counter(told.values_list("subject_id", flat=True)).values()).items()),
        "breaches": CaseRound.objects.filter(breached_at__isnull=False).count(),
        "aside": OutboxMessage.objects.filter(set_aside_at__isnull=False).count(),
    }


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "post":
        post(int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(look()) + "\n")
