"""Write-backs, what they brought, fixes and absences, as pages need them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback.effect import Effect, effect
from feedback.models import CaseRound, ReviewCase, StaffAbsence, WriteBack
from orders.models import Assignment
from workers.models import Worker

WORKERS = "order__shifts__positions__assignments__worker"
RECENT = 40


def writebacks() -> QuerySet[WriteBack]:
    """With all that a line shows, the newest first."""
    related = (
        "case__order",
        "case__complaint",
        "client",
        "worker__user",
        "applied_by",
        "training",
        "credit__decided_by",
    )
    return WriteBack.objects.select_related(*related).order_by("-applied_at", "-pk")


def effects(rows: Sequence[WriteBack], now: datetime, days: int) -> dict[int, Effect]:
    """What each brought: cases with the same worker where it is about one, else of the same client with the same cause.

    At most two queries, however many rows.
    """
    by_client: dict[tuple[int, str], dict[int, datetime]] = {}
    by_worker: dict[int, dict[int, datetime]] = {}
    for client, cause, case, at in _of_clients(row for row in rows if row.worker_id is None):
        by_client.setdefault((client, cause), {})[case] = at
    for worker, case, at in _of_workers(row for row in rows if row.worker_id is not None):
        by_worker.setdefault(worker, {})[case] = at
    found = {}
    for row in rows:
        same = (
            by_client.get((row.client_id, row.cause), {}) if row.worker_id is None else by_worker.get(row.worker_id, {})
        )
        found[row.pk] = effect(row.applied_at, now, same.values(), days)
    return found


def _of_clients(rows: Iterable[WriteBack]) -> Iterable[tuple[int, str, int, datetime]]:
    wanted = {row.client_id for row in rows}
    if not wanted:
        return ()
    turns = CaseRound.objects.filter(case__client__in=wanted).exclude(cause="")
    return turns.values_list("case__client", "cause", "case", "case__opened_at")


def _of_workers(rows: Iterable[WriteBack]) -> Iterable[tuple[int, int, datetime]]:
    wanted = {row.worker_id for row in rows}
    if not wanted:
        return ()
    return ReviewCase.objects.filter(**{f"{WORKERS}__in": wanted}).values_list(WORKERS, "pk", "opened_at")


def people_of(case: ReviewCase) -> QuerySet[Worker]:
    """Who was booked on the case's order; for a complaint about none, who served the client of late."""
    works = Assignment.objects.all()
    if case.order_id is not None:
        works = works.filter(position__shift__order=case.order_id)
    else:
        latest = works.filter(position__shift__order__client=case.client_id).order_by("-start_at")
        works = works.filter(pk__in=latest.values("pk")[:RECENT])
    return Worker.objects.filter(pk__in=works.values("worker")).select_related("user").order_by("user__name")


def absences(now: datetime) -> QuerySet[StaffAbsence]:
    """Who is or will be away, the soonest first."""
    today = timezone.localdate(now)
    return (
        StaffAbsence.objects.filter(Q(last_day__gte=today))
        .select_related("user", "entered_by")
        .order_by("first_day", "pk")
    )
