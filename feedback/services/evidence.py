"""What speaks for itself when a case opens: gathered once, kept as data, shown in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from feedback.models import Evidence, Review, ReviewCase
from orders.models import Assignment, MatchRun, MatchShift, Offer, Order, OrderMessage, Replacement, Timesheet
from orders.states import AssignmentStatus, OfferStatus
from workers.models import Worker

Fact = tuple[str, datetime, dict[str, Any]]
# So many names of each sort are kept of a match, and so many letters of a message.
NAMES, LETTERS = 5, 200


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
            "eligible": sum(shift.eligible_count() for shift in run.shifts.all()),
            "rejected": sum(shift.rejected_count() for shift in run.shifts.all()),
            "shortage": run.shortage,
            "best": max(best, default=None),
        }
        yield "match", run.created_at, data | _people(list(run.shifts.all()))


def _people(shifts: Sequence[MatchShift]) -> dict[str, Any]:
    """Who stood first, who next, and who was turned away and why: names with score, or with the first reason."""
    scores = {entry["worker"]: entry["score"] for shift in shifts for entry in shift.ranked}
    against = {int(pk): reasons[0] for shift in shifts for pk, reasons in shift.rejected.items() if reasons}
    first = sorted(scores, key=lambda pk: (-scores[pk], pk))[:NAMES]
    away = sorted(against)[:NAMES]
    names = dict(Worker.objects.filter(pk__in=[*first, *away]).values_list("pk", "user__name"))
    return {
        "ranked": [{"worker": names[pk], "score": scores[pk]} for pk in first if pk in names],
        "against": [{"worker": names[pk], "reason": against[pk]} for pk in away if pk in names],
    }


def _messages(order: Order) -> Iterator[Fact]:
    """What client and agency said, and how long the client waited for an answer (minutes; null: none came)."""
    rows = list(OrderMessage.objects.filter(order=order).select_related("author"))
    for place, one in enumerate(rows):
        data = {"author": one.author.name, "client": one.from_client, "body": one.body[:LETTERS]}
        if one.from_client:
            answers = [later.created_at for later in rows[place:] if not later.from_client]
            data["reply"] = int((answers[0] - one.created_at).total_seconds() // 60) if answers else None
        yield "message", one.created_at, data


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
    """Earlier cases of the same client, of each worker who served, and of the same place."""
    others = ReviewCase.objects.exclude(pk=case.pk)
    earlier = others.filter(client=case.client).count()
    if earlier:
        yield "history", now, {"cases": earlier, "reviews": Review.objects.filter(client=case.client).count()}
    if case.order is None:
        return
    yield from _people_before(case.order, others, now)
    if case.order.site is not None and (there := others.filter(order__site=case.order.site).count()):
        yield "site_before", now, {"site": case.order.site.name, "cases": there}


def _people_before(order: Order, others: QuerySet[ReviewCase], now: datetime) -> Iterator[Fact]:
    """Who served and was part of other cases' orders."""
    own = dict(Assignment.objects.filter(position__shift__order=order).values_list("worker", "worker__user__name"))
    path = "order__shifts__positions__assignments__worker"
    counted = others.filter(**{f"{path}__in": own}).values(path).annotate(n=Count("pk", distinct=True))
    for worker, n in sorted(counted.values_list(path, "n")):
        yield "worker_before", now, {"worker": own[worker], "cases": n}


SOURCES = (_runs, _offers, _absences, _replacements, _gaps, _messages)
