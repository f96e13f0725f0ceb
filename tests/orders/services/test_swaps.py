"""A booked shift changes hands between colleagues: never empty, never double, and only by everybody's word."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from orders.models import Assignment, OrderPolicy, Position, Replacement, SwapRequest, SwapRule
from orders.services import attendance, ordering, swaps
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, OrderStatus, PositionStatus, SwapStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, Forbidden, Invalid
from staffing.core.models import Notification
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import booked, desk, hours, minutes, status_of
from tests.orders.services.test_booking_race import all_at_once
from workers.models import Worker


@pytest.fixture
def work(agency: Agency) -> Assignment:
    """One booking, tomorrow at nine."""
    agency.worker()
    (row,) = booked(agency)
    return row


def me(worker: Worker) -> Actor:
    return actor_of(worker.user)


def rule(name: str) -> None:
    policy = OrderPolicy.current()
    policy.swap_rule = name
    policy.save()


def ask(work: Assignment, **fields: object) -> SwapRequest:
    return swaps.ask(work.pk, by=me(work.worker), now=NOW, **fields)  # type: ignore[arg-type]


def holder(work: Assignment) -> Worker:
    """Whose the place is now."""
    return Assignment.objects.get(position=work.position_id, status__in=ACTIVE_ASSIGNMENT).worker


def told(kind: str) -> list[int]:
    return sorted(Notification.objects.filter(kind=kind).values_list("user_id", flat=True))


def test_it_stays_the_askers_until_somebody_has_it(agency: Agency, work: Assignment) -> None:
    swap, taker = ask(work), agency.worker()
    assert ask(work) == swap
    assert holder(work) == work.worker
    swaps.take(swap.pk, by=me(taker), now=NOW)
    assert (status_of(swap), holder(work)) == (SwapStatus.TAKEN, work.worker)
    swaps.approve(swap.pk, by=desk(agency), now=NOW)
    assert (status_of(swap), holder(work)) == (SwapStatus.DONE, taker)


@pytest.mark.parametrize("how", [SwapRule.AUTO, SwapRule.DISPATCHER])
def test_the_exchange_is_whole_and_no_strike(agency: Agency, work: Assignment, how: str) -> None:
    rule(how)
    swap, taker = ask(work), agency.worker()
    for _ in range(2):
        swaps.take(swap.pk, by=me(taker), now=NOW)
        if how == SwapRule.DISPATCHER:
            swaps.approve(swap.pk, by=desk(agency), now=NOW)
    assert status_of(work) == AssignmentStatus.RELEASED
    swap.refresh_from_db()
    new = swap.found
    assert new is not None and (new.worker, new.replaces) == (taker, work)
    row = Replacement.objects.get()
    assert (row.lost, row.found, row.cause, row.filled_at) == (work, new, Replacement.Cause.SWAPPED, NOW)
    assert Position.objects.get().status == PositionStatus.FILLED
    assert status_of(work.position.shift.order) == OrderStatus.FILLED


def test_who_is_told_what(agency: Agency, work: Assignment) -> None:
    office, taker, stranger = desk(agency), agency.worker(), agency.worker(skills={})
    swap = ask(work)
    drain(NOW)
    assert told("swap.asked") == [taker.user_id]
    assert stranger.user_id not in told("swap.asked")
    swaps.take(swap.pk, by=me(taker), now=NOW)
    drain(NOW)
    assert (told("swap.taken"), told("swap.waits")) == ([work.worker.user_id], [office.user.pk if office.user else 0])
    swaps.approve(swap.pk, by=office, now=NOW)
    drain(NOW)
    assert (told("swap.given"), told("swap.got")) == ([work.worker.user_id], [taker.user_id])
    assert told("replacement.found") != []


def test_no_more_are_told_than_the_policy_says(agency: Agency, work: Assignment) -> None:
    for _ in range(3):
        agency.worker()
    policy = OrderPolicy.current()
    policy.swap_asked = 2
    policy.save()
    ask(work)
    drain(NOW)
    assert len(told("swap.asked")) == 2


def test_a_named_colleague_alone_is_asked_and_may_answer(agency: Agency, work: Assignment) -> None:
    friend, other = agency.worker(), agency.worker()
    swap = ask(work, only=friend)
    drain(NOW)
    assert told("swap.asked") == [friend.user_id]
    with pytest.raises(Forbidden):
        swaps.take(swap.pk, by=me(other), now=NOW)
    swaps.take(swap.pk, by=me(friend), now=NOW)
    assert status_of(swap) == SwapStatus.TAKEN


def test_a_colleague_who_may_not_work_there_cannot_be_asked(agency: Agency, work: Assignment) -> None:
    with pytest.raises(Conflict) as refused:
        ask(work, only=agency.worker(skills={}))
    assert refused.value.code == "not_eligible"
    assert not SwapRequest.objects.exists()


def test_every_rule_is_asked_again_when_it_changes_hands(agency: Agency, work: Assignment) -> None:
    swap, taker = ask(work), agency.worker()
    swaps.take(swap.pk, by=me(taker), now=NOW)
    Worker.objects.filter(pk=taker.pk).update(status=Worker.Status.SUSPENDED)
    with pytest.raises(Conflict) as refused:
        swaps.approve(swap.pk, by=desk(agency), now=NOW)
    assert refused.value.code == "not_eligible"
    assert (status_of(swap), holder(work), status_of(work)) == (
        SwapStatus.TAKEN,
        work.worker,
        AssignmentStatus.BOOKED,
    )
    assert not Replacement.objects.exists()


def test_ones_own_shift_is_not_taken(work: Assignment) -> None:
    with pytest.raises(Forbidden):
        swaps.take(ask(work).pk, by=me(work.worker), now=NOW)


def test_a_refusal_needs_a_reason_and_is_told_to_both(agency: Agency, work: Assignment) -> None:
    swap, taker, office = ask(work), agency.worker(), desk(agency)
    swaps.take(swap.pk, by=me(taker), now=NOW)
    with pytest.raises(Invalid):
        swaps.refuse(swap.pk, by=office, now=NOW, reason=" ")
    for _ in range(2):
        swaps.refuse(swap.pk, by=office, now=NOW, reason="客户指定了人")
    drain(NOW)
    assert told("swap.refused") == sorted([work.worker.user_id, taker.user_id])
    assert holder(work) == work.worker
    with pytest.raises(Conflict):
        swaps.approve(swap.pk, by=office, now=NOW)


def test_either_may_change_their_mind(agency: Agency, work: Assignment) -> None:
    swap, taker = ask(work), agency.worker()
    swaps.take(swap.pk, by=me(taker), now=NOW)
    for _ in range(2):
        swaps.back_out(swap.pk, by=me(taker), now=NOW)
    assert (status_of(swap), swap.taker) == (SwapStatus.OPEN, None)
    swaps.take(swap.pk, by=me(taker), now=NOW)
    for _ in range(2):
        swaps.withdraw(swap.pk, by=me(work.worker), now=NOW)
    drain(NOW)
    assert (status_of(swap), told("swap.called_off")) == (SwapStatus.WITHDRAWN, [taker.user_id])
    assert ask(work) != swap


def test_it_expires_some_hours_before_the_start(agency: Agency, work: Assignment) -> None:
    swap, taker = ask(work), agency.worker()
    end = work.start_at - hours(OrderPolicy.current().swap_until_hours)
    drain(end - minutes(1))
    assert status_of(swap) == SwapStatus.OPEN
    with pytest.raises(Conflict):
        swaps.take(swap.pk, by=me(taker), now=end)
    drain(end)
    assert (status_of(swap), told("swap.over")) == (SwapStatus.EXPIRED, [work.worker.user_id])
    with pytest.raises(Conflict):
        swaps.ask(work.pk, by=me(work.worker), now=end)


def test_a_shift_that_was_put_off_may_be_swapped_longer(work: Assignment) -> None:
    swap = ask(work)
    old = swap.expires_at
    Assignment.objects.update(start_at=work.start_at + hours(2))
    assert swaps.expire(swap.pk, old) is False
    swap.refresh_from_db()
    assert (swap.status, swap.expires_at) == (SwapStatus.OPEN, old + hours(2))
    drain(old + hours(2))
    assert status_of(swap) == SwapStatus.EXPIRED


@pytest.mark.parametrize("deed", ["cancel", "release", "order"])
def test_nothing_is_swapped_once_the_booking_has_ended(agency: Agency, work: Assignment, deed: str) -> None:
    swap, taker = ask(work), agency.worker()
    if deed == "cancel":
        attendance.cancel(work.pk, by=me(work.worker), now=NOW, reason="病了")
    elif deed == "release":
        attendance.release(work.pk, by=desk(agency), now=NOW, reason="客户要求")
    else:
        ordering.cancel(work.position.shift.order_id, by=desk(agency), now=NOW, reason="不办了")
    with pytest.raises(Conflict):
        swaps.take(swap.pk, by=me(taker), now=NOW)
    drain(NOW)
    assert status_of(swap) == SwapStatus.WITHDRAWN


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_say_yes_at_once_one_has_it() -> None:
    agency = Agency()
    agency.worker()
    rule(SwapRule.AUTO)
    (work,) = booked(agency)
    swap = ask(work)
    people = [agency.worker() for _ in range(8)]
    presses = [partial(swaps.take, swap.pk, by=me(worker), now=NOW) for worker in people]
    assert Counter(all_at_once(presses)) == {"ok": 1, "Conflict": 7}
    assert Assignment.objects.filter(position=work.position_id, status__in=ACTIVE_ASSIGNMENT).count() == 1
    assert holder(work) in people


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_yes_and_the_cancellation_leave_one_truth() -> None:
    agency = Agency()
    agency.worker()
    rule(SwapRule.AUTO)
    (work,) = booked(agency)
    swap, taker = ask(work), agency.worker()
    yes = partial(swaps.take, swap.pk, by=me(taker), now=NOW)
    no = partial(attendance.cancel, work.pk, by=me(work.worker), now=NOW + timedelta(seconds=1), reason="病了")
    results = all_at_once([yes, no])
    assert sorted(results) == ["Conflict", "ok"]
    active = Assignment.objects.filter(position=work.position_id, status__in=ACTIVE_ASSIGNMENT)
    assert active.count() == (status_of(work) == AssignmentStatus.RELEASED)
