"""The pass for each new day over everybody of the pool: one row of the outbox for each stretch of ids, once a day."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from staffing.core import outbox
from workers.models import Proposal, Worker
from workers.selectors import career
from workers.services import proposals
from workers.states import MATCHED

TOPIC: Final = "standing.night"
STRETCH: Final = 500


@transaction.atomic
def plan(now: datetime) -> int:
    """Ask for the pass of today; how many stretches. A second call of the day changes nothing."""
    last, day = Worker.objects.aggregate(last=Max("pk"))["last"] or 0, timezone.localdate(now)
    facts = [
        ({"first": first, "last": first + STRETCH - 1}, f"{day.isoformat()}:{first}")
        for first in range(0, last + 1, STRETCH)
    ]
    outbox.publish_many(TOPIC, facts, now=now)
    return len(facts)


def propose_steps(first: int, last: int, now: datetime) -> None:
    """Propose the next level for whoever has all it needs, and full time for the best; take back what no longer holds.

    Only who is sent, and on no watch.
    """
    people = Worker.objects.filter(pk__gte=first, pk__lte=last, status__in=MATCHED).select_related("user")
    for stand in career.stands(people.order_by("pk"), now):
        _promotion(stand, now)
    for worker in career.for_full_time(people, now):
        proposals.make(worker.pk, Proposal.Kind.FULL_TIME, career.full_time_evidence(worker, now), now)


def _promotion(stand: career.Stand, now: datetime) -> None:
    kind, good = Proposal.Kind.PROMOTE, stand.worker.status == Worker.Status.ACTIVE
    if stand.ready and good and stand.next_level is not None and stand.next_track is not None:
        evidence = [{"code": gap.kind, "have": gap.have, "need": gap.need} for gap in stand.gaps]
        proposals.make(stand.worker.pk, kind, evidence, now, level=stand.next_level, track=stand.next_track)
    elif Proposal.objects.filter(worker=stand.worker, kind=kind, status="open").exists():
        proposals.withdraw(stand.worker.pk, [kind], now)
