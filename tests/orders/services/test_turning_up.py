"""Confirming before a shift, setting out, and what follows from silence."""

from datetime import datetime

import pytest

from orders.models import Assignment, Offer, OrderPolicy, Replacement
from orders.services import attendance, offers, turning_up
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.errors import Conflict, DomainError, Forbidden, Invalid
from staffing.core.models import AuditEvent, Notification, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import TOMORROW, arrive, booked, days, desk, hours, leave, minutes, person, status_of

# A shift in the evening three days ahead: all its questions fall in the day.
START = TOMORROW + hours(48 + 9)


@pytest.fixture
def work(agency: Agency) -> Assignment:
    """One worker booked days before the shift."""
    agency.worker()
    (work,) = booked(agency, start=START)
    drain(NOW)
    return work


def told(work: Assignment, kind: str) -> int:
    return Notification.objects.filter(kind=kind, user=work.worker.user).count()


def say_yes(work: Assignment, before: float) -> Assignment:
    return turning_up.confirm(work.pk, by=person(work), now=START - hours(before))


def refused(deed) -> str:
    with pytest.raises(DomainError) as caught:
        deed()
    return caught.value.code


def test_the_window_opens_a_day_before_and_a_repeat_changes_nothing(work: Assignment) -> None:
    assert refused(lambda: say_yes(work, 24.01)) == "too_early"
    assert say_yes(work, 24).confirmed_at == START - hours(24)
    assert say_yes(work, 10).confirmed_at == START - hours(24)
    assert AuditEvent.objects.filter(subject_type="assignment", action="confirm").count() == 1
    assert status_of(work) == AssignmentStatus.BOOKED


def test_late_is_better_than_never_but_not_once_it_has_begun(work: Assignment) -> None:
    assert refused(lambda: say_yes(work, 0)) == "begun"
    assert say_yes(work, 1).confirmed_at == START - hours(1)


def test_the_agency_confirms_for_somebody_with_a_reason(agency: Agency, work: Assignment) -> None:
    by = desk(agency)
    assert refused(lambda: turning_up.confirm(work.pk, by=by, now=NOW)) == "no_reason"
    assert turning_up.confirm(work.pk, by=by, now=NOW, reason="电话确认").confirmed_at == NOW
    with pytest.raises(Forbidden):
        turning_up.set_out(work.pk, by=agency.acting_client(work.position.shift.order.client), now=START - hours(1))


def test_a_yes_after_the_last_question_is_the_confirmation(agency: Agency) -> None:
    agency.worker()
    (late,) = booked(agency, start=NOW + hours(5))
    assert late.confirmed_at == NOW
    drain(NOW)
    steps = OutboxMessage.objects.filter(topic__in=(turning_up.TOPIC, turning_up.RELEASE)).values_list(
        "payload__step", flat=True
    )
    assert set(steps) == {"remind", "leave"}


def test_who_confirms_is_reminded_but_not_asked_again(work: Assignment) -> None:
    drain(START - hours(24))
    assert told(work, "turn.ask") == 1
    say_yes(work, 20)
    drain(START - minutes(1))
    again("take_step", START - minutes(1))
    assert (told(work, "turn.warn"), told(work, "turn.remind"), told(work, "turn.leave")) == (0, 1, 1)
    assert not AuditEvent.objects.filter(action="doubt").exists()


def test_silence_is_asked_again_then_doubted_then_costs_the_place(agency: Agency, work: Assignment) -> None:
    desk(agency)
    other = agency.worker()
    for before, words in ((24, "turn.ask"), (6, "turn.warn")):
        drain(START - hours(before))
        assert told(work, words) == 1
    drain(START - hours(4))
    assert Notification.objects.filter(kind="turn.doubt").count() == 1
    drain(START - hours(2) - minutes(1))
    assert status_of(work) == AssignmentStatus.BOOKED
    drain(START - hours(2))
    assert status_of(work) == AssignmentStatus.RELEASED
    assert (told(work, "turn.released"), told(work, "assignment.released")) == (1, 0)
    assert Replacement.objects.get().lost == work
    (asked,) = Offer.objects.filter(status=OfferStatus.PENDING)
    assert (asked.worker, asked.position.wave > 0) == (other, True)
    new = offers.accept(asked.pk, by=person(asked), now=START - minutes(115))
    assert new.confirmed_at is not None
    assert refused(lambda: say_yes(work, 1)) == "not_booked"


def test_nobody_gives_a_place_up_for_nobody(agency: Agency, work: Assignment) -> None:
    drain(START - hours(6))
    drain(START - hours(1))
    assert status_of(work) == AssignmentStatus.BOOKED
    agency.worker()
    drain(START - minutes(50))
    assert status_of(work) == AssignmentStatus.RELEASED


def test_the_policy_may_leave_silence_to_the_dispatchers(agency: Agency, work: Assignment) -> None:
    agency.worker()
    OrderPolicy(auto_release_unconfirmed=False).save()
    drain(START - minutes(1))
    assert status_of(work) == AssignmentStatus.BOOKED
    assert (told(work, "turn.ask_again"), told(work, "turn.warn")) == (1, 0)


def test_after_an_outage_the_last_question_comes_first_and_has_its_time(agency: Agency, work: Assignment) -> None:
    agency.worker()
    back = START - minutes(100)
    drain(back)
    assert (told(work, "turn.ask"), told(work, "turn.warn"), status_of(work)) == (0, 1, AssignmentStatus.BOOKED)
    drain(back + minutes(59))
    assert status_of(work) == AssignmentStatus.BOOKED
    drain(back + minutes(60))
    assert status_of(work) == AssignmentStatus.RELEASED


def test_after_an_outage_over_the_start_nothing_stale_is_said(agency: Agency, work: Assignment) -> None:
    agency.worker()
    drain(START + minutes(1))
    assert not Notification.objects.filter(kind__startswith="turn.").exists()
    assert status_of(work) == AssignmentStatus.BOOKED


@pytest.mark.parametrize("end", ["cancel", "release"])
def test_whoever_is_off_hears_nothing_more(agency: Agency, work: Assignment, end: str) -> None:
    by = person(work) if end == "cancel" else desk(agency)
    getattr(attendance, end)(work.pk, by=by, now=NOW, reason="x")
    drain(START - minutes(1))
    assert not Notification.objects.filter(kind__startswith="turn.").exists()


def test_a_more_patient_policy_is_waited_for(work: Assignment) -> None:
    OrderPolicy(confirm_until_hours=3).save()
    drain(START - hours(4))
    assert not AuditEvent.objects.filter(action="doubt").exists()
    drain(START - hours(3))
    again("take_step", START - hours(3))
    assert AuditEvent.objects.filter(action="doubt").count() >= 1
    assert Notification.objects.filter(kind="turn.doubt").count() <= 1


def test_setting_out_confirms_too_and_ends_the_reminders(work: Assignment) -> None:
    early = START - minutes(181)
    assert refused(lambda: turning_up.set_out(work.pk, by=person(work), now=early)) == "too_early"
    gone = turning_up.set_out(work.pk, by=person(work), now=START - minutes(180))
    assert (gone.departed_at, gone.confirmed_at) == (START - minutes(180),) * 2
    assert turning_up.set_out(work.pk, by=person(work), now=START) == gone
    drain(START - minutes(1))
    assert (told(work, "turn.remind"), told(work, "turn.leave")) == (0, 0)


def test_nobody_sets_out_for_work_at_home(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency, remote=True, site=None, start=START)
    drain(NOW)
    assert refused(lambda: turning_up.set_out(work.pk, by=person(work), now=START - hours(1))) == "remote"
    drain(START - minutes(1))
    assert told(work, "turn.leave") == 0


def test_whoever_is_late_may_still_say_that_they_are_coming(work: Assignment) -> None:
    assert turning_up.set_out(work.pk, by=person(work), now=START + minutes(5)).departed_at is not None
    arrive(work, START + minutes(9))
    assert turning_up.confirm(work.pk, by=person(work), now=START + minutes(10)).status == AssignmentStatus.CHECKED_IN


def test_a_night_shift_over_midnight_keeps_its_hours(agency: Agency) -> None:
    agency.worker()
    begins = datetime.fromisoformat("2026-11-30T22:00:00+08:00")
    booked(agency, shifts=days(8, start=begins))
    drain(NOW)
    due = dict(
        OutboxMessage.objects.filter(topic__in=(turning_up.TOPIC, turning_up.RELEASE)).values_list(
            "payload__step", "due_at"
        )
    )
    assert due["ask"] == begins - hours(24)
    assert due["ask_again"] == begins - hours(6)
    assert due["release"] == begins - hours(2)


def test_who_comes_instead_has_rows_of_their_own(agency: Agency, work: Assignment) -> None:
    agency.worker()
    attendance.cancel(work.pk, by=person(work), now=NOW, reason="病了")
    drain(NOW)
    (asked,) = Offer.objects.filter(status=OfferStatus.PENDING)
    new = offers.accept(asked.pk, by=person(asked), now=NOW + minutes(30))
    drain(START - hours(24))
    assert (told(new, "turn.ask"), told(work, "turn.ask")) == (1, 0)


def test_an_order_that_begins_in_a_moment_asks_several_at_once(agency: Agency) -> None:
    for _ in range(5):
        agency.worker()
    order = agency.submitted(start=NOW + hours(2))
    drain(NOW)
    assert status_of(order) == OrderStatus.OFFERING
    asked = Offer.objects.filter(status=OfferStatus.PENDING)
    assert {offer.wave for offer in asked} == {1, 2} and len(asked) == 4
    first = asked.order_by("pk")[1]
    offers.accept(first.pk, by=person(first), now=NOW + minutes(1))
    assert status_of(first.position) == PositionStatus.FILLED
    later = agency.submitted(start=NOW + hours(2) + minutes(1))
    drain(NOW)
    assert status_of(later) == OrderStatus.PROPOSED


def test_reliability_follows_what_happened_and_a_repeat_does_not_count_twice(agency: Agency, work: Assignment) -> None:
    arrive(work, START)
    leave(work)
    drain(work.end_at)
    again("count_service", work.end_at)
    work.worker.refresh_from_db()
    assert work.worker.reliability == 83  # (5 · 80 + 100) / 6
    (missed,) = booked(agency, start=START + hours(48))
    drain(missed.start_at + minutes(15))
    missed.worker.refresh_from_db()
    assert status_of(missed) == AssignmentStatus.NO_SHOW
    assert missed.worker.reliability < 83


def test_only_a_cancellation_at_the_last_moment_counts(agency: Agency, work: Assignment) -> None:
    attendance.cancel(work.pk, by=person(work), now=START - hours(3), reason="病了")
    drain(START)
    work.worker.refresh_from_db()
    assert work.worker.reliability == 80
    (late,) = booked(agency, start=START + hours(48))
    attendance.cancel(late.pk, by=person(late), now=late.start_at - hours(1), reason="病了")
    drain(late.start_at)
    late.worker.refresh_from_db()
    assert late.worker.reliability == 67  # 5 · 80 / 6


def test_invalid_is_what_the_person_can_mend(work: Assignment) -> None:
    with pytest.raises(Invalid):
        say_yes(work, 30)
    attendance.cancel(work.pk, by=person(work), now=NOW, reason="病了")
    with pytest.raises(Conflict):
        say_yes(work, 5)


def test_only_what_asks_the_engine_waits_behind_matchings(work: Assignment) -> None:
    steps = OutboxMessage.objects.filter(payload__id=work.pk, payload__step__isnull=False)
    queues = dict(steps.values_list("payload__step", "queue"))
    assert queues.pop("release") == "matching"
    assert set(queues.values()) == {"timers"} and {"ask", "doubt", "remind"} <= set(queues)
