"""A seeded agency could have come from the services: every invariant holds, and each one is found when broken."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, Q

from feedback.models import (
    CaseRound,
    Complaint,
    Escalation,
    HeldSurvey,
    LoopPolicy,
    Review,
    ReviewCase,
    StarChange,
    Survey,
)
from feedback.services import stars
from orders.models import (
    Assignment,
    ConflictOfInterest,
    GateProfile,
    Offer,
    Order,
    Position,
    Punch,
    PunchRequest,
    ServicePhoto,
    SiteCode,
    Timesheet,
)
from orders.services import attendance
from orders.services.attendance import Fix
from orders.states import AssignmentStatus, OrderStatus
from staffing.core import clock
from staffing.core.actors import actor_of
from staffing.core.models import AuditEvent, OutboxMessage
from staffing.demo import invariants, logins
from staffing.demo.life.run import drain, live
from staffing.demo.seed.build import Size, build
from workers.models import (
    Course,
    IssuedCertificate,
    Level,
    Proposal,
    QuizAttempt,
    SessionPlace,
    TrainingHours,
    TypingText,
    Worker,
    WorkerCourse,
)

SMALL = Size(workers=90, days=14, scale=0.3)
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("seed")]


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """One agency for this module, written once and rolled back at its end."""
    with django_db_blocker.unblock():
        frame = transaction.atomic()
        frame.__enter__()
        now = clock.now()
        build(SMALL, 1, now)
        yield now
        transaction.set_rollback(True)
        frame.__exit__(None, None, None)


def test_every_invariant_holds(seeded: datetime) -> None:
    assert Order.objects.count() > 40
    assert ReviewCase.objects.exists()
    assert invariants.violations(seeded) == []


def test_stars_are_what_the_ratings_give_and_somebody_is_proposed(seeded: datetime) -> None:
    assert StarChange.objects.filter(level_after__gt=0).exists()
    assert list(stars.differences()) == []
    assert Proposal.objects.filter(kind="full_time", status="open").count() == 1
    assert ConflictOfInterest.objects.count() == 2


def test_every_early_state_is_there(seeded: datetime) -> None:
    found = set(Order.objects.values_list("status", flat=True))
    assert {OrderStatus.DRAFT, OrderStatus.SUBMITTED, OrderStatus.COMPLETED} <= found


def test_worker_figures_are_those_of_the_history(seeded: datetime) -> None:
    done = Count("assignments", filter=Q(assignments__status="completed"))
    for worker in Worker.objects.annotate(done=done):
        assert worker.services_done == worker.done


def test_a_long_order_is_asked_about_week_by_week_and_nobody_too_often(seeded: datetime) -> None:
    asked = Survey.objects.filter(period_start__isnull=False).values_list("period_start")
    assert asked.exists()
    assert asked.union(HeldSurvey.objects.filter(period_start__isnull=False).values_list("period_start")).count() >= 2
    gap = timedelta(days=LoopPolicy.current().survey_gap_days)
    last: dict[int | None, datetime] = {}
    for contact, sent in Survey.objects.order_by("sent_at").values_list("contact", "sent_at"):
        assert contact not in last or sent - last[contact] >= gap
        last[contact] = sent


def test_complaints_of_each_kind_are_there_and_from_everybody(seeded: datetime) -> None:
    assert set(Complaint.objects.values_list("category", flat=True)) == set(Complaint.Category.values)
    assert set(Complaint.objects.values_list("raised_by_role", flat=True)) == set(Complaint.Source.values)
    assert Complaint.objects.filter(archived_at__isnull=False).exists()
    assert Complaint.objects.filter(case__closed_at__isnull=True).exists()


def test_an_offer_waits_for_the_shown_worker_and_hours_for_the_shown_client(seeded: datetime) -> None:
    assert Offer.objects.filter(worker__user__phone=logins.WORKER.phone, status="pending").exists()
    client = "assignment__position__shift__order__client__members__user__phone"
    assert Timesheet.objects.filter(**{client: logins.CLIENT.phone}, status="submitted").exists()


def test_the_shown_worker_may_check_in_on_site_now(seeded: datetime) -> None:
    mine = Assignment.objects.filter(worker__user__phone=logins.WORKER.phone, status=AssignmentStatus.BOOKED)
    soon = mine.get(start_at__range=(seeded, seeded + timedelta(hours=1)))
    order = soon.position.shift.order
    assert not order.remote and order.site is not None
    attendance.check_in(
        soon.pk, by=actor_of(soon.worker.user), now=seeded, fix=Fix(order.site.latitude, order.site.longitude, 10)
    )


def test_what_is_due_later_waits_in_the_outbox(seeded: datetime) -> None:
    sheet = Timesheet.objects.filter(status="submitted").first()
    assert sheet is not None
    assert OutboxMessage.objects.filter(topic="timesheet.auto_approve", payload__id=sheet.pk).exists()
    assert not OutboxMessage.objects.exclude(last_error="").exists()


def test_hours_later_nothing_has_rotted(seeded: datetime) -> None:
    until = seeded + timedelta(hours=4)
    live(seeded, until, settle=drain)
    drain(until)
    assert invariants.violations(until) == []
    lost = Assignment.objects.filter(status="no_show", ended_at__gt=seeded).count()
    came = Assignment.objects.filter(checked_in_at__gt=seeded).count()
    assert came > lost


def _swap(model: type, where: str, what: str) -> None:
    table = model._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {what} WHERE {where}")
        assert cursor.rowcount > 0


def _overlap() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_assignment DROP CONSTRAINT never_double_booked")
    first, second = Assignment.objects.filter(status="completed").order_by("pk")[:2]
    Assignment.objects.filter(pk=second.pk).update(worker=first.worker, start_at=first.start_at, end_at=first.end_at)


def _audit(what: str, where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
    _swap(AuditEvent, where, what)


def _one(model: type, **where: object) -> str:
    return f"id = {model.objects.filter(**where).order_by('pk').first().pk}"  # type: ignore[attr-defined]


BREAKS: dict[str, Callable[[], None]] = {
    "overlaps": _overlap,
    "trails": lambda: _swap(Offer, _one(Offer, status="accepted"), "status = 'declined'"),
    "audit_bounds": lambda: _audit("at = now() + interval '3 days'", "action = 'complete'"),
    "places": lambda: _swap(Position, _one(Position, status="filled"), "status = 'open'"),
    "questions": lambda: _swap(Offer, _one(Offer, status="pending"), "status = 'expired'"),
    "hours": lambda: _swap(Timesheet, _one(Timesheet), "amount = amount + 1"),
    "order_times": lambda: _swap(
        Order, _one(Order, filled_at__isnull=False), "filled_at = filled_at + interval '1 minute'"
    ),
    "punches": lambda: _swap(Punch, _one(Punch), "at = at + interval '1 minute'"),
    "case_rounds": lambda: _swap(CaseRound, _one(CaseRound), "due_at = due_at + interval '1 hour'"),
    "escalations": lambda: _swap(
        Escalation, _one(Escalation, sent_at__isnull=False), "sent_at = due_at - interval '1 hour'"
    ),
    "breaches": lambda: _swap(CaseRound, _one(CaseRound, breached_at__isnull=True), "breached_at = due_at"),
    "bad_reviews": lambda: _swap(Review, _one(Review, case__isnull=True), "overall = 1"),
    "closed_cases": lambda: _swap(ReviewCase, _one(ReviewCase, closed_at__isnull=True), "closed_at = now()"),
}


def test_every_invariant_has_its_negative_control() -> None:
    assert set(BREAKS) == {check.__name__ for check in invariants.ALL}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_invariant_is_found(seeded: datetime, name: str) -> None:
    BREAKS[name]()
    assert any(problem.startswith(f"{name}: ") for problem in invariants.violations(seeded))


def test_the_command_says_what_is_broken(seeded: datetime) -> None:
    BREAKS["hours"]()
    with pytest.raises(CommandError, match="violations"):
        call_command("check_invariants")


def test_orders_ask_for_training_and_whoever_serves_them_has_it(seeded: datetime) -> None:
    asking = Order.objects.filter(courses__isnull=False)
    assert asking.count() >= 5
    served = Assignment.objects.filter(position__shift__order__in=asking, position__chosen_by_hand=False)
    assert served.exists()
    for work in served.select_related("position__shift__order"):
        needed = set(work.position.shift.order.courses.values_list("course", flat=True))
        held = WorkerCourse.objects.filter(worker=work.worker_id, course__in=needed, passed_on__lt=work.start_at)
        lasting = held.exclude(valid_until__lt=work.start_at)
        assert needed == set(lasting.values_list("course", flat=True))


def test_most_experienced_workers_have_training(seeded: datetime) -> None:
    experienced = Worker.objects.exclude(level=Level.JUNIOR)
    trained = experienced.filter(courses__isnull=False).distinct()
    assert trained.count() > 0.9 * experienced.count()
    names = {course.code: course.name_zh for course in Course.objects.all()}
    assert 6 <= len(names) <= 12


def test_the_pages_of_proof_show_something(seeded: datetime) -> None:
    assert ServicePhoto.objects.count() > 5
    assert PunchRequest.objects.filter(status="waiting").exists()
    assert SiteCode.objects.exclude(kiosk="").exists()
    assert GateProfile.objects.exclude(readiness_zh="").exclude(readiness_en="").exists()
    home = Assignment.objects.filter(position__shift__order__remote=True, checked_in_at__isnull=False)
    assert home.exists() and not home.filter(heartbeats__isnull=True).exists()
    at_work = home.filter(status=AssignmentStatus.CHECKED_IN).exclude(worker__user__phone=logins.WORKER.phone)
    assert not at_work.exclude(heartbeats__until=seeded).exists()


def test_training_has_courses_people_in_the_middle_and_a_queue(seeded: datetime) -> None:
    shown = Worker.objects.get(user__phone=logins.WORKER.phone)
    assert shown.training_tasks.filter(status="open", course__code="calming").exists()
    assert shown.session_places.get().status == "waiting"
    assert IssuedCertificate.objects.filter(worker=shown, course__code="desk-system").exists()
    assert SessionPlace.objects.filter(status="enrolled", session__status="open", session__seats=5).count() == 5
    assert {"passed", "failed"} == set(QuizAttempt.objects.values_list("status", flat=True))
    assert TrainingHours.objects.filter(amount__gt=0).exists()
    assert TypingText.objects.values("script").distinct().count() == 2
