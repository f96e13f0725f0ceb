"""The people who serve a client, as far as the client may know them: no phone numbers, nothing private."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders.models import Assignment, Client, DoNotSend, TeamMember
from orders.states import AssignmentStatus
from workers.models import Worker

PAST = 10
TOLD = (AssignmentStatus.BOOKED, AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
GROUPS = ("all", "team", "not-again")


def known(client: Client) -> QuerySet[Worker]:
    """Whoever was ever booked by the client, or is on one of its lists (`in_team`, `shunned`)."""
    booked = Assignment.objects.filter(worker=OuterRef("pk"), position__shift__order__client=client)
    team, shunned = _on_list(TeamMember.objects.all(), client), _on_list(_shunned(), client)
    rows = Worker.objects.annotate(in_team=team, shunned=shunned)
    return rows.filter(Exists(booked) | team | shunned).select_related("user", "city")


def _shunned() -> QuerySet[DoNotSend]:
    """By wish; a worker's conflict of interest is not the client's to know."""
    return DoNotSend.objects.filter(kind=DoNotSend.Kind.WISH)


def _on_list(rows: QuerySet[Any], client: Client) -> Exists:
    return Exists(rows.filter(worker=OuterRef("pk"), client=client))


def listed(client: Client, group: str) -> QuerySet[Worker]:
    """Known people with `services` for the client and when they were `last_here`.

    `group`: one of `GROUPS`.
    """
    done = Assignment.objects.filter(
        worker=OuterRef("pk"), position__shift__order__client=client, status=AssignmentStatus.COMPLETED
    )
    by_worker = done.order_by().values("worker")
    rows = known(client).annotate(
        services=Coalesce(Subquery(by_worker.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        last_here=Subquery(by_worker.annotate(at=Max("end_at")).values("at")),
    )
    wanted = {"team": _on_list(TeamMember.objects.all(), client), "not-again": _on_list(_shunned(), client)}.get(group)
    narrowed = rows.filter(wanted) if wanted else rows
    return narrowed.order_by(F("in_team").desc(), "-services", "user__name", "pk")


@dataclass(frozen=True)
class PersonPage:
    """One person: what they can do, where they served the client, what they are booked for."""

    worker: Worker
    in_team: bool
    shunned: DoNotSend | None
    skills: Sequence[Any]
    languages: Sequence[Any]
    papers: Sequence[Any]
    sites: Sequence[tuple[str, int]]
    coming: Sequence[Assignment]
    past: Sequence[Assignment]

    @property
    def services(self) -> int:
        """How often they served the client."""
        return sum(count for _site, count in self.sites)


def person(worker: Worker, client: Client, now: datetime) -> PersonPage:
    """Everything the client may know about one of its `known`; a fixed number of queries."""
    own = Assignment.objects.filter(worker=worker, position__shift__order__client=client)
    works = list(own.filter(status__in=TOLD).select_related("position__shift__order__site").order_by("start_at"))
    done = [work for work in works if work.status == AssignmentStatus.COMPLETED]
    today = timezone.localdate(now)
    valid = worker.certificates.exclude(expires_on__lt=today).select_related("type").order_by("type_id")
    return PersonPage(
        worker=worker,
        in_team=bool(getattr(worker, "in_team")),  # noqa: B009 - annotated
        shunned=_shunned().filter(client=client, worker=worker).first(),
        skills=list(worker.skills.select_related("skill").order_by("-level", "skill_id")),
        languages=list(worker.languages.select_related("language").order_by("-level", "language_id")),
        papers=list(valid),
        sites=_by_site(done),
        coming=[work for work in works if work.status != AssignmentStatus.COMPLETED and work.end_at > now],
        past=done[: -PAST - 1 : -1],
    )


def _by_site(done: Sequence[Assignment]) -> list[tuple[str, int]]:
    """Services by site, the most first; "" is remote work."""
    sites = (work.position.shift.order.site for work in done)
    counted = Counter(site.name if site else "" for site in sites)
    return sorted(counted.items(), key=lambda row: (-row[1], row[0]))
