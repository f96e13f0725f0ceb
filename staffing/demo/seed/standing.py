"""Stars with their history, people on watch, proposals and appeals, careers, and ties to companies."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from feedback.models import StarChange, StarLevel, StarStanding, WorkerRating
from feedback.selectors import stars
from feedback.selectors.stars import KEPT, USUAL, Given, Rules, Standing
from feedback.services import watching
from feedback.star_score import weight_of
from orders.models import Assignment, Client, ConflictOfInterest
from orders.services import conflicts
from orders.services.conflicts import Declared
from orders.states import AssignmentStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.models import Role, User
from staffing.demo import logins
from workers import career_steps
from workers.models import CareerRule, Level, LevelChange, Proposal, Track, WatchEntry, Worker
from workers.selectors import career
from workers.services import careers, nightly, proposals, standing_appeals

DAY = timedelta(days=1)
Kind = ConflictOfInterest.Kind
LONG_WATCHED, APPEALED, PROMOTED = 2, 1, 12
APPEAL = "那两天地铁停运，我提前一小时报告了调度，可以查聊天记录。"


def build(seed: int, now: datetime) -> None:
    """After the past is written."""
    random = Random(seed)
    manager = actor_of(User.objects.filter(role=Role.MANAGER).earliest("pk"))
    _tables()
    _stars(now)
    _watch(now)
    _careers(random, manager, now)
    _ties(now)


def _tables() -> None:
    """What the administrator may change."""
    StarLevel.objects.bulk_create(
        StarLevel(level=level, least_score=score, least_services=services) for level, (score, services) in USUAL.items()
    )
    CareerRule.objects.bulk_create(
        CareerRule(
            track=track,
            level=level,
            least_services=need.services,
            least_stars=need.stars,
            least_months=need.months,
        )
        for (track, level), need in career_steps.usual().items()
    )


def _stars(now: datetime) -> None:
    """Each rating as it was counted then, and everything as it is today."""
    # The last hours were counted by the services; the whole history takes their place.
    StarChange.objects.all().delete()
    StarStanding.objects.all().delete()
    found, today = stars.rules(), timezone.localdate(now)
    rated = Worker.objects.filter(pk__in=WorkerRating.objects.values("assignment__worker")).order_by("pk")
    given = stars.ratings_of(rated.values_list("pk", flat=True), today, found)
    changes: list[StarChange] = []
    standings, people = [], list(rated)
    for worker in people:
        changes += _lived(worker, given.get(worker.pk, []), found, now)
        last = changes[-1] if changes and changes[-1].worker_id == worker.pk else None
        held = last.level_after if last else 0
        at_last = stars.standing(given.get(worker.pk, []), worker.services_done, held, found)
        worker.stars = at_last.shown
        standings.append(StarStanding(worker=worker, score=at_last.score, level=at_last.level, counted_on=today))
    Worker.objects.bulk_update(people, ["stars"], batch_size=500)
    StarStanding.objects.bulk_create(standings)
    StarChange.objects.bulk_create(sorted(changes, key=lambda row: row.at))


def _lived(worker: Worker, given: Sequence[Given], found: Rules, now: datetime) -> Iterator[StarChange]:
    """The changes of one person, rating by rating."""
    before = Standing(None, 0)
    done = Assignment.objects.filter(worker=worker, status=AssignmentStatus.COMPLETED).order_by("end_at")
    ends = list(done.values_list("end_at", flat=True))
    for one in reversed(given):
        then = [_as_of(other, one, found) for other in given if other.day <= one.day]
        at = timezone.make_aware(datetime.combine(one.day, datetime.min.time())) + 20 * DAY / 24
        served = sum(end <= at for end in ends)
        after = stars.standing(then, served, before.level, found)
        if after != before:
            yield _change(worker, min(at, now), before, after, then)
        before = after


def _as_of(given: Given, day: Given, found: Rules) -> Given:
    age = (day.day - given.day).days
    weight = weight_of(age, found.rule)
    return Given(given.assignment, given.stars, given.day, given.served_at, given.title, age, weight)


def _change(worker: Worker, at: datetime, before: Standing, after: Standing, then: Sequence[Given]) -> StarChange:
    return StarChange(
        worker=worker,
        at=at,
        cause=StarChange.Cause.RATING,
        score_before=before.score,
        score_after=after.score,
        level_before=before.level,
        level_after=after.level,
        ratings=[one.kept() for one in sorted(then, key=lambda one: one.age)[:KEPT]],
    )


def _watch(now: datetime) -> None:
    """Whoever the figures put there; some have been for long, one appeals."""
    watching.review(Worker.objects.order_by("pk").values_list("pk", flat=True), now)
    rows = list(WatchEntry.objects.select_related("worker__user").order_by("pk"))
    for back, row in enumerate(rows[:LONG_WATCHED]):
        WatchEntry.objects.filter(pk=row.pk).update(since=now - (33 + 4 * back) * DAY)
    watching.review([row.worker_id for row in rows[:LONG_WATCHED]], now)
    for row in rows[LONG_WATCHED : LONG_WATCHED + APPEALED]:
        WatchEntry.objects.filter(pk=row.pk).update(since=now - 3 * DAY)
        standing_appeals.file(row, by=actor_of(row.worker.user), now=now - DAY / 4, text=APPEAL)


def _careers(random: Random, manager: Actor, now: datetime) -> None:
    """Some have risen before; who could rise now is proposed, the best for full time."""
    assert manager.user is not None
    shown = Worker.objects.get(user__phone=logins.WORKER.phone)
    risen = list(Worker.objects.filter(level=Level.SENIOR).exclude(pk=shown.pk).order_by("pk")[:PROMOTED])
    for worker in [shown, *risen]:
        day = timezone.localdate(now) - random.randint(70, 200) * DAY
        at = timezone.make_aware(datetime.combine(day, datetime.min.time()))
        LevelChange.objects.create(
            worker=worker,
            level_before=Level.JUNIOR,
            level_after=worker.level,
            track_before=Track.SERVICE,
            track_after=Track.SERVICE,
            effective_on=day,
            reason="服务稳定，客户评价好",
            decided_by=manager.user,
            decided_at=at - DAY,
            applied_at=at,
        )
    careers.wish(shown.pk, Track.TRAINER, by=actor_of(shown.user), now=now)
    last = Worker.objects.latest("pk").pk
    nightly.propose_steps(0, last, now)
    best = Worker.objects.filter(status=Worker.Status.ACTIVE, stars__isnull=False)
    for worker in best.order_by("-services_done", "-stars", "pk")[:1]:
        proposals.make(worker.pk, Proposal.Kind.FULL_TIME, career.full_time_evidence(worker, now), now)


def _ties(now: datetime) -> None:
    """A sister at a client, a job at somebody whom nobody knows."""
    client = Client.objects.earliest("pk")
    people = Worker.objects.filter(status=Worker.Status.ACTIVE).exclude(user__phone=logins.WORKER.phone).order_by("pk")
    said = (
        Declared(client.name, Kind.RELATED, "姐姐在采购部"),
        Declared("云上集采", Kind.COMPETITOR, "周末在那里做客服"),
    )
    for worker, one in zip(people[:2], said, strict=False):
        conflicts.declare(worker, one, by=actor_of(worker.user), now=now - 2 * DAY)
