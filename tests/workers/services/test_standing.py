"""Proposals are decided by a manager, appeals by others in two levels; while one is open nothing counts."""

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, DomainError, Forbidden, Invalid
from staffing.core.models import Notification, User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from workers.models import Career, LevelChange, Proposal, StandingAppeal, WatchEntry, Worker
from workers.selectors import career, pool
from workers.selectors import standing as reads
from workers.services import careers, nightly, proposals, standing, standing_appeals, watch
from workers.services.careers import Target
from workers.services.proposals import Verdict

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WHY = [{"figure": "late", "have": "40", "need": "30", "n": 5, "services": []}]


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def own(worker: Worker) -> Actor:
    return actor_of(worker.user)


def managers(agency: Agency, n: int) -> list[Actor]:
    return [actor_of(agency.manager()) for _ in range(n)]


def watched(worker: Worker) -> WatchEntry:
    row = watch.put_on(worker.pk, "pre_sale", WHY, NOW)
    assert row is not None
    return row


def removed(worker: Worker, by: Actor, kind: str = "suspend") -> Proposal:
    row = proposals.make(worker.pk, kind, [{"code": "services", "have": "1", "need": "2"}], NOW)
    assert row is not None
    return proposals.decide(row.pk, Verdict(True, "多次未到岗"), by=by, now=NOW)


def status(worker: Worker) -> str:
    worker.refresh_from_db()
    return worker.status


def kinds(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_an_appeal_against_a_watch_suspends_it_and_one_that_is_right_ends_it(
    agency: Agency, worker: Worker, own: Actor
) -> None:
    row, desk = watched(worker), agency.dispatcher()
    assert status(worker) == "watch"
    appeal = standing_appeals.file(row, by=own, now=NOW, text="地铁停运")
    assert standing_appeals.file(row, by=own, now=NOW, text="再说一遍").pk == appeal.pk
    assert status(worker) == "active"
    drain(NOW)
    assert "standing_appeal.waits" in kinds(desk)
    standing_appeals.decide(appeal.pk, accept=True, by=actor_of(desk), now=NOW + HOUR, reason="属实")
    drain(NOW + HOUR)
    row.refresh_from_db()
    assert (row.status, row.end_reason, status(worker)) == ("lifted", "属实", "active")
    assert kinds(worker.user)[-1] == "standing_appeal.accepted"
    assert "watch.lifted" not in kinds(worker.user)


def test_a_refusal_brings_it_back_and_a_second_manager_has_the_last_word(
    agency: Agency, worker: Worker, own: Actor
) -> None:
    row, (first, second) = watched(worker), managers(agency, 2)
    one = standing_appeals.file(row, by=own, now=NOW, text="a")
    standing_appeals.decide(one.pk, accept=False, by=first, now=NOW, reason="有打卡记录")
    assert status(worker) == "watch"
    two = standing_appeals.file(row, by=own, now=NOW + DAY, text="b")
    assert (two.level, status(worker)) == (2, "active")
    for wrong in (first, actor_of(agency.dispatcher())):
        with pytest.raises(Forbidden):
            standing_appeals.decide(two.pk, accept=True, by=wrong, now=NOW + DAY, reason="x")
    standing_appeals.decide(two.pk, accept=False, by=second, now=NOW + DAY, reason="维持")
    assert status(worker) == "watch"
    with pytest.raises(Conflict):
        standing_appeals.file(row, by=own, now=NOW + DAY, text="c")


@pytest.mark.parametrize("kind", ["suspend", "leave"])
def test_a_removal_rests_while_it_is_appealed(agency: Agency, worker: Worker, own: Actor, kind: str) -> None:
    first, second, third = managers(agency, 3)
    row = removed(worker, first, kind)
    gone = status(worker)
    assert gone in ("suspended", "left")
    assert not pool.profile(worker.pk).active
    one = standing_appeals.file(row, by=own, now=NOW, text="a")
    assert pool.profile(worker.pk).active
    with pytest.raises(Forbidden):
        standing_appeals.decide(one.pk, accept=True, by=first, now=NOW, reason="x")
    standing_appeals.decide(one.pk, accept=False, by=second, now=NOW, reason="维持")
    assert status(worker) == gone
    two = standing_appeals.file(row, by=own, now=NOW, text="b")
    for wrong in (first, second):
        with pytest.raises(Forbidden):
            standing_appeals.decide(two.pk, accept=True, by=wrong, now=NOW, reason="x")
    standing_appeals.decide(two.pk, accept=True, by=third, now=NOW, reason="当时有医院证明")
    row.refresh_from_db()
    assert (row.status, status(worker)) == ("overturned", "active")


def test_somebody_still_watched_appeals_too_and_is_on_watch_meanwhile(
    agency: Agency, worker: Worker, own: Actor
) -> None:
    watched(worker)
    decision = removed(worker, managers(agency, 1)[0])
    assert status(worker) == "suspended"
    standing_appeals.file(decision, by=own, now=NOW, text="都提前报备过")
    assert status(worker) == "watch"


def test_an_appeal_may_be_filed_for_some_days_only(agency: Agency, worker: Worker, own: Actor) -> None:
    row = watched(worker)
    with pytest.raises(Invalid):
        standing_appeals.file(row, by=own, now=NOW, text=" ")
    with pytest.raises(Conflict):
        standing_appeals.file(row, by=own, now=NOW + 14 * DAY, text="x")


def test_whoever_may_decide_is_reminded_once_before_and_once_after(agency: Agency, worker: Worker, own: Actor) -> None:
    desk = agency.dispatcher()
    appeal = standing_appeals.file(watched(worker), by=own, now=NOW, text="x")
    for moment in (NOW, appeal.due_at - 24 * HOUR, appeal.due_at, appeal.due_at + DAY):
        drain(moment)
    again("remind_of_appeal", appeal.due_at)
    assert kinds(desk) == ["standing_appeal.waits", "standing_appeal.soon", "standing_appeal.late"]


def test_an_appeal_that_was_answered_reminds_nobody(agency: Agency, worker: Worker, own: Actor) -> None:
    desk = agency.dispatcher()
    appeal = standing_appeals.file(watched(worker), by=own, now=NOW, text="x")
    drain(NOW)
    standing_appeals.decide(appeal.pk, accept=True, by=actor_of(desk), now=NOW, reason="好")
    drain(appeal.due_at + DAY)
    assert kinds(desk) == ["standing_appeal.waits"]


def test_a_watch_that_mends_meanwhile_stays_over(agency: Agency, worker: Worker, own: Actor) -> None:
    row = watched(worker)
    appeal = standing_appeals.file(row, by=own, now=NOW, text="x")
    watch.mend(worker.pk, "pre_sale", NOW)
    standing_appeals.decide(appeal.pk, accept=False, by=actor_of(agency.dispatcher()), now=NOW, reason="维持")
    row.refresh_from_db()
    assert (row.status, status(worker)) == ("mended", "active")


def test_only_a_manager_decides_and_with_a_reason(agency: Agency, worker: Worker) -> None:
    row = proposals.make(worker.pk, "suspend", [], NOW)
    assert row is not None
    with pytest.raises(Forbidden):
        proposals.decide(row.pk, Verdict(True, "x"), by=actor_of(agency.dispatcher()), now=NOW)
    with pytest.raises(Invalid):
        proposals.decide(row.pk, Verdict(True, " "), by=managers(agency, 1)[0], now=NOW)
    assert status(worker) == "active"


def test_what_was_declined_is_not_proposed_again_for_a_while(agency: Agency, worker: Worker) -> None:
    row = proposals.make(worker.pk, "suspend", [], NOW)
    assert row is not None and proposals.make(worker.pk, "suspend", [], NOW) is None
    manager = managers(agency, 1)[0]
    for _ in range(2):
        proposals.decide(row.pk, Verdict(False, "先谈话"), by=manager, now=NOW)
    assert proposals.make(worker.pk, "suspend", [], NOW + 89 * DAY) is None
    assert proposals.make(worker.pk, "suspend", [], NOW + 91 * DAY) is not None


def test_reinstating_needs_a_reason_and_tells_the_worker(agency: Agency, worker: Worker) -> None:
    manager = managers(agency, 1)[0]
    removed(worker, manager)
    with pytest.raises(Invalid):
        standing.reinstate(worker.pk, by=manager, now=NOW, reason="")
    standing.reinstate(worker.pk, by=manager, now=NOW, reason="已谈话")
    standing.reinstate(worker.pk, by=manager, now=NOW, reason="已谈话")
    drain(NOW)
    assert status(worker) == "active"
    assert kinds(worker.user).count("worker.back") == 1


def test_who_has_all_that_is_needed_is_proposed_and_promoted_from_a_day(agency: Agency) -> None:
    worker = agency.worker(services_done=20)
    nightly.plan(NOW)
    drain(NOW)
    row = Proposal.objects.get(worker=worker, kind="promote")
    assert (row.track, row.level) == ("service", "senior")
    manager, day = managers(agency, 1)[0], NOW.date() + 5 * DAY
    proposals.decide(row.pk, Verdict(True, "表现稳定", day), by=manager, now=NOW)
    worker.refresh_from_db()
    assert worker.level == "junior"
    assert career.level_on(worker, day - DAY) == "junior"
    assert career.level_on(worker, day) == "senior"
    drain(NOW + 4 * DAY)
    drain(NOW + 5 * DAY)
    again("begin_level", NOW + 5 * DAY)
    worker.refresh_from_db()
    assert worker.level == "senior"
    assert LevelChange.objects.get().applied_at is not None
    assert [kind for kind in kinds(worker.user) if "level" in kind] == ["level.decided", "level.begun"]


def test_a_proposal_that_no_longer_holds_is_taken_back(agency: Agency) -> None:
    worker = agency.worker(services_done=20)
    nightly.propose_steps(0, worker.pk, NOW)
    Worker.objects.filter(pk=worker.pk).update(stars=3)
    nightly.propose_steps(0, worker.pk, NOW)
    assert Proposal.objects.get(worker=worker).status == "withdrawn"


def test_the_best_are_recommended_for_full_time_and_the_outcome_is_kept(agency: Agency) -> None:
    worker = agency.worker(services_done=80, reliability=97, level="senior", stars="4.6")
    nightly.propose_steps(0, worker.pk, NOW)
    row = Proposal.objects.get(worker=worker, kind="full_time")
    manager = managers(agency, 1)[0]
    with pytest.raises(Conflict):
        proposals.conclude(row.pk, "hired", by=manager, now=NOW)
    proposals.decide(row.pk, Verdict(True, "客户点名"), by=manager, now=NOW)
    proposals.conclude(row.pk, "hired", by=manager, now=NOW)
    row.refresh_from_db()
    assert (row.outcome, row.outcome_at) == ("hired", NOW)
    assert row not in reads.recommended()


def test_a_senior_says_where_to_go_and_sees_what_is_missing(agency: Agency, own: Actor, worker: Worker) -> None:
    Worker.objects.filter(pk=worker.pk).update(level="senior")
    worker.refresh_from_db()
    assert career.stand(worker, NOW).next_level is None
    careers.wish(worker.pk, "qa", by=own, now=NOW)
    found = career.stand(worker, NOW)
    assert (found.next_track, found.next_level) == ("qa", "supervisor")
    assert [(gap.kind, gap.met) for gap in found.gaps] == [("services", False), ("stars", True), ("months", True)]
    with pytest.raises(Invalid):
        careers.wish(worker.pk, "service", by=own, now=NOW)


def test_a_level_in_the_past_is_refused(agency: Agency, worker: Worker) -> None:
    target = Target("senior", "service", NOW.date() - DAY)
    with pytest.raises(Invalid):
        careers.set_level(worker.pk, target, by=managers(agency, 1)[0], now=NOW, reason="x")
    assert not Career.objects.exists()


def test_every_sequence_of_words_leaves_status_and_watch_in_step(agency: Agency, worker: Worker, own: Actor) -> None:
    """Whatever is tried in whatever order: on watch exactly while a watch runs that no appeal suspends."""
    people = [*managers(agency, 3), actor_of(agency.dispatcher())]
    deeds = [
        lambda: watch.put_on(worker.pk, "pre_sale", WHY, NOW),
        lambda: watch.put_on(worker.pk, "vip", WHY, NOW),
        lambda: watch.mend(worker.pk, "vip", NOW),
        lambda: standing_appeals.file(WatchEntry.objects.latest("pk"), by=own, now=NOW, text="x"),
        *(
            lambda by=by, yes=yes: standing_appeals.decide(
                StandingAppeal.objects.latest("pk").pk, accept=yes, by=by, now=NOW, reason="y"
            )
            for by in people
            for yes in (True, False)
        ),
        lambda: proposals.make(worker.pk, "suspend", [], NOW),
        lambda: proposals.decide(Proposal.objects.latest("pk").pk, Verdict(True, "r"), by=people[0], now=NOW),
        lambda: standing_appeals.file(Proposal.objects.latest("pk"), by=own, now=NOW, text="x"),
        lambda: standing.reinstate(worker.pk, by=people[0], now=NOW, reason="z"),
    ]
    random = Random(7)
    for _ in range(150):
        with suppress(DomainError, WatchEntry.DoesNotExist, Proposal.DoesNotExist, StandingAppeal.DoesNotExist):
            random.choice(deeds)()
        runs = WatchEntry.objects.filter(worker=worker, status="watching").exists()
        assert status(worker) in (("watch",) if runs else ("active",)) + ("suspended", "left")
