"""What is known of punches that had to be looked at, and of photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from orders import strikes
from orders.models import Assignment, Order, OrderPolicy, Punch, PunchRequest, ServicePhoto, ServicePolicy, Site
from orders.selectors.worker import work_rows
from orders.services import readiness
from orders.states import AssignmentStatus, PunchRequestStatus
from workers.models import Worker


def asked_of(work: Assignment) -> QuerySet[PunchRequest]:
    """What was asked for a booking, and what came of it; the latest first."""
    return work.punch_requests.order_by("-received_at", "-id")


def latest_asked() -> Subquery:
    """For a queryset of workers: the latest punch of theirs that was put to a dispatcher, as data."""
    data = JSONObject(work="assignment_id", kind="kind", why="why", status="status", at="claimed_at", words="decision")
    mine = PunchRequest.objects.filter(assignment__worker=OuterRef("pk")).order_by("-received_at", "-id")
    return Subquery(mine.values(data=data)[:1])


def about(worker: Any, work: Assignment | None) -> PunchRequest | None:
    """What `latest_asked` found of a worker, if it is about this booking."""
    data = worker.asked
    if data is None or work is None or data["work"] != work.pk:
        return None
    at = datetime.fromisoformat(data["at"])
    return PunchRequest(
        kind=data["kind"], why=data["why"], status=data["status"], claimed_at=at, decision=data["words"]
    )


def waits(work: Assignment, kind: str) -> bool:
    """Whether such a punch of the booking waits for a dispatcher."""
    return work.punch_requests.filter(kind=kind, status=PunchRequestStatus.WAITING).exists()


def waiting() -> QuerySet[PunchRequest]:
    """Every punch that waits for a dispatcher, the oldest first; `late_for_place`: they counted as absent, and somebody
    else has the place."""
    absent = Q(assignment__status=AssignmentStatus.NO_SHOW) & Q(strikes.refilled("assignment"))
    rows = PunchRequest.objects.filter(status=PunchRequestStatus.WAITING)
    rows = rows.annotate(late_for_place=ExpressionWrapper(absent, BooleanField()))
    order = "assignment__position__shift__order"
    return rows.select_related("assignment__worker__user", f"{order}__client", f"{order}__site", "photo")


def first_claim(work: Assignment) -> dict[str, Any]:
    """Which punch is probably missing, and when it should have been."""
    if work.status in (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED):
        return {"kind": Punch.Kind.OUT, "at": work.end_at}
    return {"kind": Punch.Kind.IN, "at": work.start_at}


def work_at(worker: Worker, site: Site, now: datetime) -> Assignment | None:
    """The booking at a place for which a punch is due now: the one to leave, else the next to come to."""
    early = timedelta(minutes=OrderPolicy.current().check_in_from_minutes)
    mine = work_rows(worker.assignments.filter(position__shift__order__site=site))
    running = mine.filter(status=AssignmentStatus.CHECKED_IN).order_by("start_at").first()
    ahead = mine.filter(status=AssignmentStatus.BOOKED, end_at__gt=now, start_at__lte=now + early)
    return running or ahead.order_by("start_at").first()


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing was heard of somebody who works from home, and when."""

    work: Assignment
    gaps: Sequence[tuple[datetime, datetime]]

    @property
    def total(self) -> timedelta:
        """All of it."""
        return sum((until - since for since, until in self.gaps), timedelta())


def silences(order: Order, now: datetime) -> list[Silence]:
    """For a remote order: everybody who has come, with the gaps in the response of their page (three queries)."""
    if not order.remote:
        return []
    works = Assignment.objects.filter(position__shift__order=order, checked_in_at__isnull=False)
    rows = works.select_related("worker__user").prefetch_related("heartbeats").order_by("start_at", "id")
    policy = ServicePolicy.current()
    return [Silence(work, readiness.gaps_of(work, policy, now)) for work in rows]


def photos_of(order: Order) -> QuerySet[ServicePhoto]:
    """The photo record of an order, in the order they were taken."""
    rows = ServicePhoto.objects.filter(assignment__position__shift__order=order)
    return rows.select_related("assignment__worker__user").order_by("at", "id")
