"""Somebody does not come: who is told, who gets the place, and what each of them is paid, to the minute.

And an order that begins in an hour, by the same machinery.
"""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from orders import strikes
from orders.models import Assignment, Offer, Order, OrderPolicy, Position, PunchRequest, Replacement, Timesheet
from orders.selectors import worker as reads
from orders.services import attendance, offers, ordering, proofs
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus, OfferStatus, OrderStatus
from staffing.core.errors import Conflict
from staffing.core.models import Notification
from staffing.demo import invariants
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import AT_SITE, booked, desk, minutes, person

# Tomorrow from 09:00 to 17:00; ¥45 an hour for the client.
START = NOW + timedelta(days=1)


@pytest.fixture
def lost(agency: Agency) -> Assignment:
    """Booked, and nothing is heard of them at 09:15; two others could come."""
    agency.worker()
    (work,) = booked(agency, shifts=[ShiftSpec(START, START + timedelta(hours=8), 1)])
    for stars in ("4.9", "4.1"):
        agency.worker(stars=Decimal(stars))
    OrderPolicy(auto_release_unconfirmed=False).save()
    drain(START + minutes(15))
    work.refresh_from_db()
    assert work.status == AssignmentStatus.NO_SHOW
    return work


def instead_of(lost: Assignment, now: datetime) -> Assignment:
    """The first who says yes."""
    asked = list(Offer.objects.filter(status=OfferStatus.PENDING).order_by("pk"))
    assert len(asked) == 2, "several are asked at once"
    work = offers.accept(asked[0].pk, by=person(asked[0]), now=now)
    drain(now)
    return work


def heard(work: Assignment, kind: str) -> list[int]:
    """Who of the client was told, once each."""
    client = work.position.shift.order.client_id
    rows = Notification.objects.filter(kind=kind, user__membership__client=client)
    return sorted(rows.values_list("user", flat=True))


def test_the_client_hears_of_both_and_everybody_else_that_it_is_gone(lost: Assignment) -> None:
    members = sorted(lost.position.shift.order.client.members.values_list("user", flat=True))
    assert heard(lost, "absence.client") == members and heard(lost, "replacement.found") == []
    work = instead_of(lost, START + minutes(20))
    assert heard(lost, "replacement.found") == members
    beaten = Offer.objects.get(status=OfferStatus.WITHDRAWN, reason=offers.TAKEN)
    assert Notification.objects.filter(kind="offer.taken", user=beaten.worker.user).count() == 1
    found = Replacement.objects.get()
    assert (found.lost, found.found, found.filled_at) == (lost, work, START + minutes(20))


def test_who_is_replaced_and_comes_after_all_is_paid_nothing_and_may_explain(agency: Agency, lost: Assignment) -> None:
    work = instead_of(lost, START + minutes(20))
    with pytest.raises(Conflict) as refused:
        attendance.check_in(lost.pk, by=person(lost), now=START + minutes(25), fix=AT_SITE)
    assert refused.value.code == "replaced"
    attendance.check_in(work.pk, by=person(work), now=START + minutes(50), fix=AT_SITE)
    claim = proofs.claim_missed(
        lost.pk, "in", START, remark="电梯停运，9:00 已到楼下", by=person(lost), now=START + minutes(60)
    )
    assert Assignment.objects.filter(strikes.made(OrderPolicy.current()), pk=lost.pk).exists()
    proofs.approve(claim.pk, by=desk(agency), now=START + minutes(70))
    assert PunchRequest.objects.get().status == "approved"
    lost.refresh_from_db()
    assert lost.status == AssignmentStatus.NO_SHOW and not Timesheet.objects.filter(assignment=lost).exists()
    work.refresh_from_db()
    assert work.status == AssignmentStatus.CHECKED_IN, "the place stays with who has it"


def test_who_comes_instead_and_leaves_early_is_paid_for_their_minutes(lost: Assignment) -> None:
    work = instead_of(lost, START + minutes(20))
    assert (work.start_at, work.end_at) == (START + minutes(20), START + timedelta(hours=8))
    attendance.check_in(work.pk, by=person(work), now=START + minutes(50), fix=AT_SITE)
    left = START + timedelta(hours=7)
    attendance.check_out(work.pk, by=person(work), now=left, fix=AT_SITE)
    drain(left)
    sheet = Timesheet.objects.get()
    assert (sheet.assignment, sheet.planned_minutes, sheet.actual_minutes) == (work, 460, 370)
    assert sheet.amount == (Decimal(370) / 60 * 45).quantize(Decimal("0.01"))
    work = Assignment.objects.select_related("timesheet").get(pk=work.pk)
    span = reads.paid_span(work)
    assert span == (START + minutes(50), left)
    paid = reads.pay_of(reads.Wages.current(), *span, work.pay_rate).total
    assert paid == (Decimal(370) / 60 * work.pay_rate).quantize(Decimal("0.01"))
    assert invariants.violations(left) == []


def test_an_order_that_begins_in_an_hour_is_filled_by_the_same_machinery(agency: Agency) -> None:
    people = [agency.worker(stars=Decimal(stars)) for stars in ("4.9", "4.7", "4.5", "4.3")]
    start = NOW + timedelta(hours=1)
    order = agency.submitted(shifts=[ShiftSpec(start, start + timedelta(hours=6), 1)])
    drain(NOW)
    ordering.confirm(order.pk, by=desk(agency), now=NOW + minutes(2))
    drain(NOW + minutes(2))
    asked = Offer.objects.filter(position__shift__order=order, status=OfferStatus.PENDING)
    assert asked.count() == 1 + OrderPolicy.current().wave_size, "who was proposed, and a wave beside them"
    last = asked.order_by("-pk").first()
    assert last is not None
    work = offers.accept(last.pk, by=person(last), now=NOW + minutes(4))
    drain(NOW + minutes(4))
    assert not asked.exists(), "the others are told at once"
    assert work.confirmed_at == NOW + minutes(4), "so late a yes is the confirmation"
    assert Position.objects.get(shift__order=order).status == "filled"
    order = Order.objects.get(pk=order.pk)
    assert (order.status, order.filled_at) == (OrderStatus.FILLED, NOW + minutes(4))
    assert heard(work, "order.filled") != []
    attendance.check_in(work.pk, by=person(work), now=start - minutes(5), fix=AT_SITE)
    assert len(people) == 4 and Order.objects.get().status == OrderStatus.IN_SERVICE
