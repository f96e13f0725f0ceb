"""Cases as pages need them."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from feedback import sla
from feedback.diagnosis import Limits
from feedback.models import CaseRound, LoopPolicy, ReviewCase, WorkerRating
from feedback.states import CLOSED, RUNNING, CaseStatus
from staffing.core.models import AuditEvent

GROUPS: dict[str, tuple[CaseStatus, ...]] = {"open": RUNNING, "reported": (CaseStatus.REPORTED,), "closed": CLOSED}
ORDER_OF_GROUP = {"open": ("due_at", "pk"), "reported": ("due_at", "pk"), "closed": ("-closed_at", "-pk")}


def breached(now: datetime) -> Exists:
    """Whether any round of the case was late: also one that no sweep has noticed yet. It stays so for ever."""
    late = Q(breached_at__isnull=False) | Q(reported_at__gt=F("due_at"))
    late |= Q(reported_at__isnull=True, due_at__lt=now)
    return Exists(CaseRound.objects.filter(late, case=OuterRef("pk")))


def board(now: datetime) -> QuerySet[ReviewCase]:
    """All cases with what their line on a list shows, and whether they were ever late."""
    listed = ReviewCase.objects.select_related("order", "client", "owner", "substitute", "review", "complaint")
    return listed.annotate(was_late=breached(now))


def due_today(now: datetime) -> int:
    """How many cases wait for an answer that is due by the end of the local day, or was before."""
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return ReviewCase.objects.filter(status__in=RUNNING, due_at__lt=tomorrow).count()


def in_group(cases: QuerySet[ReviewCase], group: str) -> QuerySet[ReviewCase]:
    """One tab: the running ones by time left, the closed ones newest first."""
    return cases.filter(status__in=GROUPS[group]).order_by(*ORDER_OF_GROUP[group])


def group_counts(cases: QuerySet[ReviewCase]) -> dict[str, int]:
    """How many cases each tab holds. One query."""
    sums = {name: Count("pk", filter=Q(status__in=states)) for name, states in GROUPS.items()}
    return ReviewCase.objects.filter(pk__in=cases.values("pk")).aggregate(**sums)


def detailed(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """With everything that the agency's page of a case shows."""
    return for_client(cases).prefetch_related("evidence", "escalations")


def for_client(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """With what the client's page shows: neither evidence nor escalations."""
    ratings = WorkerRating.objects.select_related("assignment__worker__user").order_by("pk")
    related = ("order__city", "order__site", "client", "owner", "substitute", "review", "complaint")
    return cases.select_related(*related).prefetch_related(
        Prefetch("rounds", queryset=CaseRound.objects.select_related("fix_owner")),
        Prefetch("review__ratings", queryset=ratings),
        "review__photos",
    )


def history(case: ReviewCase) -> list[AuditEvent]:
    """Every audited step of the case, oldest first."""
    events = AuditEvent.objects.filter(subject_type="reviewcase", subject_id=case.pk)
    return list(events.select_related("actor").order_by("at", "id"))


def limits(policy: LoopPolicy) -> Limits:
    """From when evidence speaks for a cause."""
    names = ("low_stars", "low_score", "many_refusals", "slow_minutes", "slow_reply_minutes")
    return Limits(**{name: getattr(policy, name) for name in names})


def rounds_of(case: ReviewCase) -> list[CaseRound]:
    """The rounds, newest first, from what was prefetched."""
    return sorted(case.rounds.all(), key=lambda turn: -turn.number)


def clock_of(turn: CaseRound) -> sla.Round:
    """A round as the pure clock wants it: the report to the client stops it."""
    return sla.Round(turn.opened_at, turn.due_at, turn.reported_at)


def answer_until(case: ReviewCase, policy: LoopPolicy | None = None) -> datetime | None:
    """When a reported case closes for want of an answer; None in any other state. One query without the policy."""
    if case.status != CaseStatus.REPORTED:
        return None
    reported = next((turn.reported_at for turn in case.rounds.all() if turn.number == case.round), None)
    return sla.answer_deadline(reported, (policy or LoopPolicy.current()).answer_days) if reported else None
