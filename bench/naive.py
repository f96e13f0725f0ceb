"""What one writes first: a loop over the shifts, the ORM's joins for what can be joined, Python for the rest.

Runs against the database of :mod:`bench.product`, in one transaction that is rolled back.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from bench import rows, staffgen
from orders.models import Assignment, Position, Shift
from orders.states import ACTIVE_ASSIGNMENT, PositionStatus
from workers.models import Worker

Span = tuple[datetime, datetime]


def run(most: int) -> dict[str, Any]:
    """Fill the first ``most`` shifts, evenly spread over all of them; seconds, and places filled."""
    shifts = list(Shift.objects.filter(order__status="submitted").select_related("order__client", "order__site"))
    sample = spread(shifts, most)
    begun = time.perf_counter()
    with transaction.atomic():
        filled = sum(propose(shift) for shift in sample)
        took = time.perf_counter() - begun
        transaction.set_rollback(True)
    whole = took * len(shifts) / max(1, len(sample))
    return {"shifts": len(shifts), "measured": len(sample), "seconds": took, "whole_seconds": whole, "filled": filled}


def propose(shift: Shift) -> int:
    """Put the best free people on the open places of a shift; how many were found."""
    busy = proposed()
    near = [(score(shift, worker), worker) for worker in qualified(shift)]
    able = [pair for pair in near if pair[0] >= 0 and free(shift, pair[1], busy.get(pair[1].pk, ()))]
    best = sorted(able, key=lambda pair: (-pair[0], pair[1].pk))
    places = Position.objects.filter(shift=shift, status=PositionStatus.OPEN)
    taken = list(zip(places, best, strict=False))
    for place, (points, worker) in taken:
        place.proposed_worker, place.score, place.status = worker, points, PositionStatus.PROPOSED
        place.save()
    return len(taken)


def qualified(shift: Shift) -> QuerySet[Worker]:
    """Whom the joins let through, with all that the loop looks at."""
    order = shift.order
    found = Worker.objects.filter(status=Worker.Status.ACTIVE, clearance__gte=order.clearance)
    found = found.exclude(pk__in=order.client.do_not_send.values("worker"))
    if order.min_stars is not None:
        found = found.filter(stars__gte=order.min_stars)
    if order.remote:
        found = found.filter(remote_ok=True)
    for need in order.skills.all():
        found = found.filter(skills__skill=need.skill_id, skills__level__gte=need.min_level)
    for language in order.languages.all():
        found = found.filter(languages__language=language.language_id, languages__level__gte=language.min_level)
    for certificate in order.certificates.all():
        held = Q(certificates__expires_on__isnull=True) | Q(certificates__expires_on__gte=shift.end_at.date())
        found = found.filter(held, certificates__type=certificate.type_id)
    booked = Assignment.objects.filter(status__in=ACTIVE_ASSIGNMENT)
    return found.prefetch_related("windows", "exceptions", Prefetch("assignments", booked, to_attr="booked"))


def proposed() -> dict[int, list[Span]]:
    """The times that are proposed to somebody already, by worker."""
    found: dict[int, list[Span]] = {}
    places = Position.objects.filter(status=PositionStatus.PROPOSED).select_related("shift")
    for place in places:
        assert place.proposed_worker_id is not None
        found.setdefault(place.proposed_worker_id, []).append((place.shift.start_at, place.shift.end_at))
    return found


def free(shift: Shift, worker: Worker, taken: Sequence[Span]) -> bool:
    """Available, rested and within the hours of the week."""
    busy = [*((a.start_at, a.end_at) for a in worker.booked), *taken]  # type: ignore[attr-defined]
    rest = timedelta(minutes=worker.min_rest_minutes)
    if any(shift.start_at < end + rest and start < shift.end_at + rest for start, end in busy):
        return False
    minutes = sum(((end - start) for start, end in busy), shift.end_at - shift.start_at).total_seconds() / 60
    return minutes <= (worker.weekly_cap_minutes or math.inf) and available(shift, worker)


def available(shift: Shift, worker: Worker) -> bool:
    """The whole shift lies in the weekly windows and extra times, less the times off."""
    start, end = (int((at - rows.MONDAY).total_seconds() // 60) for at in (shift.start_at, shift.end_at))
    weekly = [(w.weekday * 1440 + w.start_minute, w.weekday * 1440 + w.end_minute) for w in worker.windows.all()]
    dated = [(int(one.kind == "extra"), _minute(one.start_at), _minute(one.end_at)) for one in worker.exceptions.all()]
    return any(a <= start and end <= b for a, b in staffgen.windows(weekly, dated))


def score(shift: Shift, worker: Worker) -> int:
    """Points of the pair; −1 for somebody too far away."""
    points = 25
    site = shift.order.site
    if not shift.order.remote and site is not None:
        km = staffgen.haversine(worker.latitude, worker.longitude, site.latitude, site.longitude)
        if km > worker.max_km:
            return -1
        points = int(25 * (1 - km / worker.max_km)) if worker.max_km else 0
    return points + int(5 * float(worker.stars or 0)) + worker.reliability * 15 // 100


def _minute(at: datetime) -> int:
    return int((at - rows.MONDAY).total_seconds() // 60)


def spread(items: Sequence[Any], most: int) -> Sequence[Any]:
    """At most so many, evenly spread."""
    return items[:: max(1, len(items) // most)][:most]
