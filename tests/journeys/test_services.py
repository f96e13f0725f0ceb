"""The main line by its services and the outbox, without a browser: from a posted order to a repaired bad review."""

from datetime import timedelta

import pytest

from feedback.models import Review, ReviewCase
from feedback.services import cases, surveys
from feedback.services.surveys import Answers
from feedback.states import CaseStatus
from orders.models import Assignment, Offer, Order, Replacement, Timesheet
from orders.services import attendance, offers, ordering, timesheets
from orders.services.attendance import Fix
from orders.states import AssignmentStatus, OfferStatus, OrderStatus
from staffing.core.actors import LINK, Actor, actor_of
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.outbox import drain

AT_SITE = Fix(*HERE, accuracy_m=20)


def person(work: Offer | Assignment) -> Actor:
    return actor_of(work.worker.user)


@pytest.mark.django_db(transaction=True)
def test_from_posted_order_to_repaired_review() -> None:
    agency = Agency()
    people = [agency.worker() for _ in range(6)]
    desk, company = actor_of(agency.dispatcher()), agency.client()
    agency.manager()
    order = agency.submitted(company, headcount=3)
    begins = order.starts_at

    drain(NOW)
    order.refresh_from_db()
    assert order.status == OrderStatus.PROPOSED
    assert order.proposed_at == NOW

    ordering.confirm(order.pk, by=desk, now=NOW)
    first, second, third = Offer.objects.filter(status=OfferStatus.PENDING)
    offers.accept(first.pk, by=person(first), now=NOW)
    offers.accept(second.pk, by=person(second), now=NOW)
    offers.decline(third.pk, by=person(third), now=NOW, reason="有考试")
    drain(NOW)
    fourth = Offer.objects.get(status=OfferStatus.PENDING)
    assert fourth.worker_id not in {first.worker_id, second.worker_id, third.worker_id}
    offers.accept(fourth.pk, by=person(fourth), now=NOW + timedelta(minutes=5))
    order.refresh_from_db()
    assert (order.status, order.filled_at) == (OrderStatus.FILLED, NOW + timedelta(minutes=5))

    came = Assignment.objects.exclude(offer=fourth)
    for work in came:
        attendance.check_in(work.pk, by=person(work), now=begins - timedelta(minutes=5), fix=AT_SITE)
    late = begins + timedelta(minutes=15)
    drain(late)
    lost = Assignment.objects.get(offer=fourth)
    assert lost.status == AssignmentStatus.NO_SHOW
    instead, beaten = Offer.objects.filter(status=OfferStatus.PENDING).order_by("pk")
    found = offers.accept(instead.pk, by=person(instead), now=late)
    beaten.refresh_from_db()
    assert (beaten.status, beaten.reason) == (OfferStatus.WITHDRAWN, offers.TAKEN)
    attendance.check_in(found.pk, by=person(found), now=late + timedelta(minutes=30), fix=AT_SITE)
    assert Replacement.objects.get().found == found
    assert {work.worker_id for work in Assignment.objects.all()} <= {one.pk for one in people}

    for work in Assignment.objects.filter(status=AssignmentStatus.CHECKED_IN):
        attendance.check_out(work.pk, by=person(work), now=order.ends_at, fix=AT_SITE)
    drain(order.ends_at)
    assert timesheets.approve_all(order.pk, by=agency.acting_client(company), now=order.ends_at) == 3
    sheet = Timesheet.objects.get(assignment=found)
    assert (sheet.actual_minutes, sheet.planned_minutes) == (480 - 45, 480 - 15)

    order = Order.objects.get()
    assert order.status == OrderStatus.COMPLETED
    survey = surveys.survey_of(surveys.token_of(order.surveys.get()), order.ends_at)
    surveys.answer(survey.pk, Answers(2, 1, 4, 4, comment="有人没来"), order.ends_at)
    case = ReviewCase.objects.get(review=Review.objects.get())
    assert {"match", "offer", "absence", "replacement", "punch"} <= set(case.evidence.values_list("kind", flat=True))

    when = order.ends_at
    for outcome in ("not_solved", "confirm"):
        drain(when + timedelta(hours=25))
        cases.take(case.pk, by=desk, now=when)
        cases.find_cause(
            case.pk, cause="emergency", note="替补太慢", fix="增加一名候补", fix_by=None, by=desk, now=when
        )
        when += timedelta(hours=30)
        cases.report(case.pk, text="我们为您增加了候补", by=desk, now=when)
        if outcome == "not_solved":
            cases.not_solved(case.pk, by=LINK, now=when, note="还是不放心")
        else:
            cases.confirm(case.pk, by=LINK, now=when)
    drain(when + timedelta(days=10))
    case.refresh_from_db()
    assert (case.status, case.round) == (CaseStatus.CONFIRMED, 2)
    sent = case.escalations.filter(sent_at__isnull=False).values_list("round", "level_hours")
    assert sorted(sent) == [(1, 24), (2, 24)]
