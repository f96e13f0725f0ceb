"""The people who serve a client, as far as the client may know them: no phone numbers, nothing private."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders.models import Assignment, Client, DoNotSend, TeamMember
from orders.states import AssignmentStatus
from workers.models import Worker

PAST = 10
GROUPS = ("all", "team", "not-again")


def known(client: Client) -> QuerySet[Worker]:
    """Whoever was ever booked by the client, or is on one of its lists."""
    booked = Assignment.objects.filter(worker=OuterRef("pk"), position__shift__order__client=client)
    on_list = (model.objects.filter(worker=OuterRef("pk"), client=client) for model in (TeamMember, DoNotSend))
    team, shunned = on_list
    return Worker.objects.filter(Exists(booked) | Exists(team) | Exists(shunned)).select_related("user", "city")


def listed(client: Client, group: str) -> QuerySet[Worker]:
    """Known people with `services` for the client, when they were `last_here`, and on which list they are.

    `group`: one of `GROUPS`.
    """
    done = Assignment.objects.filter(
        worker=OuterRef("pk"), position__shift__order__client=client, status=AssignmentStatus.COMPLETED
    )
    by_worker = done.order_by().values("worker")
    rows = known(client).annotate(
        services=Coalesce(Subquery(by_worker.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        last_here=Subquery(by_worker.annotate(at=Max("end_at")).values("at")),
        in_team=Exists(TeamMember.objects.filter(client=client, worker=OuterRef("pk"))),
        shunned=Exists(DoNotSend.objects.filter(client=client, worker=OuterRef("pk"))),
    )
    narrowed = {"team": rows.filter(in_team=True), "not-again": rows.filter(shunned=True)}.get(group, rows)
    return narrowed.order_by("-in_team", "-services", "user__name", "pk")


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
    """Everything the client may know about somebody; a fixed number of queries."""
    own = Assignment.objects.filter(worker=worker, position__shift__order__client=client)
    shown = own.select_related("position__shift__order__site")
    booked = shown.filter(status__in=(AssignmentStatus.BOOKED, AssignmentStatus.CHECKED_IN), end_at__gt=now)
    done = own.filter(status=AssignmentStatus.COMPLETED)
    today = timezone.localdate(now)
    valid = worker.certificates.exclude(expires_on__lt=today).select_related("type").order_by("type_id")
    return PersonPage(
        worker=worker,
        in_team=TeamMember.objects.filter(client=client, worker=worker).exists(),
        shunned=DoNotSend.objects.filter(client=client, worker=worker).first(),
        skills=list(worker.skills.select_related("skill").order_by("-level", "skill_id")),
        languages=list(worker.languages.select_related("language").order_by("-level", "language_id")),
        papers=list(valid),
        sites=_by_site(done),
        coming=list(booked.order_by("start_at")),
        past=list(shown.filter(status=AssignmentStatus.COMPLETED).order_by("-start_at")[:PAST]),
    )


def _by_site(done: QuerySet[Assignment]) -> list[tuple[str, int]]:
    """Services by site, the most first; "" is remote work."""
    site = "position__shift__order__site__name"
    rows = done.order_by().values(site).annotate(n=Count("pk")).order_by("-n", site)
    return [(row[site] or "", row["n"]) for row in rows]
