"""A worker's record in figures, and every strike with the shift behind it. Four queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from orders import strikes
from orders.models import Appeal, Assignment, OrderPolicy
from orders.selectors.worker import ORDER
from orders.services import appeals
from orders.states import AppealStatus, AssignmentStatus
from staffing.core.models import AuditEvent, Role
from workers.models import Worker


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last `days`: shifts that ended, those begun on time, no-shows, late cancels, and strikes that count."""

    days: int
    served: int
    on_time: int
    no_shows: int
    late_cancels: int
    counted: int

    @property
    def punctual(self) -> float | None:
        """Share of the shifts served that began on time; None without one."""
        return self.on_time / self.served if self.served else None


@dataclass(frozen=True, slots=True)
class Strike:
    """One strike: the shift, its appeals (oldest first), whether it counts, whether it may be appealed, and whether
    somebody else has the place."""

    work: Assignment
    appeals: Sequence[Appeal]
    counts: bool
    may_appeal: bool
    refilled: bool = False

    @property
    def taken_back(self) -> bool:
        """An appeal was accepted."""
        return any(appeal.status == AppealStatus.ACCEPTED for appeal in self.appeals)

    @property
    def no_show(self) -> bool:
        """Not there, rather than called off late."""
        return self.work.status == AssignmentStatus.NO_SHOW

    @property
    def notice(self) -> timedelta | None:
        """How long before the start it was called off."""
        return self.work.start_at - self.work.ended_at if self.work.ended_at else None


def figures(worker: Worker, now: datetime, policy: OrderPolicy, found: Sequence[Strike]) -> Figures:
    """The record of the days that are looked at."""
    since = now - timedelta(days=policy.risk_history_days)
    done = Q(status=AssignmentStatus.COMPLETED)
    counts = worker.assignments.filter(start_at__gt=since, start_at__lte=now).aggregate(
        served=Count("pk", filter=done),
        on_time=Count("pk", filter=done & Q(checked_in_at__lte=F("start_at"))),
    )
    missed = sum(strike.no_show for strike in found)
    return Figures(
        days=policy.risk_history_days,
        no_shows=missed,
        late_cancels=len(found) - missed,
        counted=sum(strike.counts for strike in found),
        **counts,
    )


def strikes_of(worker: Worker, now: datetime, policy: OrderPolicy) -> list[Strike]:
    """The strikes of the days that are looked at, the newest first, and older ones that are still in dispute."""
    recent = Q(start_at__gt=now - timedelta(days=policy.risk_history_days))
    disputed = Q(appeals__status=AppealStatus.OPEN)
    rows = worker.assignments.filter(strikes.made(policy)).filter(recent | disputed).distinct()
    said = Prefetch("appeals", Appeal.objects.order_by("level"))
    rows = rows.annotate(refilled=strikes.refilled())
    rows = rows.select_related(f"{ORDER}__client").prefetch_related(said).order_by("-start_at", "-id")
    return [strike(work, now, policy) for work in rows]


def strike(work: Assignment, now: datetime, policy: OrderPolicy) -> Strike:
    """One of them, with its appeals at hand."""
    said = list(work.appeals.all())
    last = said[-1] if said else None
    counts = not any(appeal.status in strikes.SUSPENDING for appeal in said)
    waiting = last is not None and last.status == AppealStatus.OPEN
    may_appeal = not waiting and appeals.may_appeal(work, last, now, policy)
    return Strike(work, said, counts, may_appeal, getattr(work, "refilled", False))


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """What workers have had of a client: shifts served, by the reader and by everybody; and of the last `days` how many
    hours were submitted, how many of them objected to, and how many bookings the client called off late."""

    own: int
    all: int
    days: int
    sheets: int
    disputed: int
    called_off: int

    @property
    def undisputed(self) -> float | None:
        """Share of the hours accepted without an objection; None without any."""
        return 1 - self.disputed / self.sheets if self.sheets else None


def record_of(client_id: int, worker: Worker, now: datetime) -> ClientRecord:
    """The client's record as a worker may know it. Two queries."""
    policy = OrderPolicy.current()
    since, late = now - timedelta(days=policy.risk_history_days), timedelta(hours=policy.strike_hours)
    served, recent = Q(status=AssignmentStatus.COMPLETED), Q(start_at__gt=since, timesheet__isnull=False)
    by_client = {"subject_type": "assignment", "action": "release", "actor_role": Role.CLIENT}
    called_off = Q(status=AssignmentStatus.RELEASED, start_at__gt=since, ended_at__gt=F("start_at") - late)
    released = AuditEvent.objects.filter(subject_id=OuterRef("pk"), **by_client)
    counts = Assignment.objects.filter(position__shift__order__client=client_id).aggregate(
        own=Count("pk", filter=served & Q(worker=worker)),
        all=Count("pk", filter=served),
        sheets=Count("pk", filter=recent),
        disputed=Count("pk", filter=recent & ~Q(timesheet__dispute="")),
        called_off=Count("pk", filter=called_off & Q(Exists(released))),
    )
    return ClientRecord(days=policy.risk_history_days, **counts)


def waiting() -> Sequence[Appeal]:
    """What people have to decide, the oldest first, with what was said before and how the worker arrived."""
    related = ("assignment__worker__user", "assignment__position__shift__order__client", "assignment__timesheet")
    earlier = Prefetch("assignment__appeals", Appeal.objects.select_related("decided_by").order_by("level"))
    rows = Appeal.objects.filter(status=AppealStatus.OPEN).select_related(*related)
    rows = rows.annotate(refilled=strikes.refilled("assignment"))
    return list(rows.prefetch_related(earlier, "assignment__punches").order_by("filed_at", "id"))
