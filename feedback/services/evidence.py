"""What speaks for itself when a case opens: gathered once, kept as data, shown in words."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from feedback.models import Evidence, Review, ReviewCase
from orders.models import Assignment, MatchRun, Offer, Order, Replacement, Timesheet
from orders.states import AssignmentStatus, OfferStatus

Fact = tuple[str, datetime, dict[str, Any]]


def gather(case: ReviewCase, now: datetime) -> list[Evidence]:
    """Write every fact found about the case's order."""
    facts = [fact for source in SOURCES for fact in source(case.order)] if case.order else []
    facts += _history(case, now)
    return Evidence.objects.bulk_create(
        Evidence(case=case, kind=kind, at=at, data=data) for kind, at, data in sorted(facts, key=lambda fact: fact[1])
    )


def _runs(order: Order) -> Iterator[Fact]:
    """What the engine said: scores of the chosen, how many stood against, what was missing."""
    for run in MatchRun.objects.filter(order=order).prefetch_related("shifts").order_by("id"):
        best = [shift.ranked[0]["score"] for shift in run.shifts.all() if shift.ranked]
        data = {
            "run": run.pk,
            "cause": run.cause,
            "pool": run.pool_size,
            "eligible": sum(len(shift.ranked) for shift in run.shifts.all()),
            "rejected": sum(len(shift.rejected) for shift in run.shifts.all()),
            "shortage": run.shortage,
            "best": max(best, default=None),
        }
        yield "match", run.created_at, data


def _offers(order: Order) -> Iterator[Fact]:
    """Offers that were not taken."""
    rows = Offer.objects.filter(position__shift__order=order, status__in=(OfferStatus.DECLINED, OfferStatus.EXPIRED))
    for offer in rows.select_related("worker__user"):
        data = {"worker": offer.worker.user.name, "status": offer.status, "reason": offer.reason}
        yield "offer", offer.answered_at or offer.expires_at, data


def _absences(order: Order) -> Iterator[Fact]:
    """Who was booked and did not serve."""
    lost = (AssignmentStatus.NO_SHOW, AssignmentStatus.CANCELLED, AssignmentStatus.RELEASED)
    rows = Assignment.objects.filter(position__shift__order=order, status__in=lost).select_related("worker__user")
    for work in rows:
        yield "absence", work.ended_at or work.start_at, {"worker": work.worker.user.name, "status": work.status}


def _replacements(order: Order) -> Iterator[Fact]:
    """How long a lost place stayed empty (minutes; null while it did)."""
    for row in Replacement.objects.filter(position__shift__order=order).select_related("found__worker__user"):
        minutes = int((row.filled_at - row.started_at).total_seconds() // 60) if row.filled_at else None
        found = row.found.worker.user.name if row.found else None
        yield "replacement", row.started_at, {"cause": row.cause, "minutes": minutes, "found": found}


def _gaps(order: Order) -> Iterator[Fact]:
    """Late arrivals and hours short of the plan."""
    rows = Timesheet.objects.filter(assignment__position__shift__order=order).select_related("assignment__worker__user")
    for sheet in rows:
        short = sheet.planned_minutes - sheet.actual_minutes
        if sheet.late_minutes > 0 or short > 0:
            name = sheet.assignment.worker.user.name
            yield "punch", sheet.submitted_at, {"worker": name, "late": sheet.late_minutes, "short": short}


def _history(case: ReviewCase, now: datetime) -> Iterator[Fact]:
    """Earlier cases of the same client."""
    earlier = ReviewCase.objects.filter(client=case.client).exclude(pk=case.pk).count()
    if earlier:
        yield "history", now, {"cases": earlier, "reviews": Review.objects.filter(client=case.client).count()}


SOURCES = (_runs, _offers, _absences, _replacements, _gaps)
