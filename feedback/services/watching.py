"""Puts people on watch and takes them off, from attendance and stars in each kind of service; proposes what a person
should decide. Counted anew each time, so that a repeat or a correction changes nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from feedback.models import WorkerRating
from orders.selectors import attendance
from orders.selectors.attendance import Deed
from workers import watching
from workers.models import Proposal, StandingPolicy, WatchEntry, Worker
from workers.services import proposals, watch
from workers.states import LIVE_WATCH, MATCHED, ProposalStatus, WatchStatus
from workers.watching import Count, Limits, Reason

Key = tuple[int, str]
# So many services that count against somebody are kept with a reason, the newest first.
KEPT = 8
REMOVING = (Proposal.Kind.SUSPEND, Proposal.Kind.LEAVE)


@dataclass(slots=True)
class Record:
    """What somebody did in a kind of service, and the ratings with the day of the service."""

    deeds: list[Deed] = field(default_factory=list)
    ratings: list[tuple[int, datetime, str]] = field(default_factory=list)

    def count(self) -> Count:
        """As figures."""
        facts = [deed.fact for deed in self.deeds]
        stars = [rating for rating, _at, _title in self.ratings]
        return Count(
            services=len(facts),
            no_show=facts.count("no_show"),
            late=facts.count("late"),
            cancel=facts.count("cancel"),
            ratings=len(stars),
            stars=sum(stars),
        )

    def behind(self, reason: Reason) -> list[dict[str, str]]:
        """The services that a reason stands on."""
        if reason.figure == "rating":
            low = sorted(self.ratings, key=lambda row: row[0])
            return [_service(at, title) | {"stars": str(rating)} for rating, at, title in low[:KEPT] if rating < 5]
        return [_service(deed.start, deed.title) for deed in self.deeds if deed.fact == reason.figure][:KEPT]


def _service(at: datetime, title: str) -> dict[str, str]:
    return {"day": timezone.localdate(at).isoformat(), "title": title}


def review(workers: Iterable[int], now: datetime) -> None:
    """Look at each of these anew, in id order."""
    ids, policy = sorted(set(workers)), StandingPolicy.current()
    records, limits = records_of(ids, policy, now), limits_of(policy)
    live = _live(ids)
    for key in sorted({*records, *live}):
        _judge(key, records.get(key, Record()), key in live, limits, now)
    for worker in _asked_about(ids):
        _propose(worker, policy, now)


def limits_of(policy: StandingPolicy) -> Limits:
    """The policy's numbers as the pure rules want them."""
    return Limits(
        services=policy.watch_least_services,
        events=policy.watch_least_events,
        no_show=policy.watch_no_show_percent,
        late=policy.watch_late_percent,
        cancel=policy.watch_cancel_percent,
        ratings=policy.watch_least_ratings,
        rating=policy.watch_rating,
        slack=policy.watch_slack_percent,
    )


def records_of(workers: Sequence[int], policy: StandingPolicy, now: datetime) -> Mapping[Key, Record]:
    """By worker and kind of service, of the days that are looked at; not what was before a person lifted a watch."""
    since = now - timedelta(days=policy.watch_days)
    lifted = WatchEntry.objects.filter(worker__in=workers, status=WatchStatus.LIFTED, ended_at__gt=since)
    rows = lifted.order_by().values("worker", "service_type").annotate(at=Max("ended_at"))
    begins = {(row["worker"], row["service_type"]): row["at"] for row in rows}
    found: dict[Key, Record] = defaultdict(Record)
    for deed in attendance.deeds(workers, since, now):
        if deed.start > begins.get((deed.worker, deed.service_type), since):
            found[deed.worker, deed.service_type].deeds.append(deed)
    for worker, kind, *rating in _ratings(workers, since):
        if rating[1] > begins.get((worker, kind), since):
            found[worker, kind].ratings.append((rating[0], rating[1], rating[2]))
    return found


def _ratings(workers: Sequence[int], since: datetime) -> Iterable[tuple[Any, ...]]:
    order = "assignment__position__shift__order"
    rows = WorkerRating.objects.filter(assignment__worker__in=workers, assignment__start_at__gt=since)
    columns = ("assignment__worker", f"{order}__service_type", "stars", "assignment__start_at", f"{order}__title")
    return rows.order_by("-assignment__start_at", "pk").values_list(*columns)


def _live(workers: Sequence[int]) -> set[Key]:
    rows = WatchEntry.objects.filter(worker__in=workers, status__in=LIVE_WATCH)
    return set(rows.values_list("worker", "service_type"))


def _judge(key: Key, record: Record, watched: bool, limits: Limits, now: datetime) -> None:
    count = record.count()
    if why := watching.reasons(count, limits):
        watch.put_on(*key, [asdict(one) | {"services": record.behind(one)} for one in why], now)
    elif watched and watching.mended(count, limits):
        watch.mend(*key, now)


def _asked_about(workers: Sequence[int]) -> list[int]:
    """Those on watch, or about whose removal a manager is asked."""
    watched = WatchEntry.objects.filter(worker__in=workers, status=WatchStatus.WATCHING).values("worker")
    asked = Proposal.objects.filter(worker__in=workers, kind__in=REMOVING, status=ProposalStatus.OPEN).values("worker")
    return list(Worker.objects.filter(Q(pk__in=watched) | Q(pk__in=asked)).order_by("pk").values_list("pk", flat=True))


def _propose(worker: int, policy: StandingPolicy, now: datetime) -> None:
    """Long on watch without mending: a manager is asked. What has mended is not asked any more."""
    before = now - timedelta(days=policy.suspend_after_days)
    old = WatchEntry.objects.filter(worker=worker, status=WatchStatus.WATCHING, since__lte=before)
    if rows := list(old.order_by("since", "pk")):
        kind = REMOVING[_suspended_before(worker, policy, now)]
        proposals.make(worker, kind, [_evidence(row, now) for row in rows], now)
    else:
        proposals.withdraw(worker, REMOVING, now)


def _suspended_before(worker: int, policy: StandingPolicy, now: datetime) -> bool:
    since = now - timedelta(days=policy.leave_within_days)
    done = Proposal.objects.filter(worker=worker, kind=Proposal.Kind.SUSPEND, status=ProposalStatus.APPROVED)
    return done.filter(decided_at__gt=since).exists()


def _evidence(row: WatchEntry, now: datetime) -> dict[str, Any]:
    days = (now - row.since) // timedelta(days=1)
    return {"code": "watched", "service_type": row.service_type, "days": days, "reasons": row.reasons}


def tonight(first: int, last: int) -> list[int]:
    """Who is to be looked at again for a new day: those on watch or proposed for removal, and whoever is sent and has
    a shift or stars to judge by."""
    rows = Worker.objects.filter(pk__gte=first, pk__lte=last)
    worked = Q(status__in=MATCHED) & Q(assignments__isnull=False)
    watched = Q(watch_entries__status__in=LIVE_WATCH)
    return list(rows.filter(worked | watched).order_by("pk").values_list("pk", flat=True).distinct())
