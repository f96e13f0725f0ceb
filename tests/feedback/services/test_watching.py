"""Attendance and stars put people on watch and take them off; a person decides everything else."""

from datetime import datetime, timedelta

import pytest

from feedback.services import watching
from orders.models import Appeal, Assignment
from orders.states import AppealStatus, AssignmentStatus
from staffing.core.actors import actor_of
from staffing.core.models import Notification
from tests.feedback.stories import serve
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from workers.models import Proposal, StandingPolicy, WatchEntry, Worker
from workers.selectors import pool
from workers.services import nightly, proposals, standing, watch
from workers.services.proposals import Verdict

DAY = timedelta(days=1)
NO_SHOW, DONE = AssignmentStatus.NO_SHOW, AssignmentStatus.COMPLETED


def past(agency: Agency, worker: Worker, statuses: list[str], *, first: datetime = NOW - 60 * DAY) -> list[Assignment]:
    """Shifts of one order, one a day, that went so."""
    order = agency.submitted(headcount=len(statuses))
    works = []
    for day, status in enumerate(statuses):
        work = serve(order, worker, AssignmentStatus.RELEASED)
        start = first + day * DAY
        Assignment.objects.filter(pk=work.pk).update(status=status, start_at=start, end_at=start + timedelta(hours=8))
        works.append(work)
    return works


@pytest.fixture(autouse=True)
def _one_is_enough(db: None) -> None:
    StandingPolicy(watch_least_events=1).save()


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


def test_no_shows_put_somebody_on_watch_who_is_sent_all_the_same(agency: Agency, worker: Worker) -> None:
    past(agency, worker, [NO_SHOW, DONE, DONE, DONE, DONE])
    watching.review([worker.pk], NOW)
    entry = WatchEntry.objects.get(worker=worker)
    assert entry.service_type == "pre_sale"
    assert [(why["figure"], why["have"], why["n"], len(why["services"])) for why in entry.reasons] == [
        ("no_show", "20", 5, 1)
    ]
    worker.refresh_from_db()
    assert worker.status == Worker.Status.WATCH
    assert pool.profile(worker.pk).active
    drain(NOW)
    assert Notification.objects.filter(user=worker.user, kind="watch.start").count() == 1


def test_looking_again_changes_nothing(agency: Agency, worker: Worker) -> None:
    past(agency, worker, [NO_SHOW, DONE, DONE, DONE, DONE])
    for _ in range(3):
        watching.review([worker.pk], NOW)
    assert WatchEntry.objects.count() == 1


def test_too_few_services_say_nothing(agency: Agency, worker: Worker) -> None:
    past(agency, worker, [NO_SHOW, DONE, DONE, DONE])
    watching.review([worker.pk], NOW)
    assert not WatchEntry.objects.exists()


def test_good_services_take_the_watch_off(agency: Agency, worker: Worker) -> None:
    past(agency, worker, [NO_SHOW, DONE, DONE, DONE, DONE])
    watching.review([worker.pk], NOW)
    past(agency, worker, [DONE] * 5, first=NOW - 20 * DAY)
    watching.review([worker.pk], NOW)
    worker.refresh_from_db()
    assert (WatchEntry.objects.get().status, worker.status) == ("mended", Worker.Status.ACTIVE)


def test_time_alone_takes_it_off(agency: Agency, worker: Worker) -> None:
    past(agency, worker, [NO_SHOW, DONE, DONE, DONE, DONE])
    watching.review([worker.pk], NOW)
    later = NOW + 100 * DAY
    nightly.plan(later)
    nightly.plan(later)
    drain(later)
    worker.refresh_from_db()
    assert worker.status == Worker.Status.ACTIVE


@pytest.mark.parametrize("status", [AppealStatus.OPEN, AppealStatus.ACCEPTED])
def test_a_strike_in_dispute_does_not_count(agency: Agency, worker: Worker, status: str) -> None:
    works = past(agency, worker, [NO_SHOW, DONE, DONE, DONE, DONE, DONE])
    Appeal.objects.create(assignment=works[0], text="我到了", filed_at=NOW, status=status)
    watching.review([worker.pk], NOW)
    assert not WatchEntry.objects.exists()


def test_what_was_before_a_person_lifted_it_does_not_count_again(agency: Agency, worker: Worker) -> None:
    past(agency, worker, [NO_SHOW, DONE, DONE, DONE, DONE])
    watching.review([worker.pk], NOW)
    desk = actor_of(agency.dispatcher())
    watch.lift(WatchEntry.objects.get().pk, by=desk, now=NOW, reason="当天有证明")
    watching.review([worker.pk], NOW + DAY)
    worker.refresh_from_db()
    assert worker.status == Worker.Status.ACTIVE
    assert WatchEntry.objects.count() == 1


def long_watched(agency: Agency, worker: Worker) -> Proposal:
    """On watch for a month, with nothing better since."""
    past(agency, worker, [NO_SHOW, DONE, DONE, DONE, DONE], first=NOW - 40 * DAY)
    watching.review([worker.pk], NOW)
    watching.review([worker.pk], NOW + 30 * DAY)
    return Proposal.objects.get(worker=worker)


def test_a_month_on_watch_is_put_before_a_manager_and_nothing_else_happens(agency: Agency, worker: Worker) -> None:
    row = long_watched(agency, worker)
    worker.refresh_from_db()
    assert (row.kind, row.status, worker.status) == ("suspend", "open", Worker.Status.WATCH)
    assert row.evidence[0]["days"] == 30
    assert row.evidence[0]["reasons"][0]["figure"] == "no_show"


def test_managers_are_asked_and_reminded_once(agency: Agency, worker: Worker) -> None:
    manager = agency.manager()
    row = long_watched(agency, worker)
    drain(NOW + 30 * DAY)
    drain(row.due_at)
    drain(row.due_at + DAY)
    told = Notification.objects.filter(user=manager).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["proposal.waits", "proposal.late"]


def test_what_has_mended_is_not_asked_any_more(agency: Agency, worker: Worker) -> None:
    row = long_watched(agency, worker)
    past(agency, worker, [DONE] * 5, first=NOW + 20 * DAY)
    watching.review([worker.pk], NOW + 31 * DAY)
    row.refresh_from_db()
    assert row.status == "withdrawn"


def test_after_a_suspension_the_next_proposal_is_removal(agency: Agency, worker: Worker) -> None:
    manager = actor_of(agency.manager())
    row = long_watched(agency, worker)
    proposals.decide(row.pk, Verdict(True, "多次未到岗"), by=manager, now=NOW + 31 * DAY)
    worker.refresh_from_db()
    assert worker.status == Worker.Status.SUSPENDED
    assert not pool.profile(worker.pk).active
    standing.reinstate(worker.pk, by=manager, now=NOW + 40 * DAY, reason="再给一次机会")
    watching.review([worker.pk], NOW + 41 * DAY)
    assert Proposal.objects.filter(kind="leave", status="open").count() == 1
