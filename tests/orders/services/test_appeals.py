"""Strikes and what workers say against them: a person decides, the second time a manager who has not decided yet."""

from datetime import datetime, timedelta

import pytest

from orders import strikes
from orders.models import Appeal, Assignment, OrderPolicy
from orders.selectors.desk import trouble
from orders.services import appeals, attendance, reliability
from orders.states import AppealStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import Notification
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import booked, desk, hours, minutes, person, status_of


@pytest.fixture
def missed(agency: Agency) -> Assignment:
    """A no-show of tomorrow."""
    agency.worker()
    (work,) = booked(agency)
    attendance.declare_absent(work.pk, work.start_at + minutes(30))
    work.refresh_from_db()
    return work


def later(work: Assignment) -> datetime:
    return work.start_at + hours(1)


def file(work: Assignment, text: str = "我到了，定位不准", **fields: object) -> Appeal:
    return appeals.file(work.pk, **({"by": person(work), "now": later(work), "text": text} | fields))  # type: ignore[arg-type]


def decide(appeal: Appeal, accept: bool, by: Actor, reason: str = "看了打卡记录") -> Appeal:
    now = appeal.filed_at + hours(1)
    return appeals.decide(appeal.pk, accept=accept, by=by, now=now, reason=reason)


def counted(work: Assignment) -> bool:
    rows = strikes.counted(Assignment.objects.all(), OrderPolicy.current(), later(work) + hours(9))
    return rows.filter(pk=work.pk).exists()


@pytest.mark.parametrize(("before", "is_one"), [(hours(24), False), (hours(24) - minutes(1), True), (hours(1), True)])
def test_calling_off_late_is_a_strike(agency: Agency, before: timedelta, is_one: bool) -> None:
    agency.worker()
    (work,) = booked(agency, start=NOW + timedelta(days=3))
    attendance.cancel(work.pk, by=person(work), now=work.start_at - before, reason="病了")
    work.refresh_from_db()
    assert strikes.is_strike(work, OrderPolicy.current()) is is_one
    assert counted(work) is is_one


def test_a_release_is_none(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    attendance.release(work.pk, by=desk(agency), now=work.start_at - hours(1), reason="客户要求")
    work.refresh_from_db()
    assert not strikes.is_strike(work, OrderPolicy.current())
    with pytest.raises(Conflict):
        file(work)


def test_an_appeal_that_waits_suspends_the_strike(missed: Assignment) -> None:
    assert counted(missed)
    appeal = file(missed)
    assert file(missed) == appeal
    assert not counted(missed)


@pytest.mark.parametrize("accept", [True, False])
def test_the_decision_counts_and_is_told(agency: Agency, missed: Assignment, accept: bool) -> None:
    office = desk(agency)
    appeal = file(missed)
    drain(appeal.filed_at)
    assert Notification.objects.filter(kind="appeal.waits", user=office.user).count() == 1
    for _ in range(2):
        decide(appeal, accept, office)
    drain(appeal.filed_at + hours(1))
    assert counted(missed) is not accept
    kind = "appeal.accepted" if accept else "appeal.refused"
    assert Notification.objects.get(kind=kind).user == missed.worker.user
    with pytest.raises(Conflict):
        decide(appeal, not accept, office)


def test_words_are_needed_on_both_sides(agency: Agency, missed: Assignment) -> None:
    with pytest.raises(Invalid):
        file(missed, "  ")
    appeal = file(missed)
    with pytest.raises(Invalid):
        decide(appeal, True, desk(agency), " ")
    assert status_of(appeal) == AppealStatus.OPEN


def test_the_second_time_another_manager_decides_and_that_is_final(agency: Agency, missed: Assignment) -> None:
    first, second = actor_of(agency.manager()), actor_of(agency.manager())
    decide(file(missed), False, first)
    again = file(missed, "有门禁记录", now=later(missed) + hours(2))
    assert (again.level, counted(missed)) == (2, False)
    for nobody in (desk(agency), first):
        with pytest.raises(Forbidden):
            decide(again, True, nobody)
    drain(again.filed_at)
    told = Notification.objects.filter(kind="appeal.waits", key__contains=f":{again.pk}:")
    assert set(told.values_list("user", flat=True)) == {first.user.pk, second.user.pk}  # type: ignore[union-attr]
    decide(again, False, second)
    assert counted(missed)
    with pytest.raises(Conflict):
        file(missed, "再看看", now=later(missed) + hours(4))


def test_an_appeal_comes_within_the_days_of_the_policy(missed: Assignment) -> None:
    days = timedelta(days=OrderPolicy.current().appeal_days)
    assert missed.ended_at is not None
    with pytest.raises(Conflict):
        file(missed, now=missed.ended_at + days)
    assert file(missed, now=missed.ended_at + days - minutes(1)).level == 1


def test_old_strikes_are_not_counted(missed: Assignment) -> None:
    policy = OrderPolicy.current()
    then = missed.start_at + timedelta(days=policy.risk_history_days)
    assert not strikes.counted(Assignment.objects.all(), policy, then).exists()


def test_a_strike_taken_back_counts_neither_for_reliability_nor_as_a_risk(agency: Agency, missed: Assignment) -> None:
    then = missed.start_at + hours(2)
    reliability.update(missed.worker_id, then)
    before = reliable(missed)
    appeal = file(missed)
    drain(then)
    in_dispute = reliable(missed)
    decide(appeal, False, desk(agency))
    drain(then)
    assert in_dispute > before == reliable(missed)


def reliable(work: Assignment) -> int:
    work.worker.refresh_from_db()
    return work.worker.reliability


def test_the_radar_forgets_what_was_taken_back(missed: Assignment) -> None:
    policy, then = OrderPolicy.current(), missed.start_at + hours(2)
    assert trouble._history([missed.worker_id], policy, then)[missed.worker_id] == (0, 1)
    file(missed)
    assert trouble._history([missed.worker_id], policy, then)[missed.worker_id] == (0, 0)
